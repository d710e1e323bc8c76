//! The PDF's structure; what it says is read by a peer (tests/peers).

use crate::sample::{account, everything};
use disclosure::{Asked, Language, pdf};

fn count(bytes: &[u8], what: &str) -> usize {
    bytes
        .windows(what.len())
        .filter(|window| *window == what.as_bytes())
        .count()
}

#[test]
fn it_is_tagged_has_a_title_and_a_language_and_claims_pdf_ua() {
    for (language, tag) in [(Language::English, "en"), (Language::Spanish, "es")] {
        let asked = Asked {
            language,
            ..Asked::default()
        };
        let file = pdf(&everything(), asked).unwrap();
        assert!(file.starts_with(b"%PDF-1."));
        assert!(count(&file, "/StructTreeRoot") >= 1);
        assert!(count(&file, &format!("/Lang({tag})")) + count(&file, &format!("/Lang ({tag})")) >= 1);
        assert!(count(&file, "pdfuaid:part") >= 1);
        assert!(count(&file, "/DisplayDocTitle true") >= 1);
    }
}

#[test]
fn the_same_account_gives_the_same_bytes() {
    let account = everything();
    assert!(pdf(&account, Asked::default()).unwrap() == pdf(&account, Asked::default()).unwrap());
}

#[test]
fn texts_of_any_kind_and_length_can_be_printed() {
    let mut nasty = everything();
    nasty.facility.name = String::new();
    nasty.events[0].reasons = vec![
        "x".repeat(20_000),
        "漢字 שלום العربية \u{0}\u{202e}\u{fffe}😀".to_owned(),
        String::new(),
    ];
    nasty.events[0].who = Some(" \n ".to_owned());
    let file = pdf(&nasty, Asked::default()).unwrap();
    assert!(count(&file, "/MediaBox") >= 3, "pages");
    assert!(pdf(&account(Vec::new()), Asked::default()).is_ok());
}
