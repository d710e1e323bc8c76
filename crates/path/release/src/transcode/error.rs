//! Why a copy cannot be written anew.

use decode::DecodeError;
use dicom::DataSetError;
use dicom::scan::ScanError;
use std::io;

/// Why a copy cannot be written anew. No PHI.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum TranscodeError {
    /// It is no DICOM file, or one that breaks the rules.
    #[error("the copy cannot be read as a DICOM file")]
    Unreadable,
    /// Its pixels do not decode.
    #[error("the pixels cannot be decoded: {0}")]
    Undecodable(String),
    /// What uncompressed pixels cannot say.
    #[error("the copy cannot be written uncompressed: {0}")]
    Unwritable(&'static str),
    /// The disk, or the decoding child.
    #[error("the copy cannot be read or written: {0}")]
    Io(#[from] io::Error),
}

impl From<ScanError> for TranscodeError {
    fn from(_: ScanError) -> Self {
        Self::Unreadable
    }
}

impl From<DataSetError> for TranscodeError {
    fn from(_: DataSetError) -> Self {
        Self::Unreadable
    }
}

impl From<DecodeError> for TranscodeError {
    fn from(error: DecodeError) -> Self {
        Self::Undecodable(error.to_string())
    }
}
