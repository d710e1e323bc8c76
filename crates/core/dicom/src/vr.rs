//! Value representations (PS3.5 6.2).

use crate::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use std::fmt;

/// A value representation: its two letters as they stand in the file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Vr(pub [u8; 2]);

impl Vr {
    /// Unknown: opaque bytes.
    pub const UN: Vr = Vr(*b"UN");
    /// Sequence of items.
    pub const SQ: Vr = Vr(*b"SQ");
    /// Person name.
    pub const PN: Vr = Vr(*b"PN");
    /// Other byte.
    pub const OB: Vr = Vr(*b"OB");
    /// Other word.
    pub const OW: Vr = Vr(*b"OW");

    /// The VR that the standard's dictionary gives a tag; `None` for private and unknown tags.
    /// Where the dictionary leaves a choice (US or SS, OB or OW), the first.
    pub fn of(tag: Tag) -> Option<Vr> {
        if tag.is_private() {
            // (gggg,0010-00FF) reserves a block for its maker; nothing else is known.
            return (0x10..=0xFF).contains(&tag.element()).then_some(Vr(*b"LO"));
        }
        if tag.is_group_length() {
            return Some(Vr(*b"UL"));
        }
        let entry = StandardDataDictionary.by_tag(dicom_core::Tag(tag.group(), tag.element()))?;
        let name = entry.vr().relaxed().to_string();
        name.as_bytes().try_into().ok().map(Vr)
    }

    /// True when the two letters are one of the standard's VRs.
    pub fn is_known(self) -> bool {
        matches!(
            &self.0,
            b"AE"
                | b"AS"
                | b"AT"
                | b"CS"
                | b"DA"
                | b"DS"
                | b"DT"
                | b"FD"
                | b"FL"
                | b"IS"
                | b"LO"
                | b"LT"
                | b"OB"
                | b"OD"
                | b"OF"
                | b"OL"
                | b"OV"
                | b"OW"
                | b"PN"
                | b"SH"
                | b"SL"
                | b"SQ"
                | b"SS"
                | b"ST"
                | b"SV"
                | b"TM"
                | b"UC"
                | b"UI"
                | b"UL"
                | b"UN"
                | b"UR"
                | b"US"
                | b"UT"
                | b"UV"
        )
    }

    /// True when Explicit VR writes two reserved bytes and a 32-bit length after it (PS3.5 7.1.2).
    pub fn has_long_length(self) -> bool {
        matches!(
            &self.0,
            b"OB"
                | b"OD"
                | b"OF"
                | b"OL"
                | b"OV"
                | b"OW"
                | b"SQ"
                | b"SV"
                | b"UC"
                | b"UN"
                | b"UR"
                | b"UT"
                | b"UV"
        )
    }

    /// True for text, numbers written as text, dates, names and UIDs.
    pub fn is_text(self) -> bool {
        matches!(
            &self.0,
            b"AE"
                | b"AS"
                | b"CS"
                | b"DA"
                | b"DS"
                | b"DT"
                | b"IS"
                | b"LO"
                | b"LT"
                | b"PN"
                | b"SH"
                | b"ST"
                | b"TM"
                | b"UC"
                | b"UI"
                | b"UR"
                | b"UT"
        )
    }

    /// True for text that (0008,0005) Specific Character Set governs.
    pub fn follows_character_set(self) -> bool {
        matches!(&self.0, b"LO" | b"LT" | b"PN" | b"SH" | b"ST" | b"UC" | b"UT")
    }

    /// Bytes in one number of this VR, which is what big-endian swaps; 1 where there is nothing to swap.
    pub fn word(self) -> usize {
        match &self.0 {
            b"AT" | b"OW" | b"SS" | b"US" => 2,
            b"FL" | b"OF" | b"OL" | b"SL" | b"UL" => 4,
            b"FD" | b"OD" | b"OV" | b"SV" | b"UV" => 8,
            _ => 1,
        }
    }
}

impl fmt::Display for Vr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|b| write!(f, "{}", char::from(*b).escape_default()))
    }
}

impl fmt::Debug for Vr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
