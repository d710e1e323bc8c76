//! What a copy says of itself is what was done.

use super::{EXPLICIT, apply, apply_file, builtin, file, slice, value};
use deid::Profile;
use testkit::{DataSet, Encoding, Length, Vr};

fn codes(output: &[u8]) -> Vec<String> {
    (1..)
        .map_while(|n| value(output, &format!("00120064[{n}].00080100")))
        .collect()
}

#[test]
fn the_options_executed_are_recorded() {
    let output = apply(&slice(), &builtin("research"));
    assert_eq!(value(&output, "00120062").as_deref(), Some("YES"));
    assert_eq!(value(&output, "00280303").as_deref(), Some("MODIFIED"));
    assert_eq!(codes(&output), ["113100", "113105", "113107", "113108"]);
    let basic = apply(&slice(), &builtin("basic"));
    assert_eq!(codes(&basic), ["113100"]);
    assert_eq!(value(&basic, "00280303").as_deref(), Some("REMOVED"));
}

#[test]
fn graphics_structure_and_private_elements_are_claimed_where_there_were_any() {
    let mut set = slice();
    set.text(0x0019_0010, Vr::LO, "SIEMENS MR HEADER")
        .text(0x0019_100C, Vr::IS, "1000");
    let mut text = DataSet::new();
    text.text(0x0070_0006, Vr::ST, "lesion");
    let mut annotation = DataSet::new();
    annotation
        .text(0x0070_0002, Vr::CS, "LAYER")
        .sequence(0x0070_0008, vec![text], Length::Undefined);
    set.sequence(0x0070_0001, vec![annotation], Length::Undefined);
    let output = apply(&set, &builtin("research"));
    assert_eq!(
        codes(&output),
        ["113100", "113103", "113105", "113107", "113108", "113111"]
    );
}

#[test]
fn what_was_claimed_before_is_not_claimed_again() {
    let mut code = DataSet::new();
    code.text(0x0008_0100, Vr::SH, "113101")
        .text(0x0008_0102, Vr::SH, "DCM")
        .text(0x0008_0104, Vr::LO, "Clean Pixel Data Option");
    let mut set = slice();
    set.text(0x0012_0063, Vr::LO, "by hand, J. Okonkwo")
        .sequence(0x0012_0064, vec![code], Length::Undefined);
    let output = apply(&set, &builtin("basic"));
    assert_eq!(codes(&output), ["113100"]);
    assert_eq!(
        value(&output, "00120063").as_deref(),
        Some("Leadglass basic\\PS3.15 2025b")
    );
}

#[test]
fn pixels_that_nobody_checked_are_not_called_free_of_text() {
    let output = apply(&slice(), &builtin("research"));
    assert_eq!(value(&output, "00280301"), None);
}

#[test]
fn the_same_object_gives_the_same_bytes() {
    let input = file(&slice(), EXPLICIT, Encoding::ExplicitLe);
    let once = apply_file(input.clone(), &builtin("research")).unwrap().0;
    assert_eq!(once, apply_file(input, &builtin("research")).unwrap().0);
}

#[test]
fn a_site_decides_for_single_attributes() {
    let profile = Profile::read(
        "site",
        r#"
        base = "research"
        [attributes]
        StudyDescription = "remove"
        00080080 = "keep"
        [[private]]
        creator = "ACME"
        group = "0031"
        element = "07"
        vr = "DS"
        "#,
    )
    .unwrap();
    let mut set = slice();
    set.text(0x0008_0080, Vr::LO, "Wimbledon Trust")
        .text(0x0031_0010, Vr::LO, "ACME")
        .text(0x0031_1007, Vr::DS, "1.5")
        .text(0x0031_1008, Vr::DS, "2.5");
    let output = apply(&set, &profile);
    assert_eq!(value(&output, "00081030"), None);
    assert_eq!(value(&output, "00311007").as_deref(), Some("1.5"));
    assert_eq!(value(&output, "00311008"), None);
}

#[test]
fn a_profile_that_cannot_be_kept_is_refused_when_it_is_loaded() {
    for (text, says) in [
        ("options = [\"retain-everything\"]", "retain-everything"),
        (
            "options = [\"retain-full-dates\", \"retain-modified-dates\"]",
            "take one of",
        ),
        ("colour = 1", "colour"),
        ("base = \"best\"", "best"),
        ("[attributes]\nPatientName = \"keep\"", "00100010"),
        ("[attributes]\nAccessionNumber = \"keep\"", "00080050"),
        ("[attributes]\nNoSuchThing = \"keep\"", "NoSuchThing"),
        ("[attributes]\n\"00120062\" = \"remove\"", "00120062"),
        (
            "[[private]]\ncreator = \"X\"\ngroup = \"0031\"\nelement = \"01\"\nvr = \"PN\"",
            "\"X\"",
        ),
    ] {
        let error = Profile::read("site", text).unwrap_err().to_string();
        assert!(error.contains(says), "{text}: {error}");
    }
}
