//! A scan arrives: limits, quarantine, duplicate and conflict rule, seal, receipt — the same for every door.

mod receipt;

pub use receipt::{Reason, Receipt, Status};
