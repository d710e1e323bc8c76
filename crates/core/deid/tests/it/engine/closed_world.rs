//! What no rule keeps goes.

use super::{EXPLICIT, apply, apply_file, builtin, elements, file, holds, slice, value, within};
use testkit::{DataSet, Encoding, Length, Vr};

const TOKEN: &str = "QXVZKWJY";

fn gone(change: impl Fn(&mut DataSet)) {
    for name in ["basic", "vendor", "research", "safe-harbor"] {
        let mut set = slice();
        change(&mut set);
        let output = apply(&set, &builtin(name));
        assert!(!holds(&output, TOKEN), "{name}");
        assert!(value(&output, "7fe00010").is_some() && value(&output, "00180060").as_deref() == Some("120"));
    }
}

#[test]
fn attributes_that_the_standard_does_not_know() {
    gone(|set| {
        set.text(0x0010_5555, Vr::LO, TOKEN);
    });
}

#[test]
fn retired_attributes() {
    gone(|set| {
        set.text(0x0008_0010, Vr::SH, TOKEN)
            .text(0x4000_0010, Vr::LT, TOKEN)
            .text(0x4008_010B, Vr::ST, TOKEN);
    });
}

#[test]
fn text_outside_the_table_that_no_vocabulary_knows() {
    gone(|set| {
        set.text(0x0008_0070, Vr::LO, TOKEN)
            .text(0x0018_1210, Vr::SH, TOKEN)
            .text(0x0018_0015, Vr::CS, TOKEN)
            .text(0x0008_0008, Vr::CS, format!("ORIGINAL\\PRIMARY\\{TOKEN}"))
            .text(0x0070_0081, Vr::LO, TOKEN)
            .text(0x0042_0010, Vr::ST, TOKEN)
            .text(0x0008_1190, Vr::UR, format!("http://x/{TOKEN}"))
            .text(0x0018_0060, Vr::DS, "120")
            .text(0x0020_0011, Vr::IS, TOKEN);
    });
}

#[test]
fn private_elements_of_nobody_and_of_strangers() {
    gone(|set| {
        set.text(0x0029_1010, Vr::LO, TOKEN)
            .text(0x0031_0010, Vr::LO, "STRANGER")
            .text(0x0031_1001, Vr::LO, TOKEN)
            .put(0x0031_1002, Vr::OB, TOKEN.repeat(1000))
            .sequence(
                0x0031_1003,
                vec![within(0x0008_1140, DataSet::new())],
                Length::Undefined,
            );
        let mut item = DataSet::new();
        item.text(0x0010_0010, Vr::PN, TOKEN);
        set.sequence(0x0031_1004, vec![item], Length::Defined);
    });
}

#[test]
fn a_safe_private_element_stays_with_its_creator_wherever_its_block_is() {
    let mut set = slice();
    set.text(0x0019_0077, Vr::LO, "SIEMENS MR HEADER ")
        .text(0x0019_770C, Vr::IS, "1000")
        .text(0x0019_7799, Vr::LO, TOKEN);
    let output = apply(&set, &builtin("research"));
    assert_eq!(value(&output, "00190077").as_deref(), Some("SIEMENS MR HEADER"));
    assert_eq!(value(&output, "0019770c").as_deref(), Some("1000"));
    assert_eq!(value(&output, "00197799"), None);
    assert_eq!(value(&apply(&set, &builtin("basic")), "0019770c"), None);
}

#[test]
fn overlays_curves_icons_and_padding() {
    gone(|set| {
        let mut icon = DataSet::new();
        icon.put(0x7FE0_0010, Vr::OB, TOKEN.repeat(8));
        set.sequence(0x0088_0200, vec![icon], Length::Defined)
            .put(0x6000_3000, Vr::OW, TOKEN.repeat(4))
            .text(0x6000_0022, Vr::LO, TOKEN)
            .text(0x6000_4000, Vr::LT, TOKEN)
            .put(0x5000_3000, Vr::OW, TOKEN.repeat(2))
            .text(0x5000_2500, Vr::LO, TOKEN)
            .put(0xFFFC_FFFC, Vr::OB, TOKEN.repeat(3));
    });
}

#[test]
fn a_standard_attribute_that_is_written_as_un() {
    gone(|set| {
        set.put(0x0040_1001, Vr::UN, TOKEN)
            .put(0x0010_0010, Vr::UN, TOKEN);
    });
}

#[test]
fn a_sequence_that_is_written_as_un_is_read_and_cleaned() {
    let mut item = DataSet::new();
    item.text(0x0008_1150, Vr::UI, "1.2.840.10008.5.1.4.1.1.2")
        .text(0x0008_1155, Vr::UI, "1.2.3.4.5.1");
    item.text(0x0010_0010, Vr::PN, TOKEN);
    let mut sequence = DataSet::new();
    sequence.sequence(0x0008_1140, vec![item], Length::Defined);
    let sequence = sequence.encode(Encoding::ImplicitLe);
    let mut set = slice();
    set.put(0x0008_1140, Vr::UN, sequence[8..].to_vec());
    let output = apply(&set, &builtin("research"));
    assert!(!holds(&output, TOKEN));
    assert_eq!(value(&output, "00081140[1].00081155"), value(&output, "00080018"));
}

#[test]
fn codes_keep_their_meaning_from_the_dictionary_or_go() {
    let code = |scheme: &str, value: &str, meaning: &str| {
        let mut item = DataSet::new();
        item.text(0x0008_0100, Vr::SH, value)
            .text(0x0008_0102, Vr::SH, scheme)
            .text(0x0008_0104, Vr::LO, meaning)
            .text(0x0008_010F, Vr::CS, TOKEN);
        item
    };
    let mut set = slice();
    set.sequence(
        0x0008_2218,
        vec![
            code("SCT", "818981001", TOKEN),
            code("99HOSP", "A1", TOKEN),
            code("99HOSP", TOKEN, "Abdomen"),
            code("SCT", "123", TOKEN),
        ],
        Length::Undefined,
    );
    let output = apply(&set, &builtin("research"));
    assert!(!holds(&output, TOKEN));
    assert_eq!(value(&output, "00082218[1].00080104").as_deref(), Some("Abdomen"));
    assert_eq!(value(&output, "00082218[2].00080104"), None);
}

#[test]
fn text_keeps_its_clinical_words_and_loses_the_patient() {
    let mut set = slice();
    set.text(
        0x0008_1030,
        Vr::LO,
        "CT CHEST W CONTRAST for Zylberstein, MRN-4711-88 on 02/29/2024",
    );
    let output = apply(&set, &builtin("research"));
    assert_eq!(value(&output, "00081030").as_deref(), Some("CT CHEST W CONTRAST"));
}

#[test]
fn names_in_every_character_set() {
    let cases: [(&str, &[u8], &[u8]); 4] = [
        (
            "ISO_IR 192",
            "Müllerschön^Jörg".as_bytes(),
            "CT Müllerschön".as_bytes(),
        ),
        (
            "ISO_IR 100",
            b"M\xFCllersch\xF6n^J\xF6rg",
            b"CT M\xFCllersch\xF6n",
        ),
        (
            "ISO_IR 144",
            b"\xBB\xEE\xDA\xE1\xD5\xDC\xD1\xE3\xE0\xD3",
            b"CT \xBB\xEE\xDA\xE1\xD5\xDC\xD1\xE3\xE0\xD3",
        ),
        (
            "\\ISO 2022 IR 87",
            b"Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B",
            b"CT \x1B$B;3ED\x1B(B",
        ),
    ];
    for (term, name, text) in cases {
        let mut set = slice();
        set.text(0x0008_0005, Vr::CS, term)
            .put(0x0010_0010, Vr::PN, name)
            .put(0x0008_1030, Vr::LO, text);
        let output = apply(&set, &builtin("research"));
        assert_eq!(value(&output, "00081030").as_deref(), Some("CT"), "{term}");
    }
}

#[test]
fn a_report_keeps_its_tree() {
    let item = |kind: &str, change: &dyn Fn(&mut DataSet)| {
        let mut item = DataSet::new();
        item.text(0x0040_A010, Vr::CS, "CONTAINS")
            .text(0x0040_A040, Vr::CS, kind);
        change(&mut item);
        item
    };
    let deep = (0..6).fold(
        item("TEXT", &|set| {
            set.text(0x0040_A160, Vr::UT, "No nodule. Okonkwo");
        }),
        |inner, _| {
            item("CONTAINER", &|set| {
                set.sequence(0x0040_A730, vec![inner.clone()], Length::Undefined);
            })
        },
    );
    let mut set = slice();
    set.text(0x0008_0016, Vr::UI, "1.2.840.10008.5.1.4.1.1.88.33");
    set.remove(0x7FE0_0010);
    set.sequence(
        0x0040_A730,
        vec![
            item("PNAME", &|set| {
                set.text(0x0040_A123, Vr::PN, "Zylberstein^Wanda");
            }),
            item("DATE", &|set| {
                set.text(0x0040_A121, Vr::DA, "20240229");
            }),
            item("UIDREF", &|set| {
                set.text(0x0040_A124, Vr::UI, "1.2.3.4.5");
            }),
            deep,
        ],
        Length::Undefined,
    );
    let input = file(&set, EXPLICIT, Encoding::ExplicitLe);
    let (output, _) = apply_file(input.clone(), &builtin("research")).unwrap();
    assert!(!holds(&output, "Okonkwo") && !holds(&output, "Zylberstein"));
    let text = "0040a730[4]".to_owned() + &".0040a730[1]".repeat(6) + ".0040a160";
    assert_eq!(value(&output, &text).as_deref(), Some("No nodule"));
    assert_eq!(value(&output, "0040a730[2].0040a121"), value(&output, "00080020"));
    assert_eq!(value(&output, "0040a730[3].0040a124"), value(&output, "0020000d"));
    let tree = |file: &[u8]| -> Vec<String> {
        elements(file)
            .into_iter()
            .map(|(path, _)| path)
            .filter(|path| path.starts_with("0040a730"))
            .collect()
    };
    assert_eq!(tree(&input), tree(&output));
}

#[test]
fn what_a_patient_is_like_is_kept_in_known_words() {
    let mut set = slice();
    set.text(0x0010_2160, Vr::SH, "Caucasian")
        .text(0x0010_1030, Vr::DS, "71.5")
        .text(0x0010_21A0, Vr::CS, "NO");
    let output = apply(&set, &builtin("research"));
    assert_eq!(value(&output, "00102160").as_deref(), Some("Caucasian"));
    assert_eq!(value(&output, "00101030").as_deref(), Some("71.5"));
    assert_eq!(value(&output, "00100040").as_deref(), Some("F"));
    gone(|set| {
        set.text(0x0010_2160, Vr::SH, TOKEN);
    });
}

#[test]
fn words_where_numbers_should_be() {
    gone(|set| {
        // A safe element whose values are floats, a class that is a record number, numbers written as text.
        set.text(0x0009_0010, Vr::LO, "GEMS_PETD_01")
            .put(0x0009_1029, Vr::UN, format!("{TOKEN} 77120934"))
            .text(0x0008_001A, Vr::UI, "1.2.840.99.77120934.20070823");
        set.text(0x0008_1150, Vr::UI, "1.2.840.99.77120934");
    });
    let mut set = slice();
    set.text(0x0008_001A, Vr::UI, "1.2.840.99.77120934.20070823");
    assert!(!holds(&apply(&set, &builtin("research")), "77120934"));
}

#[test]
fn pixels_within_a_sequence() {
    gone(|set| {
        let mut item = DataSet::new();
        item.text(0x0008_1150, Vr::UI, "1.2.840.10008.5.1.4.1.1.2")
            .put(0x7FE0_0010, Vr::OW, TOKEN.repeat(9))
            .put(0x7FE0_0008, Vr::OF, TOKEN.repeat(9));
        set.sequence(0x0008_2112, vec![item], Length::Undefined);
    });
}
