//! A file-set on disk, its DICOMDIR read by DCMTK and by pydicom.

use deid::dicomdir::{Directory, file_id};
use model::Timestamp;
use std::path::{Path, PathBuf};
use std::process::Command;
use testkit::peers::Peer;
use testkit::{Encoding, Modality, Patient, Study};

/// Walks the file-set, and opens every file that it names.
const WALK: &str = "
import sys
from pydicom.fileset import FileSet
fs = FileSet(sys.argv[1])
for one in fs:
    assert one.load().SOPInstanceUID == one.SOPInstanceUID
    assert one.load().file_meta.TransferSyntaxUID == one.ReferencedTransferSyntaxUIDInFile
print(len(fs), len(fs.find_values('PatientID')), len(fs.find_values('SeriesInstanceUID')))
";

fn or_skip(peer: Peer, program: &str) -> Option<PathBuf> {
    let found = peer.find(program);
    if found.is_none() {
        assert!(
            !peer.is_required(),
            "{} is required, and has no {program}",
            peer.name()
        );
        println!("skipped: needs {} ({program})", peer.name());
    }
    found
}

/// Three slices of CT in each of two series, two of MR, a radiograph; two patients.
fn file_set(folder: &Path) {
    let mut directory = Directory::default();
    let taken = Timestamp::from_millis(1_700_000_000_000);
    let plan = [
        (1, Modality::Ct, 2, 3),
        (1, Modality::Mr, 1, 2),
        (2, Modality::Dx, 1, 1),
    ];
    for (patient, modality, series, slices) in plan {
        let mut study = Study::new(patient, Patient::number(patient), modality, taken);
        (study.series, study.slices, study.matrix) = (series, slices, 16);
        for instance in study.instances() {
            let path = [
                instance.study.as_str(),
                instance.series.as_str(),
                instance.sop_instance.as_str(),
            ]
            .map(file_id);
            let place = folder.join(path.join("/"));
            let file = instance.object(Encoding::ExplicitLe).part10();
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(&place, &file).unwrap();
            directory.add(&path, &file).unwrap();
        }
    }
    std::fs::write(folder.join("DICOMDIR"), directory.finish()).unwrap();
}

#[test]
fn dcmtk_reads_the_directory() {
    let Some(dcmdump) = or_skip(Peer::Dcmtk, "dcmdump") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    file_set(folder.path());
    let output = Command::new(dcmdump)
        .arg(folder.path().join("DICOMDIR"))
        .output()
        .unwrap();
    let (text, complaints) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success() && complaints.is_empty(), "{complaints}");
    assert_eq!(text.matches("[IMAGE]").count(), 9, "{text}");
}

#[test]
fn pydicom_finds_every_file() {
    let Some(python) = or_skip(Peer::Python, "python3") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    file_set(folder.path());
    let output = Command::new(python)
        .args(["-W", "error::UserWarning", "-c", WALK])
        .arg(folder.path().join("DICOMDIR"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "9 2 4");
}
