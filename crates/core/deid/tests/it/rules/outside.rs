//! Attributes that the table does not list.

use super::shared;
use deid::rules::{Outside, is_known, outside, row};
use dicom::{Tag, Vr};
use std::collections::HashSet;

fn tag(number: u32) -> Tag {
    Tag((number >> 16) as u16, (number & 0xFFFF) as u16)
}

/// The even groups of the standard's dictionary that hold the attributes of an object.
const GROUPS: [u16; 66] = [
    0x0008, 0x0010, 0x0012, 0x0016, 0x0018, 0x0020, 0x0022, 0x0024, 0x0028, 0x0032, 0x0034, 0x0038, 0x003A,
    0x0040, 0x0042, 0x0044, 0x0046, 0x0048, 0x0050, 0x0052, 0x0054, 0x0060, 0x0062, 0x0064, 0x0066, 0x0068,
    0x006A, 0x0070, 0x0072, 0x0074, 0x0076, 0x0078, 0x0080, 0x0082, 0x0088, 0x0100, 0x0400, 0x1000, 0x1010,
    0x2000, 0x2010, 0x2020, 0x2030, 0x2040, 0x2050, 0x2100, 0x2110, 0x2120, 0x2130, 0x2200, 0x3002, 0x3004,
    0x3006, 0x3008, 0x300A, 0x300C, 0x300E, 0x3010, 0x4000, 0x4008, 0x4FFE, 0x5200, 0x5400, 0x5600, 0x7F00,
    0x7FE0,
];

/// Every text attribute of the standard's dictionary was judged: none falls through to the default.
#[test]
fn every_text_of_the_standard_was_judged() {
    let list = include_str!("../../../data/outside.csv");
    let judged: HashSet<&str> = list.lines().filter_map(|line| line.split(',').next()).collect();
    let mut texts = 0;
    for group in GROUPS {
        for element in 1..=u16::MAX {
            let tag = Tag(group, element);
            let Some(attribute) = dicom::attribute(tag) else {
                continue;
            };
            let is_text = attribute.vr.follows_character_set() && attribute.vr != Vr::PN;
            if !attribute.retired && is_text && row(tag).is_none() {
                texts += 1;
                assert!(
                    judged.contains(tag.to_string().as_str()),
                    "{tag:?} {}",
                    attribute.keyword
                );
            }
        }
    }
    assert!(texts > 350, "{texts}");
}

/// The attributes of a text, name, date, URI or title VR that the table of 2024 did not list.
#[test]
fn the_gap_of_the_table_is_closed() {
    let Some(text) = shared::file("risky_vr_attributes_not_in_E1-1.json") else {
        return;
    };
    let gap: Vec<[String; 4]> = serde_json::from_str(&text).unwrap();
    assert_eq!(gap.len(), 505);
    for [number, name, vr, retired] in gap {
        let digits: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
        let tag: Tag = digits.replace('X', "0").parse().unwrap();
        let kind = outside(tag);
        let fits = match vr.as_str() {
            _ if retired == "Y" => kind == Outside::Drop,
            "DA" | "DT" | "TM" => matches!(kind, Outside::Date | Outside::Drop),
            "PN" | "AE" => kind == Outside::Drop,
            "UR" => matches!(kind, Outside::Drop | Outside::Code),
            _ => matches!(
                kind,
                Outside::Label | Outside::Prose | Outside::Code | Outside::Drop
            ),
        };
        assert!(fits, "{number} {name} {vr} {retired}: {kind:?}");
    }
}

#[test]
fn what_a_reader_needs_stays() {
    for (number, kind) in [
        (0x0008_0070, Outside::Label),  // Manufacturer
        (0x0008_1090, Outside::Label),  // Manufacturer's Model Name
        (0x0018_0024, Outside::Label),  // Sequence Name
        (0x0018_1210, Outside::Label),  // Convolution Kernel
        (0x0028_1055, Outside::Label),  // Window Center & Width Explanation
        (0x0062_0005, Outside::Label),  // Segment Label
        (0x0062_0006, Outside::Prose),  // Segment Description
        (0x0040_A160, Outside::Prose),  // Text Value
        (0x0028_0010, Outside::Keep),   // Rows
        (0x0008_0060, Outside::Keep),   // Modality
        (0x0028_0120, Outside::Keep),   // Pixel Padding Value, US or SS
        (0x0040_A043, Outside::Keep),   // Concept Name Code Sequence
        (0x0008_0104, Outside::Code),   // Code Meaning
        (0x0008_0120, Outside::Code),   // URN Code Value
        (0x0008_0016, Outside::Uid),    // SOP Class UID
        (0x7FE0_0010, Outside::Binary), // Pixel Data
        (0x0028_3006, Outside::Binary), // LUT Data
        (0x5400_1010, Outside::Binary), // Waveform Data
        (0x0028_2000, Outside::Icc),    // ICC Profile
        (0x0018_9074, Outside::Date),   // a date, were it not in the table
    ] {
        assert_eq!(outside(tag(number)), kind, "{number:08X}");
    }
}

#[test]
fn what_could_tell_goes() {
    for number in [
        0x0000_0900, // commands
        0x0002_0016, // File Meta
        0x0004_1130, // directories
        0x0008_0000, // group length
        0x0008_0010, // retired
        0x0009_1001, // private
        0x0010_0033, // birth date in another calendar
        0x0010_5555, // unknown
        0x0014_0104, // industry
        0x0018_1003, // Device ID
        0x0008_1190, // Retrieve URL
        0x0088_0130, // Storage Media File-set ID
        0x4000_0010, // retired
        0x4010_1058, // security
        0x5000_3000, // curve
        0x6000_0022, // overlay description
        0x6000_0010, // overlay rows: nothing without its data
        0x7FE0_0001, // Extended Offset Table: made anew
        0x0400_0520, // Encrypted Content
        0x0072_0069, // Selector OW Value
        0xFFFA_FFFA, // Digital Signatures Sequence
        0xFFFC_FFFC, // Data Set Trailing Padding
        0x3002_0020, // Radiation Machine Name
    ] {
        assert_eq!(outside(tag(number)), Outside::Drop, "{number:08X}");
    }
}

/// Nothing that may hold a name, an address or an age is kept as it is.
#[test]
fn no_name_title_or_address_is_kept_as_it_is() {
    for group in GROUPS {
        for element in 1..=u16::MAX {
            let tag = Tag(group, element);
            let Some(attribute) = dicom::attribute(tag) else {
                continue;
            };
            let kind = outside(tag);
            match &attribute.vr.0 {
                b"PN" | b"AE" | b"AS" => assert_eq!(kind, Outside::Drop, "{tag:?}"),
                b"LO" | b"SH" | b"ST" | b"LT" | b"UT" | b"UC" | b"UR" | b"OB" | b"OW" | b"UN" => {
                    assert_ne!(kind, Outside::Keep, "{tag:?}");
                }
                b"DA" | b"DT" | b"TM" | b"UI" => {
                    assert!(
                        matches!(kind, Outside::Date | Outside::Uid | Outside::Code | Outside::Drop),
                        "{tag:?}"
                    );
                }
                _ => {}
            }
        }
    }
}

#[test]
fn known_means_that_the_standard_names_it() {
    assert!(is_known(Tag(0x0010, 0x0010)));
    assert!(is_known(Tag(0x0008, 0x0010)));
    assert!(!is_known(Tag(0x0010, 0x5555)));
    assert!(!is_known(Tag(0x0009, 0x1001)));
    assert!(!is_known(Tag(0x0010, 0x0000)));
}
