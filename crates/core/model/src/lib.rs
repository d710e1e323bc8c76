//! The field's words, shared by every room of the house: UIDs, AE titles, digests, doors, time.
//!
//! Nothing here reads a clock, a file or a random source: time comes in as a [`Clock`].

mod ae;
mod date;
mod digest;
mod purpose;
mod recipient;
mod redacted;
mod source;
mod time;
mod uid;

pub use ae::{AeTitle, InvalidAeTitle};
pub use date::{Date, InvalidDate};
pub use digest::{Digest, InvalidDigest};
pub use purpose::{InvalidPurpose, Purpose};
pub use recipient::{InvalidRecipientId, RecipientId};
pub use redacted::Redacted;
pub use source::{Door, Source};
pub use time::{Clock, InvalidTimestamp, Timestamp};
pub use uid::{InvalidUid, Uid};
