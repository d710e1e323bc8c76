//! Entry bundles: the entries themselves, 256 to a file.

use crate::Error;
use crate::tile::{Resource, WIDTH};

/// Which entry bundle: the entries `[index * 256, index * 256 + width)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bundle {
    index: u64,
    width: u16,
}

impl Bundle {
    /// The bundle of `width` entries at this place.
    ///
    /// # Errors
    /// [`Error::Tile`] unless the width is 1 to 256.
    pub fn new(index: u64, width: u16) -> Result<Self, Error> {
        if !(1..=WIDTH).contains(&width) {
            return Err(Error::Tile);
        }
        Ok(Self { index, width })
    }

    /// The place of the bundle, from 0.
    pub fn index(self) -> u64 {
        self.index
    }

    /// The number of entries, 1 to 256.
    pub fn width(self) -> u16 {
        self.width
    }

    /// The path below the log's prefix, such as `tile/entries/x001/234.p/5`.
    pub fn path(self) -> String {
        Resource::Entries(self).path()
    }
}

/// The content of a bundle: each entry after its length (2 bytes, big endian).
///
/// # Errors
/// [`Error::EntryTooLong`] above 65,535 bytes; [`Error::Bundle`] unless there are 1 to 256 entries.
pub fn encode<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, Error> {
    if entries.is_empty() || entries.len() > usize::from(WIDTH) {
        return Err(Error::Bundle);
    }
    let mut bytes = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let len = u16::try_from(entry.len()).map_err(|_| Error::EntryTooLong(entry.len()))?;
        bytes.extend_from_slice(&len.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle.
///
/// # Errors
/// [`Error::Bundle`] when an entry is cut short, or unless there are 1 to 256 of them.
pub fn decode(bytes: &[u8]) -> Result<Vec<&[u8]>, Error> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while let Some((len, after)) = rest.split_first_chunk() {
        let (entry, after) = after
            .split_at_checked(usize::from(u16::from_be_bytes(*len)))
            .ok_or(Error::Bundle)?;
        entries.push(entry);
        rest = after;
        if entries.len() > usize::from(WIDTH) {
            return Err(Error::Bundle);
        }
    }
    if entries.is_empty() || !rest.is_empty() {
        return Err(Error::Bundle);
    }
    Ok(entries)
}
