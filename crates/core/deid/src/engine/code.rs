//! Coded entries (PS3.3 section 8): a code keeps the meaning that the dictionary gives it, or goes.

use crate::text::{Kind, OwnValues, clean, meaning, well_formed};
use crate::tree::DataSet;
use dicom::{CharacterSet, Tag, Vr};

const CODE_VALUE: Tag = Tag(0x0008, 0x0100);
const SCHEME: Tag = Tag(0x0008, 0x0102);
const SCHEME_VERSION: Tag = Tag(0x0008, 0x0103);
const MEANING: Tag = Tag(0x0008, 0x0104);
const LONG_VALUE: Tag = Tag(0x0008, 0x0119);
const URN_VALUE: Tag = Tag(0x0008, 0x0120);

/// True for an item that is a coded entry.
pub(crate) fn is_code(item: &DataSet) -> bool {
    [CODE_VALUE, LONG_VALUE, URN_VALUE, MEANING]
        .iter()
        .any(|tag| item.get(*tag).is_some())
}

/// The attributes of the Code Sequence Macro that the dictionary vouches for; `None` when it does not know the code.
///
/// Context group, mapping resource and the extension's maker go: they name no meaning, and a site can write in them.
pub(crate) fn vouched(item: &DataSet, charset: CharacterSet, own: &OwnValues) -> Option<DataSet> {
    let text = |tag, vr| {
        let value = item.bytes(tag)?;
        let text = super::subject::decoded(charset, Vr(vr), value);
        (!text.is_empty()).then_some(text)
    };
    let scheme = text(SCHEME, *b"SH")?;
    let (tag, vr, value) = match (text(CODE_VALUE, *b"SH"), text(LONG_VALUE, *b"UC")) {
        (Some(value), _) => (CODE_VALUE, *b"SH", value),
        (None, Some(value)) => (LONG_VALUE, *b"UC", value),
        (None, None) => return None,
    };
    let written = text(MEANING, *b"LO").unwrap_or_default();
    // Meanings are written in many ways; one that consists of known words is as good as the dictionary's.
    let is_plain = !written.is_empty() && clean(&written, Kind::Prose, own) == written;
    let is_standard =
        || (well_formed(&scheme, &value) || is_registered(&scheme, &value)) && !own.is_own(&value);
    let said = match meaning(&scheme, &value) {
        Some(_) if is_plain => written,
        Some(meaning) => meaning.to_owned(),
        None if is_plain && is_standard() => written,
        None => return None,
    };
    let mut set = DataSet::default();
    set.put_text(tag, Vr(vr), &value);
    set.put_text(SCHEME, Vr(*b"SH"), &scheme);
    if let Some(version) = text(SCHEME_VERSION, *b"SH").filter(|version| is_version(version)) {
        set.put_text(SCHEME_VERSION, Vr(*b"SH"), &version);
    }
    set.put_text(MEANING, Vr(*b"LO"), &said);
    Some(set)
}

/// Schemes that PS3.16 table 8-1 registers and whose codes follow no check: languages, countries, ECG terms, diseases.
const REGISTERED: [&str; 14] = [
    "ISO639_1",
    "ISO639_2",
    "ISO3166_1",
    "RFC3066",
    "RFC5646",
    "SCPECG",
    "MDC",
    "I10",
    "I9",
    "I9C",
    "I9P",
    "IBSI",
    "MSH",
    "UBERON",
];

/// True for a code of such a scheme that is too short to name anyone.
fn is_registered(scheme: &str, value: &str) -> bool {
    REGISTERED.contains(&scheme)
        && value.len() <= 12
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
        && value.bytes().filter(u8::is_ascii_alphabetic).count() <= 5
}

/// `01`, `20020904`, `2.64`, `V1`: nothing that could be a word.
fn is_version(text: &str) -> bool {
    text.len() <= 10
        && text.chars().filter(char::is_ascii_alphabetic).count() <= 1
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// The code that stands where an IOD demands one and the dictionary knows none.
pub(crate) fn unknown() -> DataSet {
    let mut set = DataSet::default();
    set.put_text(CODE_VALUE, Vr(*b"SH"), "261665006");
    set.put_text(SCHEME, Vr(*b"SH"), "SCT");
    set.put_text(MEANING, Vr(*b"LO"), "Unknown");
    set
}

/// Adds what stands beside a code in its item and is no part of it.
pub(crate) fn join(mut code: DataSet, rest: DataSet) -> DataSet {
    for element in rest.elements {
        if code.get(element.tag).is_none() {
            code.put(element.tag, element.vr, element.value);
        }
    }
    code
}
