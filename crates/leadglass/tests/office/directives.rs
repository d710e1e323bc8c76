//! What patients decide, and what that stops.

use super::desk::{Desk, patient};
use serde_json::json;

#[test]
fn a_no_stops_what_waits_and_can_be_taken_back() {
    let desk = Desk::new();
    let who = patient(1);
    let study = desk.import(1, &who, None);
    desk.hospital("harbour");
    let queued = desk.release(&study, "harbour", &["--purpose", "TREAT", "--no-wait"]);
    assert_eq!(queued["state"], "queued", "{queued}");
    let no = [
        "admin",
        "directive",
        "add",
        "--patient",
        &who.id,
        "--no",
        "--purpose",
        "TREAT",
    ];
    let effect = desk.one(&no);
    assert_eq!(effect["stopped"], json!([queued["release"]]));
    assert_eq!(effect["patient_here"], true);
    let stopped = desk.one(&["admin", "releases", "--state", "cancelled"]);
    assert_eq!(stopped["release"], queued["release"]);
    let listed = desk.one(&["admin", "directive", "list", "--patient", &who.id]);
    assert_eq!(
        (&listed["says"], &listed["withdrawn_at"]),
        (&json!("no"), &json!(null))
    );
    let id = listed["id"].to_string();
    desk.one(&["admin", "directive", "withdraw", &id]);
    assert!(desk.one(&["admin", "directive", "list", "--patient", &who.id])["withdrawn_at"].is_string());
    desk.fails(1, &["admin", "directive", "withdraw", "77"]);
    let again = desk.release(&study, "harbour", &["--purpose", "TREAT"]);
    assert_eq!(again["state"], "done", "{again}");
    let cancel = [
        "admin",
        "release",
        "cancel",
        &again["release"].to_string(),
        "--reason",
        "late",
    ];
    assert!(desk.fails(1, &cancel).contains("is over"));
}

#[test]
fn an_officer_can_cancel_what_waits() {
    let desk = Desk::new();
    let study = desk.import(1, &patient(1), None);
    desk.hospital("harbour");
    let queued = desk.release(&study, "harbour", &["--purpose", "TREAT", "--no-wait"]);
    let number = queued["release"].to_string();
    desk.one(&[
        "admin",
        "release",
        "cancel",
        &number,
        "--reason",
        "wrong hospital",
    ]);
    let listed = desk.one(&["admin", "releases"]);
    assert_eq!(
        (&listed["state"], &listed["reason"]),
        (&json!("cancelled"), &json!("wrong hospital"))
    );
    desk.fails(1, &["admin", "release", "cancel", "99", "--reason", "x"]);
}

#[test]
fn one_id_from_two_issuers_is_two_people() {
    let desk = Desk::new();
    let (one, other) = (patient(1), patient(2));
    let same = testkit::Patient {
        id: one.id.clone(),
        ..other
    };
    desk.import(1, &one, Some("NORTH"));
    desk.import(2, &same, Some("SOUTH"));
    let id = one.id.as_str();
    let yes = [
        "admin",
        "directive",
        "add",
        "--patient",
        id,
        "--yes",
        "--purpose",
        "HRESCH",
        "--signed-by",
        "patient",
    ];
    let said = desk.fails(1, &yes);
    assert!(
        said.contains("--issuer \"NORTH\" or --issuer \"SOUTH\""),
        "{said}"
    );
    desk.one(&[&yes[..], &["--issuer", "NORTH"]].concat());
    let count = |issuer: &str| {
        desk.lines(&["admin", "directive", "list", "--patient", id, "--issuer", issuer])
            .len()
    };
    assert_eq!((count("NORTH"), count("SOUTH")), (1, 0));
    desk.one(&[
        "admin",
        "directive",
        "add",
        "--patient",
        id,
        "--no",
        "--everything",
    ]);
    assert_eq!((count("NORTH"), count("SOUTH")), (2, 1), "a no holds for both");
    assert!(desk.fails(1, &["report", id]).contains("SOUTH"));
    let report = desk.one(&["report", id, "--issuer", "SOUTH"]);
    assert_eq!(
        report["patient"]["name"],
        same.name.trim_start_matches("Phantom^").to_owned() + " Phantom"
    );
}

#[test]
fn wrong_directives_are_refused() {
    let desk = Desk::new();
    let who = patient(1);
    desk.import(1, &who, None);
    let add = ["admin", "directive", "add", "--patient", who.id.as_str()];
    for (code, more) in [
        (2, &["--yes", "--no", "--everything"][..]),
        (2, &["--purpose", "HRESCH"]),
        (2, &["--no"]),
        (2, &["--yes", "--purpose", "HRESCH"]),
        (2, &["--yes", "--everything", "--signed-by", "patient"]),
        (2, &["--no", "--purpose", "EVERYTHING"]),
        (2, &["--no", "--everything", "--purpose", "HRESCH"]),
        (2, &["--no", "--everything", "--covers-payment"]),
        (2, &["--no", "--everything", "--signed-by", "guardian:"]),
        (2, &["--no", "--everything", "--until", "never"]),
        (1, &["--no", "--everything", "--until", "2020-01-01"]),
        (1, &["--yes", "--purpose", "PATRQT", "--signed-by", "patient"]),
    ] {
        desk.fails(code, &[&add[..], more].concat());
    }
    assert!(
        desk.lines(&["admin", "directive", "list", "--patient", &who.id])
            .is_empty()
    );
    desk.fails(1, &["admin", "directive", "list", "--patient", "NOBODY"]);
}

#[test]
fn what_is_recorded_of_a_person_adds_up() {
    let desk = Desk::new();
    let who = patient(1);
    desk.import(1, &who, None);
    let set = ["admin", "person", "set", "--patient", who.id.as_str()];
    let show = || desk.one(&["admin", "person", "show", "--patient", &who.id]);
    let scanned = show()["born"].clone();
    assert_eq!(scanned.as_str().unwrap().replace('-', ""), who.birth_date);
    desk.one(
        &[
            &set[..],
            &["--guardian", "Ana Ruiz:2030-01-01", "--sensitive", "HIV,PSY"],
        ]
        .concat(),
    );
    desk.one(&[&set[..], &["--guardian", "Bo Lind", "--died", "2026-02-03"]].concat());
    assert_eq!(
        show(),
        json!({"born": scanned, "died": "2026-02-03", "sensitive": ["PSY", "HIV"], "guardians": [
            {"name": "Ana Ruiz", "until": "2030-01-01"}, {"name": "Bo Lind", "until": null}]})
    );
    desk.one(&[&set[..], &["--clear", "died", "--clear", "guardian"]].concat());
    assert_eq!(
        (&show()["died"], &show()["guardians"]),
        (&json!(null), &json!([]))
    );
    desk.fails(
        1,
        &[&set[..], &["--born", "2020-01-01", "--died", "2019-01-01"]].concat(),
    );
}

#[test]
fn a_flag_freezes_a_study_until_it_is_cleared() {
    let desk = Desk::new();
    let who = patient(1);
    let study = desk.import(1, &who, None);
    desk.hospital("harbour");
    desk.one(&["admin", "flag", &study, "--reason", "not mine"]);
    let order = || desk.release(&study, "harbour", &["--purpose", "HLEGAL"]);
    assert_eq!(order()["reasons"][0]["policy"], "flagged");
    let report = desk.one(&["report", &who.id]);
    let flags = report["events"].as_array().unwrap().iter();
    assert_eq!(flags.filter(|event| event["kind"] == "flag").count(), 1);
    desk.one(&["admin", "unflag", &study]);
    desk.fails(1, &["admin", "unflag", &study]);
    assert_eq!(order()["state"], "done");
    desk.fails(1, &["admin", "flag", "1.2.3", "--reason", "x"]);
}
