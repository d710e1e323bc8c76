//! What the crate promises, from outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

mod directives;
mod properties;
mod recipients;
mod sentences;
mod site;
mod world;
