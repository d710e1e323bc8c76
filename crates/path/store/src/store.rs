//! The store, to change.

use crate::blobs::Blobs;
use crate::change::{
    NewAccess, NewAmendment, NewCompletion, NewDiscard, NewErasure, NewInstance, NewManifest, NewQuarantined,
    Quarantining, Recording, Sealing,
};
use crate::commit::Queue;
use crate::group::{Change, Reply};
use crate::index::Index;
use crate::keys::KeyRing;
use crate::log::Log;
use crate::{BlobReader, Error, Result, StagedBlob};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tlog::Entry;
use tokio::task::JoinHandle;

/// An archive. Cheap to clone.
///
/// Every change is durable when its method answers, and all that it says happened together or not at all. An error
/// means that it did not happen, but for [`Error::Database`] and [`Error::Io`] from a failing disk, when nobody can say;
/// sending again finds out.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    index: Arc<Index>,
    blobs: Arc<Blobs>,
    keys: Arc<KeyRing>,
    log: Log,
    queue: RwLock<Option<Queue>>,
    worker: Mutex<Option<JoinHandle<()>>>,
}

impl Store {
    pub(crate) fn new(
        index: Arc<Index>,
        blobs: Arc<Blobs>,
        keys: Arc<KeyRing>,
        log: Log,
        queue: Queue,
        worker: JoinHandle<()>,
    ) -> Self {
        let (queue, worker) = (RwLock::new(Some(queue)), Mutex::new(Some(worker)));
        Self {
            inner: Arc::new(Inner {
                index,
                blobs,
                keys,
                log,
                queue,
                worker,
            }),
        }
    }

    pub(crate) fn index(&self) -> &Index {
        &self.inner.index
    }

    pub(crate) fn keys(&self) -> &KeyRing {
        &self.inner.keys
    }

    /// Where objects are spooled.
    pub fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }

    /// The transparency log, to read.
    pub fn log(&self) -> &Log {
        &self.inner.log
    }

    /// The Ed25519 seed (RFC 8032) that signs seals, amendments and manifests of this archive.
    pub fn seal_seed(&self) -> &[u8; 32] {
        self.keys().seal_seed()
    }

    /// Finishes what was handed in, publishes the log and lets go of the files. Changes that come later are answered
    /// [`Error::Closed`].
    pub async fn close(&self) {
        drop(
            self.inner
                .queue
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let worker = self
            .inner
            .worker
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(worker) = worker {
            let _ = worker.await;
        }
        let _ = self.index().close().await;
    }

    pub(crate) async fn commit<T>(&self, change: impl FnOnce(Reply<T>) -> Change) -> Result<T> {
        let (reply, answer) = Reply::new();
        let change = change(reply);
        match self
            .inner
            .queue
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .as_ref()
        {
            Some(queue) => queue.push(change),
            None => change.fail(Error::Closed),
        }
        answer.await.map_err(|_| Error::Closed)?
    }

    /// Keeps a sealed instance with its bytes. When it is not kept ([`Sealing::Exists`], [`Sealing::Contradiction`], an
    /// error), the blob is removed.
    ///
    /// # Errors
    /// [`Error::OutOfSpace`], [`Error::Io`], [`Error::Database`], [`Error::Closed`].
    pub async fn seal(&self, new: NewInstance, blob: StagedBlob) -> Result<Sealing> {
        Ok(self.seal_or_return(new, blob).await?.0)
    }

    /// As [`seal`](Self::seal), but gives the blob back when the instance was not kept, so that it can be compared with what
    /// is here and be quarantined.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn seal_or_return(
        &self,
        new: NewInstance,
        blob: StagedBlob,
    ) -> Result<(Sealing, Option<StagedBlob>)> {
        self.commit(|reply| Change::Seal {
            new: Box::new(new),
            blob,
            obsolete: None,
            reply,
        })
        .await
    }

    /// Reads a blob that is staged and belongs to nothing yet.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn open_staged(&self, blob: &StagedBlob) -> Result<BlobReader> {
        self.blobs().open(blob.blob(), blob.key())
    }

    /// Keeps an object apart for a person to decide on.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn quarantine(&self, new: NewQuarantined, blob: Option<StagedBlob>) -> Result<Quarantining> {
        self.commit(|reply| Change::Quarantine {
            new: Box::new(new),
            blob,
            reply,
        })
        .await
    }

    /// Throws a quarantined object away; [`Recording::Superseded`] when it does not wait (any more).
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn discard(&self, new: NewDiscard) -> Result<Recording> {
        self.commit(|reply| Change::Discard {
            new,
            obsolete: None,
            reply,
        })
        .await
    }

    /// Adds an amendment to an instance's seal.
    ///
    /// # Errors
    /// As [`seal`](Self::seal); [`Error::Erased`].
    pub async fn amend(&self, new: NewAmendment) -> Result<Recording> {
        self.commit(|reply| Change::Amend { new, reply }).await
    }

    /// Adds the completion of an instance's seal; [`Recording::Superseded`] when none is pending.
    ///
    /// # Errors
    /// As [`seal`](Self::seal); [`Error::Erased`].
    pub async fn complete(&self, new: NewCompletion, blob: Option<StagedBlob>) -> Result<Recording> {
        self.commit(|reply| Change::Complete { new, blob, reply }).await
    }

    /// Closes a study with a manifest; [`Recording::Superseded`] when the study is not at that revision any more.
    ///
    /// # Errors
    /// As [`seal`](Self::seal); [`Error::Erased`].
    pub async fn close_study(&self, new: NewManifest) -> Result<Recording> {
        self.commit(|reply| Change::Manifest { new, reply }).await
    }

    /// Accounts for a read by somebody inside. Only when it has answered may bytes go out.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn account(&self, new: NewAccess) -> Result<Recording> {
        self.commit(|reply| Change::Access { new, reply }).await
    }

    /// Deletes a patient's data key, for good: their scans, seals and attributes here cannot be read any more, and their
    /// log entries are nobody's. The accounts of who saw them stay. [`Recording::Superseded`] when it was done before.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn erase(&self, new: NewErasure) -> Result<Recording> {
        self.commit(|reply| Change::Erase { new, reply }).await
    }

    /// Adds entries to the log, next to each other, and gives the index of the first.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn append(&self, entries: Vec<Entry>) -> Result<u64> {
        self.commit(|reply| Change::Append { entries, reply }).await
    }
}
