//! The checker finds each field that is dropped or wrong.

use crate::sample::{everything, recorder};
use disclosure::balp::{self, check};
use serde_json::{Value, json};

fn messages() -> [(&'static str, Value); 3] {
    let account = everything();
    let event = |id: &str| account.events.iter().find(|event| event.id == id).unwrap();
    [
        (
            "disclosure",
            balp::disclosure(event("ai-live"), &account.patient, &recorder()),
        ),
        ("read", balp::read(event("read"), &account.patient, &recorder())),
        (
            "decision",
            balp::decision(event("denial"), &account.patient, &recorder()),
        ),
    ]
}

/// Takes a field away.
fn drop_at(message: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match message.pointer_mut(parent).unwrap() {
        Value::Object(fields) => assert!(fields.remove(name).is_some(), "{pointer}"),
        Value::Array(items) => {
            items.remove(name.parse().unwrap());
        }
        _ => unreachable!("{pointer}"),
    }
}

fn refused(name: &str, what: &str, message: &Value) {
    assert!(!check(message).is_empty(), "{name}: not found: {what}");
}

#[test]
fn what_is_whole_passes() {
    for (name, message) in messages() {
        assert_eq!(check(&message), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn each_dropped_field_is_found() {
    let common = [
        "/resourceType",
        "/meta/profile",
        "/type",
        "/type/system",
        "/type/code",
        "/subtype",
        "/subtype/0/code",
        "/action",
        "/recorded",
        "/outcome",
        "/source",
        "/source/observer",
        "/agent",
        "/agent/0",
        "/agent/1",
        "/agent/0/type",
        "/agent/0/who",
        "/agent/0/requestor",
        "/agent/1/requestor",
        "/agent/0/network",
        "/agent/0/network/address",
        "/agent/1/who",
        "/entity",
        "/entity/0",
        "/entity/1",
        "/entity/0/what",
        "/entity/0/role",
        "/entity/0/type",
        "/entity/0/role/code",
        "/entity/0/what/type",
        "/entity/0/what/identifier",
        "/entity/1/what",
        "/entity/1/type",
    ];
    let own: [&[&str]; 3] = [
        &[
            "/outcomeDesc",
            "/purposeOfEvent",
            "/agent/1/network",
            "/entity/1/role",
            "/entity/1/detail/0/type",
            "/entity/1/detail/0/valueString",
        ],
        &["/agent/1/network", "/entity/1/role"],
        &[
            "/outcomeDesc",
            "/agent/2",
            "/agent/3",
            "/agent/2/who",
            "/agent/3/who",
        ],
    ];
    for ((name, whole), own) in messages().into_iter().zip(own) {
        for pointer in common.iter().chain(own) {
            let mut message = whole.clone();
            drop_at(&mut message, pointer);
            refused(name, &format!("dropped {pointer}"), &message);
        }
    }
}

#[test]
fn each_wrong_value_is_found() {
    let common = [
        ("/resourceType", json!("AuditEvents")),
        ("/meta/profile/0", json!("http://example.org/other")),
        ("/type/code", json!("110100")),
        ("/type/system", json!("DCM")),
        ("/subtype/0/code", json!("disclosed")),
        ("/subtype/0/system", json!("http://example.org")),
        ("/action", json!("X")),
        ("/action", json!("C")),
        ("/recorded", json!("2026-11-22")),
        ("/recorded", json!("2026-11-22T10:00:00")),
        ("/outcome", json!(0)),
        ("/outcome", json!("1")),
        ("/source/observer", json!({})),
        ("/source/observer", json!({"reference": " "})),
        ("/source/type/0", json!({"code": "4"})),
        ("/agent/0/requestor", json!("false")),
        ("/agent/0/network/type", json!("9")),
        ("/agent/0/network/address", json!("")),
        ("/agent/0/type/coding/0/code", json!("0")),
        ("/agent/1/type/coding/0/system", json!("http://example.org")),
        ("/entity/0/type/code", json!("2")),
        ("/entity/0/role/code", json!("2")),
        ("/entity/0/what", json!({"reference": "Practitioner/1"})),
        ("/entity/0/what/type", json!("Person")),
    ];
    let own: [&[(&str, Value)]; 3] = [
        &[
            ("/agent/0/who", json!({"reference": "Device/other"})),
            ("/agent/1/policy/0", json!("no uri")),
            ("/purposeOfEvent/0", json!({})),
            ("/purposeOfEvent/0/coding", json!([])),
            ("/entity/1/role/code", json!("1")),
        ],
        &[
            ("/outcome", json!("4")),
            ("/agent/2/requestor", json!(false)),
            ("/entity/1/role/code", json!("1")),
        ],
        &[
            ("/agent/3/who", json!({"reference": "Device/other"})),
            ("/agent/1/requestor", json!(false)),
            ("/agent/2/requestor", json!(true)),
            ("/agent/3/requestor", json!(true)),
            ("/entity/1/type/code", json!("Patient")),
        ],
    ];
    for ((name, whole), own) in messages().into_iter().zip(own) {
        for (pointer, value) in common.iter().chain(own) {
            let mut message = whole.clone();
            *message.pointer_mut(pointer).unwrap() = value.clone();
            refused(name, &format!("{pointer} = {value}"), &message);
        }
    }
}

#[test]
fn what_must_not_be_there_is_found() {
    let common = [
        ("", "modifierExtension", json!([{"url": "http://example.org"}])),
        ("", "severity", json!("high")),
        ("/source", "place", json!("x")),
        ("/agent/0", "userId", json!("x")),
        ("/agent/0/network", "port", json!(1)),
        ("/entity/0", "label", json!("x")),
        (
            "/entity/1",
            "detail",
            json!([{"type": "x", "valueString": "a", "valueBase64Binary": "YQ=="}]),
        ),
    ];
    let own: [&[(&str, &str, Value)]; 3] = [
        &[],
        &[
            ("/agent/2", "network", json!({"address": "x"})),
            ("/agent/0", "media", json!({})),
        ],
        &[
            ("/agent/0", "name", json!("x")),
            ("/agent/1", "network", json!({"address": "x"})),
            ("/agent/2", "network", json!({"address": "x"})),
            ("/agent/3", "policy", json!(["urn:x"])),
        ],
    ];
    for ((name, whole), own) in messages().into_iter().zip(own) {
        for (place, field, value) in common.iter().chain(own) {
            let mut message = whole.clone();
            let parent = message.pointer_mut(place).unwrap().as_object_mut().unwrap();
            parent.insert((*field).to_owned(), value.clone());
            refused(name, &format!("{place}/{field}"), &message);
        }
        for list in ["agent", "entity"] {
            let mut message = whole.clone();
            let items = message[list].as_array_mut().unwrap();
            items.push(items[0].clone());
            refused(name, &format!("{list}/0 twice"), &message);
        }
    }
    let [.., (_, mut decision)] = messages();
    let study = json!({"what": {"display": "x"}, "type": {"system": "http://example.org", "code": "9"}});
    decision["entity"].as_array_mut().unwrap().push(study);
    refused("decision", "an entity of another kind", &decision);
}

#[test]
fn no_finding_repeats_a_value_of_the_message() {
    for (name, mut message) in messages() {
        message["entity"][0]["what"] = json!({"reference": "Secret/Smith"});
        message["outcome"] = json!("Smith");
        message["recorded"] = json!("Smith");
        let found = check(&message);
        assert!(
            !found.is_empty() && found.iter().all(|finding| !finding.contains("Smith")),
            "{name}: {found:?}"
        );
    }
}
