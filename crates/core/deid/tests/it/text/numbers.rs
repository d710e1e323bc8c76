//! Numbers, dates and codes: those of people go, those of physics stay.

use super::prose;
use deid::text::{Kind, OwnValues, clean};

#[test]
fn phones_go_with_their_extensions() {
    for (text, left) in [
        ("call 001-986-395-2466x020 AX T1", "call AX T1"),
        ("call +1-986-395-2466x123", "call"),
        ("471.909.4274x0019 CT HEAD", "CT HEAD"),
        ("CT HEAD (702)294-5155x68295", "CT HEAD"),
        ("702-294-5155 ext 12 knee", "knee"),
        ("702-294-5155 ext. 12", ""),
        ("knee, ext. 12", "knee, ext"),
        ("knee x1234", "knee"),
        ("+49 30 1234567 knee", "knee"),
        ("+44 (0)20 7946 0958 knee", "knee"),
        ("001-901-834-0891 Image degraded", "Image degraded"),
        ("717 1639", ""),
    ] {
        assert_eq!(prose(text), left, "{text}");
    }
}

#[test]
fn numbers_of_people_go() {
    for (text, left) in [
        ("report to 184 04 6241", "report"),
        ("MRI-167 02 2318-L SPINE", "MRI-L SPINE"),
        ("scan of Y-6153-44 right hip", "scan right hip"),
        ("12-3456 knee", "knee"),
        ("XR KNEE 408b97cd-476f-4e0f-beb4-951e70ba8749", "XR KNEE"),
        ("MRI-9cf36dd0-bf16-4193-a4f9-c0e3a7a5a725-L SPINE", "MRI-L SPINE"),
        ("MRI-dc:4b:4c:e1:f6:25-L SPINE", "MRI-L SPINE"),
        ("3KI18/CT HEAD", "CT HEAD"),
        ("CT CHEST W CONTRAST TVC-3275", "CT CHEST W CONTRAST"),
        ("report to MGF 478", "report"),
        ("US RENAL for B21 9DZ", "US RENAL"),
        ("Lake Julie, VT 80633 US OB", "US OB"),
        ("Stephenhaven, WV 67195 NM bone scan", "NM bone scan"),
        (
            "Jameschester, VI 57795 t1_vibe_dixon_cor_bh",
            "t1_vibe_dixon_cor_bh",
        ),
        ("knee 12345-6789", "knee"),
        ("XR KNEE Ward 7C", "XR KNEE"),
        ("Routine Bed 12B follow up", "Routine follow up"),
        ("Room 512/CT HEAD", "CT HEAD"),
        ("rm 3304", ""),
        ("9546 Robert Neck I-131 whole body", "I-131 whole body"),
        ("report to 456 Carrie Spurs Suite 050", "report"),
        ("728 Williams View Apt. 218 Mild changes", "Mild changes"),
    ] {
        assert_eq!(prose(text), left, "{text}");
    }
}

#[test]
fn ages_above_89_go() {
    for text in [
        "age 95",
        "aged 99 years",
        "92-year-old",
        "94 y/o F",
        "y.o. 96",
        "y/o 96",
    ] {
        let left = prose(text);
        assert!(!left.contains(|c: char| c.is_ascii_digit()), "{text} left {left}");
    }
    assert_eq!(prose("45-year-old male, age 88"), "45-year-old male, age 88");
}

#[test]
fn dates_without_a_year_go_but_no_range_and_no_level() {
    for (text, left) in [
        ("COR STIR for 03-19", "COR STIR"),
        ("Adrenal mass: 11/23", "Adrenal mass"),
        ("(05-13) Bolus 5 mm", "Bolus 5 mm"),
        ("knee 17.3.19", "knee"),
        ("06 Aug 20 Image degraded", "Image degraded"),
        ("17 Jan 07 US scrotum", "US scrotum"),
        ("knee 17 \u{43c}\u{430}\u{440}\u{442}\u{430}", "knee"),
        ("knee 17 marca", "knee"),
        ("knee 3 listopadu 2019", "knee"),
    ] {
        assert_eq!(prose(text), left, "{text}");
    }
    for text in [
        "3-4 mm",
        "10-12 mm nodule",
        "T1/T2 and L4-5",
        "T10-12 fracture",
        "grade 2/3",
        "1-2 weeks",
        "10-12 weeks",
        "series 10-12",
        "ribs 10-12",
        "120-140 kV",
        "512 x 512, 5 x 10 mm",
        "b 1000, TR 2000",
        "b50-1000",
        "T 10-12",
    ] {
        assert_eq!(prose(text), text);
    }
}

/// Far more than any field holds: time must not grow with the square of the length.
#[test]
fn long_text_is_cleaned_in_time() {
    let mut own = OwnValues::default();
    own.add_name("Zylberstein^Wanda");
    for shape in [
        "brain ",
        "brain",
        "1-",
        "12:12:",
        "mrn1",
        "White ",
        "ec:",
        "2019-",
        "(Smith) ",
        "\u{5c71}\u{7530}",
    ] {
        let text = shape.repeat(200_000 / shape.len());
        let once = clean(&text, Kind::Prose, &own);
        assert!(once.len() <= text.len());
    }
}
