//! Canonical digests, the seal statement, its signature, and what changed since.
//!
//! An [`Observer`] listens to one pass over a data set and yields an [`Observation`]: what the object is, a digest of
//! each attribute and of each tile of its pixels. [`seal`] turns an observation into a signed [`Record`];
//! [`compare`] holds another observation against a record and says what changed, and where; [`Verdict`] names it.

mod amendment;
pub mod attributes;
mod bundle;
mod cbor;
mod compare;
mod cose;
mod error;
mod manifest;
mod observation;
pub mod px1;
mod record;
mod statement;
mod verdict;

pub use amendment::{Amended, Amendment};
pub use bundle::{Bundle, BundledInstance, Logged};
pub use compare::{AttributeChange, Change, Decoded, Findings, PixelFindings, compare, needs_decoding};
pub use cose::{SealKey, SealVerifier, key_id};
pub use error::SealError;
pub use manifest::{Manifest, ManifestEntry, StudyContent};
pub use observation::{Fragments, Observation, Observer, PixelObservation, Refusal};
pub use record::{
    Circumstances, Completion, CompletionStatement, Identity, Record, Salt, commitment, parent_commitment,
    seal,
};
pub use statement::{PixelTruth, Statement};
pub use verdict::Verdict;
