use super::*;

const LO: Vr = Vr(*b"LO");

fn pn(declared: &str, bytes: &[u8]) -> (String, bool) {
    let decoded = CharacterSet::from_value(declared.as_bytes()).decode(Vr::PN, bytes);
    (decoded.text.into_owned(), decoded.exact)
}

fn exactly(text: &str) -> (String, bool) {
    (text.to_owned(), true)
}

/// PS3.5 annex H.3.1: Japanese with ISO 2022 IR 87.
#[test]
fn japanese_example_h_3_1() {
    let bytes = b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B";
    assert_eq!(
        pn("\\ISO 2022 IR 87", bytes),
        exactly("Yamada^Tarou=山田^太郎=やまだ^たろう")
    );
}

/// PS3.5 annex H.3.2: Japanese that starts in JIS X 0201.
#[test]
fn japanese_example_h_3_2() {
    let bytes = b"\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J";
    assert_eq!(
        pn("ISO 2022 IR 13\\ISO 2022 IR 87", bytes),
        exactly("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう")
    );
}

/// PS3.5 annex I.2: Korean, announced again after each delimiter.
#[test]
fn korean_example_i_2() {
    let bytes =
        b"Hong^Gildong=\x1b$)C\xFB\xF3^\x1b$)C\xD1\xCE\xD4\xD7=\x1b$)C\xC8\xAB^\x1b$)C\xB1\xE6\xB5\xBF";
    assert_eq!(
        pn("\\ISO 2022 IR 149", bytes),
        exactly("Hong^Gildong=洪^吉洞=홍^길동")
    );
}

/// PS3.5 annex K.2: Chinese with ISO 2022 IR 58.
#[test]
fn chinese_example_k_2() {
    let bytes = b"Zhang^XiaoDong=\x1b$)A\xD5\xC5^\x1b$)A\xD0\xA1\xB6\xAB=";
    assert_eq!(pn("\\ISO 2022 IR 58", bytes), exactly("Zhang^XiaoDong=张^小东="));
}

/// PS3.5 annex J: Chinese in UTF-8, GB18030 and GBK, where a second byte may be a backslash or a caret.
#[test]
fn chinese_examples_j() {
    let utf8 = b"Wang^XiaoDong=\xE7\x8E\x8B^\xE5\xB0\x8F\xE6\x9D\xB1=";
    assert_eq!(pn("ISO_IR 192", utf8), exactly("Wang^XiaoDong=王^小東="));
    let gb18030 = b"Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB=";
    assert_eq!(pn("GB18030", gb18030), exactly("Wang^XiaoDong=王^小东="));
    assert_eq!(pn("GBK", b"\x81\x5C^\x81\x5E"), exactly("乗^乛"));
}

#[test]
fn single_byte_sets() {
    for (term, bytes, text) in [
        ("ISO_IR 100", b"Buc^J\xE9r\xF4me".as_slice(), "Buc^Jérôme"),
        ("ISO_IR 101", b"W\xB3odzimierz", "Włodzimierz"),
        ("ISO_IR 109", b"\xA1", "Ħ"),
        ("ISO_IR 110", b"\xA2", "ĸ"),
        ("ISO_IR 144", b"\xBB\xEE\xDA^\xDB", "Люк^л"),
        (
            "ISO_IR 127",
            b"\xE2\xC8\xC7\xE6\xEA^\xE4\xE6\xD2\xC7\xD1",
            "قباني^لنزار",
        ),
        ("ISO_IR 126", b"\xC4\xE9\xEF\xED\xF5\xF3\xE9\xEF\xF2", "Διονυσιος"),
        (
            "ISO_IR 138",
            b"\xF9\xF8\xE5\xEF^\xE3\xE1\xE5\xF8\xE4",
            "שרון^דבורה",
        ),
        ("ISO_IR 148", b"\xC7avu\xFEo\xF0lu", "Çavuşoğlu"),
        ("ISO_IR 203", b"\xA4\xBC", "€Œ"),
        ("ISO_IR 166", b"\xB9\xD2\xC1", "นาม"),
        ("ISO_IR 13", b"\xD4\xCF\xC0\xDE", "ﾔﾏﾀﾞ"),
    ] {
        assert_eq!(pn(term, bytes), exactly(text), "{term}");
        let spelled = term.replace([' ', '_'], "-");
        assert_eq!(pn(&spelled, bytes), exactly(text), "{spelled}");
    }
}

#[test]
fn code_extensions_fall_back_at_every_delimiter() {
    let declared = "ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126";
    let bytes = b"\xE9\x1b-L\xBB\xEE\xDA^\xE9=\x1b-F\xC4\\\xE9";
    assert_eq!(pn(declared, bytes), exactly("éЛюк^é=Δ\\é"));
    let set = CharacterSet::from_value(declared.as_bytes());
    assert_eq!(
        set.decode(LO, b"\x1b-L\xBB^\xBB").text,
        "Л^Л",
        "a caret is a character outside names"
    );
    let text = set.decode(Vr(*b"LT"), b"\x1b-L\xBB\\\xBB\r\n\xE9").text;
    assert_eq!(
        text, "Л\\Л\r\né",
        "a backslash is a character in long text, a line end resets"
    );
}

#[test]
fn two_byte_characters_may_hold_delimiter_bytes() {
    // 0x3D5C is one kanji whose second byte is a backslash; 0x5E5E one whose bytes are carets.
    assert_eq!(
        pn("\\ISO 2022 IR 87", b"\x1b$B\x3D\x5C\x5E\x5E\x1b(B\\X"),
        exactly("旬湎\\X")
    );
}

#[test]
fn what_is_not_declared_is_decoded_and_told() {
    assert_eq!(pn("", "Jérôme".as_bytes()), ("Jérôme".to_owned(), false));
    assert_eq!(pn("", b"J\xE9r\xF4me"), ("Jérôme".to_owned(), false));
    assert_eq!(pn("ISO_IR 6", b"plain"), exactly("plain"));
    assert_eq!(pn("ISO_IR 100", b"\x1b$B;3\x1b(B"), ("山".to_owned(), false));
    assert_eq!(
        pn("\\ISO 2022 IR 149", b"\xC8\xAB^\xB1\xE6"),
        ("홍^길".to_owned(), false)
    );
    assert_eq!(pn("KLINGON", b"Worf"), exactly("Worf"));
    assert_eq!(
        pn("KLINGON\\ISO 2022 IR 100", b"\x1b-A\xE9"),
        ("é".to_owned(), false)
    );
    assert_eq!(
        pn("ISO_IR 192", b"\xFF\xFE"),
        ("\u{FFFD}\u{FFFD}".to_owned(), false)
    );
    assert_eq!(pn("ISO_IR 100", b"a\x1bZ"), ("a\u{FFFD}Z".to_owned(), false));
    assert_eq!(pn("\\ISO 2022 IR 87", b"\x1b$B;"), (";".to_owned(), false));
}

#[test]
fn identifiers_ignore_the_character_set() {
    let set = CharacterSet::from_value(b"GB18030");
    let decoded = set.decode(Vr(*b"CS"), b"\xCD\xF5");
    assert!(!decoded.exact);
    assert_eq!(decoded.text, "Íõ");
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn never_fails(declared in "[A-Z0-9 _\\\\]{0,40}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for vr in [Vr::PN, LO, Vr(*b"UT"), Vr(*b"UI")] {
                let _ = CharacterSet::from_value(declared.as_bytes()).decode(vr, &bytes);
            }
        }

        #[test]
        fn utf_8_comes_back(text in "\\PC{0,60}") {
            let decoded = CharacterSet::from_value(b"ISO_IR 192").decode(LO, text.as_bytes()).text.into_owned();
            prop_assert_eq!(decoded, text);
        }

        #[test]
        fn ascii_is_the_same_in_every_set(text in "[ -;=-\\[\\]_-}]{0,60}") {
            for term in ["", "ISO_IR 100", "\\ISO 2022 IR 87", "GBK", "ISO_IR 192", "ISO 2022 IR 13\\ISO 2022 IR 87"] {
                let decoded = CharacterSet::from_value(term.as_bytes()).decode(LO, text.as_bytes());
                prop_assert!(decoded.exact);
                prop_assert_eq!(decoded.text.as_ref(), text.as_str());
            }
        }
    }
}
