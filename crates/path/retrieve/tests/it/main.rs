//! The read path against its promises.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod accounting;
mod corpus;
mod places;
