//! A stored instance, to be read as a DICOM file.

use dicom::Source;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::{Mutex, PoisonError};
use store::{BlobReader, Instance};

/// Objects up to this size are worked on in memory, in bytes.
pub(crate) const IN_MEMORY: u64 = 64 << 20;

/// A stored instance with the head of a DICOM file before it.
pub(crate) enum Stored {
    /// All of it.
    Memory(Vec<u8>),
    /// Its head, and what decrypts the rest where it is asked for.
    Blob {
        head: Vec<u8>,
        data: Mutex<BlobReader>,
        size: u64,
    },
}

impl Stored {
    /// Opens an instance. Small ones are read whole: blocks.
    pub(crate) fn new(instance: &Instance, mut data: BlobReader) -> io::Result<Self> {
        let head = retrieve::part10::head(
            &instance.sop_class_uid,
            &instance.sop_instance_uid,
            &instance.transfer_syntax,
        );
        let size = head.len() as u64 + instance.blob.blob().data_len();
        if size > IN_MEMORY {
            let data = Mutex::new(data);
            return Ok(Self::Blob { head, data, size });
        }
        let mut bytes = head;
        data.read_to_end(&mut bytes)?;
        Ok(Self::Memory(bytes))
    }
}

impl Source for Stored {
    fn size(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Blob { size, .. } => *size,
        }
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let (head, data) = match self {
            Self::Memory(bytes) => return bytes.read_at(at, into),
            Self::Blob { head, data, .. } => (head, data),
        };
        let start = usize::try_from(at).unwrap_or(usize::MAX);
        let from_head = head.get(start..).unwrap_or_default();
        let count = from_head.len().min(into.len());
        let (first, rest) = into.split_at_mut(count);
        first.copy_from_slice(from_head.get(..count).unwrap_or_default());
        if rest.is_empty() {
            return Ok(());
        }
        let mut data = data.lock().unwrap_or_else(PoisonError::into_inner);
        data.seek(SeekFrom::Start(
            (at + count as u64).saturating_sub(head.len() as u64),
        ))?;
        data.read_exact(rest)
    }

    fn in_memory(&self) -> Option<&[u8]> {
        match self {
            Self::Memory(bytes) => Some(bytes),
            Self::Blob { .. } => None,
        }
    }
}
