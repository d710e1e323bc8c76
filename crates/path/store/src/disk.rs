//! The write seam: every write, sync, create, rename and remove of the store's own files goes through a [`Disk`].
//!
//! A test puts its own here, one that fails at the n-th step, fills up, or forgets what was not synced. Reading goes
//! straight to the file system. SQLite writes its own files, and is trusted to keep its own promise; the two moments at
//! which ours and SQLite's promises meet are [`Failpoint`]s.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Moments outside the file system at which a test may cut the power.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failpoint {
    /// Blobs are synced, the index transaction is complete and not yet committed.
    BeforeIndexCommit,
    /// The index transaction is durable, nobody has been answered yet.
    AfterIndexCommit,
}

/// A place for files, below folders that only their owner may enter.
pub trait Disk: Send + Sync {
    /// Makes a folder with mode 0700. One that is there already is no error.
    ///
    /// # Errors
    /// What the file system says.
    fn create_dir(&self, path: &Path) -> io::Result<()>;

    /// Makes a file with mode 0600 that must not be there yet.
    ///
    /// # Errors
    /// What the file system says.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;

    /// Renames a file, replacing what has the new name.
    ///
    /// # Errors
    /// What the file system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// What the file system says.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Removes an empty folder.
    ///
    /// # Errors
    /// What the file system says.
    fn remove_dir(&self, path: &Path) -> io::Result<()>;

    /// Makes the names in a folder durable.
    ///
    /// # Errors
    /// What the file system says.
    fn sync_dir(&self, path: &Path) -> io::Result<()>;

    /// Makes everything durable that was written through this disk, whatever else that takes along. Cheaper than many
    /// single syncs.
    ///
    /// # Errors
    /// What the file system says.
    fn sync_all(&self, path: &Path) -> io::Result<()>;

    /// Whether there is room for another object. The last of the space is kept for index and log, so that reads can still
    /// be accounted for and decisions be recorded when objects find no room any more.
    ///
    /// # Errors
    /// What the file system says.
    fn has_room(&self, _path: &Path) -> io::Result<bool> {
        Ok(true)
    }

    /// Reached at each [`Failpoint`]; an error stands for the end of the process there.
    ///
    /// # Errors
    /// Only in tests.
    fn pass(&self, _point: Failpoint) -> io::Result<()> {
        Ok(())
    }
}

/// A file that is being written.
pub trait DiskFile: Send + Sync {
    /// Appends bytes.
    ///
    /// # Errors
    /// What the file system says.
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Tells the disk that no more is coming, so that it can begin to write. Promises nothing.
    fn start_writeback(&self);

    /// Waits until content and length are durable (not the name: see [`Disk::sync_dir`]).
    ///
    /// # Errors
    /// What the file system says. Nothing is known about the file then.
    fn sync(&self) -> io::Result<()>;
}

/// The machine's file system.
#[derive(Clone, Copy, Default, Debug)]
pub struct FileSystem;

/// Kept free for index and log, in bytes; on a small file system a sixteenth of it.
const RESERVE: u64 = 64 << 20;

impl Disk for FileSystem {
    fn has_room(&self, path: &Path) -> io::Result<bool> {
        let space = rustix::fs::statvfs(path)?;
        let reserve = RESERVE.min(space.f_blocks.saturating_mul(space.f_frsize) / 16);
        Ok(space.f_bavail.saturating_mul(space.f_frsize) > reserve)
    }

    fn create_dir(&self, path: &Path) -> io::Result<()> {
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            made => made,
        }
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        Ok(Box::new(file))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_dir(path)
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }

    fn sync_all(&self, path: &Path) -> io::Result<()> {
        Ok(rustix::fs::syncfs(File::open(path)?)?)
    }
}

impl DiskFile for File {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        Write::write_all(self, bytes)
    }

    /// Linux writes dirty pages out when it is told that they are not needed any more. With 16 objects of 512 KB at a
    /// time this made one thread of plain `fdatasync` as fast as eight without it, and twice as fast as one.
    fn start_writeback(&self) {
        #[cfg(target_os = "linux")]
        let _ = rustix::fs::fadvise(self, 0, None, rustix::fs::Advice::DontNeed);
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}

/// Writes a whole file so that it is there complete or not at all, and durable. Whoever may write the same path at the
/// same time must hold a lock.
pub(crate) fn write_whole(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_all_whole(disk, &[(path, bytes)])?;
    disk.sync_dir(path.parent().unwrap_or(Path::new(".")))
}

/// Files from which on one sync of everything is cheaper than one for each.
const MANY: usize = 16;

/// As [`write_whole`] for several files, leaving their folders to be synced by the caller. All are written before the
/// first is synced: a journalling file system then makes them durable together, and the further syncs cost little.
pub(crate) fn write_all_whole(disk: &dyn Disk, files: &[(&Path, &[u8])]) -> io::Result<()> {
    let mut written = Vec::with_capacity(files.len());
    let result = (|| {
        for (path, bytes) in files {
            let new = new_name(path);
            let mut file = match disk.create(&new) {
                // Left behind by a process that ended in the middle of this.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    disk.remove(&new)?;
                    disk.create(&new)?
                }
                created => created?,
            };
            let whole = file.write_all(bytes);
            file.start_writeback();
            written.push((new, path, file));
            whole?;
        }
        match written.first() {
            Some((first, _, _)) if written.len() >= MANY => disk.sync_all(first.parent().unwrap_or(first))?,
            _ => written.iter().try_for_each(|(_, _, file)| file.sync())?,
        }
        written
            .iter()
            .try_for_each(|(new, path, _)| disk.rename(new, path))
    })();
    if result.is_err() {
        for (new, _, _) in written {
            // Those that were renamed already are not found, and whole.
            let _ = disk.remove(&new);
        }
    }
    result
}

fn new_name(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}
