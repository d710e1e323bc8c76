//! Nothing that was signed can be changed, exchanged or signed by others.

use crate::{key, sealed, seen, slice, verifier};
use model::{Timestamp, Uid};
use seal::{
    Amendment, Bundle, BundledInstance, Logged, Manifest, ManifestEntry, Record, SealKey, SealVerifier,
    StudyContent,
};
use testkit::{Encoding, Modality};

fn record() -> Record {
    sealed(&seen(&slice(Modality::Mr), Encoding::ExplicitLe))
}

#[test]
fn a_record_reads_back_and_opens() {
    let record = record();
    assert_eq!(Record::decode(&record.encode()).unwrap(), record);
    let (statement, id) = record.open(&verifier()).unwrap();
    assert_eq!(statement.source.ae.as_deref(), Some("CT01"));
    assert_eq!(id, seal::key_id(&key().public()));
}

#[test]
fn every_flipped_bit_of_a_record_is_refused_or_changes_no_statement() {
    let record = record();
    let bytes = record.encode();
    let statement = record.open(&verifier()).unwrap().0;
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        let Ok(other) = Record::decode(&flipped) else {
            continue;
        };
        // The salt of the log entry is bound by the log's proof, not by the signature.
        if other.entry_salt != record.entry_salt {
            assert_ne!(other.commitment(), record.commitment());
            continue;
        }
        match other.open(&verifier()) {
            Err(_) => {}
            Ok((read, _)) => panic!("byte {at} flipped and believed: {}", read == statement),
        }
    }
}

#[test]
fn another_key_is_not_believed() {
    let stranger = SealVerifier::new([SealKey::from_seed(&[8; 32]).public()]);
    assert!(record().open(&stranger).is_err());
    assert!(record().open(&SealVerifier::default()).is_err());
}

#[test]
fn an_amendment_belongs_to_its_seal() {
    let (one, observation) = (record(), seen(&slice(Modality::Ct), Encoding::ExplicitLe));
    let other = sealed(&observation);
    let now = Timestamp::from_millis(1);
    let amendment = Amendment::attributes(&one, &observation, "merge", now, [3; 32], &key());
    assert!(amendment.open(&one, &verifier()).is_ok());
    assert!(amendment.open(&other, &verifier()).is_err());
    let forged = Amendment::attributes(
        &one,
        &observation,
        "merge",
        now,
        [3; 32],
        &SealKey::from_seed(&[8; 32]),
    );
    assert!(forged.open(&one, &verifier()).is_err());
    // A signed document of one kind is no document of another kind.
    let manifest = Manifest {
        signed: amendment.signed.clone(),
        entry_salt: [0; 32],
    };
    assert!(manifest.open(&verifier()).is_err());
}

#[test]
fn a_manifest_lists_what_it_was_given() {
    let uid = |text: &str| Uid::new(text).unwrap();
    let entry = |series: &str, instance: &str| ManifestEntry {
        series_instance_uid: uid(series),
        sop_instance_uid: uid(instance),
        seal: [4; 32],
    };
    let content = StudyContent {
        study_instance_uid: uid("1.2.3"),
        version: 2,
        closed_at: Timestamp::from_millis(5),
        instances: vec![entry("1.2.3.1", "1.2.3.1.1"), entry("1.2.3.1", "1.2.3.1.2")],
    };
    let manifest = Manifest::new(content.clone(), [5; 32], &key());
    assert_eq!(
        Manifest::decode(&manifest.encode())
            .unwrap()
            .open(&verifier())
            .unwrap(),
        content
    );
}

#[test]
fn a_bundle_with_any_flipped_byte_is_none() {
    let record = Logged {
        document: record(),
        entry_time: 9,
        proof: "a proof".into(),
    };
    let instances = vec![BundledInstance {
        record,
        completion: None,
        amendments: Vec::new(),
    }];
    let bundle = Bundle {
        instances,
        manifest: None,
        consistency: vec!["b".into()],
    };
    let bytes = bundle.encode();
    assert_eq!(Bundle::decode(&bytes).unwrap(), bundle);
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        assert!(Bundle::decode(&flipped).is_err(), "byte {at}");
        assert!(Bundle::decode(&bytes[..at]).is_err(), "cut at {at}");
    }
}
