//! The legal accounting: 45 CFR 164.528.

use crate::sample::{account, at, everything, party, release};
use disclosure::{Account, Basis, Counts, Event, Kind, Reader};
use model::Purpose;

fn names(account: &Account, reader: Reader) -> Vec<Vec<String>> {
    let groups = account.accounting(reader);
    groups
        .iter()
        .map(|group| group.events().map(|event| event.id.clone()).collect())
        .collect()
}

#[test]
fn one_recipient_and_purpose_is_one_entry_with_first_number_and_last() {
    let account = everything();
    assert_eq!(
        names(&account, Reader::Patient),
        [
            vec!["court-1", "court-2", "court-3"],
            vec!["lab-1"],
            vec!["police-oral-over"]
        ]
    );
    let groups = account.accounting(Reader::Patient);
    let court = &groups[0];
    assert_eq!(
        (court.first.at, court.number(), court.last().at),
        (at("2024-03-01"), 3, at("2026-03-01"))
    );
    assert_eq!(court.uncertain(), 1, "court-3 may have been sent");
}

#[test]
fn another_purpose_or_another_recipient_is_another_entry() {
    let (court, other) = (party("court", "Court"), party("other", "Other Court"));
    let account = account(vec![
        release("1", "2026-01-01", &court, Purpose::Hlegal),
        release("2", "2026-01-02", &court, Purpose::Hresch),
        release("3", "2026-01-03", &other, Purpose::Hlegal),
        release("4", "2026-01-04", &court, Purpose::Hlegal),
    ]);
    assert_eq!(
        names(&account, Reader::Patient),
        [vec!["1", "4"], vec!["2"], vec!["3"]]
    );
}

#[test]
fn it_reaches_six_years_back_and_not_beyond_what_is_asked() {
    let court = party("court", "Court");
    let mut account = account(vec![
        release("before", "2020-11-21T23:59:59Z", &court, Purpose::Hlegal),
        release("within", "2020-11-22T00:00:00Z", &court, Purpose::Hlegal),
        release("later", "2026-01-01", &court, Purpose::Hlegal),
    ]);
    assert_eq!(names(&account, Reader::Officer), [vec!["within", "later"]]);
    account.from = Some(at("2010-01-01"));
    assert_eq!(names(&account, Reader::Officer), [vec!["within", "later"]]);
    account.from = Some(at("2025-01-01"));
    assert_eq!(names(&account, Reader::Officer), [vec!["later"]]);
    account.to = Some(at("2026-01-01"));
    assert!(names(&account, Reader::Officer).is_empty());
}

#[test]
fn only_what_was_sent_or_may_have_been_is_a_disclosure() {
    let court = party("court", "Court");
    let with = |id: &str, kind: Kind, instances: Counts| Event {
        kind,
        instances,
        ..release(id, "2026-01-01", &court, Purpose::Hlegal)
    };
    let sent = Counts {
        sent: 1,
        ..Counts::default()
    };
    let unknown = Counts {
        unknown: 1,
        ..Counts::default()
    };
    let failed = Counts {
        not_sent: 9,
        intended: 4,
        asked: 13,
        ..Counts::default()
    };
    for (kind, instances, counts) in [
        (Kind::Release, sent, true),
        (Kind::Release, unknown, true),
        (Kind::Release, failed, false),
        (Kind::Export, sent, true),
        (Kind::Read, sent, true),
        (Kind::Search, sent, true),
        (Kind::BreakGlass, sent, true),
        (Kind::Denial, sent, false),
        (Kind::Directive, sent, false),
        (Kind::Deletion, sent, false),
    ] {
        let account = account(vec![with("it", kind, instances)]);
        assert_eq!(
            !names(&account, Reader::Patient).is_empty(),
            counts,
            "{kind:?} {instances:?}"
        );
    }
}

#[test]
fn nothing_that_the_law_exempts_is_in_it() {
    let court = party("court", "Court");
    for basis in Basis::ALL {
        let event = Event {
            basis,
            ..release("it", "2026-01-01", &court, Purpose::Hlegal)
        };
        let there = !names(&account(vec![event]), Reader::Officer).is_empty();
        assert_eq!(there, basis == Basis::Accounted, "{basis:?}");
    }
}

#[test]
fn the_view_of_everything_is_newest_first_and_leaves_out_nothing_else() {
    let account = everything();
    let all = account.visible(Reader::Officer);
    assert_eq!(all.len(), account.events.len());
    assert!(all.windows(2).all(|pair| pair[0].at >= pair[1].at));
    for kind in Kind::ALL {
        assert!(all.iter().any(|event| event.kind == kind), "{kind:?}");
    }
}

#[test]
fn what_is_too_old_for_the_law_is_said_to_be() {
    let document = disclosure::json(&everything(), disclosure::Asked::default());
    let accounted = |id: &str| {
        let events = document["events"].as_array().unwrap();
        let event = events.iter().find(|event| event["id"] == id).unwrap();
        event["legal"]["accounted"].as_bool().unwrap()
    };
    assert!(accounted("court-1") && !accounted("old") && !accounted("failed") && !accounted("read"));
    let page = disclosure::html(&everything(), disclosure::Asked::default()).unwrap();
    assert_eq!(page.matches("Not in the legal accounting any more").count(), 1);
}
