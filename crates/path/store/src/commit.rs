//! The group commit: one sync and one transaction for all that waits.
//!
//! ```text
//! seal, quarantine, complete --> [sync blobs] --+--> [one transaction] --> answers
//! everything without a blob  ------------------+
//! ```
//! Two stages, each with one worker. A worker that becomes free takes whatever waits, so that a lone change never waits
//! for company and many share the cost; there is no timer. While one group is in its transaction the next is being
//! synced. Nobody is answered before the transaction is durable, and a row is written only after its blob is.

use crate::blobs::Blobs;
use crate::disk::{Disk, Failpoint};
use crate::group::{Change, Notary, apply};
use crate::index::Writer;
use crate::log::Publisher;
use crate::{Error, Result};
use std::sync::Arc;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// Changes to a group.
const CHANGES: usize = 256;
/// Log entries to a group: about 20 ms of hashing.
const ENTRIES: usize = 32 * 1024;

/// What the second stage works with.
pub(crate) struct Committer {
    pub(crate) writer: Writer,
    pub(crate) notary: Notary,
    pub(crate) blobs: Arc<Blobs>,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) publisher: Publisher,
}

/// The way into the group commit.
pub(crate) struct Queue {
    with_blobs: UnboundedSender<Change>,
    without: UnboundedSender<Change>,
}

impl Queue {
    /// Hands in a change; the answer comes over its reply.
    pub(crate) fn push(&self, change: Change) {
        let stage = if change.blob().is_some() {
            &self.with_blobs
        } else {
            &self.without
        };
        if let Err(refused) = stage.send(change) {
            refused.0.fail(Error::Closed);
        }
    }
}

/// Starts both stages. They end, with all that was handed in done, once the queue is dropped.
pub(crate) fn start(committer: Committer) -> Result<(Queue, JoinHandle<()>)> {
    let (with_blobs, unsynced) = unbounded_channel();
    let (without, synced) = unbounded_channel();
    let blobs = Arc::clone(&committer.blobs);
    let forward = without.clone();
    std::thread::Builder::new()
        .name("store-sync".to_owned())
        .spawn(move || sync_stage(unsynced, &blobs, &forward))?;
    let worker = tokio::spawn(committer.index_stage(synced));
    Ok((Queue { with_blobs, without }, worker))
}

/// Stage 1. One thread is enough: the disk began to write each blob when its writer was done (see
/// [`DiskFile::start_writeback`](crate::disk::DiskFile::start_writeback)).
fn sync_stage(mut waiting: UnboundedReceiver<Change>, blobs: &Blobs, synced: &UnboundedSender<Change>) {
    while let Some(first) = waiting.blocking_recv() {
        let mut group = vec![first];
        while group.len() < CHANGES
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        let staged: Vec<_> = group.iter().filter_map(Change::blob).collect();
        let results = blobs.sync(&staged);
        for (change, result) in group.into_iter().zip(results) {
            match result {
                Err(error) => change.fail(error),
                Ok(()) => {
                    if let Err(refused) = synced.send(change) {
                        refused.0.fail(Error::Closed);
                    }
                }
            }
        }
    }
}

/// Whether a group that failed may have become durable.
enum Failure {
    No(Error),
    Perhaps(Error),
}

impl Committer {
    /// Stage 2.
    async fn index_stage(mut self, mut waiting: UnboundedReceiver<Change>) {
        while let Some(first) = waiting.recv().await {
            let mut weight = first.weight();
            let mut group = vec![first];
            while group.len() < CHANGES
                && weight < ENTRIES
                && let Ok(next) = waiting.try_recv()
            {
                weight += next.weight();
                group.push(next);
            }
            self.commit(group).await;
        }
        if let Err(error) = self.writer.close().await {
            tracing::warn!(%error, "the index did not close cleanly");
        }
        self.publisher.finish().await;
    }

    async fn commit(&mut self, mut group: Vec<Change>) {
        match self.transact(&mut group).await {
            Ok(()) => self.confirm(group).await,
            // One change that cannot be applied must not fail its neighbours: each by itself.
            Err(Failure::No(error))
                if group.len() > 1 && !error.is_busy() && !matches!(error, Error::OutOfSpace) =>
            {
                for change in group {
                    let mut alone = vec![change];
                    match self.transact(&mut alone).await {
                        Ok(()) => self.confirm(alone).await,
                        Err(failure) => fail(alone, failure),
                    }
                }
            }
            Err(failure) => fail(group, failure),
        }
    }

    async fn transact(&mut self, group: &mut [Change]) -> Result<(), Failure> {
        let mut tx = self.writer.begin().await.map_err(Failure::No)?;
        apply(&mut tx, &self.notary, group).await.map_err(Failure::No)?;
        self.disk
            .pass(Failpoint::BeforeIndexCommit)
            .map_err(|error| Failure::No(error.into()))?;
        match tx.commit().await {
            Ok(()) => {}
            // SQLite has rolled it back, the commit frame was never written.
            Err(Error::OutOfSpace) => return Err(Failure::No(Error::OutOfSpace)),
            Err(error) => return Err(Failure::Perhaps(error)),
        }
        self.disk
            .pass(Failpoint::AfterIndexCommit)
            .map_err(|error| Failure::Perhaps(error.into()))
    }

    async fn confirm(&mut self, group: Vec<Change>) {
        if group.iter().any(Change::erases)
            && let Err(error) = self.writer.scrub().await
        {
            tracing::warn!(%error, "a deleted key may still be in the index's write-ahead log");
        }
        for change in group {
            if let Some(obsolete) = change.confirm()
                && let Err(error) = self.blobs.remove(obsolete)
            {
                tracing::warn!(%error, blob = %obsolete, "a blob that nobody needs was not removed");
            }
        }
        self.publisher.wake();
    }
}

fn fail(group: Vec<Change>, failure: Failure) {
    for change in group {
        match &failure {
            Failure::No(error) => change.fail(error.clone()),
            Failure::Perhaps(error) => change.fail_in_doubt(error.clone()),
        }
    }
}
