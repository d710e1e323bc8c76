//! Attributes by their names in the standard.

use crate::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;

/// The keyword of an attribute (PS3.6 chapter 6), such as `PatientName`; `None` for private attributes and for those that
/// the standard does not name. In a repeating group (overlays) all elements of one number have the same keyword.
pub fn keyword(tag: Tag) -> Option<&'static str> {
    if tag.is_private() || tag.is_group_length() {
        return None;
    }
    let entry = StandardDataDictionary.by_tag(dicom_core::Tag(tag.group(), tag.element()))?;
    Some(entry.alias())
}

/// The attribute of this keyword; `None` where the standard has none. In a repeating group, the first one.
pub fn tag_of(keyword: &str) -> Option<Tag> {
    let entry = StandardDataDictionary.by_name(keyword)?;
    let tag = entry.tag();
    Some(Tag(tag.0, tag.1))
}

#[cfg(test)]
mod tests {
    use super::{keyword, tag_of};
    use crate::Tag;

    #[test]
    fn attributes_of_the_standard_have_a_keyword() {
        assert_eq!(keyword(Tag(0x0010, 0x0010)), Some("PatientName"));
        assert_eq!(keyword(Tag(0x0028, 0x1050)), Some("WindowCenter"));
        assert_eq!(keyword(Tag(0x6002, 0x3000)), Some("OverlayData"));
        assert_eq!(tag_of("WindowCenter"), Some(Tag(0x0028, 0x1050)));
        assert_eq!(tag_of("Window Center"), None);
    }

    #[test]
    fn others_have_none() {
        for tag in [
            Tag(0x0009, 0x0010),
            Tag(0x0009, 0x1001),
            Tag(0x0010, 0x0000),
            Tag(0x0010, 0xFFF0),
        ] {
            assert_eq!(keyword(tag), None, "{tag:?}");
        }
    }
}
