//! Reading one blob, in any order.

use super::BlobRef;
use super::format;
use crate::cipher::{CHUNK, ChunkCipher, Section};
use crate::random::Secret;
use crate::{Error, Result};
use std::fs::File;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use zeroize::Zeroizing;

/// The data of one blob as a seekable reader; one chunk is in memory. Every byte it gives has been authenticated.
pub struct BlobReader {
    file: File,
    blob: BlobRef,
    cipher: ChunkCipher,
    position: u64,
    chunk: Zeroizing<Vec<u8>>,
    loaded: Option<u64>,
}

impl BlobReader {
    /// Opens a blob's file, which must have exactly the length that the index says.
    pub(super) fn new(file: File, blob: BlobRef, key: &Secret) -> Result<Self> {
        if file.metadata()?.len() != blob.layout.file_len() {
            return Err(Error::Corrupt("a blob"));
        }
        let cipher = ChunkCipher::new(key, &format::header(blob.id))?;
        Ok(Self {
            file,
            blob,
            cipher,
            position: 0,
            chunk: Zeroizing::default(),
            loaded: None,
        })
    }

    /// Bytes of data.
    pub fn data_len(&self) -> u64 {
        self.blob.data_len()
    }

    /// The record about the data.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when it was altered, [`Error::Io`].
    pub fn record(&self) -> Result<Vec<u8>> {
        let mut record = Vec::new();
        let mut chunk = Vec::new();
        for index in 0..self.blob.layout.chunks(Section::Record) {
            self.load(Section::Record, index, &mut chunk)?;
            record.extend_from_slice(&chunk);
        }
        Ok(record)
    }

    /// Reads every chunk of both sections.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when any byte was altered, [`Error::Io`].
    pub fn authenticate(&self) -> Result<()> {
        let mut header = [0; format::HEADER];
        self.file.read_exact_at(&mut header, 0)?;
        if header != format::header(self.blob.id) {
            return Err(Error::Corrupt("a blob"));
        }
        let mut chunk = Vec::new();
        for section in [Section::Data, Section::Record] {
            for index in 0..self.blob.layout.chunks(section) {
                self.load(section, index, &mut chunk)?;
            }
        }
        Ok(())
    }

    fn load(&self, section: Section, index: u64, chunk: &mut Vec<u8>) -> Result<()> {
        let span = self
            .blob
            .layout
            .chunk(section, index)
            .ok_or(Error::Corrupt("a blob"))?;
        chunk.resize(span.len, 0);
        self.file.read_exact_at(chunk, span.offset)?;
        self.cipher.open(span.place, chunk)
    }
}

impl BufRead for BlobReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.position >= self.data_len() {
            return Ok(&[]);
        }
        let index = self.position / CHUNK as u64;
        if self.loaded != Some(index) {
            self.loaded = None;
            let mut chunk = std::mem::take(&mut *self.chunk);
            let loaded = self.load(Section::Data, index, &mut chunk);
            *self.chunk = chunk;
            loaded.map_err(Error::into_io)?;
            self.loaded = Some(index);
        }
        let from = (self.position % CHUNK as u64) as usize;
        Ok(self.chunk.get(from..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.position += amount as u64;
    }
}

impl Read for BlobReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl Seek for BlobReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.data_len().checked_add_signed(by),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
