//! The DICOM network: upper layer (PS3.8), message exchange (PS3.7), SCP and SCU.
//!
//! [`serve`] answers C-ECHO and C-STORE and hands the bytes of arriving objects to a [`StoreService`], slice by
//! slice as they leave the socket. [`Association`] is the other side: it verifies and sends. [`deliver`] is how
//! released copies leave by C-STORE.
//!
//! The upper layer is this crate's own, because what a peer claims must never decide what is allocated, and
//! every malformed exchange must get an answer. Memory per association is one buffer of at most 132 KiB, which
//! shrinks to 2 KiB while the association is idle; no object is ever held whole.

pub mod command;
mod commitment;
mod config;
pub mod deliver;
mod message;
pub mod negotiation;
pub mod pdu;
mod scp;
mod scu;
mod service;
mod sop_class;
mod status;
mod wire;

pub use commitment::Commitments;
pub use config::{Callers, Config, Limits};
pub use scp::{bind, serve};
pub use scu::{Association, Error, Progress, Proposal, Request, Response, Timeouts};
pub use service::{StoreObject, StoreService};
pub use status::Status;

pub(crate) use dicom::part10::{IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME};

/// The port that the standard registers for DICOM.
pub const DEFAULT_PORT: u16 = 11112;
