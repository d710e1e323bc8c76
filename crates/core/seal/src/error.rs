//! What can be wrong with a seal.

/// Why a seal, an amendment, a manifest or a bundle cannot be read or trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The bytes are no such record.
    #[error("the {what} cannot be read")]
    Unreadable {
        /// What was read.
        what: &'static str,
    },
    /// Nobody whom the trust file names signed it.
    #[error("the signature of the {what} is not one of a trusted key")]
    Signature {
        /// What was read.
        what: &'static str,
    },
    /// Its parts do not belong together.
    #[error("the {what} does not fit together: {why}")]
    Inconsistent {
        /// What was read.
        what: &'static str,
        /// What does not fit.
        why: &'static str,
    },
}
