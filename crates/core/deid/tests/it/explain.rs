//! What `explain` says, against what each profile is for.

use crate::explicit::data_set;
use deid::profile::{Fate, Profile, builtin, explain};
use dicom::Tag;
use std::io::Cursor;
use testkit::{DataSet, Encoding, Object, Vr};

fn profile(name: &str) -> Profile {
    builtin(name).unwrap().unwrap()
}

/// The words for basic, vendor, research, safe-harbor.
fn words(tag: u32) -> [&'static str; 4] {
    let tag = Tag((tag >> 16) as u16, tag as u16);
    ["basic", "vendor", "research", "safe-harbor"].map(|name| explain(&profile(name), tag).fate.word())
}

#[test]
fn each_profile_does_to_an_attribute_what_it_is_for() {
    let expected: [(u32, [&str; 4]); 17] = [
        // Patient ID and Patient's Name.
        (0x0010_0020, ["pseudonym"; 4]),
        (0x0010_0010, ["pseudonym"; 4]),
        // SOP Class UID, SOP Instance UID.
        (0x0008_0016, ["kept"; 4]),
        (0x0008_0018, ["mapped"; 4]),
        // Accession Number, Institution Name: no built-in profile keeps them.
        (0x0008_0050, ["empty"; 4]),
        (0x0008_0080, ["removed"; 4]),
        // Study Date and Time, Patient's Birth Date.
        (0x0008_0020, ["empty", "shifted", "shifted", "year"]),
        (0x0008_0030, ["empty", "kept", "kept", "removed"]),
        (0x0010_0030, ["empty"; 4]),
        // Study Description, Patient's Age, Patient's Sex.
        (0x0008_1030, ["removed", "cleaned", "cleaned", "removed"]),
        (0x0010_1010, ["removed", "checked", "checked", "checked"]),
        (0x0010_0040, ["empty", "checked", "checked", "checked"]),
        // Slice Thickness, Manufacturer, Pixel Data, Patient Identity Removed.
        (0x0018_0050, ["checked"; 4]),
        (0x0008_0070, ["cleaned"; 4]),
        (0x7FE0_0010, ["kept"; 4]),
        (0x0012_0062, ["written"; 4]),
        // Private.
        (0x0029_1010, ["removed", "listed", "listed", "removed"]),
    ];
    for (tag, words_expected) in expected {
        assert_eq!(words(tag), words_expected, "{tag:08x}");
    }
}

#[test]
fn the_rule_that_speaks_is_named() {
    let rule = |name, group, element| explain(&profile(name), Tag(group, element)).rule;
    assert_eq!(rule("basic", 0x0008, 0x1030), "basic");
    assert_eq!(rule("research", 0x0008, 0x1030), "clean-descriptors");
    assert_eq!(rule("research", 0x0008, 0x0020), "retain-modified-dates");
    assert_eq!(rule("safe-harbor", 0x0008, 0x0020), "dates");
    assert_eq!(rule("basic", 0x0018, 0x0050), "outside");
    assert_eq!(rule("basic", 0x0010, 0x0020), "program");
    assert_eq!(rule("basic", 0x0010, 0x5555), "outside");
    assert_eq!(rule("research", 0x0029, 0x1010), "private");
}

#[test]
fn a_site_decides_before_the_table() {
    let text = r#"
        base = "research"
        [attributes]
        StudyDescription = "remove"
        InstitutionName = "keep"
        [[private]]
        creator = "ACME 1.0"
        group = "0029"
        element = "10"
        vr = "DS"
    "#;
    let site = Profile::read("ours", text).unwrap();
    let description = explain(&site, Tag(0x0008, 0x1030));
    assert_eq!((description.rule, description.fate), ("site", Fate::Removed));
    let institution = explain(&site, Tag(0x0008, 0x0080));
    assert_eq!((institution.rule, institution.fate), ("site", Fate::Kept));
    assert!(explain(&site, Tag(0x0029, 0x1010)).what.contains("ACME 1.0"));
    assert!(!explain(&site, Tag(0x0029, 0x1011)).what.contains("ACME"));
}

#[test]
fn the_table_is_quoted_or_its_silence_told() {
    let date = explain(&profile("vendor"), Tag(0x0008, 0x0020));
    let row = date.table.clone().unwrap();
    assert_eq!((row.name, row.basic.as_str()), ("Study Date", "Z"));
    let options: Vec<(&str, char)> = row.options.into_iter().collect();
    assert_eq!(
        options,
        [("retain-full-dates", 'K'), ("retain-modified-dates", 'C')]
    );
    assert_eq!(
        date.to_string(),
        "00080020 StudyDate (DA)\n\
         table E.1-1: Study Date, basic profile Z, retain-full-dates K, retain-modified-dates C\n\
         profile vendor: shifted, by retain-modified-dates\n\
         The date moves into the past, by the same number of days for everything of one patient, so that \
         intervals stay exact. What cannot be read as a date goes."
    );
    let thickness = explain(&profile("vendor"), Tag(0x0018, 0x0050));
    assert!(thickness.table.is_none());
    assert!(thickness.to_string().contains("not in table E.1-1"));
}

#[test]
fn programs_can_read_it() {
    let sex = explain(&profile("basic"), Tag(0x0010, 0x0040));
    let json = serde_json::to_value(sex).unwrap();
    assert_eq!(json["tag"], "00100040");
    assert_eq!(json["keyword"], "PatientSex");
    assert_eq!(json["table"]["basic"], "Z");
    assert_eq!(json["table"]["options"]["retain-patient-characteristics"], "K");
    assert_eq!(json["fate"], "empty");
    let unknown = serde_json::to_value(explain(&profile("basic"), Tag(0x0010, 0x5555))).unwrap();
    assert!(unknown["keyword"].is_null() && unknown["table"].is_null());
}

#[test]
fn sequences_that_an_option_keeps_are_gone_through() {
    let ethnicity = explain(&profile("research"), Tag(0x0010, 0x2161));
    assert_eq!(
        (ethnicity.rule, ethnicity.fate),
        ("retain-patient-characteristics", Fate::Items)
    );
}

/// A radiograph with attributes that its IOD does not demand, or only without a value.
fn radiograph() -> (Vec<u8>, DataSet) {
    let mut set = DataSet::new();
    set.text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.1")
        .text(0x0008_0018, Vr::UI, "1.2.3.4")
        .text(0x0008_0020, Vr::DA, "20240301")
        .text(0x0008_0030, Vr::TM, "101500")
        .text(0x0008_0050, Vr::SH, "A4711")
        .text(0x0008_0080, Vr::LO, "HOSPITAL")
        .text(0x0008_1030, Vr::LO, "CHEST")
        .text(0x0010_0010, Vr::PN, "NOBODY^ANN")
        .text(0x0010_0020, Vr::LO, "4711")
        .text(0x0010_0030, Vr::DA, "19700303")
        .text(0x0010_0040, Vr::CS, "F ")
        .text(0x0010_1010, Vr::AS, "054Y")
        .text(0x0010_21B0, Vr::LT, "COUGH ")
        .text(0x0018_0060, Vr::DS, "80")
        .text(0x0020_000D, Vr::UI, "1.2.3")
        .text(0x0020_000E, Vr::UI, "1.2.3.1")
        .put(0x0029_0010, Vr::LO, "NOBODY KNOWS")
        .text(0x0029_1010, Vr::LO, "4711");
    let object = Object {
        sop_class: model::Uid::new("1.2.840.10008.5.1.4.1.1.1").unwrap(),
        sop_instance: model::Uid::new("1.2.3.4").unwrap(),
        transfer_syntax: model::Uid::new("1.2.840.10008.1.2.1").unwrap(),
        data_set: set.encode(Encoding::ExplicitLe),
    };
    (object.part10(), set)
}

/// Without padding.
fn bare(value: &[u8]) -> &[u8] {
    value.strip_suffix(b"\0").unwrap_or(value).trim_ascii_end()
}

#[test]
fn the_engine_does_what_is_explained() {
    let key = deid::ProjectKey::new(&std::array::from_fn(|at| at as u8));
    let (file, set) = radiograph();
    for name in ["basic", "vendor", "research", "safe-harbor"] {
        let profile = profile(name);
        let mut out = Cursor::new(Vec::new());
        deid::apply(&file, &key, &profile, false, &mut out).unwrap();
        let copy = data_set(out.get_ref());
        for (tag, (_, value)) in set.iter() {
            let testkit::Value::Bytes(old) = value else {
                continue;
            };
            let new = copy.get(&tag);
            let fate = explain(&profile, Tag((tag >> 16) as u16, tag as u16)).fate;
            let same = new.is_some_and(|new| bare(new) == bare(old));
            let as_explained = match fate {
                // Of type 2, it stays without a value.
                Fate::Removed | Fate::Listed => new.is_none_or(Vec::is_empty),
                Fate::Empty => new.is_some_and(Vec::is_empty),
                Fate::Kept | Fate::Checked | Fate::Cleaned => same,
                Fate::Mapped => new.is_some_and(|new| new.starts_with(b"2.25.")),
                Fate::Pseudonym => new.is_some_and(|new| new.starts_with(b"LG")),
                Fate::Shifted => !same && new.is_some_and(|new| new.len() == 8),
                Fate::Year => new.is_some_and(|new| new == b"20240101"),
                _ => panic!("{name} {tag:08x}: {fate:?} is not in this test"),
            };
            assert!(
                as_explained,
                "{name} {tag:08x}: {fate:?}, and {new:?} for {old:?}"
            );
        }
    }
}
