//! Recipients, routes, staff, the facility.

use super::desk::{Desk, patient};
use consent::Recipient;
use serde_json::json;

/// The TOML blocks of the documentation.
fn documented() -> Vec<&'static str> {
    let text = include_str!("../../../../docs/consent.md");
    text.split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect()
}

fn acme() -> &'static str {
    documented()
        .into_iter()
        .find(|block| block.contains("[agreement]"))
        .unwrap()
}

fn archive() -> Desk {
    let desk = Desk::new();
    desk.import(1, &patient(1), None);
    desk
}

#[test]
fn the_documented_files_can_be_set() {
    let recipient: Recipient = toml::from_str(acme()).unwrap();
    assert_eq!(recipient.check(), Ok(()));
    let desk = archive();
    for block in documented() {
        let file = desk.file("it.toml", block);
        let noun = if block.contains("[agreement]") {
            "recipient"
        } else if block.contains("[when]") {
            "route"
        } else {
            "facility"
        };
        desk.one(&["admin", noun, "set", &file]);
    }
    assert!(documented().len() >= 3);
    assert_eq!(desk.lines(&["admin", "route", "list"]).len(), 1);
}

#[test]
fn a_recipient_is_told_in_words_and_can_be_suspended_and_struck_off() {
    let desk = archive();
    let file = desk.file("acme.toml", acme());
    let set = desk.one(&["admin", "recipient", "set", &file]);
    assert_eq!(
        (&set["recipient"], &set["new"]),
        (&json!("acme-chest-ai"), &json!(true))
    );
    let means = set["means"].to_string();
    for sentence in [
        "AI analysis for the patient's care (AIANALYSIS)",
        "It must delete a copy after 30 days.",
        "It must not train models on copies.",
    ] {
        assert!(means.contains(sentence), "{sentence}: {means}");
    }
    assert_eq!(desk.one(&["admin", "recipient", "set", &file])["new"], false);
    assert_eq!(
        desk.one(&["admin", "recipient", "show", "acme-chest-ai"])["agreement"]["retention_days"],
        30
    );
    desk.one(&[
        "admin",
        "recipient",
        "suspend",
        "acme-chest-ai",
        "--reason",
        "a breach",
    ]);
    assert_eq!(desk.one(&["admin", "recipient", "list"])["suspended"], true);
    desk.one(&["admin", "recipient", "resume", "acme-chest-ai"]);
    assert_eq!(desk.one(&["admin", "recipient", "list"])["suspended"], false);
    desk.one(&["admin", "recipient", "remove", "acme-chest-ai"]);
    assert!(desk.lines(&["admin", "recipient", "list"]).is_empty());
    for command in [
        &["admin", "recipient", "show", "acme-chest-ai"][..],
        &["admin", "recipient", "remove", "acme-chest-ai"],
        &["admin", "recipient", "suspend", "acme-chest-ai", "--reason", "x"],
        &["admin", "recipient", "recall", "acme-chest-ai", "--reason", "x"],
    ] {
        assert!(desk.fails(1, command).contains("acme-chest-ai"), "{command:?}");
    }
}

#[test]
fn what_contradicts_itself_is_refused_with_what_to_do_and_not_kept() {
    let desk = archive();
    for (from, to, advice) in [
        (
            "profile = \"vendor\"",
            "profile = \"original\"",
            "name another profile",
        ),
        ("retention_days = 30", "# no end", "give retention_days"),
        ("[\"AIANALYSIS\"]", "[\"AITRAIN\"]", "say which holds"),
        ("[\"AIANALYSIS\"]", "[]", "lists no purpose"),
        (
            "profile = \"vendor\"",
            "profile = \"vendr\"",
            "there is no profile vendr",
        ),
        ("retention_days", "retension_days", "retension_days"),
        ("id = \"acme-chest-ai\"", "id = \"Acme\"", "lower-case"),
        ("receipt_key = \"", "receipt_key = \"zz", "64 hex digits"),
        ("\"2026-01-15\"", "\"15.01.2026\"", "2026-11-22"),
    ] {
        assert!(acme().contains(from), "{from}");
        let file = desk.file("bad.toml", &acme().replacen(from, to, 1));
        let said = desk.fails(1, &["admin", "recipient", "set", &file]);
        assert!(said.contains(advice) && said.contains("bad.toml"), "{to}: {said}");
    }
    assert!(
        desk.fails(1, &["admin", "recipient", "set", "nowhere.toml"])
            .contains("nowhere.toml")
    );
    assert!(desk.lines(&["admin", "recipient", "list"]).is_empty());
}

#[test]
fn wrong_arguments_are_usage_errors() {
    let desk = archive();
    for command in [
        &["admin", "recipient"][..],
        &["admin", "recipient", "show", "Not A Name"],
        &["admin", "recipient", "suspend", "acme-chest-ai"],
        &["admin", "staff", "set", "ada", "--role", "janitor"],
        &["admin", "copies"],
        &[
            "admin",
            "copies",
            "--patient",
            "a",
            "--recipient",
            "acme-chest-ai",
        ],
        &["admin", "releases", "--state", "lost"],
        &["admin", "audit", "--patient", "a", "--format", "fax"],
        &["admin", "person", "set", "--patient", "a"],
        &["admin", "person", "set", "--patient", "a", "--sensitive", "XYZ"],
        &[
            "admin",
            "person",
            "set",
            "--patient",
            "a",
            "--guardian",
            "Ana:soon",
        ],
        &["report"],
        &["report", "a", "--format", "docx"],
        &["report", "a", "--from", "yesterday"],
    ] {
        desk.fails(2, command);
    }
}

#[test]
fn a_route_says_which_studies_go_its_way() {
    let desk = archive();
    let study = desk.import(2, &patient(2), None);
    let route = |when: &str| {
        format!("name = \"to-harbour\"\nrecipient = \"harbour\"\npurpose = \"TREAT\"\n[when]\n{when}\n")
    };
    let file = desk.file("route.toml", &route("modality = \"D?\""));
    let said = desk.fails(1, &["admin", "route", "set", &file]);
    assert!(said.contains("set it up first"), "{said}");
    desk.hospital("harbour");
    desk.one(&["admin", "route", "set", &file]);
    let tried = desk.one(&["admin", "route", "try", "--study", &study]);
    assert_eq!(tried["routes"][0]["matches"], true, "{tried}");
    let file = desk.file("route.toml", &route("modality = \"D?\"\nsource_ae = \"ROOM-*\""));
    desk.one(&["admin", "route", "set", &file]);
    let tried = desk.one(&["admin", "route", "try", "--study", &study]);
    assert_eq!(
        (&tried["routes"][0]["matches"], &tried["routes"][0]["differs"]),
        (&json!(false), &json!(["source_ae"]))
    );
    let emergency = route("").replace("TREAT", "BTG");
    let file = desk.file("route.toml", &emergency);
    assert!(
        desk.fails(1, &["admin", "route", "set", &file])
            .contains("a person who asks")
    );
    desk.one(&["admin", "route", "remove", "to-harbour"]);
    desk.fails(1, &["admin", "route", "remove", "to-harbour"]);
    desk.fails(1, &["admin", "route", "try", "--study", "1.2.3"]);
}

#[test]
fn a_facility_is_set_whole_and_its_rules_are_checked_first() {
    let desk = archive();
    let rule = |effect: &str| {
        format!(
            "name = \"Test Hospital\"\nai_analysis = \"opt-in\"\nsite_policies = '''\n@id(\"ours\")\n@plain(\"We do not.\")\n\
             {effect} (principal, action == Action::\"AITRAIN\", resource);\n'''\n"
        )
    };
    let file = desk.file("facility.toml", &rule("forbid"));
    desk.one(&["admin", "facility", "set", &file]);
    let shown = desk.one(&["admin", "facility", "show"]);
    assert_eq!(
        (&shown["name"], &shown["ai_analysis"]),
        (&json!("Test Hospital"), &json!("opt-in"))
    );
    let file = desk.file("bad.toml", &rule("permit"));
    assert!(
        desk.fails(1, &["admin", "facility", "set", &file])
            .contains("can only forbid")
    );
    let file = desk.file("bad.toml", "majority = 18\n");
    assert!(
        desk.fails(1, &["admin", "facility", "set", &file])
            .contains("name is empty")
    );
    assert_eq!(desk.one(&["admin", "facility", "show"]), shown);
}

#[test]
fn staff_break_the_glass_once_until_it_was_reviewed() {
    let desk = archive();
    let study = desk.import(3, &patient(3), None);
    desk.hospital("harbour");
    let glass = [
        "--purpose",
        "BTG",
        "--by",
        "ada",
        "--reason",
        "unconscious in the emergency room",
    ];
    assert_eq!(desk.release(&study, "harbour", &glass)["state"], "denied");
    desk.one(&["admin", "staff", "set", "ada", "--role", "clinician"]);
    assert_eq!(
        desk.lines(&["admin", "staff", "list"]),
        [json!({"staff": "ada", "role": "clinician"})]
    );
    assert_eq!(desk.release(&study, "harbour", &glass)["state"], "done");
    assert_eq!(
        desk.release(&study, "harbour", &glass)["state"],
        "denied",
        "one waits for review"
    );
    let used = desk.one(&["admin", "break-glass", "list"]);
    assert_eq!(used["reason"], "unconscious in the emergency room");
    let kinds = |audience: &str| -> Vec<String> {
        let notices = desk.lines(&["admin", "notices", "--audience", audience]);
        notices
            .iter()
            .map(|it| it["kind"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        (kinds("officer"), kinds("patient")),
        (vec!["break-glass".to_owned()], vec!["break-glass".to_owned()])
    );
    desk.lines(&["admin", "notices", "--told"]);
    assert!(kinds("officer").is_empty() && kinds("patient").len() == 1);
    let number = used["number"].to_string();
    let review = ["admin", "break-glass", "review", &number, "--finding", "in order"];
    desk.one(&review);
    desk.fails(1, &review);
    assert!(desk.lines(&["admin", "break-glass", "list"]).is_empty());
    assert_eq!(
        desk.one(&["admin", "break-glass", "list", "--all"])["review"]["finding"],
        "in order"
    );
    assert_eq!(desk.release(&study, "harbour", &glass)["state"], "done");
    desk.one(&["admin", "staff", "remove", "ada"]);
    desk.fails(1, &["admin", "staff", "remove", "ada"]);
}
