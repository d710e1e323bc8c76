//! The state machine.

use super::Sink;
use crate::Encoding;

/// What a data set may hold at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Sequences inside sequences.
    pub depth: u8,
    /// Data elements, items and fragments in all.
    pub elements: u64,
}

/// Why a data set cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// The stream ends within an element, item or sequence.
    #[error("the data set ends in the middle of an element")]
    Truncated,
}

/// Reads a data set as it streams in.
pub struct Scanner {}

impl Scanner {
    /// A scanner for a data set written in `encoding`.
    pub fn new(encoding: Encoding, limits: Limits) -> Self {
        let _ = (encoding, limits);
        Self {}
    }

    /// Reads the next bytes.
    ///
    /// # Errors
    /// When the stream breaks the rules of PS3.5 or a limit; or what the sink refused with.
    pub fn push<S: Sink>(&mut self, bytes: &[u8], sink: &mut S) -> Result<(), S::Error>
    where
        S::Error: From<ScanError>,
    {
        let _ = (bytes, sink);
        Ok(())
    }

    /// The stream has ended.
    ///
    /// # Errors
    /// [`ScanError::Truncated`] when something was still open.
    pub fn finish<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error>
    where
        S::Error: From<ScanError>,
    {
        let _ = sink;
        Ok(())
    }
}
