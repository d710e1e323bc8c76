//! What the standard's dictionary (PS3.6 chapter 6) says of an attribute.

use crate::{Tag, Vr, keyword};
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr};
use dicom_dictionary_std::StandardDataDictionary;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// An attribute of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its keyword, such as `PatientName`.
    pub keyword: &'static str,
    /// Its value representation; the first where the standard leaves a choice.
    pub vr: Vr,
    /// The other value representation, where the standard leaves a choice (US or SS, OB or OW, US or OW).
    pub other_vr: Option<Vr>,
    /// True when the standard has retired it: it may stand in old objects, and nothing is promised of its meaning.
    pub retired: bool,
}

/// Looks an attribute up. `None` for private tags, group lengths, and tags that the standard does not name.
pub fn attribute(tag: Tag) -> Option<Attribute> {
    let keyword = keyword(tag)?;
    let entry = StandardDataDictionary.by_tag(dicom_core::Tag(tag.group(), tag.element()))?;
    let (vr, other_vr) = match entry.vr() {
        VirtualVr::Xs => (Vr(*b"US"), Some(Vr(*b"SS"))),
        VirtualVr::Ox | VirtualVr::Px => (Vr::OW, Some(Vr::OB)),
        VirtualVr::Lt => (Vr::OW, Some(Vr(*b"US"))),
        one => (
            one.relaxed().to_string().as_bytes().try_into().ok().map(Vr)?,
            None,
        ),
    };
    Some(Attribute {
        keyword,
        vr,
        other_vr,
        retired: is_retired(tag),
    })
}

/// One hexadecimal tag a line; `x` stands for any digit.
const RETIRED: &str = include_str!("../data/retired.txt");

struct Retired {
    tags: BTreeSet<u32>,
    /// Value and mask of the repeating groups.
    groups: Vec<(u32, u32)>,
}

static LIST: LazyLock<Retired> = LazyLock::new(|| {
    let mut list = Retired {
        tags: BTreeSet::new(),
        groups: Vec::new(),
    };
    for line in RETIRED.lines() {
        let number = |text: String| u32::from_str_radix(&text, 16).ok();
        let value = number(line.replace('x', "0"));
        let mask = number(
            line.chars()
                .map(|digit| if digit == 'x' { '0' } else { 'f' })
                .collect(),
        );
        match (value, mask) {
            (Some(value), Some(u32::MAX)) => {
                list.tags.insert(value);
            }
            (Some(value), Some(mask)) => list.groups.push((value, mask)),
            _ => {}
        }
    }
    list
});

fn is_retired(tag: Tag) -> bool {
    // Variable Pixel Data (7Fxx,0010) and its kin are retired; the group 7FE0 of today is not.
    if tag.group() == Tag::PIXEL_DATA.group() {
        return false;
    }
    let number = u32::from(tag.group()) << 16 | u32::from(tag.element());
    LIST.tags.contains(&number) || LIST.groups.iter().any(|(value, mask)| number & mask == *value)
}

#[cfg(test)]
mod tests {
    use super::{LIST, RETIRED, attribute};
    use crate::{Tag, Vr};

    #[test]
    fn pixel_data_is_not_retired() {
        assert!(!attribute(Tag::PIXEL_DATA).unwrap().retired);
        assert!(attribute(Tag(0x0008, 0x0010)).unwrap().retired);
    }

    #[test]
    fn an_attribute_has_its_keyword_and_representation() {
        let name = attribute(Tag(0x0010, 0x0010)).unwrap();
        assert_eq!(
            (name.keyword, name.vr, name.retired),
            ("PatientName", Vr::PN, false)
        );
        let padding = attribute(Tag(0x0028, 0x0120)).unwrap();
        assert_eq!((padding.vr, padding.other_vr), (Vr(*b"US"), Some(Vr(*b"SS"))));
    }

    #[test]
    fn retired_attributes_are_told_apart() {
        for (tag, retired) in [
            (Tag(0x0008, 0x0010), true),
            (Tag(0x4000, 0x0010), true),
            (Tag(0x5002, 0x3000), true),
            (Tag(0x6000, 0x4000), true),
            (Tag(0x6000, 0x3000), false),
            (Tag(0x0008, 0x0018), false),
        ] {
            assert_eq!(
                attribute(tag).map(|found| found.retired),
                Some(retired),
                "{tag:?}"
            );
        }
    }

    #[test]
    fn private_and_unknown_tags_are_not_attributes() {
        for tag in [Tag(0x0009, 0x1001), Tag(0x0010, 0x5555), Tag(0x0008, 0x0000)] {
            assert_eq!(attribute(tag), None, "{tag:?}");
        }
    }

    #[test]
    fn every_line_of_the_list_is_read() {
        assert_eq!(RETIRED.lines().count(), LIST.tags.len() + LIST.groups.len());
    }
}
