//! What became of a copy outside.

use model::Timestamp;
use serde::Serialize;

/// A copy that somebody outside has, or had.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OutsideCopy {
    /// Its state.
    pub state: CopyState,
    /// When it must be deleted. None: the recipient may keep it.
    pub due: Option<Timestamp>,
    /// When its deletion was asked for.
    pub requested_at: Option<Timestamp>,
    /// When the newest answer to that came.
    pub receipt_at: Option<Timestamp>,
    /// The root over the instances of the copy, as 64 hex digits.
    pub manifest_root: Option<String>,
}

/// The state of a copy outside. What a recipient says is a promise: nothing here is ever proof of a deletion.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CopyState {
    /// They have it.
    Live,
    /// They have it, and must delete it soon.
    Expiring,
    /// They were asked to delete it, and did not answer yet.
    Requested,
    /// They say that they received the request; nothing more.
    Acknowledged,
    /// They say that they erased it.
    Erased,
    /// They say that they will not.
    Refused,
    /// They say that they erased a part of it.
    Partial,
    /// They did not confirm the deletion in time.
    Overdue,
}

impl CopyState {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Live,
        Self::Expiring,
        Self::Requested,
        Self::Acknowledged,
        Self::Erased,
        Self::Refused,
        Self::Partial,
        Self::Overdue,
    ];

    /// A name that never changes, such as `acknowledged`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Expiring => "expiring",
            Self::Requested => "requested",
            Self::Acknowledged => "acknowledged",
            Self::Erased => "erased",
            Self::Refused => "refused",
            Self::Partial => "partial",
            Self::Overdue => "overdue",
        }
    }

    /// True where somebody should worry.
    pub fn is_alarming(self) -> bool {
        matches!(self, Self::Refused | Self::Partial | Self::Overdue)
    }
}
