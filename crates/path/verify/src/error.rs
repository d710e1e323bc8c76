//! Why nothing can be said at all.

use std::io;

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What is to be verified cannot be read from disk.
    #[error("a file cannot be read or written: {0}")]
    Io(#[from] io::Error),
    /// What is to be verified is no DICOM object.
    #[error("not a DICOM object that can be read: {0}")]
    Unreadable(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A seal in the store is damaged.
    #[error("a stored seal is damaged: {0}")]
    Seal(#[from] seal::SealError),
    /// The log's proofs do not fit.
    #[error("the log is damaged: {0}")]
    Log(#[from] tlog::Error),
    /// There is no such instance or study.
    #[error("no sealed instance or study has the UID {0}")]
    NotFound(String),
    /// The trust file is none.
    #[error("the trust file cannot be read: {0}")]
    Trust(String),
}
