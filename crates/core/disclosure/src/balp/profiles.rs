//! What each of the three profiles demands beyond FHIR.

use super::check::{Check, has_code, is_reference};
use super::{
    AUTHZ, DCM, ENTITY_TYPE, EVENT_TYPE, INTERACTION, LIFECYCLE, OBJECT_ROLE, PARTICIPATION, RESOURCE_TYPES,
    ROLE_CLASS, SCT, SECURITY_ROLE,
};
use serde_json::Value;

/// What a participant that is not a device on a network may not carry in a decision.
const NOT_FOR_SERVICES: [&str; 7] = ["role", "altId", "name", "location", "policy", "media", "network"];

impl Check<'_> {
    pub(super) fn disclosure(&mut self) {
        self.kind(DCM, "110106", "R");
        self.subtype(LIFECYCLE, &["disclose"]);
        self.need(
            self.text("/outcomeDesc").is_some(),
            "outcomeDesc must say what was disclosed",
        );
        self.need(
            !self.list("purposeOfEvent").is_empty(),
            "purposeOfEvent must say why it was disclosed",
        );
        let source = self.slice("source", DCM, "110153", true);
        self.network("source", source);
        self.is_observer("source", source);
        let recipient = self.slice("recipient", DCM, "110152", true);
        self.network("recipient", recipient);
        self.slice("custodian", SCT, "159541003", false);
        self.slice("authorizer", SCT, "429577009", false);
        let data = self.entities(ENTITY_TYPE, "2");
        let is_consent = |entity: &&Value| {
            let literal = entity.pointer("/what/reference").and_then(Value::as_str);
            let kind = entity.pointer("/what/type").and_then(Value::as_str);
            literal.is_some_and(|literal| literal.starts_with("Consent/")) || kind == Some("Consent")
        };
        self.need(
            !data.iter().all(is_consent),
            "there must be an entity for the data, beside the consent (audit-entity-type#2)",
        );
        for entity in data {
            self.data(entity, &["3", "4"]);
        }
    }

    pub(super) fn read(&mut self) {
        self.kind(EVENT_TYPE, "rest", "R");
        self.subtype(INTERACTION, &["read", "vread"]);
        self.need(self.text("/outcome") == Some("0"), "outcome of a read must be 0");
        let client = self.slice("client", DCM, "110152", true);
        self.network("client", client);
        self.absent("client", client, &["media"]);
        let server = self.slice("server", DCM, "110153", true);
        self.network("server", server);
        self.absent("server", server, &["media"]);
        let user = self.slice("user", PARTICIPATION, "IRCP", false);
        self.requestor("user", user, true);
        self.absent("user", user, &["media", "network"]);
        let data = self.entities(ENTITY_TYPE, "2");
        self.need(
            data.len() == 1,
            "there must be exactly one entity for the data (audit-entity-type#2)",
        );
        for entity in data {
            self.data(entity, &["3", "4", "20"]);
        }
    }

    fn data(&mut self, entity: &Value, roles: &[&str]) {
        let right = roles
            .iter()
            .any(|role| has_code(entity.get("role"), OBJECT_ROLE, role));
        self.need(
            right,
            &format!(
                "the data entity's role must be object-role {}",
                roles.join(" or ")
            ),
        );
        self.need(
            is_reference(entity.get("what")),
            "the data entity must say what it is",
        );
    }

    pub(super) fn decision(&mut self) {
        self.kind(DCM, "110113", "E");
        self.subtype(AUTHZ, &["AuthZ-Consent", "AuthZ-Role"]);
        let client = self.slice("client", DCM, "110150", true);
        self.network("client", client);
        self.absent(
            "client",
            client,
            &["role", "altId", "name", "location", "media", "purposeOfUse"],
        );
        let user = self.slice("user", PARTICIPATION, "IRCP", true);
        self.requestor("user", user, true);
        self.absent("user", user, &["altId", "location", "media", "network"]);
        let organization = self.slice("userorg", ROLE_CLASS, "PROV", true);
        self.requestor("userorg", organization, false);
        self.absent("userorg", organization, &NOT_FOR_SERVICES);
        let authorizer = self.slice("authorizer", SECURITY_ROLE, "authserver", true);
        self.requestor("authorizer", authorizer, false);
        self.is_observer("authorizer", authorizer);
        self.absent("authorizer", authorizer, &NOT_FOR_SERVICES);
        self.absent("authorizer", authorizer, &["purposeOfUse"]);
        let consents = self.entities(RESOURCE_TYPES, "Consent");
        self.need(!consents.is_empty(), "there must be a consent entity");
        for consent in &consents {
            self.need(
                is_reference(consent.get("what")),
                "the consent entity must say which consent",
            );
        }
        let named = consents.len() + self.entities(ENTITY_TYPE, "1").len();
        self.need(
            named == self.list("entity").len(),
            "a decision has no entities but the patient and consents",
        );
    }
}
