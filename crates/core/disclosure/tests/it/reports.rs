//! The page and the JSON document.

use crate::sample::{account, everything, party, release};
use disclosure::{Asked, Language, Reader, View, html, json};
use model::{Purpose, Redacted};

fn asked(view: View, language: Language) -> Asked {
    Asked {
        view,
        language,
        reader: Reader::Patient,
    }
}

#[test]
fn the_page_stands_alone_and_runs_nothing() {
    for view in [View::Everything, View::Legal] {
        let page = html(&everything(), asked(view, Language::English))
            .unwrap()
            .to_lowercase();
        for forbidden in [
            "<script",
            "src=",
            "href=",
            "url(",
            "@import",
            "javascript:",
            "onload",
            "<img",
            "<link",
        ] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert!(page.contains("default-src 'none'"));
    }
}

#[test]
fn the_page_has_a_language_a_title_and_headings_in_order() {
    for (language, tag) in [(Language::English, "en"), (Language::Spanish, "es")] {
        let page = html(&everything(), asked(View::Everything, language)).unwrap();
        assert!(page.contains(&format!("<html lang=\"{tag}\">")));
        assert_eq!(page.matches("<h1>").count(), 1);
        let level = |tag: &str| page.find(tag).unwrap();
        assert!(level("<h1>") < level("<h2>") && level("<h2>") < level("<h3>"));
        assert_eq!(page.matches("<title>").count(), 1);
    }
}

#[test]
fn no_english_is_left_in_the_spanish_report() {
    for view in [View::Everything, View::Legal] {
        let mut account = everything();
        account.facility.name = "Hospital".to_owned();
        for event in &mut account.events {
            event.reasons.clear();
        }
        let page = html(&account, asked(view, Language::Spanish)).unwrap();
        let body = page.split("<body>").nth(1).unwrap();
        for word in [
            " the ",
            " they ",
            " copies ",
            "Copies",
            "sent",
            "Recipient",
            "Purpose",
            " of ",
            "Page",
            "Born",
            "Why",
        ] {
            assert!(!body.contains(word), "{word:?} in {view:?}");
        }
    }
}

#[test]
fn what_people_wrote_cannot_become_markup() {
    let mut account = account(vec![release(
        "1",
        "2026-01-01",
        &party("x", "<b onclick=evil()>"),
        Purpose::Hlegal,
    )]);
    account.patient.name = Redacted::new("\"><script>alert(1)</script>".to_owned());
    let page = html(&account, Asked::default()).unwrap();
    assert!(!page.contains("<script") && !page.contains("<b onclick"));
}

#[test]
fn an_accounting_has_the_fields_that_the_law_lists() {
    let document = json(&everything(), asked(View::Legal, Language::English));
    let court = &document["disclosures"][0];
    assert_eq!(court["first_date"], "2024-03-01");
    assert_eq!(court["last_date"], "2026-03-01");
    assert_eq!(court["number"], 3);
    assert_eq!(court["recipient"]["name"], "County Court");
    assert_eq!(
        court["recipient"]["address"],
        "1 County Court Street, Springfield"
    );
    assert_eq!(court["description"], "CT CHEST W/O CONTRAST, 2026-11-20");
    assert_eq!(court["purpose"], "A legal demand, such as from a court");
    assert_eq!(court["may_have_been_sent"], 1);
    assert_eq!(document["from"], "2020-11-22T00:00:00Z");
}

#[test]
fn the_document_has_every_field_for_every_event_null_where_absent() {
    let document = json(&everything(), asked(View::Everything, Language::English));
    let events = document["events"].as_array().unwrap();
    let fields = |event: &serde_json::Value| event.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(events.len(), everything().events.len() - 1);
    for event in events {
        assert_eq!(fields(event), fields(&events[0]));
    }
    let read = events.iter().find(|event| event["id"] == "read").unwrap();
    assert_eq!(read["legal"]["accounted"], false);
    assert_eq!(read["legal"]["basis"], "inside");
    assert!(read["copy"].is_null());
}

#[test]
fn nothing_identifies_the_patient_in_debug_output() {
    let text = format!("{:?}", everything());
    for hidden in ["Ångström", "LG-1002003", "1961-05-04", "W/O CONTRAST"] {
        assert!(!text.contains(hidden), "{hidden}");
    }
}
