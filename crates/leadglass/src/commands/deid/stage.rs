//! Where copies are until they are cleared: on the same file system as OUT and not in it, so that what is in OUT is
//! whole whenever the program stops.

use super::place::beside;
use anyhow::{Context as _, Result, bail};
use rustix::fs::{FlockOperation, flock};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// A folder beside OUT, gone when the run is over. What a stopped run left in it is removed by the next.
pub(super) struct Stage {
    folder: PathBuf,
    /// Held while the run lasts.
    _lock: File,
}

impl Stage {
    pub(super) fn open(out: &Path) -> Result<Self> {
        let parent = out
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        let folder = beside(out, "unfinished");
        let cannot = || format!("cannot make {}", folder.display());
        fs::create_dir_all(&folder).with_context(cannot)?;
        let lock = File::open(&folder).with_context(cannot)?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            bail!("another run writes to {} now: wait for it", out.display());
        }
        for left in fs::read_dir(&folder).with_context(cannot)? {
            fs::remove_file(left?.path()).with_context(cannot)?;
        }
        Ok(Self { folder, _lock: lock })
    }

    /// A path for an unfinished file.
    pub(super) fn path(&self, index: usize) -> PathBuf {
        self.folder.join(index.to_string())
    }

    /// Puts a finished file in its place.
    pub(super) fn place(from: &Path, to: &Path) -> io::Result<()> {
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::rename(from, to)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // What could not be removed is removed by the next run.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
