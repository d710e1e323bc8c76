//! A patient says no while copies go out.

use super::archive::{self, bring, study, wait_for};
use super::desk::{Desk, patient};
use super::gateway::Gateway;
use super::inbox::Listening;
use super::party;
use serde_json::json;
use std::time::{Duration, Instant};
use testkit::Modality;

/// How long the recipient takes for each object.
const SLOWNESS: Duration = Duration::from_millis(300);
/// From the command's end to the last byte.
const AT_MOST: Duration = Duration::from_secs(1);
const SLICES: u32 = 30;

#[tokio::test(flavor = "multi_thread")]
async fn a_no_stops_a_delivery_within_a_second_and_recalls_what_went() {
    let desk = Desk::new();
    let who = patient(21);
    let scan = study(1, &who, Modality::Ct, SLICES, 64);
    let second = study(2, &who, Modality::Dx, 1, 64);
    let other = study(3, &patient(22), Modality::Ct, 4, 64);
    bring(&desk, &[scan.clone(), second.clone(), other.clone()]);
    let (slow, prompt) = (Listening::start(SLOWNESS), Listening::start(Duration::ZERO));
    party::ai(&desk, "slow", &party::dicom(slow.port, "INBOX"), "");
    party::ai(&desk, "prompt", &party::dicom(prompt.port, "INBOX"), "");
    let _gateway = Gateway::start(&desk, "");
    party::order(&desk, second.uid().as_str(), "prompt");
    wait_for("a copy of another study", Duration::from_mins(1), || {
        (prompt.inbox.received().len() == 1).then_some(())
    })
    .await;
    let running = party::order(&desk, scan.uid().as_str(), "slow");
    party::order(&desk, other.uid().as_str(), "slow");
    // Four of them are the other patient's.
    wait_for("some copies", Duration::from_mins(1), || {
        (slow.inbox.received().len() >= 8).then_some(())
    })
    .await;

    let said = desk.one(&[
        "admin",
        "directive",
        "add",
        "--patient",
        &who.id,
        "--no",
        "--purpose",
        "AIANALYSIS",
    ]);
    let exited = Instant::now();
    assert_eq!(said["stopped"], json!([running]), "{said}");
    wait_for("another patient's copies", Duration::from_mins(1), || {
        archive::open_releases(&desk).is_empty().then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_secs(3)).await;

    let store = archive::open(&desk).await;
    let id = store::ReleaseId::from_number(running);
    let own: Vec<String> = store
        .pieces(id)
        .await
        .unwrap()
        .iter()
        .filter_map(|it| it.copy_uid.as_ref().map(ToString::to_string))
        .collect();
    store.close().await;
    let received = slow.inbox.received();
    let of_patient: Vec<_> = received
        .iter()
        .filter(|it| own.contains(&it.uid.to_string()))
        .collect();
    let bytes = slow.inbox.last_bytes();
    let late: Vec<_> = bytes
        .iter()
        .filter(|(uid, at)| own.contains(&uid.to_string()) && **at > exited + AT_MOST)
        .collect();
    assert!(late.is_empty(), "{} copies came too late", late.len());
    assert!(
        (4..SLICES as usize).contains(&of_patient.len()),
        "{}",
        of_patient.len()
    );
    let last = of_patient
        .iter()
        .map(|it| it.at.saturating_duration_since(exited))
        .max()
        .unwrap();

    let release = desk
        .lines(&["admin", "releases"])
        .into_iter()
        .find(|it| it["release"] == running)
        .unwrap();
    assert_eq!(release["state"], "cancelled", "{release}");
    let may_have = release["sent"].as_u64().unwrap() + release["unknown"].as_u64().unwrap();
    assert!(
        release["sent"].as_u64().unwrap() <= of_patient.len() as u64 && of_patient.len() as u64 <= may_have,
        "{release}"
    );
    // Nobody says where to ask: the request is signed and open.
    let copies = wait_for("the recall of both copies", Duration::from_secs(30), || {
        let copies = desk.lines(&["admin", "copies", "--patient", &who.id]);
        copies
            .iter()
            .all(|copy| copy["state"] == "requested")
            .then_some(copies)
    })
    .await;
    assert_eq!(copies.len(), 2, "{copies:?}");
    assert!(copies.iter().all(|copy| !copy["requested_at"].is_null()));
    let others = desk.lines(&["admin", "copies", "--patient", &other.patient.id]);
    assert_eq!(others[0]["state"], "live", "{others:?}");
    let again = desk.release(scan.uid().as_str(), "prompt", &["--purpose", "AIANALYSIS"]);
    assert_eq!(again["state"], "denied");
    println!(
        "{} of {SLICES} copies had come; the last one {last:?} after the command's end",
        of_patient.len()
    );
}
