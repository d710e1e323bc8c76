//! The DICOMDIR of copies whose originals came with one: made anew from what was cleared.

use super::place::Naming;
use super::{Line, Stage};
use crate::commands::import::is_dicomdir;
use anyhow::{Context as _, Result};
use deid::dicomdir::{Directory, NotListed};
use std::path::{Path, PathBuf};

/// Writes the DICOMDIR where one is due, and says so on the lines of the originals' DICOMDIRs.
pub(super) fn finish(
    naming: &Naming,
    stage: &Stage,
    files: &[PathBuf],
    lines: Vec<Line>,
) -> Result<Vec<Line>> {
    let Naming::Media(folder) = naming else {
        return Ok(lines);
    };
    let mut directory = Directory::default();
    for out in lines.iter().filter_map(|line| line.out.as_ref()) {
        let path = Path::new(out);
        let below = path.strip_prefix(folder).unwrap_or(path);
        let components: Vec<String> = below
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        let object = std::fs::read(path).with_context(|| format!("cannot read {out}"))?;
        match directory.add(&components, &object) {
            // It lies there all the same, as a directory allows (PS3.10 8.6).
            Ok(()) | Err(NotListed::Class | NotListed::Missing(_)) => {}
            Err(error) => return Err(error).with_context(|| format!("cannot list {out}")),
        }
    }
    let unfinished = stage.path(files.len());
    let to = folder.join("DICOMDIR");
    std::fs::write(&unfinished, directory.finish()).and_then(|()| Stage::place(&unfinished, &to))?;
    let made = lines.into_iter().zip(files).map(|(line, file)| {
        if is_dicomdir(file) {
            let out = Some(to.display().to_string());
            Line {
                out,
                ..Line::cleared(file, Vec::new())
            }
        } else {
            line
        }
    });
    Ok(made.collect())
}
