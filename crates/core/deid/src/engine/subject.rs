//! Who the object is about: the values that no kept text may repeat, and the keys of pseudonyms.

use super::effect::{Effect, effect};
use crate::profile::Profile;
use crate::text::OwnValues;
use crate::tree::{DataSet, Value};
use dicom::{CharacterSet, Tag, Vr};

const CHARACTER_SET: Tag = Tag(0x0008, 0x0005);
const PATIENT_ID: Tag = Tag(0x0010, 0x0020);
const STUDY_UID: Tag = Tag(0x0020, 0x000D);
const BIRTH_DATE: Tag = Tag(0x0010, 0x0030);

/// Record and order numbers, serial numbers, accounts, phones: whatever someone could look a person up by.
const IDENTIFIERS: [Tag; 28] = [
    Tag(0x0008, 0x0050),
    PATIENT_ID,
    Tag(0x0010, 0x0021),
    Tag(0x0010, 0x1000),
    Tag(0x0010, 0x1090),
    Tag(0x0010, 0x2154),
    Tag(0x0010, 0x2155),
    Tag(0x0012, 0x0040),
    Tag(0x0012, 0x0042),
    Tag(0x0020, 0x0010),
    Tag(0x0032, 0x1033),
    Tag(0x0038, 0x0010),
    Tag(0x0038, 0x0060),
    Tag(0x0040, 0x0009),
    Tag(0x0040, 0x0253),
    Tag(0x0040, 0x1001),
    Tag(0x0040, 0x1101),
    Tag(0x0040, 0x2008),
    Tag(0x0040, 0x2016),
    Tag(0x0040, 0x2017),
    Tag(0x0040, 0xA352),
    Tag(0x0008, 0x0094),
    Tag(0x0040, 0x1104),
    Tag(0x0010, 0x21F0),
    Tag(0x0038, 0x0500),
    Tag(0x0040, 0x0512),
    Tag(0x0040, 0x0551),
    Tag(0x0040, 0x050A),
];

/// Places, which a text may spell out.
const PLACES: [Tag; 10] = [
    Tag(0x0008, 0x0080),
    Tag(0x0008, 0x0081),
    Tag(0x0008, 0x1040),
    Tag(0x0010, 0x1040),
    Tag(0x0010, 0x2150),
    Tag(0x0010, 0x2152),
    Tag(0x0038, 0x0300),
    Tag(0x0038, 0x0400),
    Tag(0x0040, 0x0011),
    Tag(0x0040, 0x0243),
];

/// What names one device.
const DEVICES: [Tag; 4] = [
    Tag(0x0008, 0x1010),
    Tag(0x0018, 0x1000),
    Tag(0x0018, 0x1002),
    Tag(0x0018, 0x700A),
];

/// The identifying values of an object, and what its pseudonyms hang on.
pub(crate) struct Subject {
    pub(crate) own: OwnValues,
    /// The Patient ID; where there is none, the study's UID stands for its unknown patient.
    pub(crate) id: String,
}

/// The character set that a data set declares, or the one around it.
pub(crate) fn character_set(set: &DataSet, around: CharacterSet) -> CharacterSet {
    match set.bytes(CHARACTER_SET) {
        Some(value) if !value.is_empty() => CharacterSet::from_value(value),
        _ => around,
    }
}

/// A text value decoded, without padding.
pub(crate) fn decoded(charset: CharacterSet, vr: Vr, bytes: &[u8]) -> String {
    let text = charset.decode(vr, bytes).text;
    text.trim_matches(['\0', ' ']).to_owned()
}

impl Subject {
    pub(crate) fn of(set: &DataSet, profile: &Profile) -> Self {
        let charset = character_set(set, CharacterSet::default());
        let text = |tag, vr| {
            set.bytes(tag)
                .map(|bytes| decoded(charset, vr, bytes))
                .filter(|text| !text.is_empty())
        };
        let id = text(PATIENT_ID, Vr(*b"LO"))
            .or_else(|| text(STUDY_UID, Vr(*b"UI")).map(|uid| format!("study {uid}")))
            .unwrap_or_default();
        let mut own = OwnValues::default();
        gather(set, charset, profile, &mut own);
        Self { own, id }
    }
}

fn gather(set: &DataSet, around: CharacterSet, profile: &Profile, own: &mut OwnValues) {
    let charset = character_set(set, around);
    for element in &set.elements {
        match &element.value {
            Value::Items(items) => items.iter().for_each(|item| gather(item, charset, profile, own)),
            Value::Bytes(bytes) => {
                // What the dictionary calls a name is one, however it is written.
                let vr = Vr::of(element.tag).unwrap_or(element.vr);
                let mut each = |take: &mut dyn FnMut(&mut OwnValues, &str)| {
                    for value in decoded(charset, vr, bytes)
                        .split('\\')
                        .map(str::trim)
                        .filter(|v| !v.is_empty())
                    {
                        take(own, value);
                    }
                };
                if vr == Vr::PN || element.vr == Vr::PN {
                    each(&mut OwnValues::add_name);
                } else if effect(profile, element.tag).0 == Effect::Keep {
                    // What stays on purpose may be repeated.
                } else if IDENTIFIERS.contains(&element.tag) {
                    each(&mut add_with_parents);
                } else if PLACES.contains(&element.tag) {
                    each(&mut OwnValues::add_place);
                } else if DEVICES.contains(&element.tag) {
                    each(&mut OwnValues::add_identifier);
                } else if element.tag == BIRTH_DATE {
                    each(&mut OwnValues::add_date);
                }
            }
            Value::Large { .. } | Value::Fragments { .. } => {}
        }
    }
}

/// An identifier, and what it is built on: slide S19-1_A_2 is of block S19-1_A, which is of specimen S19-1.
fn add_with_parents(own: &mut OwnValues, value: &str) {
    own.add_identifier(value);
    for (at, _) in value.match_indices(['_', '-', '.', '/']) {
        let parent = value.get(..at).unwrap_or_default();
        if parent.len() >= 4 && parent.bytes().any(|b| b.is_ascii_digit()) {
            own.add_identifier(parent);
        }
    }
}
