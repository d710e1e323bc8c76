//! The store against its promises.

mod blobs;
mod cases;
mod conformance;
mod crash;
mod disk;
mod fixtures;
mod log;
mod processes;

conformance::conformance!(sqlite, store::Store::open);
