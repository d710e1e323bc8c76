//! What a group of changes means: decided here once, for every engine of the index.
//!
//! A group is one transaction. Everything that its changes touch is read in a few statements at its start; then each
//! change is checked against what is here and what the changes before it did, and either written or answered; last
//! come the rows that were gathered and the log. A change that is refused leaves nothing behind and disturbs nobody.

mod apply;
mod change;
mod known;
mod seal;

pub(crate) use apply::{Group, apply};
pub(crate) use change::{Change, Reply};
pub(crate) use known::{BLOB_KEY, Patient};

use crate::keys::KeyRing;
use crate::ledger::PolicyCache;
use crate::random::Random;
use model::Clock;
use std::sync::Arc;
use tlog::Signer;

/// What a group needs beside the index.
pub(crate) struct Notary {
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) signer: Signer,
    pub(crate) policies: PolicyCache,
}
