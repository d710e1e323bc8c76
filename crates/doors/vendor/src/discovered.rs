//! Endpoints that were discovered a short while ago.

use deletion::{Origin, PublicKey};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Beyond so many, all are forgotten: a gateway has dozens of recipients, not thousands.
const MAX_KNOWN: usize = 1024;

/// Where requests go, by the origin and the key of a recipient's record: a changed record finds nothing here.
pub(crate) struct Discovered {
    keep: Duration,
    known: Mutex<HashMap<(Origin, [u8; 32]), Known>>,
}

struct Known {
    endpoint: String,
    since: Instant,
}

impl Discovered {
    pub(crate) fn new(keep: Duration) -> Self {
        Self {
            keep,
            known: Mutex::default(),
        }
    }

    pub(crate) fn find(&self, origin: &Origin, key: &PublicKey) -> Option<String> {
        let known = self.known();
        let found = known.get(&(origin.clone(), key.to_bytes()))?;
        (found.since.elapsed() < self.keep).then(|| found.endpoint.clone())
    }

    pub(crate) fn keep(&self, origin: &Origin, key: &PublicKey, endpoint: &str) {
        let mut known = self.known();
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        let found = Known {
            endpoint: endpoint.to_owned(),
            since: Instant::now(),
        };
        known.insert((origin.clone(), key.to_bytes()), found);
    }

    pub(crate) fn forget(&self, origin: &Origin, key: &PublicKey) {
        self.known().remove(&(origin.clone(), key.to_bytes()));
    }

    /// What a panic left behind is whole: each change is one call.
    fn known(&self) -> MutexGuard<'_, HashMap<(Origin, [u8; 32]), Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
