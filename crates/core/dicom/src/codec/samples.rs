//! Canonical samples: from the words that a codec gives to containers with the value alone.

use super::{CodecError, Frame};
use crate::{Photometric, PixelDescription};

/// Where the value stands in a codec's word, and what it becomes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Bits of a word.
    precision: u32,
    /// The value's lowest bit in the word.
    shift: u32,
    /// Bits of the value.
    bits: u32,
    signed: bool,
    container: u8,
    /// Bytes of a word of Bits Allocated.
    word_bytes: u8,
}

impl Layout {
    /// `precision`: bits of the codec's words, which may hold less than Bits Allocated.
    pub(super) fn new(
        codec: &'static str,
        description: &PixelDescription,
        precision: u32,
    ) -> Result<Self, CodecError> {
        let d = description;
        let (stored, high_bit) = (u32::from(d.bits_stored), u32::from(d.high_bit));
        if precision == 0 || precision > u32::from(d.bits_allocated) {
            return Err(CodecError::Disagrees {
                codec,
                on: "bits of a sample",
            });
        }
        // A codestream as wide as Bits Stored holds the value alone; a wider one the whole word.
        let shift = if precision > high_bit {
            high_bit + 1 - stored
        } else {
            0
        };
        let bits = stored.min(precision - shift);
        Ok(Self {
            precision,
            shift,
            bits,
            signed: d.signed,
            container: container(d.bits_stored),
            word_bytes: container(d.bits_allocated),
        })
    }

    fn mask(self) -> u32 {
        ones(self.bits) << self.shift
    }

    fn value(self, word: u32) -> u32 {
        let value = (word >> self.shift) & ones(self.bits);
        if self.signed {
            self.sign_extended(value)
        } else {
            value
        }
    }

    fn sign_extended(self, value: u32) -> u32 {
        let unused = 32 - self.bits;
        ((value << unused).cast_signed() >> unused).cast_unsigned()
    }

    /// The word's bits outside the value.
    fn extra(self, word: u32) -> u32 {
        word & ones(self.precision) & !self.mask()
    }

    /// True when the bits outside the value say something: they are neither zero nor copies of the sign.
    fn tells(self, word: u32) -> bool {
        let extra = self.extra(word);
        if extra == 0 {
            return false;
        }
        let sign = self.signed && word >> (self.shift + self.bits - 1) & 1 == 1;
        let copies = ones(self.precision) & !ones(self.shift + self.bits);
        !(sign && extra == copies)
    }

    /// The word of Bits Allocated for a value and the bits outside it, `None` meaning copies of the sign.
    fn word(self, value: u32, extra: Option<u32>) -> u32 {
        let bits = (value << self.shift) & self.mask();
        match extra {
            Some(extra) => bits | self.extra(extra),
            None if self.signed => (self.sign_extended(value) << self.shift) & ones(self.precision),
            None => bits,
        }
    }
}

/// Bytes of the smallest container of so many bits.
fn container(bits: u16) -> u8 {
    match bits {
        0..=8 => 1,
        9..=16 => 2,
        _ => 4,
    }
}

fn ones(bits: u32) -> u32 {
    u32::MAX.checked_shr(32 - bits.min(32)).unwrap_or(0)
}

/// Planes of a codec's words, to canonical samples. Words may have any bits above their precision.
pub(super) fn frame<W: Copy + Into<i64>>(
    layout: Layout,
    planes: &[Vec<W>],
    photometric: Photometric,
    lossless: bool,
) -> Frame {
    let word = |w: &W| -> u32 { (*w).into() as u32 };
    let mut telling = false;
    let mut out = Vec::with_capacity(planes.len());
    for plane in planes {
        telling |= plane.iter().any(|w| layout.tells(word(w)));
        out.push(pack(
            layout.container,
            plane.iter().map(|w| layout.value(word(w))),
        ));
    }
    let extra_bits = telling.then(|| {
        planes
            .iter()
            .map(|p| pack(layout.word_bytes, p.iter().map(|w| layout.extra(word(w)))))
            .collect()
    });
    Frame {
        planes: out,
        container: layout.container,
        extra_bits,
        photometric,
        lossless,
        rgb_from_ycbcr: false,
    }
}

/// The words of Bits Allocated that a frame's plane stands for: what a native encoding holds.
pub(super) fn words(layout: Layout, frame: &Frame, plane: usize) -> Option<Vec<u32>> {
    let values = unpack(frame.container, frame.planes.get(plane)?);
    Some(match &frame.extra_bits {
        None => values.map(|v| layout.word(v, None)).collect(),
        Some(extra) => {
            let extra = unpack(layout.word_bytes, extra.get(plane)?);
            values.zip(extra).map(|(v, e)| layout.word(v, Some(e))).collect()
        }
    })
}

/// Little-endian words of `container` bytes.
pub(super) fn unpack(container: u8, bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .chunks_exact(usize::from(container.max(1)))
        .map(|b| b.iter().rev().fold(0, |word, &byte| word << 8 | u32::from(byte)))
}

fn pack(container: u8, values: impl ExactSizeIterator<Item = u32>) -> Vec<u8> {
    match container {
        1 => values.map(|v| v as u8).collect(),
        2 => {
            let mut bytes = vec![0; values.len() * 2];
            for (out, v) in bytes.chunks_exact_mut(2).zip(values) {
                out.copy_from_slice(&(v as u16).to_le_bytes());
            }
            bytes
        }
        _ => {
            let mut bytes = vec![0; values.len() * 4];
            for (out, v) in bytes.chunks_exact_mut(4).zip(values) {
                out.copy_from_slice(&v.to_le_bytes());
            }
            bytes
        }
    }
}
