//! Coded strings (VR CS): a value that is a term says what many objects say; any other may be somebody's name.

use dicom::Tag;
use std::collections::HashSet;
use std::sync::LazyLock;

/// `tag,terms`, the terms with `|` between them; without a tag, terms of no attribute in particular. The tags tell a
/// reader where a term comes from.
const LIST: &str = include_str!("../../data/terms.csv");

/// (0020,0020) Patient Orientation.
const PATIENT_ORIENTATION: Tag = Tag(0x0020, 0x0020);
/// (0040,DB00) Template Identifier.
const TEMPLATE_IDENTIFIER: Tag = Tag(0x0040, 0xDB00);

static TERMS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = LIST.lines().skip(1).filter_map(|line| line.split_once(','));
    lines.flat_map(|(_, terms)| terms.split('|')).collect()
});

/// True when one value of a coded string is a term: an enumerated value or defined term of any attribute (makers put the
/// terms of one attribute into another), a term that scanners are known to write, or of the form that this attribute has.
pub fn term(tag: Tag, value: &str) -> bool {
    let value = value.trim_matches([' ', '\0']);
    let by_form = match tag {
        // Up to three directions in order of their weight (PS3.3 C.7.6.1.1.1).
        PATIENT_ORIENTATION => {
            (1..=3).contains(&value.len()) && value.bytes().all(|letter| b"APRLHF".contains(&letter))
        }
        TEMPLATE_IDENTIFIER => {
            (1..=6).contains(&value.len()) && value.bytes().all(|digit| digit.is_ascii_digit())
        }
        _ => false,
    };
    by_form || TERMS.contains(value)
}
