//! Blobs: the bytes of objects, each encrypted under a key of its own and written once.
//!
//! A blob is visible only through the row of the index that names it and holds its wrapped key: no renaming, no list.

mod format;
mod local;
mod reader;
mod writer;

pub use reader::BlobReader;
pub use writer::{BlobWriter, StagedBlob};

use crate::Result;
use crate::disk::Disk;
use crate::random::{Random, Secret};
use format::Layout;
use local::LocalBlobs;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Names a blob: 128 bits, the first 32 of them its shelf, the rest random. It says nothing about the object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlobId(pub(crate) [u8; 16]);

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobId({self})")
    }
}

/// A blob and the lengths of its parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BlobRef {
    pub(crate) id: BlobId,
    pub(crate) layout: Layout,
}

impl BlobRef {
    pub(crate) fn new(id: BlobId, data: u64, record: u64) -> Self {
        Self {
            id,
            layout: Layout { data, record },
        }
    }

    /// The blob's name.
    pub fn id(&self) -> BlobId {
        self.id
    }

    /// Bytes of data.
    pub fn data_len(&self) -> u64 {
        self.layout.data
    }

    /// Bytes of the record about them.
    pub fn record_len(&self) -> u64 {
        self.layout.record
    }
}

/// Where blobs are kept.
pub struct Blobs(Engine);

/// The engines that can keep them.
enum Engine {
    Local(LocalBlobs),
}

impl Blobs {
    /// Files below a folder.
    pub(crate) fn local(root: PathBuf, disk: Arc<dyn Disk>, random: Arc<dyn Random>) -> Result<Self> {
        LocalBlobs::open(root, disk, random).map(|blobs| Self(Engine::Local(blobs)))
    }

    /// Whether another object would find room.
    ///
    /// # Errors
    /// [`Error::Io`](crate::Error::Io).
    pub fn has_room(&self) -> Result<bool> {
        match &self.0 {
            Engine::Local(blobs) => blobs.has_room(),
        }
    }

    /// Begins a blob.
    ///
    /// # Errors
    /// [`Error::OutOfSpace`](crate::Error::OutOfSpace), [`Error::Io`](crate::Error::Io).
    pub fn create(&self) -> Result<BlobWriter> {
        match &self.0 {
            Engine::Local(blobs) => blobs.create(),
        }
    }

    pub(crate) fn open(&self, blob: BlobRef, key: &Secret) -> Result<BlobReader> {
        match &self.0 {
            Engine::Local(blobs) => blobs.open_blob(blob, key),
        }
    }

    /// Makes blobs durable. One that fails does not fail the others.
    pub(crate) fn sync(&self, blobs: &[&StagedBlob]) -> Vec<Result<()>> {
        match &self.0 {
            Engine::Local(engine) => engine.sync(blobs),
        }
    }

    /// Removes a blob. One that is not there is no error.
    pub(crate) fn remove(&self, id: BlobId) -> Result<()> {
        match &self.0 {
            Engine::Local(blobs) => blobs.remove(id),
        }
    }

    /// Every blob that no living process is writing or committing.
    pub(crate) fn list_idle(&self, found: impl FnMut(BlobId)) -> Result<()> {
        match &self.0 {
            Engine::Local(blobs) => blobs.list_idle(found),
        }
    }
}
