//! What the crate promises, from outside.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod dicomdir;
mod explain;
mod explicit;
