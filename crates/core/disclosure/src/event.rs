//! One thing that happened to a patient's scans.

use crate::{Basis, OutsideCopy, Suspension};
use model::{Purpose, Redacted, Timestamp};
use serde::Serialize;

/// One thing that happened. An event is one attempt: of a release that was tried three times there are three.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Its name in this gateway. It must not be a serial number, since a gap would show that an event is hidden.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: Kind,
    /// Who got copies, or would have. None for what has no recipient, such as a directive.
    pub recipient: Option<Party>,
    /// Who ordered or read: an account, an AE title, or a rule.
    pub who: Option<String>,
    /// What for.
    pub purpose: Option<Why>,
    /// Of which study. None for what concerns all of them.
    pub study: Option<Study>,
    /// How many instances.
    pub instances: Counts,
    /// The de-identification profile; `original` is none at all.
    pub profile: Option<String>,
    /// Why it was permitted or denied: plain sentences, in the language of the report.
    pub reasons: Vec<String>,
    /// The names of the rules behind the reasons.
    pub policies: Vec<String>,
    /// The agreement under which copies went.
    pub agreement: Option<String>,
    /// The patient's directive that counted.
    pub directive: Option<String>,
    /// What became of the copy. None where there is none outside.
    pub copy: Option<OutsideCopy>,
    /// Whether the law wants it accounted for.
    pub basis: Basis,
    /// An agency asked that the patient be not told yet.
    pub suspension: Option<Suspension>,
    /// The number of its entry in the transparency log.
    pub log_index: Option<u64>,
}

impl Event {
    /// An event of which no more is known than that it happened. It counts as one that must be accounted for.
    pub fn new(id: impl Into<String>, at: Timestamp, kind: Kind) -> Self {
        Self {
            id: id.into(),
            at,
            kind,
            recipient: None,
            who: None,
            purpose: None,
            study: None,
            instances: Counts::default(),
            profile: None,
            reasons: Vec::new(),
            policies: Vec::new(),
            agreement: None,
            directive: None,
            copy: None,
            basis: Basis::Accounted,
            suspension: None,
            log_index: None,
        }
    }

    /// True when somebody got instances, or may have got them.
    pub fn gave_something(&self) -> bool {
        let gives = match self.kind {
            Kind::Release | Kind::Read | Kind::Search | Kind::Export | Kind::BreakGlass => true,
            Kind::Denial | Kind::Directive | Kind::Withdrawal | Kind::Deletion | Kind::Flag => false,
        };
        gives && (self.instances.sent > 0 || self.instances.unknown > 0)
    }
}

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Copies were sent, or should have been.
    Release,
    /// Copies were asked for and denied.
    Denial,
    /// Somebody opened scans here.
    Read,
    /// Somebody searched, and saw that scans exist.
    Search,
    /// Scans were written to a file or medium.
    Export,
    /// Emergency access.
    BreakGlass,
    /// The patient said yes or no.
    Directive,
    /// The patient took a yes or a no back.
    Withdrawal,
    /// A copy was asked back, or an answer to that came.
    Deletion,
    /// The patient or the officer marked a scan as wrong.
    Flag,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Release,
        Self::Denial,
        Self::Read,
        Self::Search,
        Self::Export,
        Self::BreakGlass,
        Self::Directive,
        Self::Withdrawal,
        Self::Deletion,
        Self::Flag,
    ];

    /// A name that never changes, such as `break-glass`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Denial => "denial",
            Self::Read => "read",
            Self::Search => "search",
            Self::Export => "export",
            Self::BreakGlass => "break-glass",
            Self::Directive => "directive",
            Self::Withdrawal => "withdrawal",
            Self::Deletion => "deletion",
            Self::Flag => "flag",
        }
    }
}

/// Somebody who got copies, or wanted them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Party {
    /// The short name in this gateway, or an AE title of a stranger.
    pub id: String,
    /// The full name.
    pub name: String,
    /// The postal address (45 CFR 164.528(b)(2)(ii) wants it where it is known).
    pub address: Option<String>,
    /// True for a part of the facility itself.
    pub inside: bool,
    /// Where copies went: an URL, or a host name or address.
    pub network: Option<String>,
    /// The AE title, where it has one.
    pub ae_title: Option<String>,
}

/// What for.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Why {
    /// A purpose that the gateway knows.
    Purpose(Purpose),
    /// In words, such as of an accounting that came from elsewhere.
    Words(String),
}

impl From<Purpose> for Why {
    fn from(purpose: Purpose) -> Self {
        Self::Purpose(purpose)
    }
}

/// A study.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Study {
    /// Study Instance UID, as it is here.
    pub uid: String,
    /// The day of the study, such as `2026-11-20`.
    pub date: Option<String>,
    /// Study Description (0008,1030). Hidden in `Debug`: people write names into it.
    pub description: Redacted<String>,
    /// The modality, such as `CT`.
    pub modality: Option<String>,
    /// SOP classes of the instances, each with their number.
    pub classes: Vec<(String, u64)>,
}

/// How many instances.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
pub struct Counts {
    /// Asked for.
    pub asked: u64,
    /// Confirmed by the recipient, or read.
    pub sent: u64,
    /// Did not leave, or not whole.
    pub not_sent: u64,
    /// May have been sent: their last byte left, and no answer came.
    pub unknown: u64,
    /// Still to be sent.
    pub intended: u64,
}
