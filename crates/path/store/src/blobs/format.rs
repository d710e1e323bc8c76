//! How a blob lies on disk.
//!
//! ```text
//! header  magic "LGBLOB\0\x01" (8 bytes), blob id (16 bytes)
//! data    chunks of 64 KiB, each followed by its 16-byte tag; the last is shorter, or empty when there are no data
//! record  likewise
//! ```
//! Chunk `i` of the data stands at a place that can be computed, so that a range is read without what is before it.

use super::BlobId;
use crate::cipher::{CHUNK, Place, Section, TAG};

/// Bytes of the header.
pub(crate) const HEADER: usize = 24;
/// Version 1 of the format.
const MAGIC: &[u8; 8] = b"LGBLOB\0\x01";

pub(crate) fn header(id: BlobId) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let (magic, rest) = header.split_at_mut(MAGIC.len());
    magic.copy_from_slice(MAGIC);
    rest.copy_from_slice(&id.0);
    header
}

/// The lengths of a blob's sections: enough to find every chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Layout {
    pub(crate) data: u64,
    pub(crate) record: u64,
}

/// A chunk on disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ChunkSpan {
    pub(crate) place: Place,
    /// Offset of its first byte in the file.
    pub(crate) offset: u64,
    /// Its bytes on disk, tag included.
    pub(crate) len: usize,
}

impl Layout {
    fn section(self, section: Section) -> u64 {
        match section {
            Section::Data => self.data,
            Section::Record => self.record,
        }
    }

    /// The chunks of a section: one at least.
    pub(crate) fn chunks(self, section: Section) -> u64 {
        self.section(section).div_ceil(CHUNK as u64).max(1)
    }

    fn stored(self, section: Section) -> u64 {
        self.section(section) + self.chunks(section) * TAG as u64
    }

    /// Bytes of the whole file.
    pub(crate) fn file_len(self) -> u64 {
        HEADER as u64 + self.stored(Section::Data) + self.stored(Section::Record)
    }

    /// Where a chunk is. None behind the section's end.
    pub(crate) fn chunk(self, section: Section, chunk: u64) -> Option<ChunkSpan> {
        let last = self.chunks(section) - 1;
        if chunk > last {
            return None;
        }
        let start = HEADER as u64
            + match section {
                Section::Data => 0,
                Section::Record => self.stored(Section::Data),
            };
        let plain = (self.section(section) - chunk * CHUNK as u64).min(CHUNK as u64);
        Some(ChunkSpan {
            place: Place {
                section,
                chunk,
                last: chunk == last,
            },
            offset: start + chunk * (CHUNK + TAG) as u64,
            len: plain as usize + TAG,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn chunks_follow_one_another_and_fill_the_file(data in 0_u64..400_000, record in 0_u64..200_000) {
            let layout = Layout { data, record };
            let mut offset = HEADER as u64;
            for section in [Section::Data, Section::Record] {
                for chunk in 0..layout.chunks(section) {
                    let span = layout.chunk(section, chunk).unwrap();
                    prop_assert_eq!(span.offset, offset);
                    prop_assert_eq!(span.place.last, chunk + 1 == layout.chunks(section));
                    offset += span.len as u64;
                }
                prop_assert_eq!(layout.chunk(section, layout.chunks(section)), None);
            }
            prop_assert_eq!(offset, layout.file_len());
        }
    }
}
