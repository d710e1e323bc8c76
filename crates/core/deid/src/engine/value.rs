//! One value, treated by its VR. What cannot be read as what it claims to be goes.

use super::effect::Effect;
use super::subject::decoded;
use super::transform::Outcome;
use super::{Engine, IdKind};
use crate::containers;
use crate::dates::{self, Dates};
use crate::profile::Opt;
use crate::rules;
use crate::text::{Kind, clean};
use crate::tree::Value;
use dicom::{CharacterSet, Tag, Vr};
use model::Uid;
use std::borrow::Cow;

const IMAGE_TYPE: Tag = Tag(0x0008, 0x0008);
/// Numbers shorter than this are no identifiers of anyone.
const ID_DIGITS: usize = 6;

/// UIDs of what an object is, not of which one it is. (0008,0016), (0008,001A), (0008,001B), (0008,0062), (0008,115A),
/// (0008,1150).
pub(crate) const CLASSES: [Tag; 6] = [
    Tag(0x0008, 0x0016),
    Tag(0x0008, 0x001A),
    Tag(0x0008, 0x001B),
    Tag(0x0008, 0x0062),
    Tag(0x0008, 0x115A),
    Tag(0x0008, 0x1150),
];

impl Engine<'_> {
    /// A value that an option keeps as it is, unless it repeats an identifier.
    pub(super) fn keep(&mut self, tag: Tag, vr: Vr, value: Value, charset: CharacterSet) -> Outcome {
        match (&vr.0, value) {
            (b"LO" | b"SH" | b"LT" | b"ST" | b"UC" | b"UT" | b"AE", Value::Bytes(bytes)) => {
                let text = decoded(charset, vr, &bytes);
                if self.subject.own.contains_own(&text) {
                    return self.text(vr, &text, Kind::Prose);
                }
                Outcome::Value(vr, self.encoded(text))
            }
            // The identity of a device: its class, its last calibration.
            (b"UI", value) => Outcome::Value(vr, value),
            (b"DA" | b"DT" | b"TM", Value::Bytes(bytes)) => {
                match dates::treat(vr, &decoded(charset, vr, &bytes), Dates::Keep, 0) {
                    Some(text) => Outcome::Value(vr, Value::Bytes(text.into_bytes())),
                    None => Outcome::Gone,
                }
            }
            (_, value) => self.clean(Effect::Clean, tag, vr, value, charset),
        }
    }

    /// A value treated by its VR.
    pub(super) fn clean(
        &mut self,
        effect: Effect,
        tag: Tag,
        vr: Vr,
        value: Value,
        charset: CharacterSet,
    ) -> Outcome {
        let bytes = match value {
            Value::Bytes(bytes) => bytes,
            large @ Value::Large { .. } if effect == Effect::Binary => return Outcome::Value(vr, large),
            frames @ Value::Fragments { .. } if tag == Tag::PIXEL_DATA => return Outcome::Value(vr, frames),
            _ => return Outcome::Gone,
        };
        if bytes.is_empty() {
            return Outcome::Value(vr, Value::Bytes(bytes));
        }
        match &vr.0 {
            // (0008,0201) Timezone Offset From UTC.
            b"SH" if effect == Effect::Date => {
                let text = decoded(charset, vr, &bytes);
                let digits = text.strip_prefix(['+', '-']).unwrap_or_default();
                if digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()) {
                    Outcome::Value(vr, Value::Bytes(text.into_bytes()))
                } else {
                    Outcome::Gone
                }
            }
            b"LO" | b"SH" | b"LT" | b"ST" | b"UC" | b"UT" => {
                let kind = if effect == Effect::Label {
                    Kind::Label
                } else {
                    Kind::Prose
                };
                let text = decoded(charset, vr, &bytes);
                self.text(vr, &text, kind)
            }
            b"CS" => self.terms(tag, &decoded(charset, vr, &bytes)),
            b"DA" | b"DT" | b"TM" => {
                let text = decoded(charset, vr, &bytes);
                match dates::treat(vr, &text, self.profile.dates, self.days) {
                    Some(text) => Outcome::Value(vr, Value::Bytes(text.into_bytes())),
                    None => Outcome::Gone,
                }
            }
            b"UI" => Outcome::Value(vr, Value::Bytes(self.uids(tag, &bytes))),
            b"AS" => match age(&decoded(charset, vr, &bytes)) {
                Some(text) => Outcome::Value(vr, Value::Bytes(text.into_bytes())),
                None => Outcome::Gone,
            },
            b"DS" | b"IS" => self.numbers(vr, &decoded(charset, vr, &bytes)),
            b"AT" | b"FL" | b"FD" | b"SL" | b"SS" | b"SV" | b"UL" | b"US" | b"UV" => {
                if bytes.len() % vr.word() == 0 && !reads_as_text(&bytes) {
                    Outcome::Value(vr, Value::Bytes(bytes))
                } else {
                    Outcome::Gone
                }
            }
            _ if effect == Effect::Icc => match containers::clean_icc(&bytes) {
                Ok(profile) => Outcome::Value(vr, Value::Bytes(profile)),
                Err(_) => Outcome::Gone,
            },
            b"OB" | b"OW" | b"OF" | b"OD" | b"OL" | b"OV" if effect == Effect::Binary => {
                Outcome::Value(vr, Value::Bytes(bytes))
            }
            _ => Outcome::Gone,
        }
    }

    /// Text of one or several values; a single value of ST, LT and UT may hold backslashes (PS3.5 6.2).
    fn text(&mut self, vr: Vr, text: &str, kind: Kind) -> Outcome {
        let own = &self.subject.own;
        let cleaned: Cow<'_, str> = if matches!(&vr.0, b"ST" | b"LT" | b"UT") || !text.contains('\\') {
            clean(text, kind, own)
        } else {
            let values: Vec<Cow<'_, str>> = text
                .split('\\')
                .map(|value| clean(value.trim(), kind, own))
                .collect();
            let joined = values.join("\\");
            if values.iter().all(|value| value.is_empty()) {
                Cow::Borrowed("")
            } else {
                joined.into()
            }
        };
        if cleaned.is_empty() {
            return Outcome::Gone;
        }
        let cleaned = cleaned.into_owned();
        Outcome::Value(vr, self.encoded(cleaned))
    }

    fn encoded(&mut self, text: String) -> Value {
        self.beyond_ascii |= !text.is_ascii();
        Value::Bytes(text.into_bytes())
    }

    /// Code strings: each must be a term of the standard, or consist of technical words.
    fn terms(&mut self, tag: Tag, text: &str) -> Outcome {
        let own = &self.subject.own;
        let known = |value: &str| {
            value.is_empty() || rules::term(tag, value) || clean(value, Kind::Term, own) == value
        };
        if text.split('\\').all(|value| known(value.trim())) {
            return Outcome::Value(Vr(*b"CS"), Value::Bytes(text.as_bytes().to_vec()));
        }
        let values = text.split('\\').map(str::trim);
        // The values of Image Type mean something by their place (PS3.3 C.7.6.1.1.2).
        let kept: Vec<&str> = if tag == IMAGE_TYPE {
            values
                .map(|value| if known(value) { value } else { "OTHER" })
                .collect()
        } else {
            values.filter(|value| known(value)).collect()
        };
        if kept.iter().all(|value| value.is_empty()) {
            return Outcome::Gone;
        }
        Outcome::Value(Vr(*b"CS"), Value::Bytes(kept.join("\\").into_bytes()))
    }

    fn numbers(&self, vr: Vr, text: &str) -> Outcome {
        let fits = |value: &str| {
            let value = value.trim();
            let digits = value.bytes().filter(u8::is_ascii_digit).count();
            let looks_numeric = value
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
            value.is_empty()
                || looks_numeric
                    && value.parse::<f64>().is_ok_and(f64::is_finite)
                    && !(digits >= ID_DIGITS && self.subject.own.is_own(value))
        };
        // Numbers are not in the tables of types: nought stands where one cannot stay.
        let text = if text.split('\\').all(fits) { text } else { "0" };
        Outcome::Value(vr, Value::Bytes(text.as_bytes().to_vec()))
    }

    /// UIDs mapped, but for those of the standard and those that say what an object is.
    pub(super) fn uids(&mut self, tag: Tag, bytes: &[u8]) -> Vec<u8> {
        let mut mapped = String::with_capacity(bytes.len());
        for (at, value) in bytes.split(|byte| *byte == b'\\').enumerate() {
            if at > 0 {
                mapped.push('\\');
            }
            let value = value
                .trim_ascii()
                .strip_suffix(b"\0")
                .unwrap_or(value.trim_ascii());
            // What is no UID is mapped all the same: its text may be anything.
            let uid = Uid::from_bytes(value).or_else(|_| {
                let hexed: String = value.iter().map(|b| format!("{b:02x}")).take(32).collect();
                Uid::new(&hexed)
            });
            let Ok(uid) = uid else { continue };
            mapped.push_str(&self.uid(tag, &uid));
        }
        mapped.into_bytes()
    }

    /// What stands for one UID.
    pub(super) fn uid(&mut self, tag: Tag, uid: &Uid) -> String {
        let text = uid.as_str();
        let is_class = CLASSES.contains(&tag)
            && names_a_class(text)
            && !text.split('.').any(|part| self.names_own(part));
        if is_registered(text) || is_class || self.executes(Opt::RetainUids) {
            return text.to_owned();
        }
        let new = self.key.uid(uid);
        self.record(IdKind::Uid, text, &new);
        new
    }

    fn names_own(&self, part: &str) -> bool {
        part.len() >= ID_DIGITS && self.subject.own.is_own(part)
    }
}

/// True for bytes that are a word or a number in ASCII from end to end: no measured values are.
fn reads_as_text(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii_end();
    text.len() >= 6
        && text
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b" ^-_.,'".contains(b))
}

/// Digits and dots alone, as PS3.5 9.1 has it.
fn is_plain(uid: &str) -> bool {
    uid.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// True for the UID of a maker's own class: its parts are short numbers, no record numbers or dates; or it is a UUID.
fn names_a_class(uid: &str) -> bool {
    const UUID_DIGITS: std::ops::RangeInclusive<usize> = 30..=39;
    let uuid = uid
        .strip_prefix("2.25.")
        .filter(|number| UUID_DIGITS.contains(&number.len()));
    if let Some(number) = uuid {
        return number.bytes().all(|b| b.is_ascii_digit());
    }
    is_plain(uid) && uid.split('.').all(|part| part.len() <= ID_DIGITS)
}

/// UIDs of DICOM itself and of the coding schemes that HL7 registers. Their parts are short numbers; a longer one is
/// somebody's own.
fn is_registered(uid: &str) -> bool {
    let rest = ["1.2.840.10008.", "2.16.840.1.113883.6."]
        .iter()
        .find_map(|root| uid.strip_prefix(root));
    rest.is_some_and(|rest| {
        is_plain(rest) && rest.split('.').count() <= 10 && rest.split('.').all(|part| part.len() <= 4)
    })
}

/// Ages (PS3.5 6.2 AS), those above 89 years as 90 (45 CFR 164.514(b)(2)(i)(C)).
fn age(text: &str) -> Option<String> {
    let ages: Option<Vec<String>> = text.split('\\').map(one_age).collect();
    ages.map(|ages| ages.join("\\"))
}

fn one_age(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return Some(String::new());
    }
    let (number, unit) = text.split_at_checked(3)?;
    let number = number
        .parse::<u32>()
        .ok()
        .filter(|_| number.bytes().all(|b| b.is_ascii_digit()))?;
    let days = match unit {
        "D" => 1,
        "W" => 7,
        "M" => 30,
        "Y" => 365,
        _ => return None,
    };
    Some(if number * days > 89 * 365 + 364 {
        "090Y".to_owned()
    } else {
        text.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::{age, is_registered};

    #[test]
    fn old_age_is_capped() {
        assert_eq!(age("089Y").as_deref(), Some("089Y"));
        assert_eq!(age("090Y").as_deref(), Some("090Y"));
        assert_eq!(age("104Y").as_deref(), Some("090Y"));
        assert_eq!(age("012M").as_deref(), Some("012M"));
        assert_eq!(age("45").as_deref(), None);
        assert_eq!(age("ANN").as_deref(), None);
    }

    #[test]
    fn a_long_number_under_a_registered_root_is_not_registered() {
        assert!(is_registered("1.2.840.10008.5.1.4.1.1.77.1.5.4"));
        assert!(!is_registered("1.2.840.10008.12345678"));
        assert!(!is_registered("1.2.840.113619.2.1"));
    }
}
