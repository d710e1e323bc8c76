//! Real peers receive: what arrives is what the accounts say, names nobody, and can be verified by whoever holds it.

use super::archive::{bring, import, is_sound, open_releases, study, wait_for};
use super::desk::{Desk, patient};
use super::gateway::{Gateway, free_port};
use super::inbox::Listening;
use super::offline::is_derived;
use super::orthanc::Orthanc;
use super::storescp::{StoreScp, files};
use super::{party, peer};
use dicom::part10::FileMeta;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;
use testkit::peers::Peer;
use testkit::{Encoding, Modality, Study};

const IMPLICIT: &str = "1.2.840.10008.1.2";
const NATIVE: [&str; 2] = [IMPLICIT, "1.2.840.10008.1.2.1"];
const PATIENCE: Duration = Duration::from_mins(2);

/// Three studies of one patient: CT, MR and a radiograph.
fn scans(person: u64) -> (testkit::Patient, [Study; 3]) {
    let who = patient(person);
    let scans = [
        study(1, &who, Modality::Ct, 5, 64),
        study(2, &who, Modality::Mr, 4, 64),
        study(3, &who, Modality::Dx, 1, 128),
    ];
    (who, scans)
}

fn transfer_syntax(file: &Path) -> String {
    let bytes = std::fs::read(file).unwrap();
    let meta = FileMeta::read(&bytes, true).unwrap().unwrap();
    meta.transfer_syntax.uid.to_string()
}

/// Orders all studies for a recipient and waits; gives how many instances were confirmed.
fn send(desk: &Desk, studies: &[Study], recipient: &str) -> u64 {
    let mut sent = 0;
    for study in studies {
        let released = desk.release(study.uid().as_str(), recipient, &["--purpose", "AIANALYSIS"]);
        assert_eq!(released["state"], "done", "{released}");
        assert_eq!(
            released["sent"],
            u64::from(study.slices * study.series),
            "{released}"
        );
        assert_eq!(
            (released["unknown"].as_u64(), released["withheld"].as_u64()),
            (Some(0), Some(0))
        );
        sent += released["sent"].as_u64().unwrap();
    }
    sent
}

#[test]
fn storescp_gets_what_the_accounts_say() {
    let desk = Desk::new();
    let (who, scans) = scans(12);
    for (name, options) in [("any", &[][..]), ("implicit", &["+xi"])] {
        let Some(scp) = StoreScp::start(desk.path(name), options) else {
            return;
        };
        if name == "any" {
            bring(&desk, &scans);
        }
        party::ai(&desk, name, &party::dicom(scp.port, "STORESCP"), "");
        let sent = send(&desk, &scans, name);
        let copies = scp.received();
        assert_eq!(copies.len() as u64, sent, "{name}");
        for (uid, copy) in &copies {
            assert!(
                scans
                    .iter()
                    .flat_map(Study::instances)
                    .all(|own| own.sop_instance.as_str() != uid)
            );
            is_derived(&desk, copy, &who);
            let syntax = transfer_syntax(copy);
            assert!(name == "any" || syntax == IMPLICIT, "{syntax}");
        }
    }
    // The two recipients cannot join what they hold.
    let names = |folder: &str| {
        files(&desk.path(folder))
            .into_iter()
            .map(|file| file.file_name().unwrap().to_owned())
    };
    let one: std::collections::BTreeSet<_> = names("any").collect();
    assert!(names("implicit").all(|name| !one.contains(&name)));
    let report = desk.one(&["report", &who.id]);
    let told = report["events"].as_array().unwrap().iter();
    let told: u64 = told
        .filter(|it| it["kind"] == "release")
        .map(|it| it["instances"]["sent"].as_u64().unwrap())
        .sum();
    assert_eq!(told, 2 * 10);
    let exposed = desk.run(&[&["exposed", "any", "--json"][..], &super::desk::EVER].concat());
    let exposed = String::from_utf8(exposed.stdout).unwrap();
    assert!(exposed.contains(&who.id), "{exposed}");
    is_sound(&desk);
}

#[test]
fn orthanc_gets_what_the_accounts_say_by_both_ways() {
    let desk = Desk::new();
    let (who, scans) = scans(13);
    let Some(orthanc) = Orthanc::start(&desk.path("orthanc")) else {
        return;
    };
    bring(&desk, &scans);
    party::ai(&desk, "by-dicom", &party::dicom(orthanc.dicom, "ORTHANC"), "");
    party::ai(&desk, "by-web", &party::stow(orthanc.http), "");
    let mut sent = send(&desk, &scans, "by-dicom");
    assert_eq!(orthanc.fetch(&desk.path("first")).len() as u64, sent);
    sent += send(&desk, &scans, "by-web");
    let copies = orthanc.fetch(&desk.path("both"));
    assert_eq!(copies.len() as u64, sent);
    for copy in &copies {
        is_derived(&desk, copy, &who);
    }
}

/// Compressed copies of a study, by whichever encoders are here.
fn compressed(desk: &Desk, study: &Study) -> Option<(PathBuf, usize)> {
    let (native, coded) = (desk.path("native"), desk.path("coded"));
    std::fs::create_dir_all(&native).unwrap();
    std::fs::create_dir_all(&coded).unwrap();
    let encoders = [
        (Peer::Dcmtk, "dcmcjpeg", "+e1"),
        (Peer::Gdcm, "gdcmconv", "-K"),
        (Peer::Dcmtk, "dcmcrle", ""),
    ];
    let mut made = 0;
    for (number, (instance, (peer, program, option))) in study.instances().zip(encoders).enumerate() {
        let Some(encoder) = peer.find(program) else {
            continue;
        };
        let (from, to) = (
            native.join(format!("{number}.dcm")),
            coded.join(format!("{number}.dcm")),
        );
        std::fs::write(&from, instance.object(Encoding::ExplicitLe).part10()).unwrap();
        let words = option.split_whitespace().map(PathBuf::from).chain([from, to]);
        assert!(peer::went_well(&peer::run(&encoder, words)), "{program}");
        made += 1;
    }
    (made > 0).then_some((coded, made))
}

#[test]
fn a_compressed_scan_goes_uncompressed_to_who_takes_nothing_else() {
    let desk = Desk::new();
    let who = patient(14);
    let scan = study(7, &who, Modality::Mr, 3, 64);
    let Some(plain) = StoreScp::start(desk.path("plain"), &["+xi"]) else {
        return;
    };
    let Some(any) = StoreScp::start(desk.path("any"), &["+xa"]) else {
        return;
    };
    let Some((coded, count)) = compressed(&desk, &scan) else {
        return;
    };
    import(&desk, &coded);
    party::ai(&desk, "plain", &party::dicom(plain.port, "STORESCP"), "");
    party::ai(&desk, "any", &party::dicom(any.port, "STORESCP"), "");
    for (recipient, scp) in [("plain", &plain), ("any", &any)] {
        let released = desk.release(scan.uid().as_str(), recipient, &["--purpose", "AIANALYSIS"]);
        assert_eq!(
            (released["state"].as_str(), released["sent"].as_u64()),
            (Some("done"), Some(count as u64)),
            "{released}"
        );
        let copies = scp.received();
        assert_eq!(copies.len(), count);
        for copy in copies.values() {
            is_derived(&desk, copy, &who);
            let native = NATIVE.contains(&transfer_syntax(copy).as_str());
            assert_eq!(
                native,
                recipient == "plain",
                "{recipient}: {}",
                transfer_syntax(copy)
            );
        }
    }
    // What left is what came: the samples of the uncompressed copies are those of the scan.
    let pixels = |file: &Path| -> Vec<u8> {
        let bytes = std::fs::read(file).unwrap();
        let own = scan
            .instances()
            .map(|instance| match instance.data_set.get(0x7fe0_0010) {
                Some((_, testkit::Value::Bytes(samples))) => samples.clone(),
                other => panic!("no pixels: {other:?}"),
            });
        own.into_iter()
            .find(|samples| {
                bytes
                    .windows(samples.len())
                    .any(|part| part == samples.as_slice())
            })
            .unwrap()
    };
    let found: std::collections::BTreeSet<_> = plain.received().values().map(|file| pixels(file)).collect();
    assert_eq!(found.len(), count);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_dead_or_hangs_delays_nobody_else() {
    let desk = Desk::new();
    let (who, scans) = scans(15);
    bring(&desk, &scans);
    let hanging = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let good = Listening::start(Duration::ZERO);
    party::ai(&desk, "dead", &party::dicom(free_port(), "DEAD"), "");
    party::ai(
        &desk,
        "hanging",
        &party::dicom(hanging.local_addr().unwrap().port(), "HANGING"),
        "",
    );
    party::ai(
        &desk,
        "hanging-web",
        &party::stow(hanging.local_addr().unwrap().port()),
        "",
    );
    party::ai(&desk, "good", &party::dicom(good.port, "INBOX"), "");
    let _gateway = Gateway::start(&desk, "");
    for study in &scans {
        for recipient in ["dead", "hanging", "hanging-web"] {
            party::order(&desk, study.uid().as_str(), recipient);
        }
    }
    for study in &scans {
        party::order(&desk, study.uid().as_str(), "good");
    }
    wait_for("all copies at the good one", PATIENCE, || {
        (good.inbox.received().len() >= 10).then_some(())
    })
    .await;
    wait_for("the good one's releases are over", PATIENCE, || {
        open_releases(&desk)
            .iter()
            .all(|it| it["recipient"] != "good")
            .then_some(())
    })
    .await;
    let waiting = open_releases(&desk);
    assert_eq!(waiting.len(), 9, "the others wait, and are not lost: {waiting:?}");
    let report = desk.one(&["report", &who.id]);
    for event in report["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["kind"] == "release")
    {
        let sent = event["instances"]["sent"].as_u64().unwrap();
        assert_eq!(sent > 0, event["recipient"]["id"] == "good", "{event}");
        // Of what went to somebody who reads nothing, nobody can say that it did not arrive.
        let by_dicom = event["recipient"]["id"] == "dead" || event["recipient"]["id"] == "hanging";
        assert!(!by_dicom || event["copy"] == Value::Null, "{event}");
    }
    let uids: std::collections::BTreeSet<_> = good.inbox.received().into_iter().map(|it| it.uid).collect();
    assert_eq!(uids.len(), 10);
}
