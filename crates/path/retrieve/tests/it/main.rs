//! The read path against its promises.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounting;
mod corpus;
mod places;
