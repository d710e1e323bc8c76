//! The bit stream of JPEG-LS: after a byte FF the next one carries seven bits, behind a zero (ITU-T T.87 A.1).

use super::CODEC;
use crate::codec::CodecError;

/// Reads bits of one scan (or restart interval), up to the next marker.
pub(super) struct BitReader<'a> {
    data: &'a [u8],
    /// The next byte to load.
    at: usize,
    /// Bits not yet read, the next one highest.
    cache: u64,
    cached: u32,
    after_ff: bool,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            cache: 0,
            cached: 0,
            after_ff: false,
        }
    }

    /// Loads what there is before the next marker, until 56 bits or more are cached.
    fn fill(&mut self) {
        if !self.after_ff && self.cached <= 32 {
            // Four bytes at once where none of them is FF.
            let next = self.data.get(self.at..).and_then(|rest| rest.first_chunk::<4>());
            if let Some(bytes) = next
                && !bytes.contains(&0xFF)
            {
                self.cache |= u64::from(u32::from_be_bytes(*bytes)) << (32 - self.cached);
                self.cached += 32;
                self.at += 4;
            }
        }
        while self.cached <= 56 {
            let Some(&byte) = self.data.get(self.at) else {
                return;
            };
            let bits = if self.after_ff {
                if byte & 0x80 != 0 {
                    return;
                }
                7
            } else {
                8
            };
            if byte == 0xFF && self.data.get(self.at + 1).is_none_or(|next| next & 0x80 != 0) {
                // A marker, or the end: not ours.
                return;
            }
            self.cache |= u64::from(byte) << (64 - bits - self.cached);
            self.cached += bits;
            self.at += 1;
            self.after_ff = byte == 0xFF;
        }
    }

    /// So many bits (0 to 32).
    #[inline]
    pub(super) fn bits(&mut self, count: u32) -> Result<u32, CodecError> {
        if self.cached < count {
            self.fill();
            if self.cached < count {
                return Err(CodecError::Truncated { codec: CODEC });
            }
        }
        let value = self.cache.checked_shr(64 - count).unwrap_or(0);
        self.cache <<= count;
        self.cached -= count;
        Ok(value as u32)
    }

    /// A code of some zeros, a one and `count` (0 to 31) more bits, where it is cached whole and has less than
    /// `longest` zeros: the zeros and the bits.
    #[inline]
    pub(super) fn short_code(&mut self, count: u32, longest: u32) -> Option<(u32, u32)> {
        if self.cached < 32 {
            self.fill();
        }
        let zeros = self.cache.leading_zeros();
        let length = zeros + 1 + count;
        if zeros >= longest || length > self.cached {
            return None;
        }
        let rest = self.cache.checked_shl(zeros + 1)?;
        self.cache = rest.checked_shl(count)?;
        self.cached -= length;
        Some((zeros, rest.checked_shr(64 - count).unwrap_or(0) as u32))
    }

    /// How many zeros stand before the next one, both consumed; more than `most` is an error.
    pub(super) fn zeros(&mut self, most: u32) -> Result<u32, CodecError> {
        let mut count = 0;
        loop {
            if self.cached == 0 {
                self.fill();
                if self.cached == 0 {
                    return Err(CodecError::Truncated { codec: CODEC });
                }
            }
            let zeros = self.cache.leading_zeros().min(self.cached);
            count += zeros;
            if count > most {
                return Err(CodecError::Malformed {
                    codec: CODEC,
                    fault: "a code is too long",
                });
            }
            if zeros < self.cached {
                self.cache = self.cache.checked_shl(zeros + 1).unwrap_or(0);
                self.cached -= zeros + 1;
                return Ok(count);
            }
            self.cache = 0;
            self.cached = 0;
        }
    }

    /// Ends the scan: how many bytes it took. What is left must be padding to a byte.
    pub(super) fn finish(mut self) -> Result<usize, CodecError> {
        self.fill();
        // Padding to a byte, and where that byte is FF, one more that carries the stuffed zero.
        if self.cached >= 16 {
            return Err(CodecError::Malformed {
                codec: CODEC,
                fault: "data stands behind the last sample",
            });
        }
        Ok(self.at)
    }
}

/// Writes bits of one scan.
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    cache: u64,
    cached: u32,
}

impl BitWriter {
    pub(super) fn new() -> Self {
        Self {
            bytes: Vec::new(),
            cache: 0,
            cached: 0,
        }
    }

    /// The lowest `count` (0 to 32) bits of a value.
    #[inline]
    pub(super) fn bits(&mut self, value: u32, count: u32) {
        let value = u64::from(value) & !(u64::MAX << count);
        self.cache |= value.checked_shl(64 - self.cached - count).unwrap_or(0);
        self.cached += count;
        while self.cached >= 8 {
            let room = if self.bytes.last() == Some(&0xFF) { 7 } else { 8 };
            self.bytes.push((self.cache >> (64 - room)) as u8);
            self.cache <<= room;
            self.cached -= room;
        }
    }

    /// So many zeros and a one.
    pub(super) fn zeros(&mut self, count: u32) {
        for _ in 0..count / 32 {
            self.bits(0, 32);
        }
        self.bits(1, count % 32 + 1);
    }

    /// Pads with zeros to a byte; a final FF gets the byte that it announces.
    pub(super) fn finish(mut self) -> Vec<u8> {
        if self.cached > 0 {
            let room = if self.bytes.last() == Some(&0xFF) { 7 } else { 8 };
            self.bytes.push((self.cache >> (64 - room)) as u8);
        }
        if self.bytes.last() == Some(&0xFF) {
            self.bytes.push(0);
        }
        self.bytes
    }
}
