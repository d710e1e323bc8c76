//! A research cohort: exactly those who may be in it.

use super::archive::{import, long_ago, open, study, write};
use super::desk::{Desk, patient};
use super::party;
use super::storescp::files;
use consent::{Directive, DirectiveId, Says, Scope, Signer};
use model::{Purpose, Redacted};
use std::path::Path;
use std::process::Command;
use store::PatientIdentity;
use testkit::peers::Peer;
use testkit::{Modality, Study};

/// Patients in everyday tests; `LEADGLASS_COHORT` asks for more.
const PATIENTS: u64 = 300;
/// Every tenth says no.
const SAYS_NO: u64 = 10;

fn directive(says: Says) -> Directive {
    Directive {
        id: DirectiveId(0),
        says,
        scope: Scope::Purpose(Purpose::Hresch),
        recipient: None,
        starts: long_ago(),
        ends: None,
        signed_by: Signer::Patient,
        covers_payment: false,
        after_death: false,
        made_at: long_ago(),
        withdrawn_at: None,
    }
}

/// DICOM files anywhere below a folder.
fn copies(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for path in files(folder) {
        if path.is_dir() {
            found.extend(copies(&path));
        } else if path.extension().is_some_and(|name| name == "dcm") {
            found.push(path);
        }
    }
    found
}

fn cohort(desk: &Desk, list: &str, more: &[&str]) -> std::process::Output {
    let order = [
        "release",
        "--cohort",
        list,
        "--recipient",
        "uni",
        "--purpose",
        "HRESCH",
        "--json",
    ];
    desk.run(&[&order, more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_those_who_may_be_in_it() {
    let patients = std::env::var("LEADGLASS_COHORT")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(PATIENTS);
    let desk = Desk::new();
    let studies: Vec<Study> = (0..patients)
        .map(|number| study(number, &patient(number), Modality::Dx, 1, 16))
        .collect();
    let scans = desk.path("in");
    write(&scans, &studies);
    import(&desk, &scans);
    let store = open(&desk).await;
    for study in &studies {
        let says = if study.seed % SAYS_NO == 0 {
            Says::No
        } else {
            Says::Yes
        };
        // The issuer that stands in the scans: a yes counts for that patient alone.
        let identity = PatientIdentity {
            issuer: Redacted::new("GLASSHOUSE".to_owned()),
            id: Redacted::new(study.patient.id.clone()),
        };
        store.record_directive(identity, directive(says)).await.unwrap();
    }
    store.close().await;
    let out = desk.path("out");
    std::fs::create_dir_all(&out).unwrap();
    party::set(&desk, "uni", "HRESCH", "research", &party::folder(&out), "");
    let lines: Vec<String> = studies.iter().map(|study| study.uid().to_string()).collect();
    let list = desk.file("cohort.txt", &lines.join("\n"));

    let output = cohort(&desk, &list, &["--timeout", "300"]);
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<serde_json::Value> = answers
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), studies.len());
    assert_eq!(output.status.code(), Some(3), "{}", answers[1]);
    let mut permitted = 0;
    for (study, answer) in studies.iter().zip(&answers) {
        let expected = if study.seed % SAYS_NO == 0 {
            "denied"
        } else {
            "done"
        };
        assert_eq!(answer["study"], study.uid().as_str());
        assert_eq!(answer["state"], expected, "{answer}");
        permitted += usize::from(expected == "done");
    }
    assert_eq!(copies(&out).len(), permitted);
    let exposed = desk.run(&[&["exposed", "uni", "--json"][..], &super::desk::EVER].concat());
    let exposed = String::from_utf8(exposed.stdout).unwrap();
    for study in &studies {
        let named = exposed.contains(&format!("\"{}\"", study.patient.id));
        assert_eq!(named, study.seed % SAYS_NO != 0, "{}", study.patient.id);
    }
    println!("{patients} patients: {permitted} permitted and exported, 0 of the others");
    one_record_that_cannot_be_read_stops_all(&desk, &list, &out);
}

fn one_record_that_cannot_be_read_stops_all(desk: &Desk, list: &str, out: &Path) {
    let Some(python) = super::peer::or_skip(Peer::Python, "python3") else {
        return;
    };
    let script = "import sqlite3, sys\n\
        index = sqlite3.connect(sys.argv[1], timeout=30)\n\
        number, sealed = index.execute('SELECT id, sealed FROM directive ORDER BY id LIMIT 1 OFFSET 7').fetchone()\n\
        sealed = bytearray(sealed)\n\
        sealed[len(sealed) // 2] ^= 1\n\
        index.execute('UPDATE directive SET sealed = ? WHERE id = ?', (bytes(sealed), number))\n\
        index.commit()\n";
    let done = Command::new(python)
        .args(["-c", script])
        .arg(desk.path("data/index.sqlite"))
        .status()
        .unwrap();
    assert!(done.success());
    let (before, releases) = (
        copies(out).len(),
        desk.lines(&["admin", "releases", "--limit", "100000"]).len(),
    );
    std::fs::rename(out, desk.path("earlier")).unwrap();
    std::fs::create_dir_all(out).unwrap();
    let output = cohort(desk, list, &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.stdout.is_empty() && said.contains("nothing was queued, and nothing leaves"),
        "{said}"
    );
    assert!(before > 0 && copies(out).is_empty());
    assert_eq!(
        desk.lines(&["admin", "releases", "--limit", "100000"]).len(),
        releases,
        "nothing was queued"
    );
}
