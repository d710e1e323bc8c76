//! Reports and audit messages, held against what the law and the profiles say.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod accounting;
mod balp;
mod bases;
mod copies;
mod dicom_audit;
mod mutations;
mod pdf;
mod reports;
#[path = "../sample/mod.rs"]
mod sample;
mod suspensions;
mod syslog;
mod tables;
