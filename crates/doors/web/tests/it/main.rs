//! The pages over a real archive with drawn scans.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed"
)]

mod browser;
mod copies;
mod gateway;
mod log;
mod pages;
mod released;
mod uploads;
mod verdicts;
