//! How fast a CT slice is verified offline, with its bundle and a trust file. `cargo xtask bench verify`.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use anyhow::{Context, Result, ensure};
use decode::Decoder;
use dicom::TransferSyntax;
use dicom::scan::Limits;
use model::{Door, Source, Timestamp};
use seal::{Bundle, BundledInstance, Circumstances, Identity, Logged, Observer, SealKey, Verdict};
use std::sync::Arc;
use std::time::Instant;
use testkit::{Encoding, Modality, Object, Patient, Study};
use tlog::{Checkpoint, Entry, Kind, MemoryLog, Signer, TlogProof};
use verify::{Candidate, Trust, Verifier};
use xtask::machine;
use xtask::table::{Sample, markdown};

/// Slices; the median is reported.
const SLICES: u32 = 60;
/// Entries that the log has beside.
const OTHERS: u64 = 1_000_000;
/// 2026-01-15T09:30:00Z.
const TAKEN: i64 = 1_768_469_400_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let described = machine::description();
    let mut study = Study::new(1, Patient::number(1), Modality::Ct, Timestamp::from_millis(TAKEN));
    study.slices = SLICES;
    let key = SealKey::from_seed(&[9; 32]);
    let mut log = MemoryLog::new();
    for other in 0..OTHERS {
        log.append(tlog::leaf_hash(&other.to_le_bytes()));
    }
    let mut records = Vec::new();
    for instance in study.instances() {
        let object = instance.object(Encoding::ExplicitLe);
        let record = sealed(&object, &key)?;
        let entry = Entry {
            kind: Kind::Seal,
            time_s: 1,
            commitment: record.commitment(),
        };
        log.append(entry.leaf_hash());
        records.push((object, record));
    }
    let signer = Signer::new("bench.example/log", [3; 32])?;
    let size = log.size();
    let head = Checkpoint::new(signer.name(), size, log.root()).signed(&signer)?;
    let trust = Trust::new(&signer.verifier(), vec![key.public()], head.clone(), Vec::new());

    let (mut whole, mut bundle_bytes, mut proof_bytes) =
        (Sample::default(), Sample::default(), Sample::default());
    for (index, (object, record)) in (OTHERS..).zip(records) {
        let proof = TlogProof {
            extra: None,
            index,
            inclusion: tlog::proof::inclusion(index, size, &log)?,
            checkpoint: head.clone(),
        };
        let proof = proof.encode();
        proof_bytes.push(proof.len() as f64);
        let record = Logged {
            document: record,
            entry_time: 1,
            proof,
        };
        let instance = BundledInstance {
            record,
            completion: None,
            amendments: Vec::new(),
        };
        let bundle = Bundle {
            instances: vec![instance],
            manifest: None,
            consistency: Vec::new(),
        };
        let bundle = bundle.encode();
        bundle_bytes.push(bundle.len() as f64);
        let file: Arc<[u8]> = object.part10().into();

        let started = Instant::now();
        let bundle = Bundle::decode(&bundle)?;
        let candidate = Candidate::bytes(file)?;
        let mut verifier = Verifier::offline(trust.clone(), Decoder::new("none".into()));
        let report = verifier.verify(&candidate, Some(&bundle)).await?;
        whole.push(started.elapsed().as_secs_f64() * 1e3);
        ensure!(report.verdict == Verdict::Authentic, "a slice did not verify");
    }
    println!(
        "{described}. {SLICES} CT slices of 512 x 512, 16 bit, file and bundle in memory, a log of {size} entries: \
        bundle read, file read and digested, signature, log proof, comparison; median [lowest-highest].\n"
    );
    let row = vec![whole.shown(), bundle_bytes.shown(), proof_bytes.shown()];
    println!(
        "{}",
        markdown(&["ms a slice", "bytes of bundle", "bytes of log proof"], &[row])
    );
    Ok(())
}

fn sealed(object: &Object, key: &SealKey) -> Result<seal::Record> {
    let syntax = TransferSyntax::by_uid(&object.transfer_syntax);
    let mut reader = dicom::DataSetReader::new(&syntax, Limits::default());
    let mut observer = Observer::new(&syntax);
    reader.push(&object.data_set, &mut observer).context("read")?;
    reader.finish(&mut observer).context("read")?;
    let observation = observer.finish().context("observe")?;
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
    seal::seal(&observation, circumstances, key).context("seal")
}
