//! Spellings, character sets and ways to hide text.

use super::objects::*;
use deid::audit::{Kept, Kind};
use testkit::{DataSet, Vr};

fn in_text(text: impl AsRef<str>) -> Vec<Kind> {
    let text = text.as_ref();
    let found = planted(|set| {
        set.text(0x0020_4000, Vr::LT, text);
    });
    found.into_iter().map(|hit| hit.kind).collect()
}

#[test]
fn spellings_of_a_name() {
    for text in [
        "Grünwald",
        "GRUENWALD",
        "grunwald",
        "pat. Gruenwald, Annelie",
        "Annelie_Gruenwald",
        "GRUENWALDANNELIE",
        "A. Gruenwald",
        "Gruenwald A",
        "AGruenwald",
        "annelie-marta",
        "Marta",
        "dlawneurG",
        "Hartmann",
        "Ottilie Hartmann",
        "Gru\u{308}nwald",
        "ＧＲＵＮＷＡＬＤ",
        "(marta)",
        "Gruenwald17",
    ] {
        assert!(in_text(text).contains(&Kind::Name), "{text}");
    }
}

#[test]
fn spellings_of_a_number() {
    for text in [
        "MRN-0081726354",
        "mrn0081726354",
        "0081726354",
        "81726354",
        "MRN 008 172 6354",
        "acc 482913",
        "acc00482913",
        "REQ774512",
        "SN99120",
    ] {
        assert!(in_text(text).contains(&Kind::Identifier), "{text}");
    }
    for text in ["817263", "4829131", "2482913"] {
        assert!(!in_text(text).contains(&Kind::Identifier), "{text}");
    }
}

#[test]
fn spellings_of_a_date() {
    for text in [
        "19580723",
        "1958-07-23",
        "1958.07.23",
        "23.07.1958",
        "23/07/1958",
        "07/23/1958",
        "7/23/1958",
        "23-JUL-1958",
        "Jul 23, 1958",
        "July 23rd, 1958",
        "23 july 1958",
        "580723",
        "23.07.58",
        "19580723T101500",
        "19580723101500",
        "23Jul1958",
        "14.3.2019",
        "20190314",
    ] {
        assert!(in_text(text).contains(&Kind::Date), "{text}");
    }
    for text in ["19580724", "1958 07", "5807231", "2019"] {
        assert!(!in_text(text).contains(&Kind::Date), "{text}");
    }
}

#[test]
fn contacts_and_places() {
    assert!(in_text("fax (555) 201 4433").contains(&Kind::Contact));
    assert!(in_text("5552014433").contains(&Kind::Contact));
    assert!(in_text("LINDENHOF KLINIKUM, ALTSTADT").contains(&Kind::Place));
    assert!(in_text("rosenweg 14").contains(&Kind::Place));
    assert!(in_text("ctraum7b").contains(&Kind::Place));
    for text in [
        "a.b@clinic.example",
        "https://x.clinic.example/1",
        "219-09-9999",
        "(555) 777-1234",
    ] {
        assert!(in_text(text).contains(&Kind::Text), "{text}");
    }
}

#[test]
fn hidden_in_other_encodings() {
    let base64 = "eHhHcnVlbndhbGReQW5uZWxpZQ=="; // xxGruenwald^Annelie, spelt as no input spells it
    assert!(!in_text(base64).is_empty() || in_text("eHhBbm5lbGll").contains(&Kind::Name));
    // "xAnnelie", "xxMRN-0081726354" in base64; "Annelie" in hex; an UID in hex.
    let hex = |text: &str| {
        text.bytes()
            .map(|b| format!("{b:02X}"))
            .collect::<Vec<_>>()
            .concat()
    };
    assert!(in_text("eEFubmVsaWU=").contains(&Kind::Name));
    assert!(in_text("eHhNUk4tMDA4MTcyNjM1NA==").contains(&Kind::Identifier));
    assert!(in_text(hex("Annelie")).contains(&Kind::Name));
    assert!(in_text(hex(INSTANCE)).contains(&Kind::Uid));
    assert!(in_text("Gr%C3%BCnwald%20A").contains(&Kind::Name));
    assert!(in_text("4536271800-NRM").contains(&Kind::Identifier));
    assert!(in_text(format!("{INSTANCE}.1")).contains(&Kind::Uid));
    assert!(in_text(format!("x{STUDY}y")).contains(&Kind::Uid));
}

#[test]
fn utf_16_in_text_and_private_bytes() {
    let wide: Vec<u8> = "Annelie Grünwald"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let found = planted(|set| {
        set.text(0x0029_0010, Vr::LO, "ACME 1")
            .put(0x0029_1010, Vr::OB, wide.clone());
    });
    assert_hit(&found, Kind::Name, "00291010");
    let found = planted(|set| {
        set.put(0x0020_4000, Vr::LT, wide.clone());
    });
    assert_hit(&found, Kind::Name, "00204000");
}

/// A patient with this name in this character set, leaking it in another object in UTF-8 and as the bytes stand.
fn foreign(set_name: &str, name: &[u8], leaks: &[(&str, &[u8])]) {
    let mut input = identified();
    input
        .text(0x0008_0005, Vr::CS, set_name)
        .put(0x0010_0010, Vr::PN, name.to_vec());
    let input = explicit(&input, INSTANCE);
    assert_eq!(
        hits_of(input.clone(), explicit(&clean(), NEW_INSTANCE), Kept::default()),
        []
    );
    for (declared, leak) in leaks {
        let mut output = clean();
        output
            .text(0x0008_0005, Vr::CS, declared)
            .put(0x0008_103e, Vr::LO, leak.to_vec());
        let found = hits_of(input.clone(), explicit(&output, NEW_INSTANCE), Kept::default());
        assert_hit(&found, Kind::Name, "0008103e");
    }
}

#[test]
fn japanese_korean_chinese_and_cyrillic_names() {
    let japanese = b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B";
    foreign(
        "\\ISO 2022 IR 87",
        japanese,
        &[
            ("ISO_IR 192", "山田".as_bytes()),
            ("ISO_IR 192", "検査 山田太郎".as_bytes()),
            ("ISO_IR 192", "やまだ".as_bytes()),
            ("\\ISO 2022 IR 87", b"x \x1b$B;3ED\x1b(B"),
            ("", b"YAMADA"),
            ("GB18030", b"\xC9\xBD\xCC\xEF"),
        ],
    );
    foreign(
        "\\ISO 2022 IR 149",
        b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
        &[
            ("ISO_IR 192", "길동".as_bytes()),
            ("ISO_IR 192", "吉洞".as_bytes()),
            ("", b"gildong"),
        ],
    );
    foreign(
        "GB18030",
        b"Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB",
        &[
            ("ISO_IR 192", "小东".as_bytes()),
            ("GB18030", b"\xD0\xA1\xB6\xAB"),
            ("ISO_IR 100", b"Wang Xiaodong"),
        ],
    );
    foreign(
        "ISO_IR 144",
        b"\xBB\xEE\xDA\xE6\xD5\xDC\xD1\xE3\xE0\xD3",
        [
            ("ISO_IR 192", "Люкceмбypг".as_bytes().split_at(0).1),
            ("ISO_IR 144", b"\xBB\xEE\xDA\xE6\xD5\xDC\xD1\xE3\xE0\xD3"),
            ("ISO_IR 100", b"\xBB\xEE\xDA\xE6\xD5\xDC\xD1\xE3\xE0\xD3"),
        ]
        .split_at(1)
        .1,
    );
}

#[test]
fn a_character_set_is_inherited_by_items() {
    let mut item = DataSet::new();
    item.put(0x0008_0104, Vr::LO, b"Gr\xFCnwald".to_vec());
    let found = planted(|set| {
        set.text(0x0008_0005, Vr::CS, "ISO_IR 100").sequence(
            0x0008_2218,
            vec![item],
            testkit::Length::Undefined,
        );
    });
    assert_hit(&found, Kind::Name, "00082218[1].00080104");
}

#[test]
fn short_names_count_as_whole_words_alone() {
    let mut input = identified();
    input
        .text(0x0010_0010, Vr::PN, "Eck^Ida")
        .text(0x0010_0020, Vr::LO, "7K");
    let input = explicit(&input, INSTANCE);
    let found = |text: &str, vr| {
        let mut output = clean();
        output.text(0x0020_4000, vr, text);
        hits_of(input.clone(), explicit(&output, NEW_INSTANCE), Kept::default())
    };
    assert_hit(&found("for Eck today", Vr::LT), Kind::Name, "00204000");
    assert_hit(&found("id 7k", Vr::LT), Kind::Identifier, "00204000");
    assert_eq!(found("Check the Florida neck 17K", Vr::LT), []);
    assert_eq!(found("ECK", Vr::CS), []);
}
