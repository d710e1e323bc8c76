//! Audit messages leave over syslog (DICOM PS3.15 A.6): TLS (RFC 5425), or plain TCP (RFC 6587) on this machine alone.
//!
//! [`SyslogTls`] is a [`release::AuditSink`]. Syslog has no acknowledgements, and what a kernel took for a peer that is gone
//! is lost without a word. So each batch has a connection of its own, and is taken only when the peer has closed it after
//! us, in order: it has read all by then. A peer that dies with something unread resets the connection instead.

mod client;
mod error;
mod options;

pub use client::SyslogTls;
pub use error::Error;
pub use options::{Identity, Options};
