//! Deflated data sets (PS3.5 A.5): inflated as they stream in, in fixed memory, bombs refused.

use crate::data_set::DataSetError;
use flate2::{Decompress, FlushDecompress, Status};

/// Output that is never questioned, in bytes.
const FREE_OUTPUT: u64 = 64 << 20;
/// Beyond that, bytes out per byte in. Real images stay below 100; a bomb reaches 1,000.
const MAX_RATIO: u64 = 250;

/// Why a deflate stream cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InflateError {
    /// The stream breaks RFC 1951.
    #[error("the deflate stream is broken")]
    Broken,
    /// The stream ends too early.
    #[error("the deflate stream ends too early")]
    Truncated,
    /// Few bytes that unpack to many.
    #[error("the deflate stream unpacks to more than {MAX_RATIO} times its size")]
    Bomb,
}

/// Inflates a raw deflate stream.
pub(crate) struct Inflater {
    stream: Decompress,
    ended: bool,
    buffer: Box<[u8]>,
}

impl Inflater {
    /// An inflater at the start of a stream.
    pub(crate) fn new() -> Self {
        Self {
            stream: Decompress::new(false),
            ended: false,
            buffer: vec![0; 32 << 10].into_boxed_slice(),
        }
    }

    /// Inflates the next bytes and hands on what comes out. Bytes after the end of the stream (a pad byte makes
    /// the length even) are ignored.
    ///
    /// # Errors
    /// When the stream is broken or a bomb, or what `sink` refused with.
    pub(crate) fn push<E: From<DataSetError>>(
        &mut self,
        mut bytes: &[u8],
        mut sink: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while !self.ended {
            let (read, written) = (self.stream.total_in(), self.stream.total_out());
            let status = self
                .stream
                .decompress(bytes, &mut self.buffer, FlushDecompress::None)
                .map_err(|_| DataSetError::Inflate(InflateError::Broken))?;
            let taken = (self.stream.total_in() - read) as usize;
            let made = (self.stream.total_out() - written) as usize;
            bytes = bytes.get(taken..).unwrap_or_default();
            let out = self.stream.total_out();
            if out > FREE_OUTPUT && out / MAX_RATIO > self.stream.total_in() {
                return Err(DataSetError::Inflate(InflateError::Bomb).into());
            }
            sink(self.buffer.get(..made).unwrap_or_default())?;
            self.ended = status == Status::StreamEnd;
            if taken == 0 && made == 0 {
                break;
            }
        }
        Ok(())
    }

    /// The stream has ended.
    ///
    /// # Errors
    /// [`InflateError::Truncated`] when its last block did not come.
    pub(crate) fn finish(&self) -> Result<(), InflateError> {
        if self.ended {
            Ok(())
        } else {
            Err(InflateError::Truncated)
        }
    }
}

impl Default for Inflater {
    fn default() -> Self {
        Self::new()
    }
}
