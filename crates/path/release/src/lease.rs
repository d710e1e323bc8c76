//! What a worker holds: one renewal for all its releases, several times a lease.

use crate::Timing;
use model::Clock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::{ReleaseId, Store, WorkerId};
use tokio::sync::watch;
use tokio::time::Instant;

/// Turns true when a release is not this worker's any more: it must stop at once.
pub(crate) type Lost = watch::Receiver<bool>;

/// The releases that a worker holds.
#[derive(Clone, Default)]
pub(crate) struct Holds(Arc<Mutex<HashMap<ReleaseId, Held>>>);

struct Held {
    lost: watch::Sender<bool>,
    /// When the lease that is known to be held runs out.
    until: Instant,
}

impl Holds {
    /// A release was claimed by a call that began at `since`. None when this worker lost it and has not ended its delivery yet:
    /// that one stops and lets go of the release, so that two of its own deliveries never take each other's rows in hand.
    pub(crate) fn add(&self, release: ReleaseId, since: Instant, lease: Duration) -> Option<Lost> {
        let mut held = self.lock();
        if let Some(earlier) = held.get(&release) {
            earlier.lost.send_replace(true);
            return None;
        }
        let (lost, receiver) = watch::channel(false);
        let until = since + lease;
        held.insert(release, Held { lost, until });
        Some(receiver)
    }

    pub(crate) fn remove(&self, release: ReleaseId) {
        self.lock().remove(&release);
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    /// The worker ends: whatever it holds must stop.
    pub(crate) fn lose_all(&self) {
        for held in self.lock().values() {
            held.lost.send_replace(true);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ReleaseId, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ids(&self) -> Vec<ReleaseId> {
        self.lock().keys().copied().collect()
    }

    /// Those that were renewed are held until then; of those that were asked for and were not, nobody is.
    fn renewed(&self, asked: &[ReleaseId], still: &[ReleaseId], until: Instant) {
        let mut held = self.lock();
        for id in asked {
            if let Some(held) = held.get_mut(id) {
                if still.contains(id) {
                    held.until = until;
                } else {
                    held.lost.send_replace(true);
                }
            }
        }
    }

    /// What was not renewed in time is lost, whether or not the index ever answers.
    fn expire(&self, now: Instant) {
        for held in self.lock().values() {
            if held.until <= now {
                held.lost.send_replace(true);
            }
        }
    }
}

/// Renews what the worker holds, for ever.
pub(crate) async fn keep(
    store: Store,
    clock: Arc<dyn Clock>,
    worker: WorkerId,
    holds: Holds,
    timing: Timing,
) {
    let watch = {
        let (holds, every) = (holds.clone(), timing.renew / 4);
        async move {
            loop {
                tokio::time::sleep(every).await;
                holds.expire(Instant::now());
            }
        }
    };
    let renew = async move {
        loop {
            tokio::time::sleep(timing.renew).await;
            let asked = holds.ids();
            if asked.is_empty() {
                continue;
            }
            let since = Instant::now();
            let now = clock.now();
            let until = now.plus_millis(timing.lease.as_millis() as i64);
            match store.renew(worker, asked.clone(), now, until).await {
                Ok(still) => holds.renewed(&asked, &still, since + timing.lease),
                Err(error) => tracing::warn!(%error, "leases could not be renewed"),
            }
        }
    };
    tokio::join!(watch, renew);
}
