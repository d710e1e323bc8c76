//! Blobs as files of their own.
//!
//! `object_store`'s local engine is not used here: it syncs each object by itself (about 90 a second on the disk this
//! was measured on) and has no seam at which a test can cut the power.

use super::{BlobId, BlobReader, BlobRef, BlobWriter, StagedBlob};
use crate::disk::{Disk, DiskFile};
use crate::random::{self, Random, Secret};
use crate::{Error, Result};
use std::collections::HashSet;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Files on a shelf before the next is begun: few enough to list, many enough that one folder sync serves a group.
const SHELF: u32 = 4096;

/// The folder `blobs/`.
pub(crate) struct LocalBlobs {
    root: PathBuf,
    disk: Arc<dyn Disk>,
    random: Arc<dyn Random>,
    filling: Mutex<Option<(Arc<Shelf>, u32)>>,
}

/// A folder of blobs that this process alone adds to. While it may, it holds a lock on the folder, so that fsck in
/// another process does not take a blob that is being written for an orphan.
pub(super) struct Shelf {
    number: [u8; 4],
    path: PathBuf,
    _lock: File,
}

impl LocalBlobs {
    pub(crate) fn open(root: PathBuf, disk: Arc<dyn Disk>, random: Arc<dyn Random>) -> Result<Self> {
        disk.create_dir(&root)?;
        Ok(Self {
            root,
            disk,
            random,
            filling: Mutex::new(None),
        })
    }

    fn shelf(&self) -> Result<Arc<Shelf>> {
        let mut filling = self.filling.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((shelf, files)) = filling.as_mut()
            && *files < SHELF
        {
            *files += 1;
            return Ok(Arc::clone(shelf));
        }
        let number: [u8; 4] = random::array(self.random.as_ref())?;
        let path = self.root.join(hex::encode(number));
        self.disk.create_dir(&path)?;
        self.disk.sync_dir(&self.root)?;
        let lock = File::open(&path)?;
        lock.lock_shared()?;
        let shelf = Arc::new(Shelf {
            number,
            path,
            _lock: lock,
        });
        *filling = Some((Arc::clone(&shelf), 1));
        Ok(shelf)
    }

    pub(super) fn has_room(&self) -> Result<bool> {
        Ok(self.disk.has_room(&self.root)?)
    }

    pub(super) fn create(&self) -> Result<BlobWriter> {
        if !self.has_room()? {
            return Err(Error::OutOfSpace);
        }
        let shelf = self.shelf()?;
        let own: [u8; 12] = random::array(self.random.as_ref())?;
        let mut id = [0; 16];
        let (front, back) = id.split_at_mut(4);
        front.copy_from_slice(&shelf.number);
        back.copy_from_slice(&own);
        let id = BlobId(id);
        let path = self.path(id);
        let file = self.disk.create(&path)?;
        let file = LocalFile {
            disk: Arc::clone(&self.disk),
            shelf,
            path,
            file,
            keep: false,
        };
        BlobWriter::new(file, id, random::secret(self.random.as_ref())?)
    }

    pub(super) fn open_blob(&self, blob: BlobRef, key: &Secret) -> Result<BlobReader> {
        let file = File::open(self.path(blob.id)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::Corrupt("a blob"),
            _ => error.into(),
        })?;
        BlobReader::new(file, blob, key)
    }

    /// Makes blobs durable, file by file and then folder by folder.
    pub(super) fn sync(&self, blobs: &[&StagedBlob]) -> Vec<Result<()>> {
        let mut synced: Vec<Result<()>> = blobs.iter().map(|blob| Ok(blob.file().file.sync()?)).collect();
        let shelves: HashSet<&Path> = blobs
            .iter()
            .map(|blob| blob.file().shelf.path.as_path())
            .collect();
        for shelf in shelves {
            if let Err(error) = self.disk.sync_dir(shelf) {
                let error = Error::from(error);
                for (blob, synced) in blobs.iter().zip(&mut synced) {
                    if blob.file().shelf.path == shelf && synced.is_ok() {
                        *synced = Err(error.clone());
                    }
                }
            }
        }
        synced
    }

    pub(super) fn remove(&self, id: BlobId) -> Result<()> {
        match self.disk.remove(&self.path(id)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => Ok(removed?),
        }
    }

    /// The blobs on shelves that nobody is filling.
    pub(super) fn list_idle(&self, mut found: impl FnMut(BlobId)) -> Result<()> {
        for shelf in std::fs::read_dir(&self.root)? {
            let shelf = shelf?;
            let Some(number) = hex_name::<4>(&shelf.file_name()) else {
                continue;
            };
            let lock = File::open(shelf.path())?;
            match lock.try_lock() {
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(error.into()),
                Ok(()) => {}
            }
            for file in std::fs::read_dir(shelf.path())? {
                if let Some(own) = hex_name::<12>(&file?.file_name()) {
                    let mut id = [0; 16];
                    let (front, back) = id.split_at_mut(4);
                    front.copy_from_slice(&number);
                    back.copy_from_slice(&own);
                    found(BlobId(id));
                }
            }
        }
        Ok(())
    }

    fn path(&self, id: BlobId) -> PathBuf {
        let (shelf, own) = id.0.split_at(4);
        self.root.join(hex::encode(shelf)).join(hex::encode(own))
    }
}

fn hex_name<const N: usize>(name: &std::ffi::OsStr) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    hex::decode_to_slice(name.to_str()?, &mut bytes).ok()?;
    Some(bytes)
}

/// A file of `blobs/` that goes away with this value unless it is kept.
pub(super) struct LocalFile {
    disk: Arc<dyn Disk>,
    shelf: Arc<Shelf>,
    path: PathBuf,
    file: Box<dyn DiskFile>,
    keep: bool,
}

impl LocalFile {
    pub(super) fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    pub(super) fn start_writeback(&self) {
        self.file.start_writeback();
    }

    pub(super) fn keep(&mut self) {
        self.keep = true;
    }
}

impl Drop for LocalFile {
    fn drop(&mut self) {
        if !self.keep {
            // What cannot be removed now is an orphan that fsck lists.
            let _ = self.disk.remove(&self.path);
        }
    }
}
