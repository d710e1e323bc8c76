//! A scan arrives: limits, quarantine, duplicate and conflict rule, seal, receipt — the same for every door.
//!
//! A door calls [`Intake::begin`], hands over the bytes as they come, and gets a [`Receipt`] from
//! [`Reception::finish`] once the scan is durable, sealed and in the log. The intake does not know by which door a scan
//! came, beyond what the seal says of it.

mod attributes;
mod conflict;
mod quarantine;
mod receipt;
mod reception;

pub use quarantine::{Decided, QuarantineError};
pub use receipt::{Reason, Receipt, Status};
pub use reception::{Announced, Arrival, Form, Intake, Parts, Reception};
