//! Audit messages as DICOM PS3.15 A.5 has them: XML, to be carried by [`syslog`](crate::syslog).

use crate::recorder::AccessPoint;
use crate::{Counts, Event, Kind, Language, Party, Patient, Recorder, Study, Why, words};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

/// A message, and whether it tells of a failure or an alarm.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The `AuditMessage` document.
    pub xml: String,
    /// False for what went as it should. It decides the severity of the syslog record.
    pub alarming: bool,
}

/// All messages that an event calls for: Instances Transferred (110104) of a release, Export (110106), Instances Accessed
/// (110103) of a read; Security Alert (110113) of a denial, of emergency access and of changed directives. None for a
/// search, a deletion elsewhere and a flag, nor for a release of which nothing was tried yet.
pub fn messages(event: &Event, patient: &Patient, recorder: &Recorder) -> Vec<Message> {
    let make = |what: What| message(event, patient, recorder, what);
    let attempted = event.gave_something() || event.instances.not_sent > 0;
    match event.kind {
        Kind::Release if attempted => vec![make(What::Transfer)],
        Kind::Export if attempted => vec![make(What::Export)],
        Kind::Read => vec![make(What::Access)],
        Kind::Denial => vec![make(What::Denial)],
        Kind::BreakGlass => {
            let mut all = vec![make(What::Emergency)];
            if attempted {
                let outside = event.recipient.as_ref().is_some_and(|party| !party.inside);
                all.push(make(if outside { What::Transfer } else { What::Access }));
            }
            all
        }
        Kind::Directive | Kind::Withdrawal => vec![make(What::Directive)],
        _ => Vec::new(),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Transfer,
    Export,
    Access,
    Denial,
    Emergency,
    Directive,
}

/// A code of the DICOM Controlled Terminology: value, meaning.
type Code = (&'static str, &'static str);

impl What {
    fn event_id(self) -> Code {
        match self {
            Self::Transfer => ("110104", "DICOM Instances Transferred"),
            Self::Export => ("110106", "Export"),
            Self::Access => ("110103", "DICOM Instances Accessed"),
            Self::Denial | Self::Emergency | Self::Directive => ("110113", "Security Alert"),
        }
    }

    fn event_type(self) -> Option<Code> {
        match self {
            Self::Denial => Some(("110132", "Use of Restricted Function")),
            Self::Emergency => Some(("110127", "Emergency Override Started")),
            Self::Directive => Some(("110135", "Object Security Attributes Changed")),
            Self::Transfer | Self::Export | Self::Access => None,
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Transfer | Self::Export | Self::Access => "R",
            Self::Denial | Self::Emergency | Self::Directive => "E",
        }
    }

    /// 0 success, 4 minor failure, 8 serious failure. A denial is a minor one: what protects the scans worked (A.5.3.11).
    fn outcome(self, counts: Counts) -> &'static str {
        match self {
            Self::Denial => "4",
            Self::Emergency | Self::Directive => "0",
            Self::Access if counts.unknown == 0 && counts.not_sent == 0 => "0",
            _ => match (counts.sent, counts.unknown, counts.not_sent) {
                (0, 0, _) => "8",
                (_, 0, 0) => "0",
                _ => "4",
            },
        }
    }
}

fn message(event: &Event, patient: &Patient, recorder: &Recorder, what: What) -> Message {
    let outcome = what.outcome(event.instances);
    let mut xml = Xml::new();
    xml.open(
        "EventIdentification",
        &[
            ("EventActionCode", what.action()),
            ("EventDateTime", &event.at.to_string()),
            ("EventOutcomeIndicator", outcome),
        ],
    );
    xml.code("EventID", what.event_id(), "DCM");
    if let Some(kind) = what.event_type() {
        xml.code("EventTypeCode", kind, "DCM");
    }
    let described = described(event, what);
    if !described.is_empty() {
        xml.text("EventOutcomeDescription", &described);
    }
    xml.close("EventIdentification");
    participants(&mut xml, event, recorder, what);
    let site = Some(recorder.site.as_str()).filter(|site| !site.is_empty());
    let mut source = vec![("AuditSourceID", filled(&recorder.device))];
    source.extend(site.map(|site| ("AuditEnterpriseSiteID", site)));
    xml.open("AuditSourceIdentification", &source);
    xml.code("AuditSourceTypeCode", ("4", "Application Server"), "DCM");
    xml.close("AuditSourceIdentification");
    if let Some(study) = &event.study {
        study_object(&mut xml, event, study);
    }
    if !patient.id.reveal().trim().is_empty() {
        patient_object(&mut xml, patient);
    }
    Message {
        xml: xml.finish(),
        alarming: outcome != "0" || what == What::Emergency,
    }
}

fn described(event: &Event, what: What) -> String {
    let counted = words::counts(event.instances, event.kind, Language::English);
    match what {
        What::Transfer | What::Export | What::Access => {
            counted.map_or_else(String::new, |counted| format!("instances: {counted}"))
        }
        What::Denial | What::Emergency | What::Directive => event.reasons.join(" "),
    }
}

fn participants(xml: &mut Xml, event: &Event, recorder: &Recorder, what: What) {
    let title = if recorder.ae_title.is_empty() {
        &recorder.device
    } else {
        &recorder.ae_title
    };
    let gateway = Participant {
        user: filled(title),
        alternative: ae_titles(&recorder.ae_title),
        name: None,
        // What nobody ordered was ordered by a rule of the gateway.
        requestor: event.who.is_none(),
        address: Some(filled(&recorder.host)),
        role: Some(if what.action() == "R" {
            ("110153", "Source Role ID")
        } else {
            ("110150", "Application")
        }),
        medium: false,
    };
    gateway.write(xml);
    if let Some(party) = &event.recipient {
        let export = what == What::Export;
        Participant {
            user: user_id(party),
            alternative: party.ae_title.as_deref().and_then(ae_titles),
            name: Some(words::name(party)),
            requestor: false,
            address: Some(party.network.as_deref().unwrap_or_else(|| user_id(party))),
            role: Some(match what {
                What::Export => ("110154", "Destination Media"),
                _ => ("110152", "Destination Role ID"),
            }),
            medium: export,
        }
        .write(xml);
    }
    if let Some(who) = &event.who {
        Participant {
            user: filled(who),
            alternative: None,
            name: None,
            requestor: true,
            address: None,
            role: None,
            medium: false,
        }
        .write(xml);
    }
}

struct Participant<'a> {
    user: &'a str,
    alternative: Option<String>,
    name: Option<&'a str>,
    requestor: bool,
    address: Option<&'a str>,
    role: Option<Code>,
    medium: bool,
}

impl Participant<'_> {
    fn write(&self, xml: &mut Xml) {
        let mut attributes = vec![("UserID", self.user)];
        attributes.extend(
            self.alternative
                .as_deref()
                .map(|text| ("AlternativeUserID", text)),
        );
        attributes.extend(self.name.map(|name| ("UserName", name)));
        attributes.push(("UserIsRequestor", if self.requestor { "true" } else { "false" }));
        if let Some(address) = self.address {
            attributes.push(("NetworkAccessPointID", address));
            attributes.push(("NetworkAccessPointTypeCode", AccessPoint::of(address).code()));
        }
        xml.open("ActiveParticipant", &attributes);
        if let Some(role) = self.role {
            xml.code("RoleIDCode", role, "DCM");
        }
        if self.medium {
            xml.open("MediaIdentifier", &[]);
            xml.code("MediaType", ("110037", "URI"), "DCM");
            xml.close("MediaIdentifier");
        }
        xml.close("ActiveParticipant");
    }
}

fn user_id(party: &Party) -> &str {
    let title = party.ae_title.as_deref().filter(|title| !title.trim().is_empty());
    filled(title.unwrap_or(&party.id))
}

fn ae_titles(title: &str) -> Option<String> {
    (!title.is_empty()).then(|| format!("AETITLES={title}"))
}

fn filled(text: &str) -> &str {
    if text.trim().is_empty() { "unknown" } else { text }
}

fn study_object(xml: &mut Xml, event: &Event, study: &Study) {
    xml.open(
        "ParticipantObjectIdentification",
        &[
            ("ParticipantObjectID", filled(&study.uid)),
            ("ParticipantObjectTypeCode", "2"),
            ("ParticipantObjectTypeCodeRole", "3"),
        ],
    );
    xml.code(
        "ParticipantObjectIDTypeCode",
        ("110180", "Study Instance UID"),
        "DCM",
    );
    xml.text("ParticipantObjectName", &words::study(study, Language::English));
    let purpose = event.purpose.as_ref().map(|why| match why {
        Why::Purpose(purpose) => purpose.code().to_owned(),
        Why::Words(words) => words.clone(),
    });
    for (name, value) in [
        ("EventID", Some(event.id.clone())),
        ("PurposeOfUse", purpose),
        (
            "PolicyIDs",
            (!event.policies.is_empty()).then(|| event.policies.join(" ")),
        ),
        ("LogIndex", event.log_index.map(|index| index.to_string())),
    ] {
        if let Some(value) = value {
            let value = STANDARD.encode(value);
            xml.empty("ParticipantObjectDetail", &[("type", name), ("value", &value)]);
        }
    }
    for (class, number) in &study.classes {
        xml.empty(
            "SOPClass",
            &[("UID", class), ("NumberOfInstances", &number.to_string())],
        );
    }
    if study.classes.is_empty() {
        let counts = event.instances;
        let number = counts.asked.max(counts.sent + counts.unknown + counts.not_sent);
        xml.empty("SOPClass", &[("NumberOfInstances", &number.to_string())]);
    }
    if let Some(profile) = event.profile.as_ref().filter(|_| event.kind == Kind::Release) {
        xml.text("Anonymized", if profile == "original" { "false" } else { "true" });
    }
    xml.close("ParticipantObjectIdentification");
}

fn patient_object(xml: &mut Xml, patient: &Patient) {
    xml.open(
        "ParticipantObjectIdentification",
        &[
            ("ParticipantObjectID", patient.id.reveal()),
            ("ParticipantObjectTypeCode", "1"),
            ("ParticipantObjectTypeCodeRole", "1"),
        ],
    );
    xml.code("ParticipantObjectIDTypeCode", ("2", "Patient Number"), "RFC-3881");
    let name = patient.name.reveal();
    let name = if name.trim().is_empty() {
        patient.id.reveal()
    } else {
        name
    };
    xml.text("ParticipantObjectName", name);
    xml.close("ParticipantObjectIdentification");
}

/// Writes XML 1.0.
struct Xml(String);

impl Xml {
    fn new() -> Self {
        Self("<?xml version=\"1.0\" encoding=\"UTF-8\"?><AuditMessage>".to_owned())
    }

    fn finish(mut self) -> String {
        self.0.push_str("</AuditMessage>");
        self.0
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.0, "<{name}");
        for (attribute, value) in attributes {
            let _ = write!(self.0, " {attribute}=\"");
            self.escape(value);
            self.0.push('"');
        }
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.0.push('>');
    }

    fn close(&mut self, name: &str) {
        let _ = write!(self.0, "</{name}>");
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes);
        self.0.push_str("/>");
    }

    fn text(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        self.escape(text);
        self.close(name);
    }

    fn code(&mut self, name: &str, (code, meaning): Code, system: &str) {
        self.empty(
            name,
            &[
                ("csd-code", code),
                ("codeSystemName", system),
                ("displayName", meaning),
                ("originalText", meaning),
            ],
        );
    }

    fn escape(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\t' | '\n' | '\r' => self.0.push(' '),
                // XML 1.0 cannot hold these, in no spelling.
                '\0'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => self.0.push(char::REPLACEMENT_CHARACTER),
                character => self.0.push(character),
            }
        }
    }
}
