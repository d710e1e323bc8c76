//! Writing one blob.

use super::format::{self, Layout};
use super::local::LocalFile;
use super::{BlobId, BlobRef};
use crate::cipher::{CHUNK, ChunkCipher, Place, Section, TAG};
use crate::random::Secret;
use crate::{Error, Result};
use std::io;

/// Takes the bytes of one object, encrypts and spools them. One chunk is in memory, whatever the object's size.
/// Dropped unfinished, it leaves no file behind.
pub struct BlobWriter {
    file: LocalFile,
    id: BlobId,
    key: Secret,
    cipher: ChunkCipher,
    /// What goes to disk next: perhaps the header, then the plaintext of the chunk being filled.
    buffer: Vec<u8>,
    /// Where that chunk starts in the buffer.
    start: usize,
    chunk: u64,
    data_len: u64,
}

impl BlobWriter {
    pub(super) fn new(file: LocalFile, id: BlobId, key: Secret) -> Result<Self> {
        let header = format::header(id);
        let mut buffer = Vec::with_capacity(header.len() + CHUNK + TAG);
        buffer.extend_from_slice(&header);
        let cipher = ChunkCipher::new(&key, &header)?;
        Ok(Self {
            file,
            id,
            key,
            cipher,
            start: buffer.len(),
            buffer,
            chunk: 0,
            data_len: 0,
        })
    }

    /// Bytes of data taken so far.
    pub fn data_len(&self) -> u64 {
        self.data_len
    }

    fn room(&self) -> usize {
        CHUNK - (self.buffer.len() - self.start)
    }

    fn seal_chunk(&mut self, section: Section, last: bool) -> Result<()> {
        let place = Place {
            section,
            chunk: self.chunk,
            last,
        };
        self.cipher.seal(place, &mut self.buffer, self.start)?;
        self.chunk += 1;
        self.start = self.buffer.len();
        Ok(())
    }

    fn spool(&mut self) -> Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        self.start = 0;
        Ok(())
    }

    /// Takes bytes into chunks, and spools each that is full once it is known not to be the section's last.
    fn take(&mut self, section: Section, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            if self.room() == 0 {
                self.seal_chunk(section, false)?;
                self.spool()?;
            }
            let (now, later) = bytes.split_at(self.room().min(bytes.len()));
            self.buffer.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// The data are complete: adds the record about them. The blob is not durable before it is committed.
    ///
    /// # Errors
    /// [`Error::OutOfSpace`], [`Error::Io`]; nothing is left behind then.
    pub fn finish(mut self, record: &[u8]) -> Result<StagedBlob> {
        self.seal_chunk(Section::Data, true)?;
        self.chunk = 0;
        if self.buffer.len() + record.len() > self.buffer.capacity() {
            self.spool()?;
        }
        self.take(Section::Record, record)?;
        self.seal_chunk(Section::Record, true)?;
        self.spool()?;
        self.file.start_writeback();
        Ok(StagedBlob {
            id: self.id,
            layout: Layout {
                data: self.data_len,
                record: record.len() as u64,
            },
            key: self.key,
            file: self.file,
        })
    }
}

impl io::Write for BlobWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.take(Section::Data, bytes).map_err(Error::into_io)?;
        self.data_len += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A blob that is written and belongs to nothing yet. Committing a change makes it durable and visible; dropped
/// before that, its file is removed.
pub struct StagedBlob {
    id: BlobId,
    layout: Layout,
    key: Secret,
    file: LocalFile,
}

impl StagedBlob {
    /// Where it will be found.
    pub fn blob(&self) -> BlobRef {
        BlobRef {
            id: self.id,
            layout: self.layout,
        }
    }

    pub(crate) fn key(&self) -> &Secret {
        &self.key
    }

    pub(super) fn file(&self) -> &LocalFile {
        &self.file
    }

    /// From now on a row of the index speaks for the file, or may: it stays.
    pub(crate) fn keep(&mut self) {
        self.file.keep();
    }
}

impl std::fmt::Debug for StagedBlob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StagedBlob")
            .field("blob", &self.blob())
            .finish_non_exhaustive()
    }
}
