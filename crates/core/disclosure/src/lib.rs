//! Who got copies of a patient's scans: reports for patients and officers, and audit messages for other systems.
//!
//! An [`Account`] is plain data that somebody else reads from the index.

mod account;
mod basis;
mod event;
mod outside_copy;
mod suspension;

pub use account::{Account, Facility, LogHead, Patient};
pub use basis::{Basis, Identity};
pub use event::{Counts, Event, Kind, Party, Study, Why};
pub use outside_copy::{CopyState, OutsideCopy};
pub use suspension::{ORAL_DAYS, Suspension};
