//! The door as its peers see it: over real sockets, with real peers where they are installed.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test they are the failure"
)]
#![expect(clippy::print_stderr, reason = "a test that skips says so")]

mod associations;
mod commitment;
mod crowd;
mod decoders;
mod deliver;
mod gateway;
mod hostile;
mod peers;
mod raw;
mod scu;
mod streaming;
