//! How fast scans are sealed, on one core: read, digested, and signed. `cargo xtask bench seal`.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use anyhow::{Context, Result};
use dicom::TransferSyntax;
use dicom::scan::Limits;
use model::{Door, Source, Timestamp};
use seal::{Circumstances, Identity, Observation, Observer, SealKey};
use std::time::Instant;
use testkit::{Encoding, Modality, Object, Patient, Study};
use xtask::machine;
use xtask::table::{Sample, markdown};

/// Rounds over all objects of a kind; the median is reported.
const ROUNDS: usize = 7;
/// 2026-01-15T09:30:00Z.
const TAKEN: i64 = 1_768_469_400_000;

fn main() -> Result<()> {
    let described = machine::description();
    let kinds = [
        ("CT 512 x 512, 16 bit", Modality::Ct, 512, 40),
        ("MR 256 x 256, 12 bit", Modality::Mr, 256, 80),
        ("DX 2048 x 2048, 14 bit", Modality::Dx, 2048, 4),
    ];
    let mut rows = Vec::new();
    for (name, modality, matrix, slices) in kinds {
        let study = Study::new(1, Patient::number(1), modality, Timestamp::from_millis(TAKEN));
        let study = Study {
            matrix,
            slices,
            ..study
        };
        for encoding in [Encoding::ExplicitLe, Encoding::ExplicitBe] {
            let objects: Vec<Object> = study
                .instances()
                .map(|instance| instance.object(encoding))
                .collect();
            let megabytes = (usize::from(matrix).pow(2) * 2 * objects.len()) as f64 / 1e6;
            let (mut speed, mut each) = (Sample::default(), Sample::default());
            for _ in 0..ROUNDS {
                let started = Instant::now();
                for object in &objects {
                    std::hint::black_box(sealed(object)?);
                }
                let seconds = started.elapsed().as_secs_f64();
                speed.push(megabytes / seconds);
                each.push(seconds / objects.len() as f64 * 1e6);
            }
            rows.push(vec![
                name.to_owned(),
                format!("{encoding:?}"),
                speed.shown(),
                each.shown(),
            ]);
        }
    }
    println!(
        "{described}. One thread; the data set is in memory and goes through in pieces of 64 KiB; reading, digests \
        of attributes and samples, statement and signature; median [lowest-highest] of {ROUNDS} rounds.\n"
    );
    println!(
        "{}",
        markdown(
            &["scan", "encoding", "MB of samples/s", "microseconds a scan"],
            &rows
        )
    );
    Ok(())
}

fn sealed(object: &Object) -> Result<seal::Record> {
    let observation = observe(object)?;
    let circumstances = Circumstances {
        identity: Identity {
            sop_class_uid: object.sop_class.clone(),
            sop_instance_uid: object.sop_instance.clone(),
        },
        source: Source {
            door: Door::Dimse,
            ae: None,
            authenticated: false,
        },
        sealed_at: Timestamp::from_millis(TAKEN),
        salt: [7; 32],
        entry_salt: [8; 32],
        parent: None,
    };
    seal::seal(&observation, circumstances, &SealKey::from_seed(&[9; 32])).context("seal")
}

fn observe(object: &Object) -> Result<Observation> {
    let syntax = TransferSyntax::by_uid(&object.transfer_syntax);
    let mut reader = dicom::DataSetReader::new(&syntax, Limits::default());
    let mut observer = Observer::new(&syntax);
    for piece in object.data_set.chunks(64 * 1024) {
        reader.push(piece, &mut observer).context("read")?;
    }
    reader.finish(&mut observer).context("read")?;
    observer.finish().context("observe")
}
