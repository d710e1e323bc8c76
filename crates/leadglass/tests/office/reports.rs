//! The patient's account.

use super::desk::{Desk, patient};
use serde_json::{Value, json};
use std::collections::HashSet;

/// An archive in which a copy of a patient's scan went to a hospital, and another was denied.
fn scene() -> (Desk, testkit::Patient, String) {
    let desk = Desk::new();
    let who = patient(1);
    let study = desk.import(1, &who, None);
    desk.import(2, &patient(2), None);
    desk.hospital("harbour");
    let sent = desk.release(&study, "harbour", &["--purpose", "HLEGAL"]);
    assert_eq!(sent["state"], "done", "{sent}");
    let denied = desk.release(&study, "harbour", &["--purpose", "AITRAIN"]);
    assert_eq!(denied["state"], "denied");
    (desk, who, study)
}

fn kinds(report: &Value) -> Vec<&str> {
    let events = report["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn it_tells_what_went_what_was_denied_and_who_looked() {
    let (desk, who, study) = scene();
    let report = desk.one(&["report", &who.id]);
    assert_eq!(
        kinds(&report),
        ["search", "denial", "release"],
        "this report is a read, too"
    );
    assert_eq!(report["patient"]["id"], who.id.as_str());
    let (denial, release) = (&report["events"][1], &report["events"][2]);
    assert_eq!(denial["recipient"]["name"], "Harbour Hospital");
    assert!(!denial["reasons"][0].as_str().unwrap().is_empty());
    assert_eq!(
        release["instances"],
        json!({"asked": 1, "sent": 1, "not_sent": 0, "unknown": 0, "intended": 0})
    );
    assert_eq!(
        (&release["study"]["uid"], &release["study"]["modality"]),
        (&json!(study), &json!("DX"))
    );
    assert_eq!(release["copy"]["state"], "live");
    assert_eq!(release["recipient"]["address"], "2 Example Street, Dublin");
    assert_eq!(release["legal"]["accounted"], true);
    assert!(
        report["log"]["checkpoint"]
            .as_str()
            .unwrap()
            .starts_with(report["log"]["origin"].as_str().unwrap())
    );
    let ids: HashSet<&str> = report["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    assert!(ids.len() == 3 && ids.iter().all(|id| id.len() == 16));
    let again = desk.one(&["report", &who.id]);
    assert_eq!(kinds(&again), ["search", "search", "denial", "release"]);
    assert_eq!(again["events"][3]["id"], release["id"], "an event keeps its name");
}

#[test]
fn the_legal_view_lists_what_the_law_wants() {
    let (desk, who, _) = scene();
    let report = desk.one(&["report", &who.id, "--view", "legal"]);
    let disclosures = report["disclosures"].as_array().unwrap();
    assert_eq!(disclosures.len(), 1);
    assert_eq!(disclosures[0]["recipient"]["name"], "Harbour Hospital");
    let treated = desk.one(&["report", "PHANTOM-000002", "--view", "legal"]);
    assert_eq!(treated["disclosures"], json!([]));
}

#[test]
fn every_form_is_what_it_says() {
    let (desk, who, _) = scene();
    let stdout = |more: &[&str]| {
        let output = desk.run(&[&["report", &who.id][..], more].concat());
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    };
    let html = String::from_utf8(stdout(&[])).unwrap();
    assert!(html.contains("<html lang=\"en\"") && html.contains("Copies went to Harbour Hospital"));
    let spanish = String::from_utf8(stdout(&["--lang", "es"])).unwrap();
    assert!(spanish.contains("Se enviaron copias a Harbour Hospital"));
    let csv = String::from_utf8(stdout(&["--format", "csv"])).unwrap();
    assert!(csv.starts_with("\"id\",\"at\",\"kind\"") && csv.contains("Harbour Hospital"));
    assert!(stdout(&["--format", "pdf"]).starts_with(b"%PDF-"));
    let file = desk.path("report.pdf");
    let written = desk.one(&[
        "report",
        &who.id,
        "--format",
        "pdf",
        "--out",
        file.to_str().unwrap(),
    ]);
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    assert_eq!(written["bytes"], bytes.len());
}

#[test]
fn a_period_is_kept_to() {
    let (desk, who, _) = scene();
    assert_eq!(
        kinds(&desk.one(&["report", &who.id, "--to", "2020-01-01"])),
        [""; 0]
    );
    let now = desk.one(&["report", &who.id, "--from", "2026-01-01", "--to", "2100-01-01"]);
    assert!(kinds(&now).contains(&"release"));
}

#[test]
fn an_unknown_patient_is_an_error() {
    let (desk, ..) = scene();
    let said = desk.fails(1, &["report", "NOBODY"]);
    assert!(said.contains("nobody with this Patient ID"), "{said}");
    assert!(!said.contains("NOBODY"), "no patient data in errors");
    desk.fails(1, &["report", " "]);
}

#[test]
fn what_law_enforcement_holds_back_is_for_the_officer_alone() {
    let (desk, who, _) = scene();
    let suspend = [
        "admin",
        "suspend-accounting",
        "--patient",
        &who.id,
        "--recipient",
        "harbour",
        "--agency",
        "State Police",
        "--until",
        "2099-01-01",
        "--written",
    ];
    desk.one(&suspend);
    for more in [
        &["--view", "legal"][..],
        &[],
        &["--format", "csv"],
        &["--format", "html"],
    ] {
        let output = desk.run(&[&["report", &who.id, "--json"][..], more].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && !text.contains("arbour"), "{text}");
        assert!(!text.contains("Police"));
    }
    let officer = desk.one(&["report", &who.id, "--officer"]);
    let held = officer["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|event| event["kind"] == "release")
        .unwrap();
    assert_eq!(held["suspension"]["agency"], "State Police");
    let past: Vec<&str> = suspend
        .iter()
        .map(|it| if *it == "2099-01-01" { "2020-01-01" } else { it })
        .collect();
    desk.fails(1, &past);
}

#[test]
fn audit_messages_tell_the_same() {
    let (desk, who, study) = scene();
    let balp = desk.lines(&["admin", "audit", "--patient", &who.id, "--format", "balp"]);
    for message in &balp {
        assert_eq!(disclosure::balp::check(message), Vec::<String>::new());
    }
    let disclosed = balp
        .iter()
        .filter(|it| it["meta"]["profile"][0] == disclosure::balp::DISCLOSURE_PROFILE);
    assert_eq!(disclosed.count(), 1);
    let dicom = desk.lines(&["admin", "audit", "--patient", &who.id, "--format", "dicom"]);
    let transferred = dicom
        .iter()
        .filter(|it| it["xml"].as_str().unwrap().contains("\"110104\""));
    let xml: Vec<&Value> = transferred.collect();
    assert_eq!(xml.len(), 1);
    assert!(xml[0]["xml"].as_str().unwrap().contains(&study));
}
