//! Private elements that are known to carry no identity (PS3.15 E.3.10).

use super::columns::fields;
use dicom::Vr;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What the Retain Safe Private option does with a private element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// Kept; the contents of a sequence under the same rules.
    Keep,
    /// Kept with its UIDs replaced.
    Uid,
    /// Kept with its dates and times handled like those of the standard.
    Date,
}

/// A private element that may stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SafePrivate {
    /// The private creator in its usual spelling.
    pub creator: &'static str,
    /// The group, odd.
    pub group: u16,
    /// The last two digits of the element: its place in the block that the creator reserved.
    pub element: u8,
    /// The value representation that the creator gives it.
    pub vr: Vr,
    /// What to do with its value.
    pub how: Handling,
}

const LIST: &str = include_str!("../../data/safe_private.csv");

/// By group and element; the few creators of one number are told apart by their name.
static ELEMENTS: LazyLock<HashMap<(u16, u8), Vec<SafePrivate>>> = LazyLock::new(|| {
    let mut found: HashMap<(u16, u8), Vec<SafePrivate>> = HashMap::new();
    for element in LIST.lines().skip(1).filter_map(read) {
        found
            .entry((element.group, element.element))
            .or_default()
            .push(element);
    }
    found
});

fn read(line: &'static str) -> Option<SafePrivate> {
    let fields = fields(line);
    let [creator, group, element, vr, how] = fields.as_slice() else {
        return None;
    };
    let at = line.find(creator.as_ref())?;
    Some(SafePrivate {
        creator: line.get(at..at + creator.len())?,
        group: u16::from_str_radix(group, 16).ok()?,
        element: u8::from_str_radix(element, 16).ok()?,
        vr: Vr(vr.as_bytes().try_into().ok()?),
        how: match how.as_ref() {
            "keep" => Handling::Keep,
            "uid" => Handling::Uid,
            "date" => Handling::Date,
            _ => return None,
        },
    })
}

/// The element of a private creator if it is known to be safe. The creator is compared without surrounding space and
/// without regard to case; the answer has its usual spelling, which is what belongs in the copy.
pub fn safe_private(creator: &str, group: u16, element: u8) -> Option<&'static SafePrivate> {
    let creator = creator.trim_matches([' ', '\0']);
    let candidates = ELEMENTS.get(&(group, element))?;
    candidates
        .iter()
        .find(|candidate| candidate.creator.eq_ignore_ascii_case(creator))
}

#[cfg(test)]
mod tests {
    use super::{ELEMENTS, LIST};

    #[test]
    fn every_line_is_read() {
        let read: usize = ELEMENTS.values().map(Vec::len).sum();
        assert_eq!(LIST.lines().count() - 1, read);
    }
}
