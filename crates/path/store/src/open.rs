//! Opening an archive, or founding it.

use crate::blobs::Blobs;
use crate::commit::{self, Committer};
use crate::disk::{Disk, FileSystem};
use crate::group::Notary;
use crate::index::{ArchiveRow, Index};
use crate::keys::{self, KeyRing};
use crate::ledger::PolicyCache;
use crate::log::{self, Log, Place, Publisher};
use crate::random::{self, OsRandom, Random};
use crate::store::Store;
use crate::{Error, Result};
use model::Clock;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tlog::{Frontier, Signer};

/// How long to wait for another process that is opening the same archive.
const OPENING: Duration = Duration::from_secs(10);
const BETWEEN_TRIES: Duration = Duration::from_millis(10);

/// What a store takes from outside.
#[derive(Clone)]
pub struct Options {
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// Where files are written.
    pub disk: Arc<dyn Disk>,
    /// Where keys, nonces and names come from.
    pub random: Arc<dyn Random>,
    /// The log's name in its checkpoints, best its public address without scheme. It is fixed when the archive is founded;
    /// None gives it a random one.
    pub log_origin: Option<String>,
}

impl Options {
    /// The machine's files and randomness.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            disk: Arc::new(FileSystem),
            random: Arc::new(OsRandom),
            log_origin: None,
        }
    }
}

impl Store {
    /// Opens the archive in a folder, and founds it when there is none. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`Error::KeyMissing`] and [`Error::WrongKey`] when the keys are not those of the index; [`Error::Migration`] when the
    /// index is of a newer version; [`Error::OutOfSpace`], [`Error::Io`], [`Error::Database`].
    pub async fn open(dir: &Path, options: Options) -> Result<Self> {
        let Options {
            clock,
            disk,
            random,
            log_origin,
        } = options;
        make_folder(disk.as_ref(), dir)?;
        // One at a time: keys are made and the index migrated once. The lock ends with the process, whatever ends it.
        let lock = lock(dir).await?;
        let file = dir.join("index.sqlite");
        let new = !Index::sqlite_exists(&file);
        let keys = Arc::new(KeyRing::open(dir, disk.as_ref(), random.as_ref(), new)?);
        keys::make_admin_token(&dir.join("admin.token"), disk.as_ref(), random.as_ref())?;
        let index = Arc::new(Index::open_sqlite(&file).await?);
        let signer = match index.archive().await? {
            Some(archive) if archive.key_check != keys.check() => return Err(Error::WrongKey),
            Some(archive) => Signer::new(&archive.log_origin, **keys.log_seed())?,
            None => found(&index, &keys, log_origin, random.as_ref(), clock.as_ref()).await?,
        };
        let folder = dir.join("log");
        disk.create_dir(&folder)?;
        let blobs = Arc::new(Blobs::local(
            dir.join("blobs"),
            Arc::clone(&disk),
            Arc::clone(&random),
        )?);
        disk.sync_dir(dir)?;
        drop(lock);

        let place = Place {
            folder,
            verifier: signer.verifier(),
            index: Arc::clone(&index),
        };
        let notary = Notary {
            keys: Arc::clone(&keys),
            random,
            clock,
            signer,
            policies: PolicyCache::default(),
        };
        let committer = Committer {
            writer: index.writer(),
            notary,
            blobs: Arc::clone(&blobs),
            publisher: Publisher::start(place.clone(), Arc::clone(&disk)),
            disk,
        };
        let (queue, worker) = commit::start(committer)?;
        Ok(Self::new(index, blobs, keys, Log::new(place), queue, worker))
    }
}

async fn found(
    index: &Index,
    keys: &KeyRing,
    log_origin: Option<String>,
    random: &dyn Random,
    clock: &dyn Clock,
) -> Result<Signer> {
    let log_origin = match log_origin {
        Some(origin) => origin,
        None => format!("leadglass/{}", hex::encode(random::array::<8>(random)?)),
    };
    let signer = Signer::new(&log_origin, **keys.log_seed())?;
    let head = log::head(&Frontier::new(), &signer, clock.now())?;
    index
        .found(
            &ArchiveRow {
                key_check: keys.check().to_vec(),
                log_origin,
            },
            &head,
        )
        .await?;
    Ok(signer)
}

fn make_folder(disk: &dyn Disk, dir: &Path) -> Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    match dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => {
            make_folder(disk, parent)?;
            disk.create_dir(dir)?;
            Ok(disk.sync_dir(parent)?)
        }
        None => Ok(disk.create_dir(dir)?),
    }
}

async fn lock(dir: &Path) -> Result<File> {
    let folder = File::open(dir)?;
    let deadline = tokio::time::Instant::now() + OPENING;
    loop {
        match folder.try_lock() {
            Ok(()) => return Ok(folder),
            Err(TryLockError::WouldBlock) if tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(BETWEEN_TRIES).await;
            }
            Err(error) => return Err(std::io::Error::from(error).into()),
        }
    }
}
