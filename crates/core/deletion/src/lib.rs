//! Signed requests to delete copies of scans, and signed receipts: the protocol that `docs/deletion-protocol.md` describes for
//! recipients.
//!
//! Both documents are compact JWS (RFC 7515) with Ed25519 signatures (RFC 8037), so that a recipient needs a stock JOSE library
//! and nothing else. [`sign`] makes a request, [`verify_request`] reads one; [`sign_receipt`] makes a receipt, and [`judge`] alone
//! decides whether one counts. A receipt is a promise: it proves who said what, not that anything was erased.
//!
//! Times and keys are arguments; nothing here reads a clock or makes a random number.

mod discovery;
mod judge;
mod jws;
mod key;
mod manifest;
mod numeric_date;
mod origin;
mod receipt;
mod refused;
mod request;
mod strict_json;
mod words;

pub use discovery::{Discovery, DiscoveryError};
pub use judge::{Accepted, Expected, Subprocessor, judge};
pub use jws::{Opened, open, sign_compact};
pub use key::{InvalidKey, PublicKey};
pub use manifest::manifest_root;
pub use origin::{InvalidOrigin, Origin};
pub use receipt::{Derived, Kind, Receipt, reference_of, sign_receipt};
pub use refused::Refused;
pub use request::{Reason, Request, sign, verify_request};

/// Bytes of the largest document that is read, be it a request, a receipt or a discovery document.
pub const MAX_BYTES: usize = 64 * 1024;
/// The `typ` of a request.
pub const REQUEST_TYPE: &str = "imaging-deletion-request+jwt";
/// The `typ` of a receipt.
pub const RECEIPT_TYPE: &str = "imaging-deletion-receipt+jwt";
/// The media type of both over HTTP (RFC 7515 section 9.2.1).
pub const MEDIA_TYPE: &str = "application/jose";
/// Where a discovery document is found under an origin (RFC 8615).
pub const WELL_KNOWN: &str = "/.well-known/imaging-deletion.json";
/// Milliseconds by which two clocks may differ.
pub const CLOCK_SKEW_MILLIS: i64 = 5 * 60 * 1000;
