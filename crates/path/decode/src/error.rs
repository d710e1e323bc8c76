//! What can go wrong.

use std::io;

/// Why pixels were not decoded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// No codec here takes this transfer syntax, or the codestream is broken.
    #[error("the pixels cannot be decoded: {0}")]
    Undecodable(String),
    /// The child ended without an answer: it crashed or met a limit.
    #[error("the decoding child ended without an answer")]
    Crashed,
    /// The child took too long and was ended.
    #[error("decoding took longer than {0} s")]
    Deadline(u64),
    /// The data set cannot be read, or has no compressed pixels.
    #[error("the data set has no compressed pixels that can be read")]
    NoFragments,
    /// The child could not be started or reached.
    #[error("the decoding child cannot be started or reached: {0}")]
    Child(#[source] io::Error),
    /// The stored bytes cannot be read.
    #[error("the bytes to decode cannot be read: {0}")]
    Source(#[source] io::Error),
}
