//! Who is let in: counts connections and associations, and makes room for newcomers.

use crate::Limits;
use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

/// A-ASSOCIATE-RQs of unusual length that may be read at a time.
const LARGE_REQUESTS: usize = 32;

/// The counts of one SCP.
pub(super) struct Admission {
    max_associations: usize,
    max_per_peer: usize,
    max_handshakes: usize,
    counts: Mutex<Counts>,
    /// Bounds the memory that peers without an association can take.
    pub(super) large_requests: Semaphore,
}

#[derive(Default)]
struct Counts {
    next: u64,
    /// Connections without an association by peer, the oldest first, with the task that serves each.
    waiting: HashMap<IpAddr, BTreeMap<u64, Option<AbortHandle>>>,
    handshakes: usize,
    associations: usize,
    per_peer: HashMap<IpAddr, usize>,
}

/// A connection that has no association yet. Dropped, it is forgotten.
pub(super) struct Ticket {
    id: u64,
    peer: IpAddr,
    admission: Arc<Admission>,
}

/// The place of an association. Dropped, it is free again.
pub(super) struct Place {
    peer: IpAddr,
    admission: Arc<Admission>,
}

impl Admission {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            max_associations: limits.max_associations,
            max_per_peer: limits.max_associations_per_peer,
            max_handshakes: limits.max_handshakes.max(1),
            counts: Mutex::default(),
            large_requests: Semaphore::new(LARGE_REQUESTS),
        }
    }

    /// Notes a new connection, after making room for it where there is none.
    pub(super) fn arrive(self: &Arc<Self>, peer: IpAddr) -> Ticket {
        let mut counts = self.counts();
        while counts.handshakes >= self.max_handshakes {
            counts.evict();
        }
        let id = counts.next;
        counts.next += 1;
        counts.handshakes += 1;
        counts.waiting.entry(peer).or_default().insert(id, None);
        Ticket {
            id,
            peer,
            admission: Arc::clone(self),
        }
    }

    /// Says which task serves a connection, so that it can be evicted.
    pub(super) fn watch(&self, peer: IpAddr, id: u64, task: AbortHandle) {
        let mut counts = self.counts();
        if let Some(served_by) = counts
            .waiting
            .get_mut(&peer)
            .and_then(|of_peer| of_peer.get_mut(&id))
        {
            *served_by = Some(task);
        }
    }

    /// Closes a good part of the connections without an association, those of the busiest peers and the oldest
    /// first: the process has no file descriptor left.
    pub(super) fn thin_out(&self) {
        let mut counts = self.counts();
        for _ in 0..counts.handshakes.div_ceil(4) {
            counts.evict();
        }
    }

    /// Closes all connections without an association.
    pub(super) fn evict_all(&self) {
        let mut counts = self.counts();
        counts.handshakes = 0;
        let tasks = std::mem::take(&mut counts.waiting)
            .into_values()
            .flat_map(BTreeMap::into_values)
            .flatten();
        tasks.for_each(|task| task.abort());
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Nothing panics while it is held, and counts stay counts.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counts {
    /// Closes the oldest connection without an association of the peer that has most of them.
    fn evict(&mut self) {
        let busiest = self.waiting.iter().max_by_key(|(_, of_peer)| of_peer.len());
        let oldest = busiest.and_then(|(peer, of_peer)| Some((*peer, *of_peer.keys().next()?)));
        let task = oldest.and_then(|(peer, id)| self.forget(peer, id));
        if let Some(task) = task {
            task.abort();
        }
    }

    /// Takes a connection off those that have no association; does nothing when it is not among them.
    fn forget(&mut self, peer: IpAddr, id: u64) -> Option<AbortHandle> {
        let of_peer = self.waiting.get_mut(&peer)?;
        let task = of_peer.remove(&id)?;
        if of_peer.is_empty() {
            self.waiting.remove(&peer);
        }
        self.handshakes -= 1;
        task
    }
}

impl Ticket {
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// Turns the connection into an association; nothing when a limit is reached.
    pub(super) fn establish(self) -> Option<Place> {
        let admission = Arc::clone(&self.admission);
        let mut counts = admission.counts();
        let from_peer = counts.per_peer.get(&self.peer).copied().unwrap_or(0);
        let peer_full = !self.peer.is_loopback() && from_peer >= admission.max_per_peer;
        if counts.associations >= admission.max_associations || peer_full {
            return None;
        }
        // From here on it cannot be evicted; if it was a moment ago, its task ends at its next await.
        counts.forget(self.peer, self.id);
        counts.associations += 1;
        *counts.per_peer.entry(self.peer).or_default() += 1;
        drop(counts);
        Some(Place {
            peer: self.peer,
            admission: Arc::clone(&self.admission),
        })
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.admission.counts().forget(self.peer, self.id);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.admission.counts();
        counts.associations = counts.associations.saturating_sub(1);
        if let Some(count) = counts.per_peer.get_mut(&self.peer) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.per_peer.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admission(max_associations: usize, max_per_peer: usize, max_handshakes: usize) -> Arc<Admission> {
        Arc::new(Admission::new(&Limits {
            max_associations,
            max_associations_per_peer: max_per_peer,
            max_handshakes,
            ..Limits::default()
        }))
    }

    fn peer(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn places_are_counted_in_all_and_per_peer_and_come_back() {
        let admission = admission(3, 2, 10);
        let place = |last| admission.arrive(peer(last)).establish();
        let (a, b) = (place(1).unwrap(), place(1).unwrap());
        assert!(place(1).is_none(), "a third from one peer");
        let c = place(2).unwrap();
        assert!(place(3).is_none(), "a fourth in all");
        drop((a, b, c));
        assert!(place(1).is_some());
        assert_eq!(admission.counts().handshakes, 0);
        assert!(admission.counts().waiting.is_empty());
        assert!(admission.counts().per_peer.is_empty());
    }

    #[test]
    fn loopback_has_no_limit_of_its_own() {
        let admission = admission(9, 1, 10);
        let places: Vec<_> = (0..9)
            .map(|_| {
                admission
                    .arrive(IpAddr::from([127, 0, 0, 1]))
                    .establish()
                    .unwrap()
            })
            .collect();
        assert_eq!(places.len(), 9);
    }

    #[test]
    fn a_newcomer_displaces_the_oldest_of_the_busiest_peer() {
        let admission = admission(9, 9, 3);
        let quiet = admission.arrive(peer(1));
        let crowd = [admission.arrive(peer(2)), admission.arrive(peer(2))];
        let newcomer = admission.arrive(peer(3));
        let mut waiting: Vec<_> = admission
            .counts()
            .waiting
            .values()
            .flat_map(BTreeMap::keys)
            .copied()
            .collect();
        waiting.sort_unstable();
        assert_eq!(waiting, [quiet.id, crowd[1].id, newcomer.id]);
        drop(crowd);
        assert_eq!(admission.counts().handshakes, 2);
    }
}
