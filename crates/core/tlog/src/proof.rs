//! Proofs that an entry is in the log, and that the log only grew (RFC 6962, sections 2.1.1 and 2.1.2).

mod build;
mod verify;

pub use build::{consistency, consistency_tiles, inclusion, inclusion_tiles, root, root_tiles};
pub use verify::{verify_consistency, verify_inclusion};

/// Hashes that no proof exceeds in a tree with a 64-bit size: one a level, and in a consistency proof one to start from.
pub(crate) const MAX_HASHES: usize = 65;
