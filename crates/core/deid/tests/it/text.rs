//! Free text: what identifies goes, what is clinical stays.

use deid::text::{Kind, OwnValues, clean, meaning, well_formed};

mod numbers;
mod people;

fn prose(text: &str) -> String {
    clean(text, Kind::Prose, &OwnValues::default()).into_owned()
}

#[test]
fn identifiers_go_and_clinical_words_stay() {
    for (text, left) in [
        ("CT CHEST W/O CONTRAST for JOHN SMITH", "CT CHEST W/O CONTRAST"),
        ("read by jds", "read"),
        ("read by J.D.", "read"),
        ("pt MRN 12345678 seen 3/4/2019", "pt MRN seen"),
        ("Smith^John", ""),
        ("SMITH_JOHN_20190304", ""),
        ("call 555-123-4567", "call"),
        ("exam at St. Mary Hospital, Springfield", "exam Hospital"),
        ("T1W_Smith", "T1W"),
        ("(Smith) CHEST PA", "CHEST PA"),
        ("CHEST (Dr. Smith) PA", "CHEST PA"),
        ("SSN 123-45-6789", "SSN"),
        ("March 4th, 2019 follow-up", "follow-up"),
        ("4-Mar-2019 CT", "CT"),
        ("scan 2019-03-04 12:34:56 done", "scan done"),
        ("age 93", "age"),
        ("WHITE, JOHN brain mri", "brain mri"),
        ("referred by Dr. Paget", "referred"),
        ("12 Elm Street, Springfield, IL 62704", ""),
        ("Sch\u{e4}del nativ Herr Gr\u{f6}\u{df}mann", "Sch\u{e4}del nativ"),
        (
            "t\u{ea}te sans injection M. Lef\u{e8}vre",
            "t\u{ea}te sans injection",
        ),
        (
            "\u{80f8}\u{90e8}\u{5358}\u{7d14}CT \u{5c71}\u{7530}\u{592a}\u{90ce}",
            "\u{80f8}\u{90e8}\u{5358}\u{7d14}CT",
        ),
    ] {
        assert_eq!(prose(text), left, "{text}");
    }
}

#[test]
fn clinical_text_is_untouched() {
    for text in [
        "45 y/o male with chest pain, r/o PE",
        "MRI brain with and without contrast",
        "t2_tse_dark-fluid_tra_p2",
        "ep2d_diff_mddw_20_p2",
        "T1_MPRAGE_SAG_1MM",
        "fl3d_vibe C/A/P L-SPINE B30f H31s HR40 I30f Br40",
        "TR500 TE10 b1000 b2000 2x2 512x512 5mm 1.25MM 120kV 3T 70s 45deg",
        "EVAL FOR KIDNEY STONE",
        "Paget disease of the breast",
        "SHORT AXIS CINE",
        "RULE OUT FRACTURE",
        "JPEG 2000 irreversible (lossy) 10:1",
        "MRA CIRCLE OF WILLIS",
    ] {
        assert_eq!(prose(text), text);
    }
}

#[test]
fn labels_and_terms() {
    let mut own = OwnValues::default();
    own.add_name("MR^PHANTOM");
    for label in ["syngo MR E11", "VB17", "5.0.3", "10.6.1.0", "SIEMENS", "MR450w"] {
        assert_eq!(clean(label, Kind::Label, &own), label);
    }
    for term in ["ORIGINAL", "SAT1_GEMS", "MR"] {
        assert_eq!(clean(term, Kind::Term, &own), term);
    }
    assert_eq!(clean("HEAD_SMITHSON", Kind::Term, &own), "");
    assert_eq!(clean("MR Phantom knee", Kind::Prose, &own), "knee");
}

#[test]
fn own_values_never_survive_in_any_spelling() {
    let mut own = OwnValues::default();
    own.add_name("O'Brien-M\u{fc}ller^Si\u{e2}n^Q");
    own.add_identifier("00-123-45");
    own.add_place("Ravenholt Chest Clinic");
    own.add_date("19610304");
    let spellings = [
        "OBRIEN",
        "o'brien",
        "obrienmueller",
        "Muller",
        "MU\u{308}LLER",
        "sian",
        "SianQ",
        "obrienmullersian",
        "12345",
        "0012345",
        "00-123-45",
        "ravenholt",
        "RavenholtChestClinic",
        "ravenholt chest clinic",
        "19610304",
        "04031961",
    ];
    for value in spellings {
        for around in [
            "CHEST {} PA",
            "{}",
            "CT_{}_AX",
            "knee{}",
            "{}^brain",
            "lung-{}-lung",
            "for {}, pain",
        ] {
            let text = around.replace("{}", value);
            let left = clean(&text, Kind::Prose, &own);
            assert!(!own.contains_own(&left), "{text} left {left}");
            assert_eq!(clean(&left, Kind::Prose, &own), left, "twice: {text}");
        }
    }
    let mut stern = OwnValues::default();
    stern.add_name("Stern^Anna");
    assert_eq!(
        clean("sternum fracture stern", Kind::Prose, &stern),
        "sternum fracture"
    );
}

/// Words thrown together at random: what is left is stable, and made of what was there.
#[test]
fn cleaning_is_idempotent_and_adds_nothing() {
    let words = [
        "CT",
        "chest",
        "Smith",
        "by",
        "Dr",
        "White",
        "MATTER",
        "2019",
        "3/4/19",
        "T1W",
        "for",
        "(",
        ")",
        "12",
        "MRN",
        "12345678",
        "Hospital",
        "at",
        "May",
        "\u{c4}rztin",
        "\u{5c71}\u{7530}",
        "a@b.org",
        "5mm",
        "J",
        "pain",
        "long",
        "jds",
        "1.2.840.10008.1",
        "Paget",
    ];
    let gaps = [" ", "_", ", ", "^", "-", ".", "", "\n"];
    let mut state = 7u64;
    let mut next = |n: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let own = OwnValues::default();
    for _ in 0..3000 {
        let text: String = (0..next(9))
            .flat_map(|_| [words[next(words.len())], gaps[next(gaps.len())]])
            .collect();
        for kind in [Kind::Prose, Kind::Label, Kind::Term] {
            let once = clean(&text, kind, &own);
            assert_eq!(clean(&once, kind, &own), once, "{text:?}");
            assert!(
                once.chars().all(|c| c == ' ' || text.contains(c)),
                "{text:?} gave {once:?}"
            );
        }
    }
}

#[test]
fn codes_have_their_standard_meaning_and_form() {
    assert_eq!(
        meaning("DCM", "113100"),
        Some("Basic Application Confidentiality Profile")
    );
    assert_eq!(meaning("99LOCAL", "113100"), None);
    for (scheme, value) in [
        ("DCM", "113100"),
        ("SCT", "39607008"),
        ("LN", "11524-6"),
        ("LN", "18748-4"),
        ("SRT", "T-D3000"),
        ("UCUM", "mm"),
        ("RADLEX", "RID10311"),
    ] {
        assert!(well_formed(scheme, value), "{scheme} {value}");
    }
    for (scheme, value) in [
        ("SCT", "39607009"),
        ("LN", "11524-7"),
        ("SRT", "Smith"),
        ("DCM", "SMITH1"),
        ("99X", "1"),
        ("UCUM", "John Smith"),
    ] {
        assert!(!well_formed(scheme, value), "{scheme} {value}");
    }
}
