//! Safe private elements.

use super::shared;
use deid::rules::{Handling, fields, safe_private};
use dicom::Vr;

#[test]
fn the_creator_is_found_in_any_case_and_written_in_its_own() {
    let found = safe_private(" siemens mr header ", 0x0019, 0x0C).unwrap();
    assert_eq!(found.creator, "SIEMENS MR HEADER");
    assert_eq!((found.group, found.element), (0x0019, 0x0C));
    assert_eq!((found.vr, found.how), (Vr(*b"IS"), Handling::Keep));
    assert_eq!(
        safe_private("SIEMENS MR HEADER ", 0x0019, 0x0E).map(|e| e.vr),
        Some(Vr(*b"FD"))
    );
    // A creator with a comma in its name.
    assert!(safe_private("HOLOGIC, Inc.", 0x7E01, 0x01).is_some());
}

#[test]
fn the_same_number_of_another_creator_is_not_safe() {
    for creator in [
        "",
        "SIEMENS MR",
        "SIEMENS MR HEADER 2",
        "ACME",
        "SIEMENS CSA HEADER",
    ] {
        assert_eq!(safe_private(creator, 0x0019, 0x0C), None, "{creator:?}");
    }
    assert_eq!(safe_private("SIEMENS MR HEADER", 0x0021, 0x0C), None);
    assert_eq!(safe_private("SIEMENS MR HEADER", 0x0019, 0xFF), None);
}

#[test]
fn uids_and_dates_are_not_kept_as_they_are() {
    let uid = safe_private("TOSHIBA_MEC_CT3", 0x7005, 0x16).unwrap();
    assert_eq!((uid.vr, uid.how), (Vr(*b"UI"), Handling::Uid));
    let date = safe_private("GEMS_PETD_01", 0x0009, 0x0D).unwrap();
    assert_eq!((date.vr, date.how), (Vr(*b"DT"), Handling::Date));
}

#[test]
fn names_comments_sites_and_blobs_are_not_safe() {
    for (creator, group, element) in [
        ("TOSHIBA_MEC_CT3", 0x7005, 0x11),           // Series Comment
        ("GEMS_GENIE_1", 0x0013, 0x26),              // Study Comments
        ("FDMS 1.0", 0x0009, 0x92),                  // Kanji Department Name
        ("FDMS 1.0", 0x0019, 0x60),                  // Radiographer's Code
        ("INTELERAD MEDICAL SYSTEMS", 0x3F01, 0x01), // Institution Code
        ("INTELERAD MEDICAL SYSTEMS", 0x3F01, 0x03), // Source AE
        ("SECTRA_Ident_01", 0x0009, 0x02),           // Examination number
        ("CTP", 0x0013, 0x12),                       // Site Name
        ("ELEKTA GAMMAPLAN", 0x0009, 0x20),          // unknown bytes
        ("SIEMENS Ultrasound SC2000", 0x7FD1, 0x10), // Volume Payload
        ("SIEMENS CSA HEADER", 0x0029, 0x10),        // CSA header: a blob of many things
        ("SIEMENS CSA HEADER", 0x0029, 0x20),
    ] {
        assert_eq!(
            safe_private(creator, group, element),
            None,
            "{creator} {group:04X} {element:02X}"
        );
    }
}

/// What the standard itself calls safe (Table E.3.10-1) is safe here, bulk apart.
#[test]
fn the_elements_of_the_standard_are_all_there() {
    let Some(text) = shared::file("safe_private_E3.10-1_2025b_subset.csv") else {
        return;
    };
    let mut seen = 0;
    for line in text.lines().skip(1) {
        let fields = fields(line);
        let group = u16::from_str_radix(&fields[0], 16).unwrap();
        let element = u8::from_str_radix(&fields[1].replace("xx", ""), 16).unwrap();
        let found = safe_private(&fields[2], group, element);
        assert_eq!(
            found.map(|found| found.vr.to_string()).as_deref(),
            Some(fields[3].as_ref()),
            "{line}"
        );
        seen += 1;
    }
    assert_eq!(seen, 87);
}

/// Whatever its number, an element of a representation that cannot be looked through is not safe.
#[test]
fn nothing_opaque_is_safe() {
    let list = include_str!("../../../data/safe_private.csv");
    let mut kept = 0;
    for line in list.lines().skip(1) {
        let fields = fields(line);
        let opaque = ["UN", "OB", "OW", "UT", "LT", "ST", "PN", "AS", "AE", "UR", "UC"];
        assert!(!opaque.contains(&fields[3].as_ref()), "{line}");
        let expected = match fields[3].as_ref() {
            "UI" => "uid",
            "DA" | "DT" | "TM" => "date",
            _ => "keep",
        };
        assert_eq!(fields[4], expected, "{line}");
        kept += 1;
    }
    assert!(kept > 2000, "{kept}");
}
