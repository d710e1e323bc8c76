//! Whom a breach concerns.

use super::desk::{Desk, EVER, patient};
use serde_json::json;

fn exposed<'a>(recipient: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["exposed", recipient][..], &EVER, more].concat()
}

#[test]
fn a_name_that_is_not_there_is_no_empty_answer() {
    let desk = Desk::new();
    desk.import(1, &patient(1), None);
    assert!(
        desk.fails(1, &exposed("harbor", &[]))
            .contains("no recipient has the name harbor")
    );
    desk.hospital("harbour");
    let none = desk.one(&exposed("harbour", &[]));
    assert_eq!(none["patients"], json!([]));
    assert_eq!(none["counts"]["patients"], 0);
    for wrong in [
        &["exposed", "harbour"][..],
        &["exposed", "harbour", "--from", "2026-13-01", "--to", "2026-12-31"],
        &["exposed", "Harbour", "--from", "2026-01-01", "--to", "2026-12-31"],
        &[
            "exposed",
            "harbour",
            "--from",
            "2026-01-01",
            "--to",
            "2026-12-31",
            "--contact",
            "x",
        ],
    ] {
        desk.fails(2, wrong);
    }
    desk.fails(
        1,
        &["exposed", "harbour", "--from", "2026-02-01", "--to", "2026-01-01"],
    );
}

#[test]
fn it_lists_whom_it_concerns_and_nobody_else() {
    let desk = Desk::new();
    let people: Vec<_> = (1..=4).map(patient).collect();
    let studies: Vec<String> = (1..)
        .zip(&people)
        .map(|(seed, who)| desk.import(seed, who, None))
        .collect();
    let second = desk.import(9, &people[0], None);
    desk.hospital("harbour");
    desk.hospital("elsewhere");
    for (study, recipient, purpose) in [
        (&studies[0], "harbour", "TREAT"),
        (&second, "harbour", "TREAT"),
        (&studies[1], "harbour", "TREAT"),
        (&studies[2], "elsewhere", "TREAT"),
        (&studies[3], "harbour", "AITRAIN"),
    ] {
        desk.release(study, recipient, &["--purpose", purpose]);
    }
    let found = desk.one(&exposed("harbour", &[]));
    let listed: Vec<(&str, usize)> = found["patients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["patient_id"].as_str().unwrap(),
                it["studies"].as_array().unwrap().len(),
            )
        })
        .collect();
    assert_eq!(listed, [(people[0].id.as_str(), 2), (people[1].id.as_str(), 1)]);
    assert_eq!(
        found["counts"],
        json!({"patients": 2, "studies": 3, "sent": 3, "unknown": 0, "erased_patients": 0})
    );
    let first = &found["patients"][1]["studies"][0];
    assert_eq!(
        (&first["uid"], &first["sent"], &first["copy_state"]),
        (&json!(studies[1]), &json!(1), &json!("live"))
    );
    // A day is in the period whole; the day before is another.
    let day = first["first_at"].as_str().unwrap().split('T').next().unwrap();
    let on = desk.one(&["exposed", "harbour", "--from", day, "--to", day]);
    assert_eq!(on["counts"]["studies"], 3);
    let moment = first["first_at"].as_str().unwrap();
    let before = desk.one(&["exposed", "harbour", "--from", "2020-01-01", "--to", moment]);
    assert_eq!(
        before["counts"]["studies"], 2,
        "the period ends before that moment"
    );
    // Whoever was struck off still has what it has.
    desk.one(&["admin", "recipient", "remove", "harbour"]);
    assert_eq!(desk.one(&exposed("harbour", &[]))["counts"], found["counts"]);
    assert_eq!(
        desk.lines(&["admin", "copies", "--recipient", "harbour"]).len(),
        3
    );
    assert_eq!(
        desk.lines(&["admin", "copies", "--patient", &people[0].id]).len(),
        2
    );
    let report = desk.one(&["report", &people[1].id]);
    let looked = report["events"].as_array().unwrap().iter();
    assert!(
        looked.filter(|it| it["kind"] == "search").count() >= 2,
        "reading names is a read"
    );
}

#[test]
fn each_patient_gets_a_letter_of_their_own() {
    let desk = Desk::new();
    let people: Vec<_> = (1..=2).map(patient).collect();
    let studies: Vec<String> = (1..)
        .zip(&people)
        .map(|(seed, who)| desk.import(seed, who, None))
        .collect();
    desk.hospital("harbour");
    for study in &studies {
        desk.release(study, "harbour", &["--purpose", "TREAT"]);
    }
    let facility = desk.file("facility.toml", "name = \"Test <Hospital>\"\n");
    desk.one(&["admin", "facility", "set", &facility]);
    let folder = desk.path("letters");
    let asked = [
        "--letters",
        folder.to_str().unwrap(),
        "--what-happened",
        "A thief took a disk.",
        "--found-on",
        "2026-11-20",
        "--contact",
        "Call 800 555 0100.",
    ];
    let found = desk.one(&exposed("harbour", &asked));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2);
    for (who, patient) in people.iter().zip(found["patients"].as_array().unwrap()) {
        let file = patient["letter"].as_str().unwrap();
        assert!(!file.contains(&who.id));
        let letter = std::fs::read_to_string(file).unwrap();
        for text in [
            "A thief took a disk.",
            "2026-11-20",
            "Call 800 555 0100.",
            "Harbour Hospital",
            "Test &lt;Hospital&gt;",
            "your date of birth",
            "What you can do",
            "What we do",
            "was sent on",
        ] {
            assert!(letter.contains(text), "{text}: {letter}");
        }
        let given = |patient: &testkit::Patient| {
            format!("Dear {} Phantom", patient.name.trim_start_matches("Phantom^"))
        };
        assert!(letter.contains(&given(who)));
        assert!(people.iter().filter(|it| letter.contains(&given(it))).count() == 1);
        assert!(!letter.contains("fill in"));
    }
    let bare = desk.run(&exposed("harbour", &["--letters", folder.to_str().unwrap()]));
    assert!(String::from_utf8_lossy(&bare.stderr).contains("--what-happened"));
    let letter = std::fs::read_to_string(folder.join("letter-000001.html")).unwrap();
    assert!(letter.contains("[fill in: what happened, and when]"));
}
