//! Who got copies of a patient's scans: reports for patients and officers, and audit messages for other systems.
//!
//! An [`Account`] is plain data that somebody else reads from the index. [`html`], [`pdf`], [`csv()`] and [`json()`] make a
//! report of it; [`Asked`] says what is listed, who reads, and in which language. Two things are decided here alone:
//! - what the patient must not see yet (45 CFR 164.528(a)(2)): [`Account::visible`];
//! - what belongs into the legal accounting (45 CFR 164.528): [`Basis`], [`Account::accounting`].
//!
//! Audit messages are made of a single [`Event`]: [`balp`] (FHIR AuditEvent per IHE BALP), [`dicom_audit`] (PS3.15 A.5) and
//! [`syslog`] (RFC 5424), which carries the latter.

mod account;
pub mod balp;
mod basis;
mod csv;
pub mod dicom_audit;
mod event;
mod html;
mod json;
mod outside_copy;
mod pdf;
mod recorder;
mod report_error;
mod sheet;
mod summary;
mod suspension;
pub mod syslog;
mod view;
mod words;

pub use account::{Account, Facility, LogHead, Patient};
pub use basis::{Basis, Identity};
pub use csv::{DISCLOSURE_COLUMNS, EVENT_COLUMNS, csv};
pub use event::{Counts, Event, Kind, Party, Study, Why};
pub use html::html;
pub use json::json;
pub use outside_copy::{CopyState, OutsideCopy};
pub use pdf::pdf;
pub use recorder::Recorder;
pub use report_error::ReportError;
pub use suspension::{ORAL_DAYS, Suspension};
pub use view::{Asked, Disclosures, LEGAL_YEARS, Language, Reader, View};
