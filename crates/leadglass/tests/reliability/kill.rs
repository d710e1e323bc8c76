//! Killed while scans come in, again and again: what was acknowledged is there, whole, sealed and in the log.

use super::doors::{echo, request};
use super::gateway::{Data, Gateway};
use super::scan::{self, CT, STUDY};
use super::{http, program};
use dimse::{Association, Proposal};
use model::Uid;
use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use testkit::{Encoding, Random, Vr};

/// Kills in everyday tests; `LEADGLASS_KILLS` asks for more.
const KILLS: u64 = 12;
/// Associations that send at the same time.
const SENDERS: u64 = 4;
/// From start to the first C-ECHO.
const RESTART: Duration = Duration::from_secs(2);

/// What the senders know, written down before anything else happens.
#[derive(Default)]
struct Journal {
    sent: BTreeSet<Uid>,
    acknowledged: BTreeSet<Uid>,
}

/// Sends scans of one study over one association until the connection breaks.
async fn send(port: u16, study: Uid, mut random: Random, journal: Arc<Mutex<Journal>>) {
    let syntax = scan::uid(Encoding::ExplicitLe.transfer_syntax());
    let proposal = Proposal::object(&scan::uid(CT), &syntax);
    let Ok(mut association) = Association::request(("127.0.0.1", port), &request(vec![proposal])).await
    else {
        return;
    };
    loop {
        let matrix = [16, 64, 256, 512][random.below(4) as usize];
        let mut scan = scan::plain(&mut random, matrix);
        scan.text(STUDY, Vr::UI, &study)
            .text(scan::PATIENT_ID, Vr::LO, study.as_str());
        let object = scan::object(&scan, Encoding::ExplicitLe);
        let uid = object.sop_instance.clone();
        journal.lock().unwrap().sent.insert(uid.clone());
        let stored = association
            .store(&object.sop_class, &uid, &syntax, &object.data_set[..])
            .await;
        match stored {
            Ok(response) if response.status.is_stored() => {
                journal.lock().unwrap().acknowledged.insert(uid);
            }
            Ok(response) => panic!("refused: {response:?}"),
            Err(_) => return,
        }
    }
}

/// The SOP Instance UIDs that QIDO-RS lists of a study.
fn listed(gateway: &Gateway, study: &Uid) -> BTreeSet<Uid> {
    let answer = http::get(gateway, &format!("/studies/{study}/instances"));
    if answer.status == 204 {
        return BTreeSet::new();
    }
    let instances: Vec<serde_json::Value> = serde_json::from_slice(&answer.body).unwrap_or_default();
    let uid = |instance: &serde_json::Value| scan::uid(instance["00080018"]["Value"][0].as_str().unwrap());
    instances.iter().map(uid).collect()
}

/// Verdicts of all instances of a study, from their own bytes.
fn verdicts(data: &Data, study: &Uid) -> Vec<String> {
    let report = program::document(&program::run(data, ["verify", study.as_str()]));
    let name = |file: &serde_json::Value| file["verdict"].as_str().unwrap_or("none").to_owned();
    match report["files"].as_array() {
        Some(files) => files.iter().map(name).collect(),
        // A study of a single instance is verified as that instance.
        None => vec![name(&report)],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_acknowledged_survives_every_kill() {
    let kills = std::env::var("LEADGLASS_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(KILLS);
    let data = Data::new();
    let mut gateway = Gateway::start(&data);
    let mut random = Random::new(3, &[]);
    let (mut restarts, mut acknowledged, mut kept, mut unanswered) = (Vec::new(), 0, 0, 0);
    let early = data.files().join("early");
    for kill in 0..kills {
        let study = random.uid();
        let journal = Arc::new(Mutex::new(Journal::default()));
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let random = Random::new(4, &[kill, sender]);
                tokio::spawn(send(gateway.dimse, study.clone(), random, Arc::clone(&journal)))
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(20 + random.below(600))).await;
        // SIGKILL; the connections break, and so the senders end.
        drop(gateway);
        for sender in senders {
            sender.await.unwrap();
        }

        let begun = Instant::now();
        gateway = Gateway::start(&data);
        assert!(echo(gateway.dimse).await, "no C-ECHO after kill {kill}");
        restarts.push(begun.elapsed());

        let journal = journal.lock().unwrap();
        let listed = listed(&gateway, &study);
        let lost: Vec<_> = journal.acknowledged.difference(&listed).collect();
        assert!(lost.is_empty(), "kill {kill}: acknowledged and lost: {lost:?}");
        assert!(listed.is_subset(&journal.sent), "kill {kill}: never sent");
        if !listed.is_empty() {
            let verdicts = verdicts(&data, &study);
            assert_eq!(verdicts.len(), listed.len(), "kill {kill}");
            assert!(
                verdicts.iter().all(|name| name == "authentic"),
                "kill {kill}: {verdicts:?}"
            );
        }
        acknowledged += journal.acknowledged.len();
        kept += listed.len();
        unanswered += journal.sent.len() - journal.acknowledged.len();
        if kill == 0 {
            let checkpoint = program::document(&program::run(&data, ["log", "checkpoint"]));
            fs::write(&early, checkpoint["checkpoint"].as_str().unwrap()).unwrap();
        }
    }
    let checked = program::fsck(&data);
    assert_eq!(checked.instances, kept as u64);
    let early = early.to_str().unwrap();
    let log = program::run(&data, ["log", "verify", "--from", early]);
    assert!(log.status.success(), "{}", String::from_utf8_lossy(&log.stdout));
    assert!(program::log_size(&data) >= kept as u64);
    gateway.assert_log_without_phi();

    restarts.sort();
    let (median, longest) = (restarts[restarts.len() / 2], restarts[restarts.len() - 1]);
    println!(
        "{kills} kills: {acknowledged} acknowledged, 0 lost; {unanswered} unanswered, {} of them kept whole; \
         {} orphaned blobs; from start to C-ECHO {median:?} (median), {longest:?} (longest)",
        kept - acknowledged,
        checked.orphans
    );
    assert!(median < RESTART, "restarting takes {median:?}");
}
