//! The independent second pass: from the input it gathers every identifier in every spelling, and hunts the
//! output for them. Only it makes a [`Cleared`].
//!
//! Nothing here names another room of this crate: a mistake in a rule cannot hide itself here. The walk is
//! `gather` (what identifies, in the input) -> `pattern` (how it may be written) -> `library` (one automaton,
//! kept for the next object of the series) -> `search` (the walk over the output), which hands each value to `hunt`
//! (every view of it; `counts` says which match is no accident) and each element to `checks` (by `structure`: what
//! a de-identified object must not have, whoever the patient is).
//!
//! What is not hunted, on purpose: times of day alone, numbers in binary fields, values under four characters in
//! anything but a whole word of text, text drawn into pixels.

mod auditor;
mod bulk;
mod checks;
mod classify;
mod cleared;
mod counts;
mod date;
mod encode;
mod fold;
mod gather;
mod generic;
mod hit;
mod hunt;
mod library;
mod lookalike;
mod markers;
mod meta;
mod name;
mod object;
mod path;
mod pattern;
mod search;
mod structure;
mod unpack;

pub use auditor::Auditor;
pub use cleared::Cleared;
pub use hit::{AuditError, Hit, Kind, Unreadable};

/// What the profile keeps on purpose. The audit does not count those.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Kept {
    /// UIDs stay (option 113110).
    pub uids: bool,
    /// Dates of study, series, acquisition and content stay (option 113106). The date of birth never does.
    pub full_dates: bool,
    /// Name and address of the institution stay (option 113112).
    pub institution: bool,
    /// What names the device stays (option 113109).
    pub device: bool,
    /// Characteristics of the patient stay (option 113108). Nothing that is gathered is one of them.
    pub patient_characteristics: bool,
}

/// Audits one object; [`Auditor::audit`] is quicker for many objects of a series.
///
/// # Errors
/// As [`Auditor::audit`].
pub fn audit<T: dicom::Source>(
    input: &(impl dicom::Source + ?Sized),
    input_name: &str,
    output: T,
    output_name: &str,
    kept: Kept,
) -> Result<Cleared<T>, AuditError> {
    Auditor::new().audit(input, input_name, output, output_name, kept)
}
