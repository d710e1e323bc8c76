//! Attribute types: as PS3.3 prints them.

use deid::rules::Requirement::{self, Optional, Presence, Unknown, Value};
use deid::rules::requirement;
use dicom::Tag;

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const ENHANCED_CT: &str = "1.2.840.10008.5.1.4.1.1.2.1";
const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
const ENHANCED_MR: &str = "1.2.840.10008.5.1.4.1.1.4.1";
const PET: &str = "1.2.840.10008.5.1.4.1.1.128";
const SR: &str = "1.2.840.10008.5.1.4.1.1.88.22";
const STRUCTURES: &str = "1.2.840.10008.5.1.4.1.1.481.3";
const SEGMENTATION: &str = "1.2.840.10008.5.1.4.1.1.66.4";
const PRESENTATION: &str = "1.2.840.10008.5.1.4.1.1.11.1";

fn tag(number: u32) -> Tag {
    Tag((number >> 16) as u16, (number & 0xFFFF) as u16)
}

fn check(sop_class: &str, parent: Option<u32>, attribute: u32, expected: Requirement) {
    assert_eq!(
        requirement(sop_class, parent.map(tag), tag(attribute)),
        expected,
        "{sop_class} {parent:08X?} {attribute:08X}"
    );
}

#[test]
fn what_every_image_must_have() {
    for class in [CT, MR, ENHANCED_CT, ENHANCED_MR, PET, SEGMENTATION] {
        check(class, None, 0x0010_0010, Presence); // Patient's Name
        check(class, None, 0x0010_0030, Presence); // Patient's Birth Date
        check(class, None, 0x0008_0050, Presence); // Accession Number
        check(class, None, 0x0008_0018, Value); // SOP Instance UID
        check(class, None, 0x0008_1010, Optional); // Station Name
        check(class, None, 0x0008_0012, Optional); // Instance Creation Date
        check(class, None, 0x0010_4000, Optional); // Patient Comments
    }
}

#[test]
fn plain_images_ask_less_than_enhanced_ones() {
    check(CT, None, 0x0008_0070, Presence); // Manufacturer
    check(ENHANCED_CT, None, 0x0008_0070, Value);
    check(CT, None, 0x0018_1000, Optional); // Device Serial Number
    check(ENHANCED_CT, None, 0x0018_1000, Value);
    check(CT, None, 0x0008_0023, Presence); // Content Date
    check(ENHANCED_MR, None, 0x0008_0023, Value);
    check(MR, None, 0x0008_002A, Optional); // Acquisition DateTime
    check(ENHANCED_MR, None, 0x0008_002A, Value);
    check(MR, None, 0x0008_0021, Optional); // Series Date
    check(PET, None, 0x0008_0021, Value);
}

#[test]
fn functional_groups_are_the_same_shared_or_per_frame() {
    for groups in [0x5200_9229, 0x5200_9230] {
        check(ENHANCED_MR, Some(groups), 0x0020_9111, Value); // Frame Content Sequence
        check(ENHANCED_MR, Some(groups), 0x0028_9110, Value); // Pixel Measures Sequence
        check(CT, Some(groups), 0x0020_9111, Optional);
    }
    // Frame Acquisition and Reference DateTime
    check(ENHANCED_CT, Some(0x0020_9111), 0x0018_9074, Value);
    check(ENHANCED_CT, Some(0x0020_9111), 0x0018_9151, Value);
}

#[test]
fn structured_reports() {
    check(SR, None, 0x0008_0023, Value); // Content Date
    check(SR, None, 0x0008_1111, Presence); // Referenced Performed Procedure Step Sequence
    check(SR, None, 0x0040_A372, Presence); // Performed Procedure Code Sequence
    check(SR, None, 0x0040_A073, Value); // Verifying Observer Sequence
    check(SR, Some(0x0040_A073), 0x0040_A075, Value); // its name
    check(SR, Some(0x0040_A073), 0x0040_A088, Presence); // its code
    check(SR, Some(0x0040_A730), 0x0040_A160, Value); // Text Value
    check(SR, Some(0x0040_A730), 0x0040_A123, Value); // Person Name
    check(SR, None, 0x0010_0040, Presence); // Patient's Sex
}

#[test]
fn structures_segmentations_presentations() {
    check(STRUCTURES, None, 0x3006_0002, Value); // Structure Set Label
    check(STRUCTURES, None, 0x3006_0008, Presence); // Structure Set Date
    check(STRUCTURES, Some(0x3006_0020), 0x3006_0026, Presence); // ROI Name
    check(STRUCTURES, Some(0x3006_0080), 0x3006_00A6, Presence); // ROI Interpreter
    check(STRUCTURES, Some(0x3006_0080), 0x3006_0085, Optional); // ROI Observation Label
    check(SEGMENTATION, None, 0x0070_0080, Value); // Content Label
    check(SEGMENTATION, None, 0x0070_0084, Presence); // Content Creator's Name
    check(SEGMENTATION, Some(0x0062_0002), 0x0062_0005, Value); // Segment Label
    check(PRESENTATION, None, 0x0070_0082, Value); // Presentation Creation Date
    check(PRESENTATION, Some(0x0070_0008), 0x0070_0006, Value); // Unformatted Text Value
}

#[test]
fn a_code_needs_its_meaning_wherever_it_stands() {
    for parent in [0x0008_2218, 0x0040_A043, 0x0054_0220, 0x0040_A730] {
        check(MR, Some(parent), 0x0008_0104, Value);
        check(MR, Some(parent), 0x0008_0102, Value);
    }
    check(MR, None, 0x0008_0104, Optional);
}

#[test]
fn nothing_is_said_of_unknown_classes() {
    check(
        "2.25.4116340212742820117545040869474001540",
        None,
        0x0010_0010,
        Unknown,
    );
    check("", None, 0x0010_0010, Unknown);
}
