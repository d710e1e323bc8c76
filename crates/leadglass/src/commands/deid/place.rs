//! Where each copy goes: a path that holds pseudonyms alone and depends on nothing but the object.

use super::stage::Stage;
use deid::{Applied, dicomdir};
use std::collections::{BTreeSet, HashMap};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Why neither of two objects is released.
pub(super) const DISPUTED: &str =
    "another file holds another object with the same sop instance uid; keep one of them and try again";

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
            Self::Media(_) => {
                [object.patient.as_str(), study, series, object.sop_instance.as_str()].map(dicomdir::file_id).to_vec()
            }
        }
    }
}

/// What placing a copy led to.
pub(super) enum Placed {
    /// It is there.
    There(PathBuf),
    /// Another object claims the place: neither is there.
    Disputed,
}

struct Claim {
    by: Vec<usize>,
    disputed: bool,
}

/// The places taken in this run.
pub(super) struct Places {
    naming: Naming,
    claims: Mutex<HashMap<PathBuf, Claim>>,
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

    /// Moves a finished copy of the file `index` to its place. Two files that are copies of one object make one copy; two
    /// objects that claim to be one make none, whichever comes first.
    pub(super) fn take(&self, index: usize, finished: &Path, components: &[String]) -> io::Result<Placed> {
        let to = components.iter().fold(self.naming.folder().to_owned(), |path, part| path.join(part));
        let mut claims = self.claims.lock().map_err(|_| io::Error::other("a worker failed"))?;
        let claim = claims.entry(to.clone()).or_insert_with(|| Claim {
            by: Vec::new(),
            disputed: false,
        });
        let first = claim.by.is_empty();
        claim.by.push(index);
        if claim.disputed {
            std::fs::remove_file(finished)?;
            return Ok(Placed::Disputed);
        }
        if first {
            Stage::place(finished, &to)?;
            return Ok(Placed::There(to));
        }
        let same = std::fs::read(finished)? == std::fs::read(&to)?;
        std::fs::remove_file(finished)?;
        if same {
            return Ok(Placed::There(to));
        }
        claim.disputed = true;
        std::fs::remove_file(&to)?;
        Ok(Placed::Disputed)
    }

    /// The files whose place another object claims.
    pub(super) fn disputed(&self) -> BTreeSet<usize> {
        let Ok(claims) = self.claims.lock() else {
            return BTreeSet::new();
        };
        claims.values().filter(|claim| claim.disputed).flat_map(|claim| claim.by.iter().copied()).collect()
    }
}
