//! The files that a DICOMDIR lists (PS3.10 8.6, PS3.3 F.5).

use anyhow::{Context as _, Result};
use dicom::part10::FileMeta;
use dicom::scan::{Element, Limits, Sink};
use dicom::{DataSetError, DataSetReader, Tag};
use std::path::{Path, PathBuf};

const DIRECTORY: &str = "1.2.840.10008.1.3.10";
/// (0004,1500) Referenced File ID: the components of a path below the DICOMDIR.
const REFERENCED_FILE: Tag = Tag(0x0004, 0x1500);
/// Larger files are no DICOMDIR, in bytes.
const MAX: u64 = 512 << 20;

#[derive(Default)]
struct References {
    current: Option<Vec<u8>>,
    files: Vec<Vec<u8>>,
}

impl Sink for References {
    type Error = DataSetError;

    fn element(&mut self, element: &Element) -> Result<(), DataSetError> {
        self.current = (element.tag == REFERENCED_FILE).then(Vec::new);
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), DataSetError> {
        if let Some(value) = self.current.as_mut().filter(|value| value.len() < 4096) {
            value.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), DataSetError> {
        self.files.extend(self.current.take());
        Ok(())
    }
}

/// The files that it lists, or `None` when this is no DICOMDIR. Components that would leave its folder are not
/// followed.
pub(super) fn referenced_files(path: &Path) -> Result<Option<Vec<PathBuf>>> {
    let cannot = || format!("cannot read {}", path.display());
    if std::fs::metadata(path).with_context(cannot)?.len() > MAX {
        return Ok(None);
    }
    let mut head = vec![0; 4096];
    let mut file = std::fs::File::open(path).with_context(cannot)?;
    let count = std::io::Read::read(&mut file, &mut head).with_context(cannot)?;
    head.truncate(count);
    let directory = match FileMeta::read(&head, true) {
        Ok(Some(meta)) => meta
            .sop_class_uid
            .is_some_and(|class| class.as_str() == DIRECTORY),
        _ => false,
    };
    if !directory {
        return Ok(None);
    }
    let bytes = std::fs::read(path).with_context(cannot)?;
    let meta = FileMeta::read(&bytes, true)?.context("the DICOMDIR ends within its meta information")?;
    let mut references = References::default();
    let mut reader = DataSetReader::new(&meta.transfer_syntax, Limits::default());
    reader.push(bytes.get(meta.data_set_at..).unwrap_or_default(), &mut references)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut files = Vec::new();
    for value in references.files {
        let text = String::from_utf8_lossy(&value).into_owned();
        let components: Vec<&str> = text
            .split('\\')
            .map(|part| part.trim_matches([' ', '\0']))
            .collect();
        let safe = |part: &&str| !part.is_empty() && *part != ".." && *part != "." && !part.contains('/');
        if components.iter().all(safe) {
            files.push(
                components
                    .iter()
                    .fold(folder.to_owned(), |path, part| path.join(part)),
            );
        }
    }
    Ok(Some(files))
}
