//! Huffman codes and the bits that hold them (ITU-T T.81 annexes C and F.2.2).

use super::CODEC;
use crate::codec::CodecError;

/// Codes up to this length are looked up at once.
const FAST: u32 = 9;

const CORRUPT: CodecError = CodecError::Malformed {
    codec: CODEC,
    fault: "the coded samples are corrupt",
};

/// A Huffman table.
#[derive(Clone)]
pub(super) struct Table {
    /// By the next bits: length (0 when the code is longer) and value.
    fast: Vec<(u8, u8)>,
    /// By length - 1: one more than the last code, left-aligned to 16 bits, and where values minus code begin.
    long: [(u32, i32); 16],
    values: Vec<u8>,
}

impl Table {
    pub(super) fn new(counts: &[u8; 16], values: &[u8]) -> Result<Self, CodecError> {
        let mut fast = vec![(0, 0); 1 << FAST];
        let mut long = [(0, 0); 16];
        let mut rest = values.iter();
        let (mut code, mut index) = (0u32, 0i32);
        for ((length, &count), long) in (1..=16u32).zip(counts).zip(&mut long) {
            let start = index - code.cast_signed();
            for &value in rest.by_ref().take(count.into()) {
                if length <= FAST {
                    let first = (code << (FAST - length)) as usize;
                    let slots = fast
                        .get_mut(first..first + (1 << (FAST - length)))
                        .ok_or(CORRUPT)?;
                    slots.fill((length as u8, value));
                }
                code += 1;
                index += 1;
            }
            if code > 1 << length {
                return Err(CodecError::Malformed {
                    codec: CODEC,
                    fault: "a Huffman table has too many codes",
                });
            }
            *long = (code << (16 - length), start);
            code <<= 1;
        }
        Ok(Self {
            fast,
            long,
            values: values.to_vec(),
        })
    }
}

/// Reads coded data up to the next marker; a byte 00 behind FF is stuffed.
pub(super) struct BitReader<'a> {
    data: &'a [u8],
    at: usize,
    /// Bits not yet read, the next one highest; below them zeros.
    cache: u64,
    cached: u32,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            cache: 0,
            cached: 0,
        }
    }

    fn fill(&mut self) {
        if self.cached <= 32
            && let Some(bytes) = self.data.get(self.at..).and_then(|rest| rest.first_chunk::<4>())
            && !bytes.contains(&0xFF)
        {
            self.cache |= u64::from(u32::from_be_bytes(*bytes)) << (32 - self.cached);
            self.cached += 32;
            self.at += 4;
        }
        while self.cached <= 56 {
            let Some(&byte) = self.data.get(self.at) else {
                return;
            };
            if byte == 0xFF {
                if self.data.get(self.at + 1) != Some(&0) {
                    return;
                }
                self.at += 1;
            }
            self.at += 1;
            self.cache |= u64::from(byte) << (56 - self.cached);
            self.cached += 8;
        }
    }

    fn skip(&mut self, count: u32) -> Result<(), CodecError> {
        if count > self.cached {
            return Err(CodecError::Truncated { codec: CODEC });
        }
        self.cache = self.cache.checked_shl(count).unwrap_or(0);
        self.cached -= count;
        Ok(())
    }

    /// So many bits (0 to 16).
    pub(super) fn bits(&mut self, count: u32) -> Result<u32, CodecError> {
        if self.cached < count {
            self.fill();
        }
        let value = self.cache.checked_shr(64 - count).unwrap_or(0);
        self.skip(count)?;
        Ok(value as u32)
    }

    /// A Huffman-coded value.
    pub(super) fn decode(&mut self, table: &Table) -> Result<u8, CodecError> {
        if self.cached < 16 {
            self.fill();
        }
        let next = (self.cache >> (64 - FAST)) as usize;
        if let Some(&(length @ 1.., value)) = table.fast.get(next) {
            self.skip(length.into())?;
            return Ok(value);
        }
        let next = (self.cache >> 48) as u32;
        for (length, &(end, start)) in (1..=16u32).zip(&table.long).skip(FAST as usize) {
            if next < end {
                self.skip(length)?;
                let index = start + (next >> (16 - length)).cast_signed();
                return table.values.get(index as usize).copied().ok_or(CORRUPT);
            }
        }
        Err(if self.cached < 16 {
            CodecError::Truncated { codec: CODEC }
        } else {
            CORRUPT
        })
    }

    /// A signed number of so many bits (T.81 F.2.2.1, EXTEND).
    pub(super) fn extended(&mut self, count: u32) -> Result<i32, CodecError> {
        if count == 0 {
            return Ok(0);
        }
        let value = self.bits(count)?.cast_signed();
        Ok(if value < 1 << (count - 1) {
            value + 1 - (1 << count)
        } else {
            value
        })
    }

    /// Ends an interval: how many bytes it took, up to the marker. At most a byte of padding may be left.
    pub(super) fn finish(mut self) -> Result<usize, CodecError> {
        self.fill();
        if self.cached >= 16 {
            return Err(CodecError::Malformed {
                codec: CODEC,
                fault: "data stands behind the last sample",
            });
        }
        Ok(self.at)
    }
}
