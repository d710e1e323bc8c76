//! A larger corpus of real scans, where it lies beside the workspace: an extra that finds rare false alarms.

use super::gateway::Data;
use super::peer;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use testkit::peers::Peer;

/// Larger files add time and no kinds.
const LARGEST: u64 = 400_000;

/// Samples of 32 and 64 bits written as OW: DCMTK turns 16-bit words, pydicom whole samples, and nobody can tell which
/// a big-endian file means.
const AMBIGUOUS_IN_BIG_ENDIAN: [&str; 2] = ["957f34397c26d82f.dcm", "a41e0b78b05e543a.dcm"];

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dicom/files");
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let small = entries.filter(|entry| {
        entry
            .metadata()
            .is_ok_and(|data| data.is_file() && data.len() <= LARGEST)
    });
    let mut files: Vec<PathBuf> = small
        .map(|entry| entry.path())
        .filter(|file| !is_directory_of_media(file))
        .collect();
    files.sort();
    files
}

/// True for a DICOMDIR (PS3.10 section 8), which lists scans and is none.
fn is_directory_of_media(file: &Path) -> bool {
    let class = b"1.2.840.10008.1.3.10";
    fs::read(file).is_ok_and(|bytes| {
        bytes
            .windows(class.len())
            .take(1000)
            .any(|window| window == class)
    })
}

#[test]
fn real_scans_of_the_corpus_stay_authentic() {
    let files = corpus();
    if files.is_empty() {
        println!("skipped: no corpus of real scans beside the workspace");
        return;
    }
    let dcmconv = Peer::Dcmtk.find("dcmconv");
    let data = Data::new();
    let (mut tally, mut alarms) = (BTreeMap::<String, usize>::new(), Vec::new());
    for (file, status) in files.iter().zip(data.import(&files)) {
        *tally.entry(status.clone()).or_default() += 1;
        if status != "sealed" {
            continue;
        }
        let mut copies = vec![("itself", file.clone())];
        if let Some(dcmconv) = &dcmconv {
            copies.extend(recoded(dcmconv, file, &data.files()));
        }
        for (tool, copy) in copies {
            let verdict = data.verify_patiently(&copy);
            *tally.entry(format!("{} by {tool}", verdict.name())).or_default() += 1;
            let name = file.file_name().and_then(|name| name.to_str()).unwrap();
            let ambiguous = tool == "dcmconv +tb" && AMBIGUOUS_IN_BIG_ENDIAN.contains(&name);
            if !verdict.is_authentic() && !ambiguous {
                alarms.push(format!(
                    "{name} by {tool}: {} {}",
                    verdict.name(),
                    verdict.document["changed"]
                ));
            }
        }
    }
    println!("{tally:#?}");
    assert!(
        alarms.is_empty(),
        "{} false alarms:\n{}",
        alarms.len(),
        alarms.join("\n")
    );
}

/// Copies in Implicit VR, and without sequence lengths.
fn recoded(dcmconv: &Path, file: &Path, folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let mut copies = Vec::new();
    for (tool, options) in [
        ("dcmconv +ti", ["+ti", "-e"]),
        ("dcmconv +te", ["+te", "-e"]),
        ("dcmconv +tb", ["+tb", "+e"]),
    ] {
        let copy = folder.join(format!("{}.dcm", options.concat().replace('+', "")));
        let arguments = options.iter().map(Path::new).chain([file, &copy]);
        if peer::run(dcmconv, arguments).status.success() {
            copies.push((tool, copy));
        }
    }
    copies
}
