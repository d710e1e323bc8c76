//! Scans to send: drawn ones, video that nobody decodes, and the real ones that the package pydicom carries.

use super::peer;
use model::{Timestamp, Uid};
use std::fs;
use std::path::{Path, PathBuf};
use testkit::{DataSet, Encoding, Instance, Modality, Object, Patient, Random, Study, Vr};

/// A small study of an invented patient.
pub(crate) fn study(seed: u64, modality: Modality, slices: u32) -> Vec<Instance> {
    let study = Study::new(
        seed,
        Patient::number(seed),
        modality,
        Timestamp::from_millis(1_768_469_400_000),
    );
    Study {
        matrix: 160,
        slices,
        ..study
    }
    .instances()
    .collect()
}

/// Writes an instance as a file.
pub(crate) fn write(folder: &Path, name: &str, instance: &Instance, encoding: Encoding) -> PathBuf {
    write_object(folder, name, &instance.object(encoding))
}

/// Writes an object as a file.
pub(crate) fn write_object(folder: &Path, name: &str, object: &Object) -> PathBuf {
    let file = folder.join(format!("{name}.dcm"));
    fs::write(&file, object.part10()).unwrap();
    file
}

/// A video in a transfer syntax that the gateway keeps without decoding.
pub(crate) fn video(seed: u64, transfer_syntax: &str) -> Object {
    let mut random = Random::new(seed, &[77]);
    let sop_class = Uid::new("1.2.840.10008.5.1.4.1.1.77.1.1.1").unwrap();
    let sop_instance = random.uid();
    let mut set = DataSet::new();
    set.text(0x0008_0016, Vr::UI, &sop_class)
        .text(0x0008_0018, Vr::UI, &sop_instance)
        .text(0x0008_0060, Vr::CS, "ES")
        .text(0x0010_0010, Vr::PN, "Phantom^Video")
        .text(0x0010_0020, Vr::LO, "PHANTOM-VIDEO")
        .text(0x0020_000d, Vr::UI, random.uid())
        .text(0x0020_000e, Vr::UI, random.uid())
        .us(0x0028_0002, &[3])
        .text(0x0028_0004, Vr::CS, "YBR_PARTIAL_420")
        .us(0x0028_0006, &[0])
        .text(0x0028_0008, Vr::IS, "10")
        .us(0x0028_0010, &[64])
        .us(0x0028_0011, &[64])
        .us(0x0028_0100, &[8])
        .us(0x0028_0101, &[8])
        .us(0x0028_0102, &[7])
        .us(0x0028_0103, &[0])
        .fragments(vec![(0..5000).map(|_| random.next_u64() as u8).collect()]);
    Object {
        sop_class,
        sop_instance,
        transfer_syntax: Uid::new(transfer_syntax).unwrap(),
        data_set: set.encode(Encoding::ExplicitLe),
    }
}

/// A file of the package pydicom.
pub(crate) struct RealFile {
    pub(crate) path: PathBuf,
    pub(crate) transfer_syntax: String,
    pub(crate) has_pixels: bool,
}

impl RealFile {
    /// The file's name without its ending.
    pub(crate) fn name(&self) -> &str {
        self.path.file_stem().and_then(|name| name.to_str()).unwrap()
    }
}

/// The readable files of the package pydicom that name their SOP class, instance, series and study.
pub(crate) fn real_files(python: &Path) -> Vec<RealFile> {
    let lines = peer::script(python, "real_files.py", [] as [&str; 0]);
    let named = lines.iter().filter(|line| {
        ["transfer_syntax", "sop_class", "sop_instance", "study", "series"]
            .iter()
            .all(|name| line[name].is_string())
    });
    let file = |line: &serde_json::Value| RealFile {
        path: line["file"].as_str().unwrap().into(),
        transfer_syntax: line["transfer_syntax"].as_str().unwrap().to_owned(),
        has_pixels: line["pixels"].as_bool().unwrap(),
    };
    named.map(file).collect()
}
