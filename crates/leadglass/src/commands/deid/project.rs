//! The project's key: given, or made once and kept with the archive.

use anyhow::{Context as _, Result};
use deid::ProjectKey;
use rustix::fs::Mode;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// The key in `given`, else the one in `projects/default.key` of the archive, which is made when it is not there.
pub(super) fn key(given: Option<&Path>, data: &Path) -> Result<ProjectKey> {
    if let Some(path) = given {
        return read(path);
    }
    let path = kept(data);
    if !path.exists() {
        make(&path).with_context(|| format!("cannot make the project key {}", path.display()))?;
    }
    read(&path)
}

/// The key in `given`, else the one that is kept with the archive.
pub(super) fn existing_key(given: Option<&Path>, data: &Path) -> Result<ProjectKey> {
    match given {
        Some(path) => read(path),
        None => read(&kept(data)),
    }
}

fn kept(data: &Path) -> PathBuf {
    data.join("projects").join("default.key")
}

fn read(path: &Path) -> Result<ProjectKey> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read the key {}", path.display()))?;
    ProjectKey::parse(&text).with_context(|| path.display().to_string())
}

/// Several processes may be first at a time: one of their keys comes to be, whole.
fn make(path: &Path) -> Result<()> {
    let folder = path.parent().context("no folder")?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)?;
    let key = ProjectKey::new(&secret);
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{}", key.to_text())?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => {}
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error.error.into()),
    }
    File::open(folder)?.sync_all()?;
    Ok(())
}

/// Writes a file that only its owner may read, whole or not at all.
pub(in crate::commands) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".unfinished");
    let unfinished = PathBuf::from(name);
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode((Mode::RUSR | Mode::WUSR).bits())
        .open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(unfinished, path)
}
