//! What the patient must not be told yet: 45 CFR 164.528(a)(2).

use crate::sample::{account, at, everything, party, release};
use disclosure::{Account, Asked, Language, Reader, Suspension, View, csv, html, json};
use model::Purpose;

fn suspension(since: &str, until: &str, written: bool) -> Suspension {
    Suspension {
        agency: "Bureau of Investigation".to_owned(),
        since: at(since),
        until: at(until),
        written,
    }
}

#[test]
fn an_oral_one_ends_after_thirty_days_whatever_it_says_and_a_written_one_when_it_says() {
    let oral = suspension("2026-11-01", "2027-11-01", false);
    assert_eq!(oral.ends(), at("2026-12-01"));
    assert!(oral.is_active(at("2026-12-01T11:59:59Z")));
    assert!(!oral.is_active(at("2026-12-01")));
    assert_eq!(
        suspension("2026-11-01", "2026-11-03", false).ends(),
        at("2026-11-03")
    );
    assert_eq!(
        suspension("2026-11-01", "2027-11-01", true).ends(),
        at("2027-11-01")
    );
}

/// All text forms of a report.
fn texts(account: &Account, reader: Reader) -> Vec<String> {
    let mut all = Vec::new();
    for view in [View::Everything, View::Legal] {
        for language in [Language::English, Language::Spanish] {
            let asked = Asked {
                view,
                reader,
                language,
            };
            all.push(html(account, asked).unwrap());
            all.push(csv(account, asked));
            all.push(json(account, asked).to_string());
        }
    }
    all
}

#[test]
fn the_patients_copy_is_the_same_as_if_the_event_had_never_been() {
    let whole = everything();
    let mut without = whole.clone();
    without.events.retain(|event| event.id != "police-written");
    assert_eq!(whole.events.len(), without.events.len() + 1);
    assert_eq!(texts(&whole, Reader::Patient), texts(&without, Reader::Patient));
    assert_eq!(whole.visible(Reader::Patient), without.visible(Reader::Patient));
}

#[test]
fn the_officer_sees_it_marked_and_it_comes_back_to_the_patient_when_it_ends() {
    let mut account = everything();
    let asked = |reader| Asked {
        view: View::Legal,
        reader,
        language: Language::English,
    };
    let page = html(&account, asked(Reader::Officer)).unwrap();
    assert!(
        page.contains("Suspended until 2027-11-01 12:00 UTC: asked by Bureau of Investigation, in writing.")
    );
    assert!(!html(&account, asked(Reader::Patient)).unwrap().contains("Bureau"));
    account.made_at = at("2027-11-01");
    let seen = json(&account, asked(Reader::Patient));
    assert!(seen.to_string().contains("police-written"));
    assert!(
        !seen.to_string().contains("Bureau"),
        "what is over is not told either"
    );
}

#[test]
fn a_suspended_disclosure_is_not_summed_up_with_others() {
    let police = party("police", "State Police");
    let mut hidden = release("hidden", "2026-11-01", &police, Purpose::Hlegal);
    hidden.suspension = Some(suspension("2026-11-01", "2027-01-01", true));
    let account = account(vec![
        release("open", "2026-10-01", &police, Purpose::Hlegal),
        hidden,
    ]);
    let patient = account.accounting(Reader::Patient);
    assert_eq!((patient.len(), patient[0].number()), (1, 1));
    assert_eq!(account.accounting(Reader::Officer).len(), 2);
}
