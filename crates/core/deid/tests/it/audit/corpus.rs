//! Real objects.

use deid::audit::{Auditor, Kept};
use deid::{ProjectKey, apply, profile};
use std::io::Cursor;
use std::path::{Path, PathBuf};

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/dicom/files");
    let root = std::env::var_os("LEADGLASS_CORPUS").map_or(root, PathBuf::from);
    let mut files: Vec<PathBuf> = std::fs::read_dir(root)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    files.sort();
    files
}

/// What the engine makes of real objects, the audit clears: where they disagree, one of them is wrong.
#[test]
fn copies_of_real_objects_are_cleared() {
    let files = files();
    if files.is_empty() {
        eprintln!("skipped: no shared data");
    }
    let key = ProjectKey::new(&[7; 32]);
    for name in ["basic", "research", "safe-harbor", "vendor"] {
        let profile = profile::builtin(name).unwrap().unwrap();
        let mut auditor = Auditor::new();
        let mut disputed = Vec::new();
        for path in &files {
            let input = std::fs::read(path).unwrap();
            let mut out = Cursor::new(Vec::new());
            if apply(&input, &key, &profile, false, &mut out).is_err() {
                continue;
            }
            let input_name = path.to_string_lossy();
            if let Err(error) =
                auditor.audit(&input, &input_name, out.into_inner(), "P/S/1.dcm", profile.kept())
            {
                disputed.push(format!("{input_name}: {error}"));
            }
        }
        assert!(disputed.is_empty(), "{name}: {disputed:#?}");
    }
}

/// Real objects read as their own output are full of findings, and the audit never fails otherwise than by saying so.
#[test]
fn originals_are_never_cleared() {
    let mut auditor = Auditor::new();
    for path in files() {
        let input = std::fs::read(&path).unwrap();
        assert!(
            auditor
                .audit(&input, "x", input.clone(), "y", Kept::default())
                .is_err(),
            "{}",
            path.display()
        );
    }
}
