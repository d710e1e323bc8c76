//! Matching on attributes that the index does not match on (PS3.4 C.2.2.2), in the DICOM JSON Model.

use dicom::Tag;
use serde_json::{Map, Value};

/// The name of an attribute in the DICOM JSON Model.
pub(super) fn key(tag: Tag) -> String {
    format!("{:04X}{:04X}", tag.group(), tag.element())
}

/// True when one of the attribute's values matches: a list of values, wildcards, or a range of dates or times.
pub(super) fn matches(attributes: &Map<String, Value>, tag: Tag, wanted: &str) -> bool {
    let Some(attribute) = attributes.get(&key(tag)) else {
        return false;
    };
    let vr = attribute.get("vr").and_then(Value::as_str).unwrap_or_default();
    let values = attribute
        .get("Value")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    values.iter().any(|value| match value {
        Value::String(text) if matches!(vr, "DA" | "TM" | "DT") && wanted.contains('-') => {
            in_range(text, wanted)
        }
        Value::String(text) => wanted.split(['\\', ',']).any(|wanted| is_like(wanted, text)),
        Value::Number(number) => wanted
            .split(['\\', ','])
            .any(|wanted| wanted.trim() == number.to_string()),
        Value::Object(name) => name
            .values()
            .filter_map(Value::as_str)
            .any(|group| is_like(&wanted.to_lowercase(), &group.to_lowercase())),
        _ => false,
    })
}

fn in_range(text: &str, range: &str) -> bool {
    let (from, to) = range.split_once('-').unwrap_or((range, range));
    (from.is_empty() || from <= text) && (to.is_empty() || text <= to || text.starts_with(to))
}

/// `*` stands for any characters, `?` for one. Without recursion: the last star is the only place to go back to.
fn is_like(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    let mut star: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let mut ahead = pattern.clone();
        match (ahead.next(), text.clone().next()) {
            (Some('*'), _) => {
                pattern = ahead;
                star = Some((pattern.clone(), text.clone()));
                continue;
            }
            (Some(wanted), Some(c)) if wanted == '?' || wanted == c => {
                pattern = ahead;
                text.next();
                continue;
            }
            (None, None) => return true,
            _ => {}
        }
        let Some((after_star, rest)) = &mut star else {
            return false;
        };
        if rest.next().is_none() {
            return false;
        }
        (pattern, text) = (after_star.clone(), rest.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("?", "", false),
            ("a*c", "abbc", true),
            ("a*c", "abcb", false),
            ("a?c", "abc", true),
            ("*b*", "abc", true),
            ("*bc", "abbc", true),
            ("a*b*c*d", "aXbYcZd", true),
            ("abc", "ab", false),
            ("ab", "abc", false),
        ] {
            assert_eq!(is_like(pattern, text), expected, "{pattern} {text}");
        }
        let slow = "a".repeat(10_000);
        assert!(!is_like(&("*a".repeat(1000) + "b"), &slow));
    }

    #[test]
    fn values_by_kind() {
        let attributes = serde_json::json!({
            "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Roe^Jane"}]},
            "00200011": {"vr": "IS", "Value": [7]},
            "00080030": {"vr": "TM", "Value": ["101530.5"]},
            "0008103E": {"vr": "LO", "Value": ["Axial T1"]},
        });
        let Value::Object(attributes) = attributes else {
            unreachable!()
        };
        for (tag, wanted, expected) in [
            (Tag(0x10, 0x10), "roe^*", true),
            (Tag(0x10, 0x10), "doe*", false),
            (Tag(0x20, 0x11), "7", true),
            (Tag(0x20, 0x11), "6,7", true),
            (Tag(0x20, 0x11), "70", false),
            (Tag(8, 0x30), "1000-1100", true),
            (Tag(8, 0x30), "-1015", true),
            (Tag(8, 0x30), "1100-", false),
            (Tag(8, 0x103E), "Axial*", true),
            (Tag(8, 0x103E), "axial*", false),
            (Tag(8, 0x1030), "*x", false),
        ] {
            assert_eq!(matches(&attributes, tag, wanted), expected, "{tag} {wanted}");
        }
    }
}
