//! Real objects, and the cost.

use super::objects::*;
use deid::audit::{AuditError, Auditor, Kept};
use deid::{ProjectKey, apply, profile};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Instant;
use testkit::{DataSet, Vr};

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/dicom/files");
    let root = std::env::var_os("LEADGLASS_CORPUS").map_or(root, PathBuf::from);
    let mut files: Vec<PathBuf> = std::fs::read_dir(root)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    files.sort();
    files
}

/// What the engine lets out of the corpus, audited. Prints what is quarantined and where.
#[test]
#[ignore = "a measurement; run with --nocapture"]
fn copies_of_the_corpus() {
    let key = ProjectKey::new(&[7; 32]);
    for name in ["basic", "research", "safe-harbor", "vendor"] {
        let Some(Ok(profile)) = profile::builtin(name) else {
            continue;
        };
        let mut auditor = Auditor::new();
        let (mut cleared, mut withheld) = (0, 0);
        let mut found: BTreeMap<String, u32> = BTreeMap::new();
        for path in files() {
            let input = std::fs::read(&path).unwrap();
            let mut out = Cursor::new(Vec::new());
            if apply(&input, &key, &profile, false, &mut out).is_err() {
                withheld += 1;
                continue;
            }
            match auditor.audit(
                &input,
                &path.to_string_lossy(),
                out.into_inner(),
                "P/S/1.dcm",
                profile.kept(),
            ) {
                Ok(_) => cleared += 1,
                Err(AuditError::Found(hits)) => {
                    for hit in hits.iter().take(6) {
                        *found
                            .entry(format!("{} {hit}", path.file_name().unwrap().to_string_lossy()))
                            .or_default() += 1;
                    }
                }
                Err(error) => {
                    *found
                        .entry(format!("{} {error}", path.file_name().unwrap().to_string_lossy()))
                        .or_default() += 1
                }
            }
        }
        println!("{name}: cleared {cleared}, withheld by the engine {withheld}, found:");
        for (hit, count) in found {
            println!("  {count} {hit}");
        }
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

/// A CT slice of 512 x 512 with a header of some 150 elements, one after another of a series.
#[test]
#[ignore = "a measurement; run in release with --nocapture"]
fn cost_of_a_series() {
    let build = |mut set: DataSet, instance: &str| {
        let known = |at: &u32| dicom::Vr::of(dicom::Tag(0x0018, *at as u16)).is_some();
        for at in (0x9004..0x9500).filter(known).take(110) {
            set.text(0x0018_0000 + at, Vr::SH, format!("TERM {at}"));
        }
        let samples = (0..512 * 512u32)
            .flat_map(|at| ((at.wrapping_mul(2_654_435_761) >> 20) as u16 % 4096).to_le_bytes());
        set.text(0x0008_0018, Vr::UI, instance)
            .us(0x0028_0010, &[512])
            .us(0x0028_0011, &[512])
            .pixels(samples.collect());
        explicit(&set, instance)
    };
    let pairs: Vec<(Vec<u8>, Vec<u8>)> = (0..40)
        .map(|at| {
            (
                build(identified(), &format!("{SERIES}.{at}")),
                build(clean(), NEW_INSTANCE),
            )
        })
        .collect();
    let mut auditor = Auditor::new();
    let begun = Instant::now();
    let mut outputs: Vec<Vec<u8>> = pairs.iter().map(|pair| pair.1.clone()).collect();
    println!("copying {:?}", begun.elapsed() / 40);
    for (at, (input, _)) in pairs.iter().enumerate() {
        let output = outputs.pop().unwrap();
        let begun = Instant::now();
        let done = auditor.audit(input, "a", output, "b", Kept::default());
        let took = begun.elapsed();
        assert!(done.is_ok(), "{:?}", done.err());
        if at % 8 == 0 {
            println!("{at}: {took:?} for {} bytes", input.len());
        }
    }
}
