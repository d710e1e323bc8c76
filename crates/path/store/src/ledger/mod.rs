//! What goes out: releases, their accounts, copies and their ends; and what decides about it.
//!
//! Every change is an [`Operation`](operation::Operation): it reads what it needs, decides, writes its rows and its log entries
//! in one transaction of the group commit. So a decision is never older than what it brings about.

mod audit;
mod cohort;
mod copies;
mod directives;
mod find;
mod gather;
mod ids;
mod officers;
mod operation;
mod order;
mod queue;
mod routing;
mod rows;
mod statement;

pub(crate) use gather::PolicyCache;
pub(crate) use operation::Pending;

pub use audit::{Audited, Untold};
pub use directives::Effect;
pub use find::{Flagged, PatientWords, StudyWords};
pub use ids::{DisclosureId, ReleaseId};
pub use order::{NewRelease, Ordered};
pub use queue::{Claim, Ending, Intended, Intent, Settled, WorkerId};
pub use rows::{
    Attempt, AttemptCounts, AttemptState, CopyRow, CopyState, DenialRow, ExposedRow, GlassRow, NoticeRow,
    Piece, PieceState, ReceiptRow, Release, ReleaseState, SuspensionRow,
};

/// Under which name the seal of a copy is bound to its row.
const DERIVED: &str = "derived seal";
