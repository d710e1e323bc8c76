//! Scans, and an archive to put them in.

use model::{Clock, Digest, Door, Redacted, Source, Timestamp, Uid};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::{
    Attributes, Form, Instance, MatchKeys, NewInstance, NewQuarantined, Options, PatientIdentity, Sealing,
    StagedBlob, Store,
};
use tlog::{Entry, Kind};

pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const EXPLICIT: &str = "1.2.840.10008.1.2.1";

/// A clock that a test moves.
pub(crate) struct TestClock(pub(crate) AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

pub(crate) fn options() -> Options {
    Options::new(Arc::new(TestClock(AtomicI64::new(1_700_000_000_000))))
}

pub(crate) async fn open(dir: &Path) -> Store {
    Store::open(dir, options()).await.unwrap()
}

pub(crate) fn uid(text: &str) -> Uid {
    Uid::new(text).unwrap()
}

pub(crate) fn entry(kind: Kind, seed: u64) -> Entry {
    let mut commitment = [0; 32];
    commitment[..8].copy_from_slice(&seed.to_be_bytes());
    Entry {
        kind,
        time_s: 1_700_000_000,
        commitment,
    }
}

pub(crate) fn secret(text: &str) -> Redacted<String> {
    Redacted::new(text.to_owned())
}

pub(crate) fn patient(id: &str) -> PatientIdentity {
    PatientIdentity {
        issuer: secret("HOSPITAL"),
        id: secret(id),
    }
}

pub(crate) fn source() -> Source {
    Source {
        door: Door::Dimse,
        ae: Some("CT1".to_owned()),
        authenticated: false,
    }
}

/// Instance `n` of series `series` of study `study` of a patient.
pub(crate) fn scan(id: &str, study: u32, series: u32, n: u32) -> NewInstance {
    NewInstance {
        sop_instance_uid: uid(&format!("1.2.{study}.{series}.{n}")),
        sop_class_uid: uid(CT),
        study_instance_uid: uid(&format!("1.2.{study}")),
        series_instance_uid: uid(&format!("1.2.{study}.{series}")),
        patient: patient(id),
        transfer_syntax: uid(EXPLICIT),
        form: Form::DataSet,
        source: source(),
        received_at: at(1_700_000_000_000 + i64::from(n)),
        keys: MatchKeys {
            patient_name: secret(&format!("{id}^Given")),
            accession_number: secret(&format!("ACC{study}")),
            study_date: secret(&format!("202401{:02}", study % 28 + 1)),
            modality: if series.is_multiple_of(2) { "MR" } else { "CT" }.to_owned(),
        },
        attributes: Attributes {
            patient: secret(&format!("{{\"00100020\":\"{id}\"}}")),
            study: secret(&format!("{{\"study\":{study}}}")),
            series: secret(&format!("{{\"series\":{series}}}")),
            instance: secret(&format!("{{\"instance\":{n}}}")),
        },
        pixel_root: Some([n as u8; 32]),
        statement_digest: Digest([n as u8; 32]),
        needs_completion: false,
        settles: None,
        entry: entry(Kind::Seal, u64::from(n)),
    }
}

pub(crate) fn strange(n: u32) -> NewQuarantined {
    NewQuarantined {
        patient: Some(patient("P-Q")),
        reason: "conflict".to_owned(),
        detail: "the same UID with other content".to_owned(),
        sop_instance_uid: Some(uid(&format!("1.2.3.{n}"))),
        study_instance_uid: Some(uid("1.2.3")),
        transfer_syntax: Some(uid(EXPLICIT)),
        form: Form::Part10,
        source: source(),
        received_at: at(i64::from(n)),
        attributes: secret("{\"name\":\"Q\"}"),
        entry: entry(Kind::Conflict, u64::from(n)),
    }
}

/// Bytes that differ by seed and place.
pub(crate) fn bytes(seed: u32, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    (0..len)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect()
}

pub(crate) fn stage(store: &Store, data: &[u8], record: &[u8]) -> store::Result<StagedBlob> {
    let mut writer = store.blobs().create()?;
    writer.write_all(data).map_err(store::Error::from)?;
    writer.finish(record)
}

/// Spools and seals; the record is `seal of N`.
pub(crate) async fn seal(store: &Store, new: NewInstance, data: &[u8]) -> store::Result<Sealing> {
    let record = format!("seal of {}", new.sop_instance_uid);
    let blob = stage(store, data, record.as_bytes())?;
    store.seal(new, blob).await
}

pub(crate) fn sealed(sealing: Sealing) -> u64 {
    match sealing {
        Sealing::Sealed { log_index } => log_index,
        other => panic!("not sealed: {other:?}"),
    }
}

pub(crate) async fn instance(store: &Store, uid: &Uid) -> Instance {
    store.instance(uid).await.unwrap().expect("the instance is here")
}

pub(crate) async fn data_of(store: &Store, instance: &Instance) -> Vec<u8> {
    let mut data = Vec::new();
    store
        .open_blob(&instance.blob)
        .await
        .unwrap()
        .read_to_end(&mut data)
        .unwrap();
    data
}

/// Every file below `blobs/`.
pub(crate) fn blob_files(dir: &Path) -> Vec<std::path::PathBuf> {
    let shelves = std::fs::read_dir(dir.join("blobs")).unwrap();
    let files = shelves.flat_map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap());
    files.map(|file| file.unwrap().path()).collect()
}
