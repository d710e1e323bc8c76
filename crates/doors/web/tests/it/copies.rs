//! Copies that were handed out, in the hands of whoever got them.

use crate::gateway::{Gateway, NOW, file, forge, head, renamed, scan, stranger};
use crate::released::{RELEASED, compressed, copy_of, release, release_at};
use axum::http::StatusCode;
use decode::Decoder;
use model::Timestamp;
use seal::{Bundle, SealKey, Verdict};
use std::sync::Arc;
use testkit::{Instance, Modality};
use verify::{Candidate, Trust, Verifier};

/// A gateway that holds the scan and handed out the copy.
async fn handed_out() -> (Gateway, Instance, Instance) {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let copy = copy_of(&scan);
    release(&gateway, &scan, &copy).await;
    (gateway, scan, copy)
}

fn evidence(copy: &Instance) -> String {
    format!("/evidence/{}.lgseal", copy.sop_instance)
}

async fn trust(gateway: &Gateway) -> Trust {
    let key = SealKey::from_seed(gateway.store.seal_seed());
    verify::export_trust(&gateway.store, &key).await.unwrap()
}

fn candidate(file: Vec<u8>) -> Candidate {
    Candidate::bytes(Arc::from(file)).unwrap()
}

#[tokio::test]
async fn an_unchanged_copy_is_called_a_copy_and_dated_by_its_release() {
    let (gateway, scan, copy) = handed_out().await;
    let page = gateway.check(&[("file", &file(&copy))]).await.text();
    assert!(
        page.contains("This is a copy that this gateway made and handed out. It is unchanged since then."),
        "{page}"
    );
    assert!(page.contains("22 November 2026, 15:19 UTC") && page.contains("Where does this copy come from?"));
    assert!(!page.contains("Not one pixel") && !page.contains("came in") && !page.contains("15:04"));

    let report = gateway.check_json(&[("file", &file(&copy))]).await.json();
    assert_eq!(report["verdict"], "derived");
    assert_eq!(report["sealed_at"], Timestamp::from_millis(RELEASED).to_string());
    assert_eq!(
        report["source"],
        serde_json::json!({"door": "release", "ae": null, "authenticated": true})
    );
    assert_eq!(report["changed"], serde_json::json!([]));
    assert!(report["log"]["index"].is_u64());
    assert!(!report.to_string().contains(scan.sop_instance.as_str()));
    // The scan itself is what it was.
    let report = gateway.check_json(&[("file", &file(&scan))]).await.json();
    assert_eq!(report["verdict"], "authentic");
}

#[tokio::test]
async fn an_altered_copy_is_called_altered_and_its_holder_is_told_where() {
    let (gateway, _, copy) = handed_out().await;
    let mut forged = copy.clone();
    forge(&mut forged, 256, (100, 90), 9, 400);
    let report = gateway.check_json(&[("file", &file(&forged))]).await.json();
    assert_eq!(report["verdict"], "pixels-altered");
    assert_eq!(
        report["regions"],
        serde_json::json!([{"frame": 1, "x": 64, "y": 64, "w": 64, "h": 64}])
    );
    let answer = gateway
        .check(&[("file", &file(&renamed(&copy, "Somebody^Else")))])
        .await;
    let page = answer.text();
    assert!(page.contains("Facts in this file were changed"), "{page}");
    assert!(
        page.contains("The picture itself is the same") && page.contains("<strong>Patient Name</strong>")
    );
}

#[tokio::test]
async fn a_copys_public_bundle_proves_it_offline() {
    let (gateway, _, copy) = handed_out().await;
    let trust = trust(&gateway).await;
    let answer = gateway.get(&evidence(&copy)).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert_eq!(answer.header("cache-control"), "public, max-age=3600");
    let bundle = Bundle::decode(&answer.bytes).unwrap();

    let mut offline = Verifier::offline(trust.clone(), Decoder::new("/nonexistent".into()));
    let report = offline
        .verify(&candidate(file(&copy)), Some(&bundle))
        .await
        .unwrap();
    assert_eq!((report.verdict, report.reason), (Verdict::Derived, None));
    assert_eq!(report.verdict.exit_code(), 12);
    assert_eq!(
        report.sealed_at,
        Some(Timestamp::from_millis(RELEASED).to_string())
    );
    let mut forged = copy.clone();
    forge(&mut forged, 256, (100, 90), 9, 400);
    let report = offline
        .verify(&candidate(file(&forged)), Some(&bundle))
        .await
        .unwrap();
    assert_eq!(report.verdict, Verdict::PixelsAltered);

    // Another gateway that trusts this one says whose copy it is, and does not say that it made it.
    let mut elsewhere = Gateway::new().await;
    elsewhere.router = web::router(web::State {
        trust: Some(trust),
        ..elsewhere.state.clone()
    });
    let page = elsewhere
        .check(&[("file", &file(&copy)), ("bundle", &answer.bytes)])
        .await
        .text();
    assert!(page.contains("a copy that a gateway we trust made"), "{page}");
    assert!(!page.contains("this gateway made"));
}

#[tokio::test]
async fn a_copys_bundle_holds_nothing_of_the_scan() {
    let (gateway, scan, copy) = handed_out().await;
    let kept = gateway.store.instance(&scan.sop_instance).await.unwrap().unwrap();
    let bytes = gateway.get(&evidence(&copy)).await.bytes;
    let bundle = Bundle::decode(&bytes).unwrap();
    let [bundled] = bundle.instances.as_slice() else {
        panic!("one instance")
    };
    assert!(bundle.manifest.is_none() && bundled.completion.is_none() && bundled.amendments.is_empty());

    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    for uid in [
        &kept.sop_instance_uid,
        &kept.study_instance_uid,
        &kept.series_instance_uid,
    ] {
        assert!(!holds(uid.as_str().as_bytes()), "{uid}");
    }
    let blob = gateway.store.open_blob(&kept.blob).await.unwrap();
    let original = seal::Record::decode(&blob.record().unwrap()).unwrap();
    assert_eq!(kept.statement_digest.0, original.digest());
    let digest = hex::encode(kept.statement_digest.0);
    assert!(!holds(&kept.statement_digest.0) && !holds(digest.as_bytes()));
    assert!(!holds(&original.salt) && !holds(&original.entry_salt) && !holds(&original.commitment()));
    for (name, value) in [("PatientName", 0x0010_0010_u32), ("PatientID", 0x0010_0020)] {
        let Some((_, testkit::Value::Bytes(value))) = scan.data_set.get(value) else {
            panic!("{name}")
        };
        assert!(!holds(value), "{name}");
    }
    // The time at which it came in, as CBOR holds times, in milliseconds and in seconds.
    assert_eq!(kept.received_at, Timestamp::from_millis(NOW));
    assert!(!holds(&NOW.to_be_bytes()) && !holds(&((NOW / 1000) as u32).to_be_bytes()));
    let key = SealKey::from_seed(gateway.store.seal_seed()).public();
    let (statement, _) = bundled
        .record
        .document
        .open(&seal::SealVerifier::new([key]))
        .unwrap();
    assert_eq!(statement.sealed_at, Timestamp::from_millis(RELEASED));
    assert_eq!(bundled.record.entry_time, (RELEASED / 1000) as u64);
    assert_eq!(statement.sop_instance_uid, copy.sop_instance);
    // Whoever guesses the right scan cannot confirm it either, with all that the bundle holds.
    let record = &bundled.record.document;
    for salt in [record.salt, record.entry_salt, [0; 32]] {
        assert_ne!(
            statement.parent,
            Some(seal::parent_commitment(&salt, &kept.statement_digest))
        );
    }
    assert_ne!(statement.parent, Some(kept.statement_digest.0));
}

#[tokio::test]
async fn the_evidence_of_scans_that_came_in_is_not_public() {
    let (gateway, scan, copy) = handed_out().await;
    let size = gateway.store.log().issued().await.unwrap().len();
    let study = gateway
        .store
        .instance(&scan.sop_instance)
        .await
        .unwrap()
        .unwrap()
        .study_instance_uid;
    for path in [
        format!("/evidence/{}.lgseal", scan.sop_instance),
        format!("/evidence/{study}.lgseal"),
        format!("/evidence/{}", copy.sop_instance),
        format!("/evidence/{}.lgseal.lgseal", copy.sop_instance),
        format!("/evidence/{}.lgseal/", copy.sop_instance),
        "/evidence/2.25.1.lgseal".into(),
        "/evidence/..%2fkeys%2fmaster.key".into(),
        "/evidence/.lgseal".into(),
        "/evidence/%00.lgseal".into(),
        "/evidence/".into(),
    ] {
        let answer = gateway.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(
        gateway.store.log().issued().await.unwrap().len(),
        size,
        "what is not there makes no work"
    );
}

#[tokio::test]
async fn asking_again_costs_no_work() {
    let (gateway, _, copy) = handed_out().await;
    let first = gateway.get(&evidence(&copy)).await;
    let issued = gateway.store.log().issued().await.unwrap();
    gateway.seal(&scan(8, Modality::Mr, 128), stranger()).await;
    for _ in 0..20 {
        assert_eq!(gateway.get(&evidence(&copy)).await.bytes, first.bytes);
    }
    assert_eq!(gateway.store.log().issued().await.unwrap(), issued);
    // Whoever trusts a newer head believes the bundle that was made before.
    let trust = trust(&gateway).await;
    let mut offline = Verifier::offline(trust, Decoder::new("/nonexistent".into()));
    let bundle = Bundle::decode(&first.bytes).unwrap();
    let report = offline
        .verify(&candidate(file(&copy)), Some(&bundle))
        .await
        .unwrap();
    assert_eq!((report.verdict, report.reason), (Verdict::Derived, None));
}

#[tokio::test]
async fn a_copy_that_kept_its_uids_is_told_from_the_scan() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let copy = renamed(&scan, "PSEUDONYM");
    release(&gateway, &scan, &copy).await;
    let verdict = async |instance: &Instance| {
        let report = gateway.check_json(&[("file", &file(instance))]).await.json();
        report["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict(&scan).await, "authentic");
    assert_eq!(verdict(&copy).await, "derived");
    assert_eq!(
        verdict(&renamed(&scan, "Somebody^Else")).await,
        "attributes-altered"
    );
    // Who knows the scan's name does not learn that copies of it went out.
    assert_eq!(gateway.get(&evidence(&copy)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_copy_that_came_back_keeps_its_evidence() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let copy = copy_of(&scan);
    // Everything comes in at one moment here, so this one went out before.
    release_at(&gateway, &scan, &candidate(file(&copy)), NOW - 60_000).await;
    gateway.seal(&copy, stranger()).await;
    let answer = gateway.get(&evidence(&copy)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let bundle = Bundle::decode(&answer.bytes).unwrap();
    let mut offline = Verifier::offline(trust(&gateway).await, Decoder::new("/nonexistent".into()));
    let report = offline
        .verify(&candidate(file(&copy)), Some(&bundle))
        .await
        .unwrap();
    assert_eq!(report.verdict, Verdict::Derived);
}

#[tokio::test]
async fn a_recoded_compressed_copy_is_not_called_altered() {
    const JPEG: &str = "1.2.840.10008.1.2.4.70";
    const J2K: &str = "1.2.840.10008.1.2.4.90";
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let copy = copy_of(&scan);
    let sent = compressed(&copy, &[1; 64], JPEG);
    release_at(&gateway, &scan, &candidate(sent.clone()), RELEASED).await;
    let verdict = async |file: Vec<u8>| {
        let report = gateway.check_json(&[("file", &file)]).await.json();
        (report["verdict"].clone(), report["reason"].clone())
    };
    assert_eq!(verdict(sent).await.0, "derived");
    for recoded in [file(&copy), compressed(&copy, &[2; 64], J2K)] {
        assert_eq!(verdict(recoded).await, ("unproven".into(), "not-decoded".into()));
    }
    let renamed = renamed(&copy, "Somebody^Else");
    assert_eq!(
        verdict(compressed(&renamed, &[1; 64], JPEG)).await.0,
        "attributes-altered"
    );
}
