//! The store against its promises.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod blobs;
mod cases;
mod conformance;
mod crash;
mod disk;
mod fixtures;
mod log;
mod processes;

conformance::conformance!(sqlite, store::Store::open);
