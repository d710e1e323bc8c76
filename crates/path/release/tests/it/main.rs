//! The exit as a whole: orders, deliveries, revocations, copies.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod deliveries;
mod door;
mod gateway;
mod revocation;
mod rules;
