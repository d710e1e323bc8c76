//! A directory that is held open: what is written goes into it and nowhere else, whatever links others plant.

use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, mkdirat, openat, renameat, statat, unlinkat};
use rustix::io::Errno;
use std::fs::File;
use std::io;
use std::path::Path;

/// Readable by owner and group.
const FILE_MODE: u32 = 0o640;
const DIRECTORY_MODE: u32 = 0o750;

/// Files that are not whole yet.
const UNFINISHED: &str = ".part";

/// A directory.
pub(crate) struct Place(OwnedFd);

impl Place {
    /// Opens the folder that the destination names. It is not made: where it is missing, a disk may not be mounted.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(openat(CWD, path, flags, Mode::empty())?))
    }

    /// A directory in this one, made where it is missing.
    pub(crate) fn enter(&self, name: &str) -> io::Result<Self> {
        let name = checked(name)?;
        match mkdirat(&self.0, name, Mode::from_raw_mode(DIRECTORY_MODE)) {
            Ok(()) => self.sync()?,
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self(openat(&self.0, name, flags, Mode::empty())?))
    }

    /// A new file that will get this name by [`Place::finish`].
    pub(crate) fn begin(&self, name: &str) -> io::Result<File> {
        let part = part(checked(name)?);
        remove(&self.0, &part)?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(openat(&self.0, part, flags, Mode::from_raw_mode(FILE_MODE))?.into())
    }

    /// Gives the new file, which is synced, its name.
    pub(crate) fn finish(&self, name: &str) -> io::Result<()> {
        Ok(renameat(&self.0, part(checked(name)?), &self.0, name)?)
    }

    /// Makes the names in this directory durable.
    pub(crate) fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.0)?)
    }

    /// Gives a new file up.
    pub(crate) fn give_up(&self, name: &str) {
        // A rest that cannot be removed is overwritten by the next attempt, and has no name that counts.
        let _ = remove(&self.0, &part(name));
    }

    /// Removes a file, if it is there.
    pub(crate) fn remove(&self, name: &str) -> io::Result<()> {
        remove(&self.0, checked(name)?)
    }

    /// Opens a file to read it; none when it is not there.
    pub(crate) fn read(&self, name: &str) -> io::Result<Option<File>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        match openat(&self.0, checked(name)?, flags, Mode::empty()) {
            Ok(file) => Ok(Some(file.into())),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a file to add to its end.
    pub(crate) fn append(&self, name: &str) -> io::Result<File> {
        let flags = OFlags::WRONLY
            | OFlags::APPEND
            | OFlags::CREATE
            | OFlags::NOFOLLOW
            | OFlags::NONBLOCK
            | OFlags::CLOEXEC;
        Ok(openat(&self.0, checked(name)?, flags, Mode::from_raw_mode(FILE_MODE))?.into())
    }

    /// The size of a file below this directory, given by names with slashes between; none when it is not there.
    pub(crate) fn size(&self, file: &str) -> Option<u64> {
        let (mut here, mut names) = (None, file.split('/').peekable());
        while let Some(name) = names.next() {
            let name = checked(name).ok()?;
            let at = here.as_ref().unwrap_or(&self.0);
            if names.peek().is_none() {
                let stat = statat(at, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
                return u64::try_from(stat.st_size).ok();
            }
            let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            here = Some(openat(at, name, flags, Mode::empty()).ok()?);
        }
        None
    }
}

fn part(name: &str) -> String {
    format!(".{name}{UNFINISHED}")
}

fn remove(at: &OwnedFd, name: &str) -> io::Result<()> {
    match unlinkat(at, name, AtFlags::empty()) {
        Ok(()) | Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// One name and no path: a UID may be dots alone.
fn checked(name: &str) -> io::Result<&str> {
    let legal = !name.contains(['/', '\0']) && name.bytes().any(|byte| byte != b'.');
    legal
        .then_some(name)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a UID that cannot name a file"))
}
