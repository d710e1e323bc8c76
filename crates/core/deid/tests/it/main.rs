//! What the crate promises, from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that cannot go on has failed, and one that is skipped says so"
)]

mod audit;
mod containers;
mod dicomdir;
mod engine;
mod explain;
mod explicit;
mod listing;
mod rules;
mod text;
