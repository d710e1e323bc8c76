//! What is known of one patient's scans: who asked, who got copies, what became of them.

use crate::Event;
use model::{Redacted, Timestamp};

/// Everything that a report is made of. Plain data: whoever keeps the rows fills it in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Who reports.
    pub facility: Facility,
    /// Of whom.
    pub patient: Patient,
    /// Events before this moment are left out. None: from the beginning.
    pub from: Option<Timestamp>,
    /// Events from this moment on are left out. None: until the present.
    pub to: Option<Timestamp>,
    /// The present moment: suspensions, due dates and the six years of 45 CFR 164.528(a)(1) are reckoned from it.
    pub made_at: Timestamp,
    /// The head of the transparency log that binds these events. None while there is no log.
    pub log: Option<LogHead>,
    /// What happened, in any order.
    pub events: Vec<Event>,
}

/// Who reports.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facility {
    /// The full name.
    pub name: String,
    /// The postal address.
    pub address: Option<String>,
    /// The telephone number for questions.
    pub phone: Option<String>,
}

/// Of whom the report is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Patient {
    /// Patient ID (0010,0020).
    pub id: Redacted<String>,
    /// The name, as people write it.
    pub name: Redacted<String>,
    /// Day of birth, such as `1961-05-04`. Empty when not known.
    pub born: Redacted<String>,
}

/// A head of the transparency log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogHead {
    /// The name of the log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// Its root hash, base64.
    pub root_base64: String,
    /// The signed checkpoint, word by word (C2SP tlog-checkpoint).
    pub checkpoint: String,
}
