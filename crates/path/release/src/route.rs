//! Which scans go to whom of their own accord: what an officer wrote, held against what is known of a scan.

use model::{Purpose, RecipientId, Uid};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{SeriesQuery, Store, StudyQuery};

/// A rule that orders releases as scans come in. Whether a copy goes is decided afterwards, as with any other order.
/// Written by the officer as TOML; kept as JSON of the same fields.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Its name: 1 to 64 lower-case letters, digits and hyphens.
    pub name: String,
    /// False for one that is kept and does nothing.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Who gets the copies.
    pub recipient: RecipientId,
    /// What for.
    pub purpose: Purpose,
    /// Which scans.
    #[serde(default)]
    pub when: When,
}

fn yes() -> bool {
    true
}

/// What a study must be like. Every pattern that is given must match; without any, all studies do. In a pattern `*` stands for
/// any text and `?` for one character; upper and lower case are the same.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Modality (0008,0060), such as `CT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<String>,
    /// SOP Class UID (0008,0016).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sop_class: Option<String>,
    /// Body Part Examined (0018,0015), such as `CHEST`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_part: Option<String>,
    /// The AE title that sent it. A name, not a credential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ae: Option<String>,
    /// Study, series or procedure description: (0008,1030), (0008,103E).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
}

/// What is known of a study, as far as routes look at it: the values of all of its instances.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct RouteFacts {
    /// Modalities.
    pub modality: BTreeSet<String>,
    /// SOP Class UIDs.
    pub sop_class: BTreeSet<String>,
    /// Body parts.
    pub body_part: BTreeSet<String>,
    /// AE titles of those who sent it.
    pub source_ae: BTreeSet<String>,
    /// Descriptions of study, series and procedure.
    pub procedure: BTreeSet<String>,
}

/// What is wrong with a route.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRoute {
    /// The name cannot be one.
    #[error(
        "the route's name must have 1 to 64 lower-case letters, digits and hyphens, such as chest-to-acme"
    )]
    Name,
    /// A pattern that matches nothing.
    #[error("when.{0} is empty: leave it out, or give a pattern")]
    Empty(&'static str),
    /// A purpose that needs somebody who asks.
    #[error("{0} cannot be ordered by a route: it needs a person who asks each time")]
    Purpose(Purpose),
}

impl Route {
    /// Checks what an officer wrote, before it is kept.
    ///
    /// # Errors
    /// When it could never match, or orders what only a person may ask for.
    pub fn check(&self) -> Result<(), InvalidRoute> {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !(1..=64).contains(&self.name.len()) || !self.name.bytes().all(legal) {
            return Err(InvalidRoute::Name);
        }
        let patterns = self.when.patterns();
        if let Some((name, _)) = patterns.iter().find(|(_, pattern)| pattern.trim().is_empty()) {
            return Err(InvalidRoute::Empty(name));
        }
        match self.purpose {
            Purpose::Btg | Purpose::Patrqt | Purpose::Hlegal => Err(InvalidRoute::Purpose(self.purpose)),
            _ => Ok(()),
        }
    }

    /// Whether a study goes this way: the route is enabled, and each of its patterns matches one of the study's values.
    pub fn matches(&self, facts: &RouteFacts) -> bool {
        self.enabled && self.differs(facts).is_empty()
    }

    /// The patterns that match nothing of a study, by name.
    pub fn differs(&self, facts: &RouteFacts) -> Vec<&'static str> {
        let values: BTreeMap<&str, &BTreeSet<String>> = [
            ("modality", &facts.modality),
            ("sop_class", &facts.sop_class),
            ("body_part", &facts.body_part),
            ("source_ae", &facts.source_ae),
            ("procedure", &facts.procedure),
        ]
        .into();
        let fails = |(name, pattern): &(&'static str, &str)| {
            !values
                .get(name)
                .is_some_and(|values| values.iter().any(|value| is_like(pattern, value)))
        };
        self.when
            .patterns()
            .into_iter()
            .filter(fails)
            .map(|(name, _)| name)
            .collect()
    }
}

impl When {
    fn patterns(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("modality", &self.modality),
            ("sop_class", &self.sop_class),
            ("body_part", &self.body_part),
            ("source_ae", &self.source_ae),
            ("procedure", &self.procedure),
        ];
        all.into_iter()
            .filter_map(|(name, pattern)| Some((name, pattern.as_deref()?)))
            .collect()
    }
}

impl RouteFacts {
    /// What is known of a study that is here. None when it is not, or its patient was erased.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub async fn of_study(store: &Store, study: &Uid) -> store::Result<Option<Self>> {
        let query = StudyQuery {
            study_instance_uids: vec![study.clone()],
            ..StudyQuery::default()
        };
        let Some(found) = store.find_studies(&query).await?.into_iter().next() else {
            return Ok(None);
        };
        let mut facts = Self::default();
        let mut add = |attributes: &str| {
            if let Ok(attributes) = serde_json::from_str(attributes) {
                facts.add_attributes(&attributes);
            }
        };
        add(found.study_attributes.reveal());
        let query = SeriesQuery {
            study_instance_uid: Some(study.clone()),
            ..SeriesQuery::default()
        };
        for series in store.find_series(&query).await? {
            add(series.attributes.reveal());
        }
        for instance in store.instances_of_study(study).await? {
            facts.sop_class.insert(instance.sop_class_uid.as_str().to_owned());
            facts.source_ae.extend(instance.source.ae);
        }
        Ok(Some(facts))
    }

    /// Adds what the attributes of a level say (DICOM JSON Model, as the index keeps them): modality, body part, descriptions.
    pub fn add_attributes(&mut self, attributes: &serde_json::Value) {
        let read = |tag: &str, into: &mut BTreeSet<String>| {
            let values = attributes.get(tag).and_then(|element| element.get("Value"));
            let texts = values.and_then(serde_json::Value::as_array).into_iter().flatten();
            into.extend(
                texts
                    .filter_map(serde_json::Value::as_str)
                    .map(|text| text.trim().to_owned())
                    .filter(|text| !text.is_empty()),
            );
        };
        read("00080060", &mut self.modality);
        read("00180015", &mut self.body_part);
        for tag in ["00081030", "0008103E", "00400254", "00321060"] {
            read(tag, &mut self.procedure);
        }
    }
}

/// Whether a text is like a pattern: `*` any text, `?` one character, case aside. Linear in text and pattern but for
/// backing up to the last star.
fn is_like(pattern: &str, text: &str) -> bool {
    let fold = |text: &str| -> Vec<char> { text.trim().to_lowercase().chars().collect() };
    let (pattern, text) = (fold(pattern), fold(text));
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&wanted) if wanted == '?' || Some(&wanted) == text.get(t) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    t = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(p).all(|&rest| rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(when: &str) -> Route {
        let text = format!(
            r#"{{"name": "chest-to-acme", "recipient": "acme-chest-ai", "purpose": "AIANALYSIS", "when": {when}}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn chest() -> RouteFacts {
        let mut facts = RouteFacts::default();
        facts.add_attributes(&serde_json::json!({
            "00080060": {"vr": "CS", "Value": ["DX"]},
            "00180015": {"vr": "CS", "Value": ["CHEST "]},
            "0008103E": {"vr": "LO", "Value": ["Thorax PA"]},
        }));
        facts.add_attributes(&serde_json::json!({"00081030": {"vr": "LO", "Value": ["Chest, two views"]}}));
        facts.source_ae.insert("XR-ROOM-2".to_owned());
        facts
    }

    #[test]
    fn every_pattern_that_is_given_must_match() {
        for (when, matches) in [
            ("{}", true),
            (r#"{"modality": "DX"}"#, true),
            (r#"{"modality": "dx", "body_part": "chest"}"#, true),
            (r#"{"modality": "CT", "body_part": "CHEST"}"#, false),
            (r#"{"source_ae": "XR-*"}"#, true),
            (r#"{"source_ae": "XR-ROOM-?"}"#, true),
            (r#"{"source_ae": "XR-ROOM-??"}"#, false),
            (r#"{"procedure": "*two views"}"#, true),
            (r#"{"procedure": "thorax*"}"#, true),
            (r#"{"procedure": "two views"}"#, false),
            (r#"{"sop_class": "*"}"#, false),
        ] {
            assert_eq!(route(when).matches(&chest()), matches, "{when}");
        }
        assert_eq!(
            route(r#"{"modality": "CT", "body_part": "CHEST", "sop_class": "*"}"#).differs(&chest()),
            ["modality", "sop_class"]
        );
    }

    #[test]
    fn a_route_that_is_off_matches_nothing() {
        let off = Route {
            enabled: false,
            ..route("{}")
        };
        assert!(route("{}").matches(&chest()) && !off.matches(&chest()));
    }

    #[test]
    fn wildcards_are_as_everywhere() {
        for (pattern, text, like) in [
            ("*", "", true),
            ("", "", true),
            ("?", "", false),
            ("a*b*c", "axxbxxbxc", true),
            ("a*b*c", "axxbxxbx", false),
            ("**a", "ba", true),
            ("*É?", "caféx", true),
        ] {
            assert_eq!(is_like(pattern, text), like, "{pattern} {text}");
        }
    }

    #[test]
    fn what_could_never_be_meant_is_refused() {
        assert_eq!(route("{}").check(), Ok(()));
        let named = |name: &str| Route {
            name: name.to_owned(),
            ..route("{}")
        };
        assert_eq!(named("").check(), Err(InvalidRoute::Name));
        assert_eq!(named("Chest").check(), Err(InvalidRoute::Name));
        assert_eq!(
            route(r#"{"modality": " "}"#).check(),
            Err(InvalidRoute::Empty("modality"))
        );
        let emergency = Route {
            purpose: Purpose::Btg,
            ..route("{}")
        };
        assert_eq!(emergency.check(), Err(InvalidRoute::Purpose(Purpose::Btg)));
        let unknown =
            r#"{"name": "a", "recipient": "acme-ai", "purpose": "TREAT", "when": {"modalty": "CT"}}"#;
        assert!(serde_json::from_str::<Route>(unknown).is_err());
    }
}
