//! AuditEvents: what they say, and that they hold what their profiles demand.

use crate::sample::{everything, party, recorder, release, study};
use disclosure::balp::{self, check};
use disclosure::{Counts, Event, Kind, Patient, Why};
use model::{Purpose, Redacted};
use serde_json::Value;

fn patient() -> Patient {
    everything().patient
}

fn coding<'a>(message: &'a Value, agent: &str) -> &'a Value {
    let agents = message["agent"].as_array().unwrap();
    let is = |it: &&Value| it["type"]["coding"][0]["code"] == agent;
    agents.iter().find(is).unwrap()
}

#[test]
fn every_message_of_every_event_holds_its_profile() {
    let account = everything();
    let mut made = 0;
    for event in &account.events {
        for message in balp::messages(event, &account.patient, &recorder()) {
            assert_eq!(check(&message), Vec::<String>::new(), "{}", event.id);
            made += 1;
        }
    }
    assert!(made > 30, "{made}");
}

#[test]
fn poor_events_make_whole_messages_too() {
    let nobody = Patient {
        id: Redacted::new("A/1 ^&".to_owned()),
        ..Patient::default()
    };
    let poor = |kind| Event::new("x", crate::sample::at("2026-01-01"), kind);
    let event = Event {
        recipient: Some(disclosure::Party::default()),
        purpose: Some(Why::Words("subpoena".to_owned())),
        ..poor(Kind::Release)
    };
    assert_eq!(
        check(&balp::disclosure(&event, &nobody, &recorder())),
        Vec::<String>::new()
    );
    assert_eq!(
        check(&balp::decision(&poor(Kind::Denial), &nobody, &recorder())),
        Vec::<String>::new()
    );
    assert_eq!(
        check(&balp::read(&poor(Kind::Read), &nobody, &recorder())),
        Vec::<String>::new()
    );
}

#[test]
fn a_disclosure_says_who_got_what_from_whom_and_why() {
    let account = everything();
    let event = account
        .events
        .iter()
        .find(|event| event.id == "ai-erased")
        .unwrap();
    let message = balp::disclosure(event, &account.patient, &recorder());
    assert_eq!(message["type"]["code"], "110106");
    assert_eq!(message["outcome"], "0");
    assert_eq!(message["recorded"], "2026-10-05T12:00:00Z");
    assert_eq!(coding(&message, "110153")["who"], message["source"]["observer"]);
    let recipient = coding(&message, "110152");
    assert_eq!(recipient["who"]["reference"], "Organization/acme-chest-ai");
    assert_eq!(recipient["network"]["address"], "acme-chest-ai.example");
    assert_eq!(
        recipient["policy"][0],
        "https://gateway.example/agreement/DUA%2017"
    );
    assert_eq!(
        coding(&message, "429577009")["requestor"],
        false,
        "the patient authorised and did not ask"
    );
    let purposes = message["purposeOfEvent"][0]["coding"].as_array().unwrap();
    assert_eq!(purposes[0]["code"], "AIANALYSIS");
    assert_eq!(
        purposes[1]["code"], "HOPERAT",
        "for those who do not know our codes"
    );
    let text = message.to_string();
    for part in [
        "urn:oid:1.2.826.0.1.3680043.10.1.1",
        "P3-ai-analysis",
        "2026-12-22",
        "Consent/c-0001",
        "LG-1002003",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("Ångström"), "the name is not needed to say who");
}

#[test]
fn the_outcome_tells_whole_partial_and_failed_releases_apart() {
    let vendor = party("acme", "Acme");
    let outcome = |sent, unknown, not_sent| {
        let event = Event {
            instances: Counts {
                sent,
                unknown,
                not_sent,
                ..Counts::default()
            },
            ..release("x", "2026-01-01", &vendor, Purpose::Hlegal)
        };
        let message = balp::disclosure(&event, &patient(), &recorder());
        message["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!(outcome(5, 0, 0), "0");
    assert_eq!(outcome(5, 0, 1), "4");
    assert_eq!(outcome(0, 1, 0), "4", "it may have been sent");
    assert_eq!(outcome(0, 0, 3), "8");
}

#[test]
fn a_denial_is_a_failed_decision_with_its_reason_and_no_disclosure() {
    let account = everything();
    let denial = account.events.iter().find(|event| event.id == "denial").unwrap();
    let messages = balp::messages(denial, &account.patient, &recorder());
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["type"]["code"], "110113");
    assert_eq!(messages[0]["subtype"][0]["code"], "AuthZ-Consent");
    assert_eq!(messages[0]["outcome"], "8");
    assert_eq!(
        messages[0]["outcomeDesc"],
        "You said no to research and training."
    );
}

#[test]
fn a_release_of_which_nothing_was_tried_is_no_disclosure() {
    let event = Event {
        instances: Counts {
            intended: 9,
            ..Counts::default()
        },
        ..release("x", "2026-01-01", &party("acme", "Acme"), Purpose::Hlegal)
    };
    let messages = balp::messages(&event, &patient(), &recorder());
    assert!(messages.iter().all(|message| message["type"]["code"] == "110113"));
}

#[test]
fn an_address_is_named_for_what_it_is() {
    for (address, code) in [
        ("10.0.0.9", "2"),
        ("2001:db8::7", "2"),
        ("pacs.example", "1"),
        ("https://a.example/x", "5"),
    ] {
        let mut to = party("acme", "Acme");
        to.network = Some(address.to_owned());
        let event = Event {
            study: Some(study()),
            ..release("x", "2026-01-01", &to, Purpose::Hlegal)
        };
        let message = balp::disclosure(&event, &patient(), &recorder());
        assert_eq!(coding(&message, "110152")["network"]["type"], code, "{address}");
    }
}
