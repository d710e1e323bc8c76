//! DICOM audit messages: what they say, and the failures of others that they must not repeat.

use crate::sample::{everything, party, recorder, release};
use disclosure::dicom_audit::{Message, messages};
use disclosure::{Event, Kind, Patient};
use model::{Purpose, Redacted};

fn of(id: &str) -> Vec<Message> {
    let account = everything();
    let event = account.events.iter().find(|event| event.id == id).unwrap();
    messages(event, &account.patient, &recorder())
}

/// The attributes of the elements of a name, as written.
fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name} ");
    xml.split(&open)
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap())
        .collect()
}

#[test]
fn each_kind_of_event_has_its_event_id() {
    for (id, codes) in [
        ("court-1", &["110104"][..]),
        ("court-3", &["110104"]),
        ("failed", &["110104"]),
        ("export", &["110106"]),
        ("read", &["110103"]),
        ("denial", &["110113"]),
        ("emergency", &["110113", "110103"]),
        ("directive", &["110113"]),
        ("search", &[]),
        ("flag", &[]),
    ] {
        let made = of(id);
        let found: Vec<String> = made
            .iter()
            .map(|message| {
                elements(&message.xml, "EventID")[0]
                    .split('"')
                    .nth(1)
                    .unwrap()
                    .to_owned()
            })
            .collect();
        assert_eq!(found, codes, "{id}");
    }
}

#[test]
fn codes_are_written_with_the_attributes_of_the_schema() {
    for event in &everything().events {
        for message in of(&event.id) {
            let xml = &message.xml;
            assert!(!xml.contains("eventIDcode") && !xml.contains(" code=\""));
            for name in ["EventID", "RoleIDCode", "ParticipantObjectIDTypeCode"] {
                for element in elements(xml, name) {
                    for attribute in ["csd-code=\"", "codeSystemName=\"", "originalText=\""] {
                        assert!(element.contains(attribute), "{name} {attribute}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_destination_always_has_a_user_id_and_a_network_access_point() {
    let mut bare = party("acme", "Acme");
    (bare.network, bare.ae_title) = (None, None);
    for to in [party("acme", "Acme"), bare, disclosure::Party::default()] {
        let event = release("x", "2026-01-01", &to, Purpose::Hlegal);
        let made = messages(&event, &everything().patient, &recorder());
        let participants = elements(&made[0].xml, "ActiveParticipant");
        assert_eq!(participants.len(), 3, "source, destination, user");
        for participant in &participants[..2] {
            for attribute in [
                "UserID=\"",
                "NetworkAccessPointID=\"",
                "NetworkAccessPointTypeCode=\"",
            ] {
                let value = participant.split(attribute).nth(1).unwrap();
                assert!(!value.starts_with('"'), "{attribute}");
            }
        }
        assert!(participants[1].contains("UserIsRequestor=\"false\""));
        assert!(participants[2].contains("UserIsRequestor=\"true\""));
    }
}

#[test]
fn a_patient_without_a_number_is_left_out_and_never_called_none() {
    let event = release("x", "2026-01-01", &party("acme", "Acme"), Purpose::Hlegal);
    let made = messages(&event, &Patient::default(), &recorder());
    assert!(!made[0].xml.contains("none") && !made[0].xml.contains("ParticipantObjectID=\"\""));
    assert_eq!(elements(&made[0].xml, "ParticipantObjectIdentification").len(), 1);
    let with = messages(&event, &everything().patient, &recorder());
    let objects = elements(&with[0].xml, "ParticipantObjectIdentification");
    assert!(objects[0].contains("1.2.826.0.1.3680043.10.1.1") && objects[0].contains("TypeCode=\"2\""));
    assert!(objects[1].contains("LG-1002003") && objects[1].contains("TypeCodeRole=\"1\""));
    assert!(
        with[0]
            .xml
            .contains("<SOPClass UID=\"1.2.840.10008.5.1.4.1.1.2\" NumberOfInstances=\"412\"/>")
    );
}

#[test]
fn texts_are_escaped_and_what_xml_cannot_hold_is_replaced() {
    let emergency = &of("emergency")[0].xml;
    assert!(emergency.contains("&lt;no time&gt; &amp; no record"));
    let event = Event {
        reasons: vec!["a\u{0}b\u{1f}c\u{fffe}".to_owned()],
        ..Event::new("x", crate::sample::at("2026-01-01"), Kind::Denial)
    };
    let patient = Patient {
        id: Redacted::new("\"><x y='1'>".to_owned()),
        ..Patient::default()
    };
    let xml = &messages(&event, &patient, &recorder())[0].xml;
    assert!(xml.contains("a\u{fffd}b\u{fffd}c\u{fffd}") && !xml.contains("<x "));
}

#[test]
fn outcomes_and_alarms() {
    let outcome = |id: &str| {
        let message = &of(id)[0];
        let value = message.xml.split("EventOutcomeIndicator=\"").nth(1).unwrap();
        (value.split('"').next().unwrap().to_owned(), message.alarming)
    };
    assert_eq!(outcome("court-1"), ("0".to_owned(), false));
    assert_eq!(outcome("court-3"), ("4".to_owned(), true));
    assert_eq!(outcome("failed"), ("8".to_owned(), true));
    assert_eq!(outcome("denial"), ("4".to_owned(), true));
    assert_eq!(outcome("emergency"), ("0".to_owned(), true));
    assert_eq!(outcome("read"), ("0".to_owned(), false));
}
