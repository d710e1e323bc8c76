//! Where each copy goes: a path that holds pseudonyms alone and depends on nothing but the object.

use super::stage::Stage;
use deid::{Applied, dicomdir};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// How copies are named.
#[derive(Clone)]
pub(super) enum Naming {
    /// One copy, under the name that was asked for.
    File(PathBuf),
    /// `patient/study/series/instance.dcm`.
    Folder(PathBuf),
    /// The same in File IDs of eight characters, with a DICOMDIR (PS3.10 8.2).
    Media(PathBuf),
}

/// A file or folder that belongs to OUT and is not in it: `OUT`'s folder holds `map.csv`, and `.OUT.unfinished`.
pub(super) fn beside(out: &Path, what: &str) -> PathBuf {
    let parent = out.parent().unwrap_or(Path::new(""));
    if what == "map.csv" {
        return parent.join(what);
    }
    let mut name = OsString::from(".");
    name.push(out.file_name().unwrap_or_default());
    name.push(".");
    name.push(what);
    parent.join(name)
}

impl Naming {
    /// OUT.
    pub(super) fn folder(&self) -> &Path {
        match self {
            Self::File(path) | Self::Folder(path) | Self::Media(path) => path,
        }
    }

    /// The components of a copy's path below OUT.
    pub(super) fn components(&self, object: &Applied) -> Vec<String> {
        let series = object.series.as_deref().unwrap_or("no-series");
        let study = object.study.as_deref().unwrap_or("no-study");
        match self {
            Self::File(_) => Vec::new(),
            Self::Folder(_) => vec![
                object.patient.clone(),
                study.to_owned(),
                series.to_owned(),
                format!("{}.dcm", object.sop_instance),
            ],
            Self::Media(_) => [
                object.patient.as_str(),
                study,
                series,
                object.sop_instance.as_str(),
            ]
            .map(dicomdir::file_id)
            .to_vec(),
        }
    }
}

/// The places taken in this run.
pub(super) struct Places {
    naming: Naming,
    claims: Mutex<HashMap<Vec<String>, Vec<Claim>>>,
}

/// A place, and the files whose copies are in it.
struct Claim {
    by: Vec<usize>,
    at: PathBuf,
}

impl Places {
    pub(super) fn new(naming: Naming) -> Self {
        Self {
            naming,
            claims: Mutex::new(HashMap::new()),
        }
    }

    pub(super) fn naming(&self) -> &Naming {
        &self.naming
    }

    /// Moves the finished copy of the file `index` to its place. Two files that are copies of one object make one copy.
    /// Where several objects have one SOP Instance UID (another encoding, say), each gets its digest into its name, so
    /// that names do not depend on which came first.
    pub(super) fn take(&self, index: usize, finished: &Path, components: Vec<String>) -> io::Result<()> {
        let plain = self.path(&components, None);
        let mut claims = self
            .claims
            .lock()
            .map_err(|_| io::Error::other("a worker failed"))?;
        let claims = claims.entry(components.clone()).or_default();
        if claims.is_empty() {
            Stage::place(finished, &plain)?;
            claims.push(Claim {
                by: vec![index],
                at: plain,
            });
            return Ok(());
        }
        let digest = digest(finished)?;
        if let [only] = claims.as_mut_slice() {
            let first = self::digest(&only.at)?;
            if first == digest {
                only.by.push(index);
                return std::fs::remove_file(finished);
            }
            let moved = self.path(&components, Some(&first));
            Stage::place(&only.at, &moved)?;
            only.at = moved;
        }
        let at = self.path(&components, Some(&digest));
        match claims.iter_mut().find(|claim| claim.at == at) {
            Some(claim) => {
                claim.by.push(index);
                std::fs::remove_file(finished)
            }
            None => {
                Stage::place(finished, &at)?;
                claims.push(Claim { by: vec![index], at });
                Ok(())
            }
        }
    }

    fn path(&self, components: &[String], digest: Option<&str>) -> PathBuf {
        let mut path = components
            .iter()
            .fold(self.naming.folder().to_owned(), |path, part| path.join(part));
        if let Some(digest) = digest {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            path.set_file_name(match (&self.naming, name.strip_suffix(".dcm")) {
                (Naming::Media(_), _) => dicomdir::file_id(&format!("{name} {digest}")),
                (_, Some(stem)) => format!("{stem}-{}.dcm", digest.get(..8).unwrap_or(digest)),
                (_, None) => format!("{name}-{}", digest.get(..8).unwrap_or(digest)),
            });
        }
        path
    }

    /// Where the copy of each file is.
    pub(super) fn into_paths(self) -> HashMap<usize, PathBuf> {
        let claims = self.claims.into_inner().unwrap_or_default();
        let each = |claim: Claim| claim.by.into_iter().map(move |index| (index, claim.at.clone()));
        claims.into_values().flatten().flat_map(each).collect()
    }
}

/// SHA-256 of a file, in hex.
fn digest(path: &Path) -> io::Result<String> {
    let (mut file, mut hasher, mut part) = (File::open(path)?, Sha256::new(), vec![0; 256 << 10]);
    loop {
        match file.read(&mut part)? {
            0 => return Ok(hex::encode(hasher.finalize())),
            length => hasher.update(part.get(..length).unwrap_or_default()),
        }
    }
}
