//! Attributes as DICOMweb requests name them.

use crate::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;

/// The attribute that a request names by keyword or by 8 hex digits (PS3.18 8.3.4.1); `None` when there is no such.
pub fn attribute(name: &str) -> Option<Tag> {
    if name.len() == 8 && name.bytes().all(|b| b.is_ascii_hexdigit()) {
        return name.parse().ok();
    }
    let entry = StandardDataDictionary.by_name(name)?;
    let dicom_core::Tag(group, element) = entry.tag();
    Some(Tag(group, element))
}

#[cfg(test)]
mod tests {
    use super::attribute;
    use crate::Tag;

    #[test]
    fn keywords_and_digits() {
        assert_eq!(attribute("PatientName"), Some(Tag(0x0010, 0x0010)));
        assert_eq!(attribute("0020000d"), Some(Tag(0x0020, 0x000D)));
        for name in ["", "patient name", "+0100010", "0010001", "limit"] {
            assert_eq!(attribute(name), None, "{name}");
        }
    }
}
