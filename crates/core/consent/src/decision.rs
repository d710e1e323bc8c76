//! The answer.

use crate::ProfileName;
use model::{Purpose, RecipientId, Timestamp};
use serde::Serialize;

/// Why: a policy's name and its sentence.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Reason {
    /// The policy's `@id`.
    pub policy: String,
    /// Its sentence in English.
    pub plain: String,
    /// Its sentence in Spanish.
    pub llano: String,
}

/// One scan may go to one recipient for one purpose, as of now. Only [`decide`](crate::decide()) makes it; whoever delivers
/// a copy must give it up.
#[derive(PartialEq, Eq, Debug)]
pub struct Permit {
    pub(crate) recipient: RecipientId,
    pub(crate) purpose: Purpose,
    pub(crate) profile: ProfileName,
    pub(crate) retention_days: Option<u32>,
    pub(crate) banner: Option<Reason>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) decided_at: Timestamp,
}

impl Permit {
    /// Who may get it.
    pub fn recipient(&self) -> &RecipientId {
        &self.recipient
    }

    /// What for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// How it must be de-identified.
    pub fn profile(&self) -> &ProfileName {
        &self.profile
    }

    /// Days after which the copy must be deleted. None when the recipient may keep it.
    pub fn retention_days(&self) -> Option<u32> {
        self.retention_days
    }

    /// What the recipient must be told: the scan's seal is broken, or the patient flagged it.
    pub fn banner(&self) -> Option<&Reason> {
        self.banner.as_ref()
    }

    /// The policies that permit it.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// When it was decided.
    pub fn decided_at(&self) -> Timestamp {
        self.decided_at
    }
}

/// It may not go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Denial {
    /// Why: the most telling reason first. At least one.
    pub reasons: Vec<Reason>,
}

impl Denial {
    /// The sentence to show, in English.
    pub fn plain(&self) -> &str {
        self.reasons
            .first()
            .map_or("Nothing permits this.", |reason| &reason.plain)
    }
}

/// The answer.
#[derive(PartialEq, Eq, Debug)]
pub enum Decision {
    /// It may go.
    Permit(Permit),
    /// It may not.
    Deny(Denial),
}
