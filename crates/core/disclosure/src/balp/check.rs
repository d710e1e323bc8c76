//! What the profiles demand, written apart from what makes the messages.

use super::{DECISION_PROFILE, DISCLOSURE_PROFILE, ENTITY_TYPE, OBJECT_ROLE, READ_PROFILE};
use model::Timestamp;
use serde_json::Value;

/// What is wrong with an AuditEvent, against FHIR R4 and the profile of BALP that it claims (Privacy Disclosure at Source,
/// Patient Read or Authorization Decision by Consent). Empty when nothing is. No finding holds a value of the message.
pub fn check(message: &Value) -> Vec<String> {
    let mut check = Check {
        message,
        found: Vec::new(),
    };
    check.base();
    match check.profile() {
        Some(Profile::Disclosure) => check.disclosure(),
        Some(Profile::Read) => check.read(),
        Some(Profile::Decision) => check.decision(),
        None => check.say("meta.profile names none of the profiles of BALP that are known here"),
    }
    check.found
}

enum Profile {
    Disclosure,
    Read,
    Decision,
}

/// A message under check, and what was found.
pub(super) struct Check<'a> {
    message: &'a Value,
    found: Vec<String>,
}

const FIELDS: [&str; 18] = [
    "resourceType",
    "id",
    "meta",
    "implicitRules",
    "language",
    "text",
    "extension",
    "type",
    "subtype",
    "action",
    "period",
    "recorded",
    "outcome",
    "outcomeDesc",
    "purposeOfEvent",
    "agent",
    "source",
    "entity",
];
const AGENT_FIELDS: [&str; 13] = [
    "id",
    "extension",
    "type",
    "role",
    "who",
    "altId",
    "name",
    "requestor",
    "location",
    "policy",
    "media",
    "network",
    "purposeOfUse",
];
const ENTITY_FIELDS: [&str; 11] = [
    "id",
    "extension",
    "what",
    "type",
    "role",
    "lifecycle",
    "securityLabel",
    "name",
    "description",
    "query",
    "detail",
];
const SOURCE_FIELDS: [&str; 5] = ["id", "extension", "site", "observer", "type"];

impl<'a> Check<'a> {
    fn say(&mut self, what: impl Into<String>) {
        self.found.push(what.into());
    }

    pub(super) fn need(&mut self, holds: bool, what: &str) {
        if !holds {
            self.say(what);
        }
    }

    pub(super) fn text(&self, pointer: &str) -> Option<&'a str> {
        self.message
            .pointer(pointer)?
            .as_str()
            .filter(|text| !text.trim().is_empty())
    }

    pub(super) fn list(&self, name: &str) -> &'a [Value] {
        self.message
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    fn profile(&self) -> Option<Profile> {
        let named = |profile: &str| {
            let all = self.message.pointer("/meta/profile").and_then(Value::as_array);
            all.is_some_and(|all| all.iter().any(|it| it.as_str() == Some(profile)))
        };
        if named(DISCLOSURE_PROFILE) {
            Some(Profile::Disclosure)
        } else if named(READ_PROFILE) {
            Some(Profile::Read)
        } else if named(DECISION_PROFILE) {
            Some(Profile::Decision)
        } else {
            None
        }
    }

    fn known(&mut self, object: &Value, fields: &[&str], place: &str) {
        match object.as_object() {
            Some(object) => {
                for name in object.keys().filter(|name| !fields.contains(&name.as_str())) {
                    self.found
                        .push(format!("{place} has a field that does not exist there: {name}"));
                }
            }
            None => self.say(format!("{place} is not an object")),
        }
    }

    /// What FHIR R4 demands of every AuditEvent, and all three profiles.
    fn base(&mut self) {
        let message = self.message;
        self.need(
            self.text("/resourceType") == Some("AuditEvent"),
            "resourceType is not AuditEvent",
        );
        self.known(message, &FIELDS, "the message");
        self.need(
            message.get("modifierExtension").is_none(),
            "modifierExtension is forbidden",
        );
        self.need(is_code(message.get("type")), "type needs a system and a code");
        self.need(
            self.text("/action")
                .is_some_and(|code| matches!(code, "C" | "R" | "U" | "D" | "E")),
            "action must be C, R, U, D or E",
        );
        self.need(
            self.text("/recorded")
                .is_some_and(|at| at.parse::<Timestamp>().is_ok()),
            "recorded must be an instant with a time zone",
        );
        self.need(
            self.text("/outcome")
                .is_some_and(|code| matches!(code, "0" | "4" | "8" | "12")),
            "outcome must be 0, 4, 8 or 12",
        );
        self.need(
            self.text("/outcome") == Some("0") || self.text("/outcomeDesc").is_some(),
            "outcomeDesc must say why an outcome is not 0",
        );
        match message.get("source") {
            Some(source) => {
                self.known(source, &SOURCE_FIELDS, "source");
                self.need(
                    is_reference(source.get("observer")),
                    "source.observer must say who recorded it",
                );
                let types = source
                    .get("type")
                    .and_then(Value::as_array)
                    .map_or(&[][..], Vec::as_slice);
                self.need(
                    types.iter().all(|it| is_code(Some(it))),
                    "source.type needs a system and a code",
                );
            }
            None => self.say("source is missing"),
        }
        let purposes = self.list("purposeOfEvent");
        self.need(
            purposes.iter().all(is_concept),
            "purposeOfEvent needs a coding or a text",
        );
        self.need(self.list("agent").len() >= 2, "there must be at least two agents");
        self.need(
            self.list("entity").len() >= 2,
            "there must be at least two entities",
        );
        for agent in self.list("agent") {
            self.agent(agent);
        }
        for entity in self.list("entity") {
            self.entity(entity);
        }
        self.patient();
    }

    fn agent(&mut self, agent: &Value) {
        self.known(agent, &AGENT_FIELDS, "an agent");
        self.need(
            agent.get("requestor").is_some_and(Value::is_boolean),
            "an agent lacks requestor: true or false",
        );
        self.need(
            agent.get("type").is_some_and(is_concept),
            "an agent lacks its type",
        );
        if let Some(network) = agent.get("network") {
            self.known(network, &["id", "extension", "address", "type"], "agent.network");
            let kind = network.get("type").and_then(Value::as_str);
            self.need(
                kind.is_none_or(|kind| matches!(kind, "1" | "2" | "3" | "4" | "5")),
                "agent.network.type must be 1 to 5",
            );
            self.need(filled(network.get("address")), "agent.network lacks its address");
        }
        let policies = agent
            .get("policy")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let is_uri = |policy: &Value| {
            let text = policy.as_str().unwrap_or_default();
            text.contains(':') && !text.contains(char::is_whitespace)
        };
        self.need(policies.iter().all(is_uri), "agent.policy must be URIs");
    }

    fn entity(&mut self, entity: &Value) {
        self.known(entity, &ENTITY_FIELDS, "an entity");
        self.need(
            entity.get("name").is_none() || entity.get("query").is_none(),
            "an entity has a name or a query, not both (sev-1)",
        );
        let details = entity
            .get("detail")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let whole = |detail: &Value| {
            filled(detail.get("type"))
                && (filled(detail.get("valueString")) != filled(detail.get("valueBase64Binary")))
        };
        self.need(
            details.iter().all(whole),
            "entity.detail needs a type and one value",
        );
    }

    fn patient(&mut self) {
        let patients: Vec<&Value> = self.entities(ENTITY_TYPE, "1");
        self.need(patients.len() == 1, "there must be exactly one patient entity");
        for patient in patients {
            self.need(
                has_code(patient.get("role"), OBJECT_ROLE, "1"),
                "the patient entity's role must be object-role#1",
            );
            let what = patient.get("what");
            self.need(is_reference(what), "the patient entity must say which patient");
            let literal = what
                .and_then(|what| what.get("reference"))
                .and_then(Value::as_str);
            let kind = what.and_then(|what| what.get("type")).and_then(Value::as_str);
            let is_patient = match literal {
                Some(literal) => literal.starts_with("Patient/") || literal.contains("/Patient/"),
                None => kind == Some("Patient"),
            };
            self.need(is_patient, "the patient entity must refer to a Patient");
        }
    }

    pub(super) fn entities(&self, system: &str, code: &str) -> Vec<&'a Value> {
        let all = self.list("entity").iter();
        all.filter(|entity| has_code(entity.get("type"), system, code))
            .collect()
    }

    /// The agent of a role, where there is one; there must not be more, nor fewer when it is demanded.
    pub(super) fn slice(
        &mut self,
        name: &str,
        system: &str,
        code: &str,
        demanded: bool,
    ) -> Option<&'a Value> {
        let agents: Vec<&Value> = self
            .list("agent")
            .iter()
            .filter(|agent| {
                let codings = agent.pointer("/type/coding").and_then(Value::as_array);
                codings.is_some_and(|codings| codings.iter().any(|it| has_code(Some(it), system, code)))
            })
            .collect();
        let right = if demanded {
            agents.len() == 1
        } else {
            agents.len() <= 1
        };
        let many = if demanded { "exactly one" } else { "at most one" };
        self.need(right, &format!("there must be {many} agent {name} ({code})"));
        let agent = agents.first().copied()?;
        self.need(
            is_reference(agent.get("who")),
            &format!("agent {name} must say who"),
        );
        Some(agent)
    }

    pub(super) fn network(&mut self, name: &str, agent: Option<&Value>) {
        let there = agent.is_none_or(|agent| agent.get("network").is_some());
        self.need(there, &format!("agent {name} lacks its network"));
    }

    pub(super) fn is_observer(&mut self, name: &str, agent: Option<&Value>) {
        let observer = self.message.pointer("/source/observer");
        let same = agent.is_none_or(|agent| agent.get("who") == observer);
        self.need(
            same,
            &format!("agent {name} must be source.observer (val-audit-source)"),
        );
    }

    pub(super) fn requestor(&mut self, name: &str, agent: Option<&Value>, wanted: bool) {
        let is = agent
            .and_then(|agent| agent.get("requestor"))
            .and_then(Value::as_bool);
        self.need(
            agent.is_none() || is == Some(wanted),
            &format!("agent {name}: requestor must be {wanted}"),
        );
    }

    pub(super) fn absent(&mut self, name: &str, agent: Option<&Value>, fields: &[&str]) {
        for field in fields {
            let there = agent.is_some_and(|agent| agent.get(field).is_some());
            self.need(!there, &format!("agent {name} must not have {field}"));
        }
    }

    pub(super) fn kind(&mut self, system: &str, code: &str, action: &str) {
        self.need(
            has_code(self.message.get("type"), system, code),
            &format!("type must be {code} of {system}"),
        );
        self.need(
            self.text("/action") == Some(action),
            &format!("action must be {action}"),
        );
    }

    pub(super) fn subtype(&mut self, system: &str, codes: &[&str]) {
        let there = self
            .list("subtype")
            .iter()
            .any(|it| codes.iter().any(|code| has_code(Some(it), system, code)));
        self.need(
            there,
            &format!("subtype must hold {} of {system}", codes.join(" or ")),
        );
    }
}

fn filled(value: Option<&Value>) -> bool {
    value
        .and_then(Value::as_str)
        .is_some_and(|text| !text.trim().is_empty())
}

fn is_code(value: Option<&Value>) -> bool {
    value.is_some_and(|value| filled(value.get("system")) && filled(value.get("code")))
}

pub(super) fn has_code(value: Option<&Value>, system: &str, code: &str) -> bool {
    let field = |name| value.and_then(|value| value.get(name)).and_then(Value::as_str);
    field("system") == Some(system) && field("code") == Some(code)
}

fn is_concept(value: &Value) -> bool {
    let codings = value.get("coding").and_then(Value::as_array);
    let coded =
        codings.is_some_and(|codings| !codings.is_empty() && codings.iter().all(|it| is_code(Some(it))));
    coded || (codings.is_none() && filled(value.get("text")))
}

pub(super) fn is_reference(value: Option<&Value>) -> bool {
    value.is_some_and(|value| {
        filled(value.get("reference"))
            || filled(value.pointer("/identifier/value"))
            || filled(value.get("display"))
    })
}
