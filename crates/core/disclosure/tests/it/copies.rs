//! How the state of a copy is told: never more than is known.

use crate::sample::{account, at, copy, party, release};
use disclosure::{Asked, CopyState, Event, Language, html};
use model::Purpose;

fn page(state: CopyState, language: Language, due: Option<&str>) -> String {
    let mut outside = copy(state);
    outside.due = due.map(at);
    let event = Event {
        copy: Some(outside),
        ..release("it", "2026-11-01", &party("acme", "Acme"), Purpose::AiAnalysis)
    };
    let page = html(
        &account(vec![event]),
        Asked {
            language,
            ..Asked::default()
        },
    );
    // The notes at the foot speak of deletion in general.
    page.unwrap().split("<footer>").next().unwrap().to_owned()
}

#[test]
fn a_receipt_of_the_request_is_never_told_as_a_deletion() {
    let english = page(CopyState::Acknowledged, Language::English, Some("2026-12-22"));
    assert!(english.contains("They say they received the request on 2026-11-21."));
    assert!(
        !english.contains("erased") && !english.contains("deleted it"),
        "{english}"
    );
    let spanish = page(CopyState::Acknowledged, Language::Spanish, Some("2026-12-22"));
    assert!(spanish.contains("Dicen que recibieron la solicitud el 2026-11-21."));
    assert!(!spanish.contains("borraron"), "{spanish}");
}

#[test]
fn an_erasure_is_told_as_a_promise() {
    let english = page(CopyState::Erased, Language::English, Some("2026-12-22"));
    assert!(english.contains("They say they erased it on 2026-11-21: this is a promise, not proof."));
    let spanish = page(CopyState::Erased, Language::Spanish, Some("2026-12-22"));
    assert!(spanish.contains("es una promesa, no una prueba"));
}

#[test]
fn only_erased_says_erased_without_a_limit() {
    for state in CopyState::ALL {
        let text = page(state, Language::English, Some("2026-12-22"));
        assert_eq!(
            text.contains("They say they erased it"),
            state == CopyState::Erased,
            "{state:?}"
        );
    }
}

#[test]
fn what_is_late_refused_or_partial_stands_in_alarming_words_and_red() {
    for state in CopyState::ALL {
        let text = page(state, Language::English, Some("2026-12-22"));
        let alarming = matches!(
            state,
            CopyState::Overdue | CopyState::Refused | CopyState::Partial
        );
        assert_eq!(text.contains("class=\"alarm\""), alarming, "{state:?}");
    }
    let late = page(CopyState::Live, Language::English, Some("2026-11-22"));
    assert!(
        late.contains("<dd class=\"alarm\">2026-11-22 (this day has passed)"),
        "{late}"
    );
    let late_but_erased = page(CopyState::Erased, Language::English, Some("2026-11-01"));
    assert!(!late_but_erased.contains("class=\"alarm\""));
    assert!(page(CopyState::Live, Language::English, None).contains("None: they may keep it"));
}

#[test]
fn unknown_is_told_as_may_have_been_sent() {
    let mut event = release("it", "2026-11-01", &party("acme", "Acme"), Purpose::Hlegal);
    event.instances.sent = 0;
    event.instances.unknown = 7;
    let page = html(&account(vec![event]), Asked::default()).unwrap();
    assert!(page.contains("Copies may have been sent to Acme"));
    assert!(page.contains("7 may have been sent"));
    assert!(!page.contains("Copies went to"));
}
