//! Terms of coded strings.

use deid::rules::term;
use dicom::Tag;

const IMAGE_TYPE: Tag = Tag(0x0008, 0x0008);
const ORIENTATION: Tag = Tag(0x0020, 0x0020);

#[test]
fn terms_of_the_standard_and_of_scanners() {
    for (tag, value) in [
        (IMAGE_TYPE, "ORIGINAL"),
        (IMAGE_TYPE, "PRIMARY "),
        (IMAGE_TYPE, "MOSAIC"),
        (IMAGE_TYPE, "M_FFE"),
        (IMAGE_TYPE, "CT_SOM5 SPI"),
        (Tag(0x0008, 0x0060), "ANN"),
        (Tag(0x0008, 0x0060), "MR"),
        (Tag(0x0018, 0x0015), "CHEST"),
        (Tag(0x0018, 0x0015), "CSPINE"),
        (Tag(0x0018, 0x0022), "HELICAL MODE"),
        (Tag(0x0018, 0x5100), "HFS"),
        (Tag(0x0028, 0x0004), "YBR_FULL_422"),
        (Tag(0x0028, 0x0301), "NO"),
        (Tag(0x0040, 0xA040), "CONTAINER"),
        (Tag(0x0040, 0xA010), "HAS OBS CONTEXT"),
        (Tag(0x0062, 0x0001), "FRACTIONAL"),
        (Tag(0x3006, 0x0042), "CLOSED_PLANAR"),
    ] {
        assert!(term(tag, value), "{tag:?} {value}");
    }
}

#[test]
fn forms_that_no_list_can_hold() {
    for value in ["A", "LP", "RAH", "FPL"] {
        assert!(term(ORIENTATION, value), "{value}");
    }
    assert!(!term(ORIENTATION, "FRAHL"));
    assert!(!term(ORIENTATION, "RALF"));
    assert!(term(Tag(0x0040, 0xDB00), "1500"));
    assert!(!term(Tag(0x0040, 0xDB00), "15001500"));
    assert!(!term(IMAGE_TYPE, "1500"));
}

#[test]
fn a_name_is_no_term() {
    for value in [
        "DOE",
        "DOE^JANE",
        "SMITH",
        "MUELLER",
        "JANE",
        "JOHN",
        "MARIA",
        "WANG",
        "GARCIA",
        "ST MARYS",
        "19700101",
        "PAT123456",
        "",
        "original",
        "12345678",
    ] {
        for tag in [IMAGE_TYPE, Tag(0x0018, 0x0015), ORIENTATION, Tag(0x0009, 0x1001)] {
            assert!(!term(tag, value), "{tag:?} {value}");
        }
    }
}

#[test]
fn the_list_is_long_and_clean() {
    let list = include_str!("../../../data/terms.csv");
    let terms = list
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .flat_map(|(_, terms)| terms.split('|'));
    let mut count = 0;
    for term in terms {
        count += 1;
        assert!((1..=16).contains(&term.len()), "{term:?}");
        assert_eq!(term, term.trim());
        // No bare numbers but one or two digits: a longer one could be anybody's.
        assert!(
            term.len() <= 4 || term.bytes().any(|b| !b.is_ascii_digit()),
            "{term:?}"
        );
    }
    assert!(count >= 3000, "{count}");
}
