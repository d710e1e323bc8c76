//! Audit messages on their way to a repository, over real sockets and out of a real archive.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod archive;
mod feed;
mod repository;
mod transport;
