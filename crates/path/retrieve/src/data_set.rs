//! The elements of a stored data set, inflated where they are kept deflated.

use dicom::TransferSyntax;
use flate2::bufread::DeflateDecoder;
use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// Bytes skipped at once.
const SKIP: usize = 64 << 10;

/// A stored data set as a reader of its elements. Positions count inflated bytes. It blocks: read it on a thread that may.
pub struct DataSet<R> {
    source: Source<R>,
    position: u64,
}

enum Source<R> {
    Plain(R),
    Deflated(DeflateDecoder<R>),
    /// Only while a deflated source starts anew; or for ever when that failed.
    Lost,
}

impl<R: BufRead + Seek> DataSet<R> {
    /// Over the stored bytes of a data set in this transfer syntax.
    pub fn new(stored: R, syntax: &TransferSyntax) -> Self {
        let source = if syntax.deflated {
            Source::Deflated(DeflateDecoder::new(stored))
        } else {
            Source::Plain(stored)
        };
        Self { source, position: 0 }
    }

    /// Bytes from the start of the data set.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Goes to a position; beyond the end nothing is read. In a deflated data set everything between is inflated.
    ///
    /// # Errors
    /// When the stored bytes cannot be read.
    pub fn seek_to(&mut self, position: u64) -> io::Result<()> {
        if let Source::Plain(stored) = &mut self.source {
            self.position = stored.seek(SeekFrom::Start(position))?;
            return Ok(());
        }
        if position < self.position {
            self.rewind()?;
        }
        let mut scratch = vec![0; SKIP];
        while self.position < position {
            let wanted = usize::try_from(position - self.position).map_or(SKIP, |left| left.min(SKIP));
            let skipped = self.read(scratch.get_mut(..wanted).unwrap_or_default())?;
            if skipped == 0 {
                break;
            }
        }
        Ok(())
    }

    fn rewind(&mut self) -> io::Result<()> {
        if let Source::Deflated(decoder) = std::mem::replace(&mut self.source, Source::Lost) {
            let mut stored = decoder.into_inner();
            stored.seek(SeekFrom::Start(0))?;
            self.source = Source::Deflated(DeflateDecoder::new(stored));
            self.position = 0;
        }
        Ok(())
    }
}

impl<R: BufRead> Read for DataSet<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.source {
            Source::Plain(stored) => stored.read(into)?,
            Source::Deflated(decoder) => decoder.read(into)?,
            Source::Lost => return Err(io::ErrorKind::Other.into()),
        };
        self.position += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::DeflateEncoder};
    use std::io::{Cursor, Write};

    #[test]
    fn plain_and_deflated_read_the_same_in_any_order() {
        let plain: Vec<u8> = (0..200_000u32).flat_map(u32::to_le_bytes).collect();
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&plain).unwrap();
        let mut deflated = encoder.finish().unwrap();
        deflated.push(0);
        for (stored, uid) in [
            (plain.clone(), dicom::uids::EXPLICIT_LE),
            (deflated, dicom::uids::DEFLATED),
        ] {
            let mut data_set = DataSet::new(
                Cursor::new(stored),
                &TransferSyntax::by_uid(&uid.parse().unwrap()),
            );
            for at in [0usize, 300_000, 7, 799_999, 70_000, 800_000, 900_000] {
                data_set.seek_to(at as u64).unwrap();
                let mut bytes = Vec::new();
                (&mut data_set).take(1000).read_to_end(&mut bytes).unwrap();
                let expected = plain.get(at..).unwrap_or_default();
                assert_eq!(bytes, &expected[..expected.len().min(1000)], "{uid} at {at}");
            }
        }
    }
}
