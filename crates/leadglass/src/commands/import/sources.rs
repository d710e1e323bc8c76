//! What there is to bring in.

use super::dicomdir;
use anyhow::{Context as _, Result};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// One thing to bring in.
pub(super) enum Item {
    /// A file.
    File(PathBuf),
    /// A zip archive.
    Zip(PathBuf),
}

/// All files under a folder but DICOMDIRs, ascending.
pub(crate) fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = all_files_under(folder)?;
    files.retain(|file| !is_dicomdir(file));
    Ok(files)
}

/// True for a path whose last component is DICOMDIR.
pub(crate) fn is_dicomdir(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| is_dicomdir_name(&name.to_string_lossy()))
}

/// All files under a folder, ascending; links to folders are not followed, so that no loop can form.
pub(crate) fn all_files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let cannot = || format!("cannot read {}", folder.display());
        for entry in fs::read_dir(&folder).with_context(cannot)? {
            let entry = entry.with_context(cannot)?;
            let kind = entry.file_type().with_context(cannot)?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if entry.path().is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A DICOMDIR lists the files beside it; within a folder or archive those are met anyway.
pub(super) fn is_dicomdir_name(name: &str) -> bool {
    name.rsplit(['/', '\\'])
        .next()
        .is_some_and(|last| last.eq_ignore_ascii_case("DICOMDIR"))
}

fn is_zip(path: &Path) -> bool {
    let mut magic = [0; 4];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut magic))
        .is_ok()
        && magic == *b"PK\x03\x04"
}

/// Everything that the paths name.
pub(super) fn items(paths: &[PathBuf]) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let item = |path: PathBuf| {
        if is_zip(&path) {
            Item::Zip(path)
        } else {
            Item::File(path)
        }
    };
    for path in paths {
        if path.is_dir() {
            items.extend(files_under(path)?.into_iter().map(item));
            continue;
        }
        // A DICOMDIR that cannot be read is brought in as it is: the intake says what is wrong with it.
        match dicomdir::referenced_files(path) {
            Ok(Some(files)) => items.extend(files.into_iter().map(Item::File)),
            Ok(None) | Err(_) => items.push(item(path.clone())),
        }
    }
    Ok(items)
}
