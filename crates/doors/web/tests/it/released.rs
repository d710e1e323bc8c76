//! Copies that went out: what the release of one leaves behind in the store.

use crate::gateway::{Gateway, NOW, file};
use model::{Door, Purpose, Source, Timestamp, Uid};
use seal::{Circumstances, Record, SealKey, parent_commitment};
use std::sync::Arc;
use store::{Claim, Intended, Intent, NewRelease, Ordered};
use testkit::{Encoding, Instance, Vr};
use tlog::{Entry, Kind};
use verify::Candidate;

/// A quarter of an hour after the scans came in.
pub(crate) const RELEASED: i64 = NOW + 15 * 60_000;
const VENDOR: &str = r#"{"id": "acme-chest-ai", "name": "Acme Chest AI", "inside": true, "agreement": {"kind": "baa",
    "signed_on": "2026-01-01", "purposes": ["AIANALYSIS"], "retention_days": 30, "storage_place": "Ireland",
    "profile": "vendor"}}"#;

/// A copy as a de-identifier makes it: other UIDs, no name.
pub(crate) fn copy_of(scan: &Instance) -> Instance {
    let mut copy = scan.clone();
    let uid = Uid::new("2.25.77001").unwrap();
    for (tag, vr, text) in [
        (0x0008_0018, Vr::UI, uid.as_str()),
        (0x0020_000D, Vr::UI, "2.25.77002"),
        (0x0020_000E, Vr::UI, "2.25.77003"),
        (0x0020_0052, Vr::UI, "2.25.77004"),
        (0x0010_0010, Vr::PN, "PSEUDONYM"),
        (0x0010_0020, Vr::LO, "PSEUDONYM"),
        (0x0008_0020, Vr::DA, "20200101"),
    ] {
        copy.data_set.text(tag, vr, text);
    }
    copy.sop_instance = uid;
    copy
}

/// Releases `copy` as a copy of `scan`, which is sealed here.
pub(crate) async fn release(gateway: &Gateway, scan: &Instance, copy: &Instance) -> Record {
    let file = file(copy);
    let observed = Candidate::bytes(Arc::from(file)).unwrap();
    release_at(gateway, scan, &observed, RELEASED).await
}

pub(crate) async fn release_at(gateway: &Gateway, scan: &Instance, copy: &Candidate, at: i64) -> Record {
    let store = &gateway.store;
    let now = Timestamp::from_millis(at);
    let kept = store.instance(&scan.sop_instance).await.unwrap().unwrap();
    store
        .set_recipient(&serde_json::from_str::<consent::Recipient>(VENDOR).unwrap(), now)
        .await
        .unwrap();
    let order = NewRelease {
        study: kept.study_instance_uid.clone(),
        instances: vec![scan.sop_instance.clone()],
        recipient: "acme-chest-ai".into(),
        purpose: Purpose::AiAnalysis,
        retention_days: None,
        origin: "cli".into(),
        ordered_by: "admin".into(),
        emergency: None,
        at: now,
    };
    let ordered = store.order(order).await.unwrap();
    let Ordered::Queued { release, .. } = ordered else {
        panic!("not permitted: {ordered:?}")
    };
    let worker = [1; 16];
    let claim = Claim {
        worker,
        per_destination: 1,
        limit: 1,
        now,
        until: now.plus_millis(60_000),
    };
    assert_eq!(store.claim(claim).await.unwrap().len(), 1);
    let identity = copy.identity.clone().unwrap();
    let circumstances = Circumstances {
        identity: identity.clone(),
        source: Source {
            door: Door::Release,
            ae: None,
            authenticated: true,
        },
        sealed_at: now,
        salt: [21; 32],
        entry_salt: [22; 32],
        parent: Some(parent_commitment(&[23; 32], &kept.statement_digest)),
    };
    let key = SealKey::from_seed(store.seal_seed());
    let record = seal::seal(&copy.observation, circumstances, &key).unwrap();
    let entry = Entry {
        kind: Kind::Seal,
        time_s: now.seconds() as u64,
        commitment: record.commitment(),
    };
    let intent = Intent {
        release,
        worker,
        instance: scan.sop_instance.clone(),
        copy_uid: identity.sop_instance_uid,
        copy_digest: [0; 32],
        derived: Some((record.encode(), entry)),
        now,
    };
    let intended = store.intend(intent).await.unwrap();
    assert!(matches!(intended, Intended::Go { .. }), "{intended:?}");
    record
}

/// A file with this for a codestream.
pub(crate) fn compressed(instance: &Instance, codestream: &[u8], syntax: &str) -> Vec<u8> {
    let mut compressed = instance.clone();
    compressed.data_set.fragments(vec![codestream.to_vec()]);
    let mut object = compressed.object(Encoding::ExplicitLe);
    object.transfer_syntax = Uid::new(syntax).unwrap();
    object.part10()
}
