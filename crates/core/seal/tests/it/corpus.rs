//! Every readable file of the shared corpus can be observed; malformed ones never panic.

use dicom::DataSetReader;
use dicom::part10::FileMeta;
use dicom::scan::Limits;
use seal::{Observation, Observer};
use std::path::{Path, PathBuf};

pub(crate) fn observe(file: &[u8], chunk: usize) -> Result<Observation, String> {
    let meta = FileMeta::read(file, true)
        .map_err(|e| e.to_string())?
        .ok_or("needs more")?;
    let mut observer = Observer::new(&meta.transfer_syntax);
    let mut reader = DataSetReader::new(&meta.transfer_syntax, Limits::default());
    for part in file[meta.data_set_at..].chunks(chunk) {
        reader.push(part, &mut observer).map_err(|e| e.to_string())?;
    }
    reader.finish(&mut observer).map_err(|e| e.to_string())?;
    observer.finish().map_err(|e| e.to_string())
}

pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data")
        .join(folder)
        .join("files");
    let Ok(entries) = std::fs::read_dir(&root) else {
        println!("skipped: no shared corpus {folder}");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn readable_files_are_observed_whatever_the_chunks() {
    // One is cut off in the middle of an element (rtplan_truncated), one is a DICOMDIR whose lengths are wrong.
    const BROKEN: [&str; 2] = ["15009ec7713dc53b.dcm", "2a5505656d14aca2.dcm"];
    let mut refused = Vec::new();
    for path in files("dicom") {
        if BROKEN.iter().any(|name| path.ends_with(name)) {
            assert!(observe(&std::fs::read(&path).unwrap(), 4096).is_err());
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        match observe(&bytes, 1 << 20) {
            Err(error) => refused.push(format!(
                "{}: {error}",
                path.file_name().unwrap().to_string_lossy()
            )),
            Ok(whole) => {
                let pieces = observe(&bytes, 37).unwrap();
                assert_eq!(whole.attributes, pieces.attributes, "{}", path.display());
                assert_eq!(whole.pixels, pieces.pixels, "{}", path.display());
            }
        }
    }
    assert!(
        refused.is_empty(),
        "{} refused:\n{}",
        refused.len(),
        refused.join("\n")
    );
}

#[test]
fn malformed_files_get_an_answer() {
    for path in files("dicom-malformed") {
        let answer = observe(&std::fs::read(&path).unwrap(), 4096);
        println!(
            "{}: {}",
            path.file_name().unwrap().to_string_lossy(),
            answer.map_or_else(|e| e, |_| "read".into())
        );
    }
}
