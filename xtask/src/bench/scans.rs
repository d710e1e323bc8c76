//! The scans to send: synthetic chest CT, written into a folder for each association.

use anyhow::{Context, Result};
use model::{Timestamp, Uid};
use std::fs;
use std::path::{Path, PathBuf};
use testkit::{Encoding, Modality, Patient, Study};

/// Slices in a study.
const SLICES: u32 = 50;
/// 2026-01-15T09:30:00Z: any moment will do, as long as it stays.
const TAKEN: i64 = 1_768_469_400_000;

/// A scan on disk.
pub(crate) struct Scan {
    pub(crate) file: PathBuf,
    pub(crate) sop_instance: Uid,
}

/// Writes `count` CT slices of 512 x 512, 50 a study, and returns them in order.
pub(crate) fn write(folder: &Path, count: usize) -> Result<Vec<Scan>> {
    let patients = count.div_ceil(SLICES as usize) as u64;
    let taken = Timestamp::from_millis(TAKEN);
    let studies = (0..patients).map(|number| {
        let study = Study::new(number, Patient::number(number), Modality::Ct, taken);
        Study {
            slices: SLICES,
            ..study
        }
    });
    let mut scans = Vec::with_capacity(count);
    for study in studies {
        for instance in study.instances().take(count - scans.len()) {
            let file = folder.join(format!("{:05}.dcm", scans.len()));
            let bytes = instance.object(Encoding::ExplicitLe).part10();
            fs::write(&file, bytes).with_context(|| format!("write {}", file.display()))?;
            scans.push(Scan {
                file,
                sop_instance: instance.sop_instance,
            });
        }
    }
    Ok(scans)
}

/// Deals scans out to `hands`, as evenly as they go.
pub(crate) fn deal(scans: &[Scan], hands: usize) -> Vec<Vec<&Scan>> {
    (0..hands)
        .map(|hand| scans.iter().skip(hand).step_by(hands).collect())
        .collect()
}
