//! Nothing is read that is not in the accounting and in the log.

use model::{Clock, Digest, Door, Redacted, Source, Timestamp, Uid};
use retrieve::{Error, Reader, Retrieve, Target};
use sha2::{Digest as _, Sha256};
use std::io::{Read, Write};
use std::sync::Arc;
use store::{Attributes, Form, MatchKeys, NewErasure, NewInstance, Options, PatientIdentity, Sealing, Store};
use tlog::{Entry, Kind};

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000)
    }
}

fn uid(text: &str) -> Uid {
    text.parse().unwrap()
}

fn reader() -> Reader {
    Reader {
        who: "dr-who".to_owned(),
        via: "test",
        purpose: "TREAT".to_owned(),
    }
}

async fn keep(store: &Store, instance: &str, data: &[u8]) {
    let new = NewInstance {
        sop_instance_uid: uid(instance),
        sop_class_uid: uid("1.2.840.10008.5.1.4.1.1.2"),
        study_instance_uid: uid("1.2.1"),
        series_instance_uid: uid("1.2.1.1"),
        patient: PatientIdentity {
            issuer: Redacted::default(),
            id: Redacted::new("P1".to_owned()),
        },
        transfer_syntax: uid(dicom::uids::EXPLICIT_LE),
        form: Form::DataSet,
        source: Source {
            door: Door::Dimse,
            ae: None,
            authenticated: false,
        },
        received_at: Noon.now(),
        keys: MatchKeys::default(),
        attributes: Attributes::default(),
        pixel_root: None,
        statement_digest: Digest([1; 32]),
        needs_completion: false,
        settles: None,
        entry: Entry {
            kind: Kind::Seal,
            time_s: 1,
            commitment: [0; 32],
        },
    };
    let mut writer = store.blobs().create().unwrap();
    writer.write_all(data).unwrap();
    let sealing = store.seal(new, writer.finish(b"record").unwrap()).await.unwrap();
    assert!(matches!(sealing, Sealing::Sealed { .. }));
}

async fn archive() -> (tempfile::TempDir, Store, Retrieve) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), Options::new(Arc::new(Noon)))
        .await
        .unwrap();
    keep(&store, "1.2.1.1.1", b"first").await;
    keep(&store, "1.2.1.1.2", &vec![7; 200_000]).await;
    let retrieve = Retrieve::new(store.clone(), Arc::new(Noon));
    (dir, store, retrieve)
}

#[tokio::test]
async fn a_read_is_in_the_accounting_and_in_the_log_before_its_bytes_can_be_had() {
    let (_dir, store, retrieve) = archive().await;
    let found = retrieve.find(&Target::Study(uid("1.2.1"))).await.unwrap();
    let patient = found.instances()[0].patient;
    assert!(
        store.accesses_of(patient).await.unwrap().is_empty(),
        "finding is no reading"
    );
    let opened = retrieve.open(&reader(), found).await.unwrap();
    assert_eq!(opened.len(), 2);

    let accesses = store.accesses_of(patient).await.unwrap();
    let [access] = accesses.as_slice() else {
        panic!("one read, one account")
    };
    let json: serde_json::Value = serde_json::from_slice(&access.record).unwrap();
    let statement = json["statement"].as_str().unwrap();
    assert!(statement.contains(
        r#""who":"dr-who","via":"test","purpose":"TREAT","level":"study","uid":"1.2.1","instances":2"#
    ));
    let salt = hex::decode(json["salt"].as_str().unwrap()).unwrap();
    let commitment: [u8; 32] = Sha256::new()
        .chain_update(salt)
        .chain_update(statement)
        .finalize()
        .into();
    let entry = store.log().entry(access.log_index).await.unwrap();
    assert_eq!((entry.kind, entry.commitment), (Kind::Read, commitment));

    let mut bytes = Vec::new();
    opened[1].bytes().await.unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, vec![7; 200_000]);
    assert_eq!(opened[1].len(), 200_000);
    assert!(opened[0].file_head().starts_with(&[0; 128]));
}

#[tokio::test]
async fn uids_must_agree_with_each_other() {
    let (_dir, _store, retrieve) = archive().await;
    let instance = |study: &str, series: &str, instance: &str| Target::Instance {
        study: Some(uid(study)),
        series: Some(uid(series)),
        instance: uid(instance),
    };
    assert!(
        retrieve
            .find(&instance("1.2.1", "1.2.1.1", "1.2.1.1.2"))
            .await
            .is_ok()
    );
    for target in [
        instance("1.2.2", "1.2.1.1", "1.2.1.1.2"),
        instance("1.2.1", "1.2.1.2", "1.2.1.1.2"),
        instance("1.2.1", "1.2.1.1", "1.2.1.1.3"),
        Target::Series {
            study: Some(uid("1.2.2")),
            series: uid("1.2.1.1"),
        },
        Target::Study(uid("1.2")),
    ] {
        assert!(
            matches!(retrieve.find(&target).await, Err(Error::NotFound)),
            "{target:?}"
        );
    }
    assert!(
        retrieve
            .find(&Target::Series {
                study: None,
                series: uid("1.2.1.1")
            })
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn what_cannot_be_accounted_for_is_not_read() {
    let (_dir, store, retrieve) = archive().await;
    let found = retrieve.find(&Target::Study(uid("1.2.1"))).await.unwrap();
    store.close().await;
    assert!(retrieve.open(&reader(), found).await.is_err());
}

#[tokio::test]
async fn the_scans_of_an_erased_patient_cannot_be_read() {
    let (_dir, store, retrieve) = archive().await;
    let found = retrieve.find(&Target::Study(uid("1.2.1"))).await.unwrap();
    let patient = found.instances()[0].patient;
    let opened = retrieve.open(&reader(), found).await.unwrap();
    let entry = Entry {
        kind: Kind::Erase,
        time_s: 1,
        commitment: [0; 32],
    };
    store
        .erase(NewErasure {
            patient,
            made_at: Noon.now(),
            entry,
        })
        .await
        .unwrap();
    assert!(matches!(
        opened[0].bytes().await,
        Err(Error::Store(store::Error::Erased))
    ));
    assert_eq!(
        store.accesses_of(patient).await.unwrap().len(),
        1,
        "who saw them stays"
    );
}
