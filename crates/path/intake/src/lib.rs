//! A scan arrives: limits, quarantine, duplicate and conflict rule, seal, receipt — the same for every door.

mod receipt;
mod reception;

pub use receipt::{Reason, Receipt, Status};
pub use reception::{Announced, Arrival, Form, Intake, Reception};
