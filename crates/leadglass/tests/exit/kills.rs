//! The gateway is killed while copies go out, again and again: no byte leaves without an account, no order is lost.

use super::archive::{bring, is_sound, open, open_releases, study, wait_for};
use super::desk::{Desk, patient};
use super::gateway::Gateway;
use super::party;
use super::storescp::StoreScp;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use store::{AttemptState, PieceState, ReleaseState, Store};
use testkit::{Modality, Random, Study};

/// Kills in everyday tests; `LEADGLASS_KILLS` asks for more.
const KILLS: u64 = 25;
/// Slices of each study.
const SLICES: u32 = 12;

/// What the accounts say of each copy that was ever to leave, by its SOP Instance UID.
async fn accounts(store: &Store) -> BTreeMap<String, BTreeSet<&'static str>> {
    let mut all: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
    for release in store.releases(None, u32::MAX).await.unwrap() {
        let pieces = store.pieces(release.id).await.unwrap();
        for attempt in store.attempts(release.id).await.unwrap() {
            let piece = pieces
                .iter()
                .find(|piece| piece.instance == attempt.instance)
                .unwrap();
            let copy = piece.copy_uid.as_ref().unwrap().to_string();
            all.entry(copy).or_default().insert(attempt.state.as_str());
        }
    }
    all
}

/// Whatever is there has an account; whatever counts as sent is there.
fn agree(received: &BTreeSet<String>, accounts: &BTreeMap<String, BTreeSet<&'static str>>, when: &str) {
    for uid in received {
        let states = accounts
            .get(uid)
            .unwrap_or_else(|| panic!("{when}: {uid} left without an account"));
        assert!(
            ["sent", "unknown", "intended"]
                .iter()
                .any(|state| states.contains(state)),
            "{when}: {uid} is said not to have left: {states:?}"
        );
    }
    for (uid, states) in accounts {
        assert!(
            !states.contains("sent") || received.contains(uid),
            "{when}: {uid} counts as sent and is not there"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_without_an_account_and_no_order_is_lost() {
    let kills: u64 = std::env::var("LEADGLASS_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(KILLS);
    let desk = Desk::new();
    let Some(scp) = StoreScp::start(desk.path("received"), &[]) else {
        return;
    };
    let studies: Vec<Study> = (0..kills.max(5) * 4 / 5)
        .map(|number| study(number, &patient(number), Modality::Mr, SLICES, 64))
        .collect();
    bring(&desk, &studies);
    party::ai(&desk, "acme", &party::dicom(scp.port, "STORESCP"), "");
    let config = "[release]\nfirst_retry_millis = 100\nlongest_retry_seconds = 1\n";
    let store = open(&desk).await;
    let mut random = Random::new(9, &[]);
    let (mut ordered, mut cut) = (0, 0);
    for kill in 0..kills {
        let gateway = Gateway::start(&desk, config);
        if let Some(study) = studies.get(ordered) {
            party::order(&desk, study.uid().as_str(), "acme");
            ordered += 1;
        }
        tokio::time::sleep(Duration::from_millis(random.below(700))).await;
        // SIGKILL.
        drop(gateway);
        // The peer notices that the connection broke, and drops what was not complete.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let accounts = accounts(&store).await;
        let received = scp.received().into_keys().collect();
        agree(&received, &accounts, &format!("kill {kill}"));
        cut += accounts
            .values()
            .filter(|states| states.contains("intended"))
            .count();
    }
    let _gateway = Gateway::start(&desk, config);
    wait_for("all releases are over", Duration::from_mins(2), || {
        open_releases(&desk).is_empty().then_some(())
    })
    .await;

    let releases = store.releases(None, u32::MAX).await.unwrap();
    assert_eq!(releases.len(), studies.len(), "every order is there");
    for release in &releases {
        assert_eq!(release.state, ReleaseState::Done, "{:?}", release.reason);
        let pieces = store.pieces(release.id).await.unwrap();
        assert!(pieces.len() == SLICES as usize && pieces.iter().all(|it| it.state == PieceState::Delivered));
        let attempts = store.attempts(release.id).await.unwrap();
        assert!(
            attempts
                .iter()
                .all(|attempt| attempt.state != AttemptState::Intended)
        );
    }
    let accounts = accounts(&store).await;
    let received: BTreeSet<String> = scp.received().into_keys().collect();
    agree(&received, &accounts, "in the end");
    assert_eq!(received.len(), studies.len() * SLICES as usize);
    for study in &studies {
        let report = desk.one(&["report", &study.patient.id, "--format", "json"]);
        let event = report["events"]
            .as_array()
            .unwrap()
            .iter()
            .find(|it| it["kind"] == "release")
            .unwrap();
        assert_eq!(
            (&event["instances"]["sent"], &event["instances"]["intended"]),
            (&SLICES.into(), &0.into()),
            "{event}"
        );
    }
    store.close().await;
    is_sound(&desk);
    let unknown = accounts
        .values()
        .filter(|states| states.contains("unknown"))
        .count();
    println!(
        "{kills} kills, {cut} of them within an attempt: {} copies arrived, all accounted for; {unknown} had an attempt that \
         nobody can judge",
        received.len()
    );
}
