//! Uncompressed frames (PS3.5 8.1.1 and A.4.11).

use super::samples::{self, Layout};
use super::{CodecError, Frame};
use crate::{Photometric, PixelDescription};

const CODEC: &str = "native pixels";

pub(super) fn decode(description: &PixelDescription, bytes: &[u8]) -> Result<Frame, CodecError> {
    let d = description;
    let layout = Layout::new(CODEC, d, d.bits_allocated.into())?;
    let samples = usize::from(d.samples_per_pixel);
    let pixels = d.pixels();
    let halved = d.photometric == Photometric::YbrFull422
        && samples == 3
        && d.bits_allocated == 8
        && d.columns.is_multiple_of(2)
        && bytes.len() / 2 == pixels;
    let bits = if halved {
        pixels * 16
    } else {
        pixels * samples * usize::from(d.bits_allocated)
    };
    let bytes = exactly(bytes, bits.div_ceil(8))?;
    let frame = |planes| samples::frame::<u8>(layout, planes, d.photometric, true);
    Ok(match d.bits_allocated {
        1 => frame(&separate(d, unpack_bits(bytes, pixels * samples).into_iter())),
        8 if halved => {
            let mut frame = frame(&double_chrominance(bytes));
            frame.photometric = Photometric::YbrFull;
            frame
        }
        8 => frame(&separate(d, bytes.iter().copied())),
        16 => {
            let words = bytes
                .chunks_exact(2)
                .map(|b| b.try_into().map_or(0, u16::from_le_bytes));
            samples::frame(layout, &separate(d, words), d.photometric, true)
        }
        _ => {
            let words = bytes
                .chunks_exact(4)
                .map(|b| b.try_into().map_or(0, u32::from_le_bytes));
            samples::frame(layout, &separate(d, words), d.photometric, true)
        }
    })
}

/// The frame's bytes without the padding byte that makes a fragment even.
fn exactly(bytes: &[u8], length: usize) -> Result<&[u8], CodecError> {
    match bytes.split_at_checked(length) {
        None => Err(CodecError::Truncated { codec: CODEC }),
        Some((frame, padding)) if padding.len() <= length % 2 => Ok(frame),
        Some(_) => Err(CodecError::Disagrees {
            codec: CODEC,
            on: "the length of a frame",
        }),
    }
}

/// Words as they stand to planes.
fn separate<W: Copy>(d: &PixelDescription, words: impl ExactSizeIterator<Item = W>) -> Vec<Vec<W>> {
    let samples = usize::from(d.samples_per_pixel);
    let mut words = words;
    if samples == 1 {
        return vec![words.collect()];
    }
    if d.planar {
        return (0..samples)
            .map(|_| words.by_ref().take(d.pixels()).collect())
            .collect();
    }
    let mut planes: Vec<Vec<W>> = (0..samples).map(|_| Vec::with_capacity(d.pixels())).collect();
    for _ in 0..d.pixels() {
        for (plane, word) in planes.iter_mut().zip(words.by_ref()) {
            plane.push(word);
        }
    }
    planes
}

/// Bits to a byte each, the lowest bit first (PS3.5 8.1.1).
pub(super) fn unpack_bits(bytes: &[u8], count: usize) -> Vec<u8> {
    let mut bits: Vec<u8> = bytes
        .iter()
        .flat_map(|b| (0..8).map(move |i| b >> i & 1))
        .take(count)
        .collect();
    bits.resize(count, 0);
    bits
}

/// Y Y Cb Cr (PS3.3 C.7.6.3.1.2, YBR_FULL_422): each chrominance sample stands for two pixels.
fn double_chrominance(bytes: &[u8]) -> Vec<Vec<u8>> {
    let (mut y, mut cb, mut cr) = (Vec::new(), Vec::new(), Vec::new());
    for pair in bytes.chunks_exact(4) {
        if let &[y0, y1, b, r] = pair {
            y.extend([y0, y1]);
            cb.extend([b, b]);
            cr.extend([r, r]);
        }
    }
    vec![y, cb, cr]
}

/// The bytes that [`decode`] reads; `planes` are the frame's words of Bits Allocated.
pub(super) fn encode(description: &PixelDescription, planes: &[Vec<u32>]) -> Vec<u8> {
    let words = interleave(description, planes);
    match description.bits_allocated {
        1 => pack_bits(&words),
        8 => words.iter().map(|&w| w as u8).collect(),
        16 => words.iter().flat_map(|&w| (w as u16).to_le_bytes()).collect(),
        _ => words.iter().flat_map(|&w| w.to_le_bytes()).collect(),
    }
}

fn interleave(d: &PixelDescription, planes: &[Vec<u32>]) -> Vec<u32> {
    if d.planar || planes.len() == 1 {
        return planes.concat();
    }
    let mut words = Vec::with_capacity(d.pixels() * planes.len());
    let mut rest: Vec<_> = planes.iter().map(|plane| plane.iter()).collect();
    for _ in 0..d.pixels() {
        words.extend(rest.iter_mut().filter_map(|plane| plane.next().copied()));
    }
    words
}

/// A byte a bit to bits, the lowest first.
pub(super) fn pack_bits(words: &[u32]) -> Vec<u8> {
    words
        .chunks(8)
        .map(|bits| {
            bits.iter()
                .rev()
                .fold(0, |byte, &bit| byte << 1 | (bit & 1) as u8)
        })
        .collect()
}
