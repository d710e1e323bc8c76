//! What can go wrong while something is read.

use dicom::DataSetError;
use std::io;

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It is not here.
    #[error("nothing of that name is here")]
    NotFound,
    /// Storage failed, or the patient was erased.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The stored bytes could not be read.
    #[error("the stored bytes could not be read: {0}")]
    Io(#[from] io::Error),
    /// The stored data set cannot be scanned.
    #[error("the stored data set cannot be read: {0}")]
    DataSet(#[from] DataSetError),
    /// It has no pixel data, or its frames cannot be told apart.
    #[error("its frames cannot be told apart: {0}")]
    Frames(String),
    /// No randomness for a salt.
    #[error("the system gives no randomness")]
    Randomness,
}

/// A result of reading.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<dicom::scan::ScanError> for Error {
    fn from(error: dicom::scan::ScanError) -> Self {
        Self::DataSet(error.into())
    }
}
