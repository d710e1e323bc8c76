//! Restart intervals of a scan (ITU-T T.81 B.2.1, F.1.1.5).

use super::CODEC;
use super::huffman::BitReader;
use super::segments;
use crate::codec::CodecError;
use crate::codec::bytes::Bytes;

/// Walks over the coded data of a scan, one restart interval after the other.
pub(super) struct Intervals<'a> {
    data: &'a [u8],
    at: usize,
    next_restart: u8,
}

impl<'a> Intervals<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            at: 0,
            next_restart: 0,
        }
    }

    /// Reads the interval that begins here.
    pub(super) fn reader(&self) -> BitReader<'a> {
        BitReader::new(self.data.get(self.at..).unwrap_or_default())
    }

    /// Ends an interval; when `more` are to come, its restart marker must follow.
    pub(super) fn end(&mut self, reader: BitReader<'a>, more: bool) -> Result<(), CodecError> {
        self.at += reader.finish()?;
        if more {
            let mut bytes = Bytes::new(self.data.get(self.at..).unwrap_or_default());
            if segments::marker(&mut bytes)? != 0xD0 + self.next_restart {
                return Err(CodecError::Malformed {
                    codec: CODEC,
                    fault: "a restart marker is missing",
                });
            }
            self.at += bytes.position();
            self.next_restart = (self.next_restart + 1) % 8;
        }
        Ok(())
    }

    /// Bytes of all intervals so far.
    pub(super) fn taken(&self) -> usize {
        self.at
    }
}
