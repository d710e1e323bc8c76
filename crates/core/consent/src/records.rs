//! What a decision looks at. All of it comes from the gateway's own records, but for what a [`Request`] asks.

use crate::{Directive, Facility, Person, Recipient};
use model::{Purpose, Timestamp};

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    /// What for.
    pub purpose: Purpose,
    /// For how many days the recipient wants to keep it. None: as agreed.
    pub retention_days: Option<u32>,
}

/// How a recipient behaved.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// The officer suspended it.
    pub suspended: bool,
    /// Copies that it did not confirm as deleted in time.
    pub overdue: u64,
}

/// The scan in question.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scan {
    /// False when no Patient ID says whose it is.
    pub identified: bool,
    /// Its seal was withdrawn, or did not hold.
    pub seal_broken: bool,
    /// The patient or the officer flagged it as wrong, or not theirs.
    pub flagged: bool,
}

/// Who breaks the glass.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BreakGlass {
    /// True for a clinician on the gateway's list of staff.
    pub clinician: bool,
    /// Why, in their words.
    pub reason: String,
    /// An earlier use of theirs was not reviewed yet.
    pub open_review: bool,
}

/// All that a decision looks at.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    /// The recipient. None for a stranger.
    pub recipient: Option<&'a Recipient>,
    /// How it behaved.
    pub standing: Standing,
    /// The patient's directives, all that were ever recorded.
    pub directives: &'a [Directive],
    /// The patient.
    pub person: &'a Person,
    /// The scan.
    pub scan: Scan,
    /// Who breaks the glass. None when nobody does.
    pub break_glass: Option<&'a BreakGlass>,
    /// The facility's settings.
    pub facility: &'a Facility,
    /// The present moment.
    pub now: Timestamp,
}
