//! What is said of a candidate.

use model::Source;
use seal::px1::Region;
use seal::{Amended, AttributeChange, Verdict};
use serde::Serialize;

/// The place of a seal in the log.
#[derive(Clone, Debug, Serialize)]
pub struct LogPlace {
    /// The log.
    pub origin: String,
    /// The index of the seal's entry.
    pub index: u64,
    /// The size of the log to which inclusion was proved.
    pub size: u64,
}

/// One attribute that is not as it was sealed.
#[derive(Clone, Debug, Serialize)]
pub struct ChangedAttribute {
    /// Its tag, 8 hex digits.
    pub tag: String,
    /// Its group.
    pub group: &'static str,
    /// What happened to it.
    pub change: &'static str,
}

/// One amendment.
#[derive(Clone, Debug, Serialize)]
pub struct AmendmentNote {
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
    /// True when it withdraws the object.
    pub withdrawn: bool,
    /// The attributes that it changes.
    pub tags: Vec<String>,
}

/// The verdict on one candidate, in the form of `verify --json`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, where that needs saying.
    pub reason: Option<String>,
    /// Id of the key that signed the seal, 16 hex digits.
    pub signer: Option<String>,
    /// When it was sealed.
    pub sealed_at: Option<String>,
    /// How it had arrived.
    pub source: Option<Source>,
    /// Where the log has it.
    pub log: Option<LogPlace>,
    /// What was altered in the image.
    pub regions: Vec<Region>,
    /// What was altered in the attributes.
    pub changed: Vec<ChangedAttribute>,
    /// SOP Instance UIDs that the study should have.
    pub missing: Vec<String>,
    /// The amendments.
    pub amendments: Vec<AmendmentNote>,
    /// SOP Instance UID of the candidate.
    pub sop_instance_uid: Option<String>,
}

impl Report {
    /// A report that says no more than a verdict.
    pub fn new(verdict: Verdict, reason: Option<&str>) -> Self {
        Self {
            verdict,
            reason: reason.map(str::to_owned),
            signer: None,
            sealed_at: None,
            source: None,
            log: None,
            regions: Vec::new(),
            changed: Vec::new(),
            missing: Vec::new(),
            amendments: Vec::new(),
            sop_instance_uid: None,
        }
    }
}

impl From<&AttributeChange> for ChangedAttribute {
    fn from(change: &AttributeChange) -> Self {
        Self {
            tag: change.tag.to_string(),
            group: change.group.as_str(),
            change: change.change.as_str(),
        }
    }
}

impl From<&Amended> for AmendmentNote {
    fn from(amended: &Amended) -> Self {
        Self {
            at: amended.amended_at.to_string(),
            reason: amended.reason.clone(),
            withdrawn: amended.withdrawn,
            tags: amended.changes.iter().map(|(tag, _)| tag.to_string()).collect(),
        }
    }
}
