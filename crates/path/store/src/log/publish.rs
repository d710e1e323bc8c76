//! Publishing: tiles, entry bundles, then the checkpoint, as static files.
//!
//! Nobody waits for it. The first change after a quiet time is published at once, further ones together after a pause,
//! so that its files and their syncs stay a small part of the work. The checkpoint is renamed into place after all that
//! it promises is durable.

use super::Place;
use crate::disk::{self, Disk};
use crate::index::HeadRow;
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tlog::bundle::{self, Bundle};
use tlog::{Checkpoint, Edge, Tile, empty_root, entry, hash, proof, tile};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

/// From one publication to the next.
const PAUSE: Duration = Duration::from_millis(200);

/// Files that are open at a time.
const FILES: usize = 256;

/// The worker that publishes.
pub(crate) struct Publisher {
    wake: watch::Sender<()>,
    worker: JoinHandle<()>,
}

impl Publisher {
    /// Starts it; it catches up with the log at once.
    pub(crate) fn start(place: Place, disk: Arc<dyn Disk>) -> Self {
        let (wake, woken) = watch::channel(());
        let worker = tokio::spawn(run(
            Publication {
                place,
                disk,
                edge: None,
            },
            woken,
        ));
        Self { wake, worker }
    }

    /// There is something new.
    pub(crate) fn wake(&self) {
        self.wake.send_replace(());
    }

    /// Publishes what is still to be published, and ends.
    pub(crate) async fn finish(self) {
        drop(self.wake);
        let _ = self.worker.await;
    }
}

async fn run(mut publication: Publication, mut woken: watch::Receiver<()>) {
    loop {
        if let Err(error) = publication.publish().await {
            // It is derived again from the index the next time.
            publication.edge = None;
            tracing::warn!(%error, "the log was not published");
        }
        let pause = Instant::now() + PAUSE;
        if woken.changed().await.is_err() {
            return;
        }
        // Collects what comes during the pause; it ends early when the store closes.
        while let Ok(change) = timeout_at(pause, woken.changed()).await {
            if change.is_err() {
                break;
            }
        }
    }
}

/// The published log, as far as this process knows it.
struct Publication {
    place: Place,
    disk: Arc<dyn Disk>,
    edge: Option<Growing>,
}

/// The right edge of the published tiles, and the entries of the bundle that is not full.
#[derive(Default)]
struct Growing {
    tiles: Edge,
    bundle: Vec<[u8; entry::LEN]>,
}

/// A file to publish: its path below `log/`, and its content.
type Published = (String, Vec<u8>);

impl Publication {
    async fn publish(&mut self) -> Result<()> {
        let head = self.place.index.head().await?;
        let published = self.place.published();
        if let Some(published) = &published {
            if published.size == head.size && published.root == head.root {
                return Ok(());
            }
            // After an older copy of the index was put back, what was published must not be taken back in silence.
            let root = match published.size {
                0 => Some(empty_root()),
                size => self.place.index.root_at(size).await?,
            };
            if root != Some(published.root) {
                return Err(tlog::Error::Inconsistent.into());
            }
        }
        let mut growing = match self.edge.take() {
            Some(growing) => growing,
            None => self.resume(published.as_ref()).await?,
        };
        let mut folders = self.grow(&mut growing, &head).await?;
        if proof::root(head.size, &Files(&self.place.folder)).ok() != Some(head.root) {
            // Damaged files led here.
            growing = Growing::default();
            folders = self.grow(&mut growing, &head).await?;
        }
        self.write(Vec::new(), folders, Some((head.size, head.checkpoint)))
            .await?;
        self.edge = Some(growing);
        Ok(())
    }

    /// Writes the tiles and bundles up to the head. Gives the folders still to be synced.
    async fn grow(&self, growing: &mut Growing, head: &HeadRow) -> Result<BTreeSet<PathBuf>> {
        let mut folders = BTreeSet::new();
        while growing.tiles.size() < head.size {
            let entries = self.place.entries(growing.tiles.size(), head.size).await?;
            let mut files = Vec::new();
            for entry in &entries {
                growing.append(entry, &mut files)?;
            }
            folders = self.write(files, folders, None).await?;
        }
        self.write(growing.partial()?, folders, None).await
    }

    /// Continues where the published log ends, if its edge is sound; else from the start.
    async fn resume(&self, published: Option<&Checkpoint>) -> Result<Growing> {
        let fresh = Growing::default();
        let Some(published) = published else {
            return Ok(fresh);
        };
        let files = Files(&self.place.folder);
        let Ok(tiles) = Edge::load(published.size, &files) else {
            return Ok(fresh);
        };
        if proof::root(published.size, &files).ok() != Some(published.root) {
            return Ok(fresh);
        }
        let begun = published.size - published.size % u64::from(tile::WIDTH);
        Ok(Growing {
            tiles,
            bundle: self.place.entries(begun, published.size).await?,
        })
    }

    async fn write(
        &self,
        files: Vec<Published>,
        folders: BTreeSet<PathBuf>,
        checkpoint: Option<(u64, String)>,
    ) -> Result<BTreeSet<PathBuf>> {
        let (place, disk) = (self.place.clone(), Arc::clone(&self.disk));
        let written =
            tokio::task::spawn_blocking(move || write(&place, disk.as_ref(), &files, folders, checkpoint));
        written.await.map_err(|_| Error::Closed)?
    }
}

impl Growing {
    fn append(&mut self, entry: &[u8; entry::LEN], files: &mut Vec<Published>) -> Result<()> {
        self.bundle.push(*entry);
        let leaf = hash::leaf_hash(entry);
        self.tiles.append(leaf, |tile, hashes| {
            files.push((tile.path(), tile::to_bytes(hashes)));
        });
        if self.bundle.len() == usize::from(tile::WIDTH) {
            let full = Bundle::new(self.tiles.size() / u64::from(tile::WIDTH) - 1, tile::WIDTH)?;
            files.push((full.path(), bundle::encode(&self.bundle)?));
            self.bundle.clear();
        }
        Ok(())
    }

    fn partial(&self) -> Result<Vec<Published>> {
        let mut files: Vec<_> = self
            .tiles
            .partial()
            .map(|(tile, hashes)| (tile.path(), tile::to_bytes(hashes)))
            .collect();
        if !self.bundle.is_empty() {
            let partial = Bundle::new(
                self.tiles.size() / u64::from(tile::WIDTH),
                self.bundle.len() as u16,
            )?;
            files.push((partial.path(), bundle::encode(&self.bundle)?));
        }
        Ok(files)
    }
}

/// Writes files; with a checkpoint, which is of the size given, then syncs all folders and publishes it. Gives the folders
/// still to be synced.
fn write(
    place: &Place,
    disk: &dyn Disk,
    files: &[Published],
    mut folders: BTreeSet<PathBuf>,
    checkpoint: Option<(u64, String)>,
) -> Result<BTreeSet<PathBuf>> {
    let root = &place.folder;
    // Processes on one archive publish one after the other; what they write is the same.
    let lock = File::open(root)?;
    lock.lock()?;
    for files in files.chunks(FILES) {
        let files: Vec<_> = files
            .iter()
            .map(|(path, content)| (root.join(path), content.as_slice()))
            .collect();
        for folder in files.iter().filter_map(|(path, _)| path.parent()) {
            make_folders(disk, root, folder, &mut folders)?;
            folders.insert(folder.to_owned());
        }
        let whole: Vec<_> = files
            .iter()
            .map(|(path, content)| (path.as_path(), *content))
            .collect();
        disk::write_all_whole(disk, &whole)?;
        for (path, _) in &files {
            remove_partial(disk, path);
        }
    }
    let Some((size, checkpoint)) = checkpoint else {
        return Ok(folders);
    };
    for folder in std::mem::take(&mut folders) {
        disk.sync_dir(&folder)?;
    }
    if place.published().is_none_or(|published| published.size < size) {
        disk::write_whole(disk, &root.join("checkpoint"), checkpoint.as_bytes())?;
    }
    Ok(folders)
}

fn make_folders(disk: &dyn Disk, root: &Path, folder: &Path, made: &mut BTreeSet<PathBuf>) -> Result<()> {
    if folder == root || made.contains(folder) || folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make_folders(disk, root, parent, made)?;
        disk.create_dir(folder)?;
        made.insert(parent.to_owned());
    }
    Ok(())
}

/// A full tile replaces its partial ones, as the specification allows.
fn remove_partial(disk: &dyn Disk, full: &Path) {
    let mut partial = full.as_os_str().to_owned();
    partial.push(".p");
    let partial = PathBuf::from(partial);
    let Ok(files) = std::fs::read_dir(&partial) else {
        return;
    };
    for file in files.flatten() {
        let _ = disk.remove(&file.path());
    }
    let _ = disk.remove_dir(&partial);
}

/// The published tiles.
struct Files<'a>(&'a Path);

impl tlog::Hashes for Files<'_> {
    type Error = tlog::Error;

    fn tile(&self, tile: Tile) -> Result<Vec<tlog::Hash>, tlog::Error> {
        let bytes =
            std::fs::read(self.0.join(tile.path())).map_err(|_| tlog::Error::MissingTile(tile.path()))?;
        tile::from_bytes(&bytes)
    }
}
