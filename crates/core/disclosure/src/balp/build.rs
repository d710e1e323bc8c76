//! Makes AuditEvents.

use super::{
    ACT_REASON, AUTHZ, DCM, DECISION_PROFILE, DISCLOSURE_PROFILE, ENTITY_TYPE, EVENT_TYPE, INTERACTION,
    LIFECYCLE, OBJECT_ROLE, PARTICIPATION, READ_PROFILE, RESOURCE_TYPES, ROLE_CLASS, SCT, SECURITY_ROLE,
    SOURCE_TYPE,
};
use crate::recorder::AccessPoint;
use crate::{Event, Kind, Language, Party, Patient, Recorder, Why, words};
use model::Purpose;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// All AuditEvents that an event calls for: of a release the decision and the disclosure, of a denial the decision, of a
/// read the read. None for an event that no profile of BALP describes.
pub fn messages(event: &Event, patient: &Patient, recorder: &Recorder) -> Vec<Value> {
    let attempted = event.gave_something() || event.instances.not_sent > 0;
    match event.kind {
        Kind::Release | Kind::Export | Kind::BreakGlass if event.recipient.is_some() => {
            let mut all = vec![decision(event, patient, recorder)];
            if attempted {
                all.push(disclosure(event, patient, recorder));
            }
            all
        }
        Kind::Denial => vec![decision(event, patient, recorder)],
        Kind::Read | Kind::BreakGlass => vec![read(event, patient, recorder)],
        _ => Vec::new(),
    }
}

/// A release: somebody got instances, may have got them, or should have.
pub fn disclosure(event: &Event, patient: &Patient, recorder: &Recorder) -> Value {
    let counts = event.instances;
    let outcome = match (counts.sent, counts.unknown, counts.not_sent) {
        (0, 0, _) => "8",
        (_, 0, 0) => "0",
        _ => "4",
    };
    let said =
        words::counts(counts, event.kind, Language::English).unwrap_or_else(|| "nothing sent".to_owned());
    let described = match &event.profile {
        Some(profile) => format!("instances: {said}; profile {profile}"),
        None => format!("instances: {said}"),
    };
    let mut agents = vec![
        json!({
            "type": concept(DCM, "110153", "Source Role ID"),
            "who": device(recorder),
            "requestor": false,
            "network": network(&recorder.host),
        }),
        without_nulls(json!({
            "type": concept(DCM, "110152", "Destination Role ID"),
            "who": organization(event.recipient.as_ref()),
            "requestor": false,
            "network": network(&address(event)),
            "policy": event.agreement.as_ref().map(|name| [format!("{}/agreement/{}", recorder.namespace, escaped(name))]),
        })),
        json!({
            "type": concept(SCT, "159541003", "Record keeping/library clerk"),
            "who": reference("Organization", &recorder.organization.0, Some(&recorder.organization.1)),
            "requestor": false,
        }),
    ];
    let asked_for = event.purpose == Some(Why::Purpose(Purpose::Patrqt));
    if asked_for || event.directive.is_some() {
        agents.push(json!({
            "type": concept(SCT, "429577009", "Patient Advocate"),
            "who": subject(patient, recorder),
            "requestor": asked_for,
        }));
    }
    if let Some(who) = &event.who {
        agents.push(json!({
            "type": concept(SECURITY_ROLE, "humanuser", "human user"),
            "who": {"display": who},
            "requestor": !asked_for,
        }));
    }
    let mut entities = vec![patient_entity(patient, recorder), data_entity(event, true)];
    entities.extend(event.directive.as_ref().map(|id| {
        json!({
            "what": reference("Consent", id, None),
            "type": coding(ENTITY_TYPE, "2", "System Object"),
            "role": coding(OBJECT_ROLE, "4", "Domain Resource"),
        })
    }));
    without_nulls(json!({
        "resourceType": "AuditEvent",
        "meta": {"profile": [DISCLOSURE_PROFILE]},
        "type": coding(DCM, "110106", "Export"),
        "subtype": [coding(LIFECYCLE, "disclose", "Disclose Record Lifecycle Event")],
        "action": "R",
        "recorded": event.at,
        "outcome": outcome,
        "outcomeDesc": described,
        "purposeOfEvent": purpose(event, recorder).map(|purpose| [purpose]),
        "agent": agents,
        "source": source(recorder, "4", "Application Server"),
        "entity": entities,
    }))
}

/// Somebody opened scans.
pub fn read(event: &Event, patient: &Patient, recorder: &Recorder) -> Value {
    let user = without_nulls(json!({
        "type": concept(PARTICIPATION, "IRCP", "information recipient"),
        "who": {"display": user(event)},
        "requestor": true,
        "purposeOfUse": purpose(event, recorder).map(|purpose| [purpose]),
    }));
    json!({
        "resourceType": "AuditEvent",
        "meta": {"profile": [READ_PROFILE]},
        "type": coding(EVENT_TYPE, "rest", "RESTful Operation"),
        "subtype": [coding(INTERACTION, "read", "read")],
        "action": "R",
        "recorded": event.at,
        "outcome": "0",
        "agent": [
            {
                "type": concept(DCM, "110152", "Destination Role ID"),
                "who": {"display": user_agent(event)},
                "requestor": false,
                "network": network(&address(event)),
            },
            {
                "type": concept(DCM, "110153", "Source Role ID"),
                "who": device(recorder),
                "requestor": false,
                "network": network(&recorder.host),
            },
            user,
        ],
        "source": source(recorder, "4", "Application Server"),
        "entity": [patient_entity(patient, recorder), data_entity(event, false)],
    })
}

/// A decision on the ground of the patient's directives: a denial, or the permit of what was released.
pub fn decision(event: &Event, patient: &Patient, recorder: &Recorder) -> Value {
    let denied = event.kind == Kind::Denial;
    let reasons = event.reasons.join(" ");
    let said = match (denied, reasons.is_empty()) {
        (_, false) => reasons,
        (true, true) => "Nothing permits this.".to_owned(),
        (false, true) => "Permitted.".to_owned(),
    };
    let consent = match &event.directive {
        Some(id) => reference("Consent", id, None),
        None => json!({"type": "Consent", "display": "no directive of the patient bears on this"}),
    };
    let details = [
        detail(
            "study-instance-uid",
            event.study.as_ref().map(|study| study.uid.clone()),
        ),
        detail("policy-ids", list(&event.policies)),
        detail("event-id", Some(event.id.clone())),
    ];
    without_nulls(json!({
        "resourceType": "AuditEvent",
        "meta": {"profile": [DECISION_PROFILE]},
        "type": coding(DCM, "110113", "Security Alert"),
        "subtype": [coding(AUTHZ, "AuthZ-Consent", "Authorization Decision using Roles and Consent")],
        "action": "E",
        "recorded": event.at,
        "outcome": if denied { "8" } else { "0" },
        "outcomeDesc": said,
        "purposeOfEvent": purpose(event, recorder).map(|purpose| [purpose]),
        "agent": [
            {
                "type": concept(DCM, "110150", "Application"),
                "who": organization(event.recipient.as_ref()),
                "requestor": false,
                "network": network(&address(event)),
            },
            {
                "type": concept(PARTICIPATION, "IRCP", "information recipient"),
                "who": {"display": user(event)},
                "requestor": true,
            },
            {
                "type": concept(ROLE_CLASS, "PROV", "healthcare provider"),
                "who": organization(event.recipient.as_ref()),
                "requestor": false,
            },
            {
                "type": concept(SECURITY_ROLE, "authserver", "authorization server"),
                "who": device(recorder),
                "requestor": false,
            },
        ],
        "source": source(recorder, "6", "Security Server"),
        "entity": [
            patient_entity(patient, recorder),
            {
                "what": consent,
                "type": coding(RESOURCE_TYPES, "Consent", "Consent"),
                "detail": details.into_iter().flatten().collect::<Vec<_>>(),
            },
        ],
    }))
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({"system": system, "code": code, "display": display})
}

fn concept(system: &str, code: &str, display: &str) -> Value {
    json!({"coding": [coding(system, code, display)]})
}

fn without_nulls(mut object: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    object
}

/// A literal reference where the name can be a resource's id (1 to 64 letters, digits, `-` and `.`), else a logical one.
fn reference(kind: &str, id: &str, display: Option<&str>) -> Value {
    let legal = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
    if (1..=64).contains(&id.len()) && id.bytes().all(legal) {
        without_nulls(json!({"reference": format!("{kind}/{id}"), "display": display}))
    } else {
        without_nulls(json!({"type": kind, "identifier": {"value": filled(id)}, "display": display}))
    }
}

/// FHIR allows no empty string.
fn filled(text: &str) -> &str {
    if text.trim().is_empty() { "unknown" } else { text }
}

fn device(recorder: &Recorder) -> Value {
    reference("Device", &recorder.device, None)
}

fn organization(party: Option<&Party>) -> Value {
    let Some(party) = party else {
        return json!({"type": "Organization", "display": "unknown"});
    };
    let display = match &party.address {
        Some(address) => format!("{}, {address}", words::name(party)),
        None => words::name(party).to_owned(),
    };
    reference("Organization", &party.id, Some(filled(&display)))
}

fn network(address: &str) -> Value {
    json!({"address": filled(address), "type": AccessPoint::of(address).code()})
}

fn address(event: &Event) -> String {
    let party = event.recipient.as_ref();
    let known = party.and_then(|party| party.network.clone().or_else(|| party.ae_title.clone()));
    known.unwrap_or_else(|| "unknown".to_owned())
}

fn user(event: &Event) -> String {
    let recipient = || {
        event
            .recipient
            .as_ref()
            .map(|party| words::name(party).to_owned())
    };
    let who = event.who.clone().or_else(recipient).unwrap_or_default();
    filled(&who).to_owned()
}

fn user_agent(event: &Event) -> String {
    let party = event.recipient.as_ref();
    let who = party.map(|party| {
        party
            .ae_title
            .clone()
            .unwrap_or_else(|| words::name(party).to_owned())
    });
    who.filter(|who| !who.trim().is_empty())
        .unwrap_or_else(|| user(event))
}

/// The patient by their number: a logical reference, since no Patient resource need be known.
fn subject(patient: &Patient, recorder: &Recorder) -> Value {
    let identifier = without_nulls(json!({
        "system": recorder.patient_system,
        "value": filled(patient.id.reveal()),
    }));
    json!({"type": "Patient", "identifier": identifier})
}

fn patient_entity(patient: &Patient, recorder: &Recorder) -> Value {
    json!({
        "what": subject(patient, recorder),
        "type": coding(ENTITY_TYPE, "1", "Person"),
        "role": coding(OBJECT_ROLE, "1", "Patient"),
    })
}

fn data_entity(event: &Event, detailed: bool) -> Value {
    let what = match &event.study {
        Some(study) => json!({
            "type": "ImagingStudy",
            "identifier": {"system": "urn:dicom:uid", "value": format!("urn:oid:{}", study.uid)},
        }),
        None => json!({"type": "ImagingStudy", "display": "scans of the patient"}),
    };
    let copy = event.copy.as_ref();
    let details: Vec<Value> = [
        detail(
            "sha256-manifest",
            copy.and_then(|copy| copy.manifest_root.clone()),
        ),
        detail("retention-until", copy.and_then(|copy| copy.due).map(words::day)),
        detail("policy-ids", list(&event.policies)),
        detail("deid-profile", event.profile.clone()),
        detail("instances-sent", Some(event.instances.sent.to_string())),
        detail("instances-unknown", Some(event.instances.unknown.to_string())),
        detail("instances-not-sent", Some(event.instances.not_sent.to_string())),
        detail("log-index", event.log_index.map(|index| index.to_string())),
        detail("event-id", Some(event.id.clone())),
    ]
    .into_iter()
    .flatten()
    .collect();
    without_nulls(json!({
        "what": what,
        "type": coding(ENTITY_TYPE, "2", "System Object"),
        "role": if detailed { coding(OBJECT_ROLE, "3", "Report") } else { coding(OBJECT_ROLE, "4", "Domain Resource") },
        "detail": detailed.then_some(details),
    }))
}

fn detail(name: &str, value: Option<String>) -> Option<Value> {
    let value = value.filter(|value| !value.trim().is_empty())?;
    Some(json!({"type": name, "valueString": value}))
}

fn list(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(" "))
}

fn source(recorder: &Recorder, code: &str, display: &str) -> Value {
    json!({
        "site": filled(&recorder.site),
        "observer": device(recorder),
        "type": [coding(SOURCE_TYPE, code, display)],
    })
}

/// The purpose. What HL7 has no code for has ours, and after it the one that says the most to those who do not know ours.
fn purpose(event: &Event, recorder: &Recorder) -> Option<Value> {
    let purpose = match event.purpose.as_ref()? {
        Why::Words(words) => return Some(json!({"text": filled(words)})),
        Why::Purpose(purpose) => *purpose,
    };
    let ours = |broader: &str| {
        let system = format!("{}/CodeSystem/purpose", recorder.namespace);
        json!({"coding": [
            {"system": system, "code": purpose.code()},
            {"system": ACT_REASON, "code": broader},
        ]})
    };
    Some(match purpose {
        Purpose::AiAnalysis => ours("HOPERAT"),
        Purpose::AiTrain => ours("HRESCH"),
        _ => json!({"coding": [{"system": ACT_REASON, "code": purpose.code()}]}),
    })
}

/// A name as a segment of an URL.
fn escaped(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
