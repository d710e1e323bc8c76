//! A data set in any transfer syntax, read as it streams in.

use crate::TransferSyntax;
use crate::inflate::{InflateError, Inflater};
use crate::scan::{Limits, ScanError, Scanner, Sink};

/// Why a data set cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DataSetError {
    /// Its elements break the rules.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// Its deflate stream does.
    #[error(transparent)]
    Inflate(#[from] InflateError),
}

/// Reads a data set: inflates it where its transfer syntax says so, and scans it.
pub struct DataSetReader {
    inflater: Option<Inflater>,
    scanner: Scanner,
}

impl DataSetReader {
    /// A reader for a data set in this transfer syntax.
    pub fn new(syntax: &TransferSyntax, limits: Limits) -> Self {
        Self {
            inflater: syntax.deflated.then(Inflater::new),
            scanner: Scanner::new(syntax.encoding, limits),
        }
    }

    /// Reads the next bytes.
    ///
    /// # Errors
    /// When the data set cannot be read, or what the sink refused with.
    pub fn push<S: Sink>(&mut self, bytes: &[u8], sink: &mut S) -> Result<(), S::Error>
    where
        S::Error: From<DataSetError> + From<ScanError>,
    {
        match &mut self.inflater {
            None => self.scanner.push(bytes, sink),
            Some(inflater) => {
                let scanner = &mut self.scanner;
                inflater.push(bytes, |plain| scanner.push(plain, sink))
            }
        }
    }

    /// The stream has ended.
    ///
    /// # Errors
    /// When it ended too early.
    pub fn finish<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error>
    where
        S::Error: From<DataSetError> + From<ScanError>,
    {
        if let Some(inflater) = &self.inflater {
            inflater.finish().map_err(DataSetError::Inflate)?;
        }
        self.scanner.finish(sink)
    }
}
