//! Initials, surnames that are words, and eponyms.

use super::prose;
use deid::text::{Kind, OwnValues, clean};

#[test]
fn initials_go_where_a_signature_is_due() {
    for (text, left) in [
        ("read by AR Spinal stenosis", "read Spinal stenosis"),
        ("by BL Localizer", "Localizer"),
        ("tech: PD Seminal vesicles", "tech: Seminal vesicles"),
        ("VISTA tech: NM", "VISTA tech"),
        ("operator MS knee", "operator knee"),
        ("Dose Report /SB", "Dose Report"),
        ("/SM Marfan syndrome", "Marfan syndrome"),
        ("LV gram for /WM", "LV gram"),
    ] {
        assert_eq!(prose(text), left, "{text}");
    }
    for text in [
        "CHEST AP/PA",
        "CHEST AP /PA",
        "CHEST W/O",
        "L/R",
        "AP/LAT",
        "biopsy guided by CT",
    ] {
        assert_eq!(prose(text), text);
    }
}

#[test]
fn the_initials_of_the_patient_go_where_people_write_them() {
    let mut own = OwnValues::default();
    own.add_name("Orville^Ewan");
    for (text, left) in [
        ("Optic chiasm (OE)", "Optic chiasm"),
        ("Left knee: EO", "Left knee"),
        ("OE Parkinsonism, tremor", "Parkinsonism, tremor"),
    ] {
        assert_eq!(clean(text, Kind::Prose, &own), left, "{text}");
    }
}

#[test]
fn surnames_that_are_words_go_beside_what_marks_a_person() {
    for (text, left) in [
        ("R Brown chest", "chest"),
        ("BROWN R CT", "CT"),
        ("E. Young right-sided", "right-sided"),
        ("WARD, T. - CT", "CT"),
        ("R. Gray Stable 4 mm", "Stable 4 mm"),
        ("Optic chiasm M. Burns", "Optic chiasm"),
        ("Dr. Colon CT head", "CT head"),
        ("Mrs Wells knee", "knee"),
        ("BLACK Palpable lump", "Palpable lump"),
        ("COOK Seizures, new onset", "Seizures, new onset"),
        ("Cook disease", "disease"),
        ("Brown fracture", "fracture"),
        ("Low back pain, White's", "Low back pain"),
        ("Cook Group MR BRAIN", "Group MR BRAIN"),
        ("Berry General CT", "General CT"),
        ("Varian TrueBeam (Crane Imaging)", "Varian TrueBeam Imaging"),
        ("knee Wells Hospital", "knee Hospital"),
    ] {
        let shown = prose(text);
        let bare = |s: &str| s.replace(['(', ')'], "");
        assert_eq!(bare(&shown), left, "{text}");
    }
    for text in [
        "White matter lesions",
        "gray-white differentiation",
        "BLACK BLOOD",
        "Brown fat uptake",
        "Chest Imaging",
        "Breast Center",
        "L WALL motion",
        "CHEST WALL",
        "MR BRAIN",
        "DR CHEST",
        "Young male",
    ] {
        assert_eq!(prose(text), text);
    }
}

#[test]
fn eponyms_stay_in_their_medical_use() {
    for text in [
        "Hill-Sachs lesion",
        "Salter-Harris II",
        "Budd-Chiari syndrome",
        "Guillain-Barre",
        "Swan-Ganz catheter",
        "Dandy-Walker malformation",
        "Wolff-Parkinson-White",
        "PI-RADS 4, LI-RADS 5, BI-RADS 2",
        "Chiari I malformation",
        "Kirschner wires",
        "Wells score",
        "F-18 FDG, C-11, I-123, Cu-64, Tc-99m",
        "SUVmax 4.5",
    ] {
        assert_eq!(prose(text), text);
    }
    for text in [
        "Hill",
        "Sachs",
        "Harris",
        "Dr. Hill",
        "Walker",
        "Guillain",
        "Salter Harris",
    ] {
        let left = prose(text);
        assert!(left.is_empty(), "{text} left {left}");
    }
}
