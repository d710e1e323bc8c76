//! The service as its clients see it, over a real archive.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod corpus;
mod deliver;
mod hostile;
mod qido;
mod service;
mod stow;
mod wado;
