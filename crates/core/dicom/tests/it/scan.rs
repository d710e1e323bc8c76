//! The pre-scan: legal but odd data sets are read, lies are refused, nothing is kept or recursed into.

use dicom::scan::{Element, Limits, MAX_DEPTH, ScanError, Scanner, Sink};
use dicom::{Encoding, Tag};
use proptest::prelude::*;

/// Writes down what the scanner tells.
#[derive(Default)]
struct Told(Vec<String>);

impl Sink for Told {
    type Error = ScanError;

    fn element(&mut self, element: &Element) -> Result<(), ScanError> {
        self.0
            .push(format!("{} {:?} {}", element.tag, element.vr, element.depth));
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), ScanError> {
        self.0.push(format!("{} [", element.tag));
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), ScanError> {
        self.0.push("]".into());
        Ok(())
    }

    fn fragment(&mut self, length: u32) -> Result<(), ScanError> {
        self.0.push(format!("fragment {length}"));
        Ok(())
    }
}

fn scan(encoding: Encoding, bytes: &[u8], chunk: usize) -> Result<Vec<String>, ScanError> {
    let mut told = Told::default();
    let mut scanner = Scanner::new(encoding, Limits::default());
    for part in bytes.chunks(chunk.max(1)) {
        scanner.push(part, &mut told)?;
    }
    scanner.finish(&mut told)?;
    Ok(told.0)
}

fn explicit(bytes: &[u8]) -> Result<Vec<String>, ScanError> {
    scan(Encoding::ExplicitLe, bytes, usize::MAX)
}

const MODALITY: &[u8] = b"\x08\x00\x60\x00CS\x02\x00CT";
const ITEM: &[u8] = b"\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF";
const ITEM_END: &[u8] = b"\xFE\xFF\x0D\xE0\x00\x00\x00\x00";
const SEQUENCE_END: &[u8] = b"\xFE\xFF\xDD\xE0\x00\x00\x00\x00";

#[test]
fn a_un_sequence_of_undefined_length_is_in_implicit_vr() {
    let start: &[u8] = b"\x09\x00\x01\x10UN\x00\x00\xFF\xFF\xFF\xFF";
    let implicit_modality: &[u8] = b"\x08\x00\x60\x00\x02\x00\x00\x00CT";
    let bytes = [MODALITY, start, ITEM, implicit_modality, ITEM_END, SEQUENCE_END].concat();
    assert_eq!(
        explicit(&bytes).unwrap(),
        ["00080060 CS 0", "00091001 [", "00080060 CS 1", "]"]
    );
}

#[test]
fn what_is_written_counts_when_the_transfer_syntax_lies() {
    let implicit: &[u8] = b"\x08\x00\x60\x00\x02\x00\x00\x00CT";
    assert_eq!(explicit(implicit).unwrap(), ["00080060 CS 0"]);
    assert_eq!(
        scan(Encoding::ImplicitLe, MODALITY, 1).unwrap(),
        ["00080060 CS 0"]
    );
}

#[test]
fn fragments_are_told_one_by_one() {
    let start: &[u8] = b"\xE0\x7F\x10\x00OB\x00\x00\xFF\xFF\xFF\xFF";
    let table: &[u8] = b"\xFE\xFF\x00\xE0\x00\x00\x00\x00";
    let fragment: &[u8] = b"\xFE\xFF\x00\xE0\x04\x00\x00\x00abcd";
    let bytes = [start, table, fragment, SEQUENCE_END].concat();
    assert_eq!(explicit(&bytes).unwrap(), ["fragment 0", "fragment 4"]);
}

#[test]
fn nesting_ends_at_the_limit_and_not_in_the_stack() {
    let level = [b"\x40\x00\x60\xA7SQ\x00\x00\xFF\xFF\xFF\xFF".as_slice(), ITEM].concat();
    assert_eq!(
        explicit(&level.repeat(100_000)),
        Err(ScanError::TooDeep { limit: MAX_DEPTH })
    );
    let nested = level.repeat(usize::from(MAX_DEPTH));
    let closed = [ITEM_END, SEQUENCE_END].concat().repeat(usize::from(MAX_DEPTH));
    assert_eq!(
        explicit(&[nested, closed].concat()).unwrap().len(),
        2 * usize::from(MAX_DEPTH)
    );
}

#[test]
fn a_length_that_nothing_stands_behind_is_refused() {
    let lie: &[u8] = b"\x09\x00\x01\x10OB\x00\x00\xFE\xFF\xFF\xFFfew";
    assert!(matches!(explicit(lie), Err(ScanError::Truncated { .. })));
    let no_sequence: &[u8] = b"\x08\x00\x60\x00UT\x00\x00\xFF\xFF\xFF\xFF";
    assert!(matches!(
        explicit(no_sequence),
        Err(ScanError::UndefinedLength { .. })
    ));
    // An item of 4 bytes cannot hold an element of 10.
    let sequence: &[u8] = b"\x40\x00\x60\xA7SQ\x00\x00\x12\x00\x00\x00\xFE\xFF\x00\xE0\x04\x00\x00\x00";
    assert!(matches!(
        explicit(&[sequence, MODALITY].concat()),
        Err(ScanError::Overrun { .. })
    ));
    // Nor can a sequence of 8 bytes hold an item of 10.
    let sequence: &[u8] = b"\x40\x00\x60\xA7SQ\x00\x00\x08\x00\x00\x00\xFE\xFF\x00\xE0\x0A\x00\x00\x00";
    assert!(matches!(
        explicit(&[sequence, MODALITY].concat()),
        Err(ScanError::Overrun { .. })
    ));
}

#[test]
fn what_is_out_of_place_is_refused() {
    for stray in [ITEM, ITEM_END, SEQUENCE_END] {
        let bytes = [MODALITY, stray].concat();
        assert!(matches!(explicit(&bytes), Err(ScanError::Misplaced { .. })));
    }
    let meta: &[u8] = b"\x02\x00\x10\x00UI\x02\x001\x00";
    assert!(matches!(
        explicit(&[MODALITY, meta].concat()),
        Err(ScanError::Misplaced { .. })
    ));
    let twice: &[u8] = b"\x40\x00\x60\xA7SQ\x00\x00\xFF\xFF\xFF\xFF";
    assert!(matches!(
        explicit(&[twice, ITEM, MODALITY, MODALITY].concat()),
        Err(ScanError::Duplicate { .. })
    ));
}

#[test]
fn too_many_elements_are_refused() {
    let mut told = Told::default();
    let mut scanner = Scanner::new(
        Encoding::ExplicitLe,
        Limits {
            depth: 8,
            elements: 3,
        },
    );
    let many = b"\x08\x00\x60\x00CS\x00\x00".repeat(4);
    assert_eq!(
        scanner.push(&many, &mut told),
        Err(ScanError::TooMany { limit: 3 })
    );
}

#[test]
fn every_cut_is_noticed() {
    let start: &[u8] = b"\x40\x00\x60\xA7SQ\x00\x00\xFF\xFF\xFF\xFF";
    let bytes = [MODALITY, start, ITEM, MODALITY, ITEM_END, SEQUENCE_END].concat();
    assert!(explicit(&bytes).is_ok());
    for cut in (1..bytes.len()).filter(|cut| *cut != MODALITY.len()) {
        assert!(
            matches!(explicit(&bytes[..cut]), Err(ScanError::Truncated { .. })),
            "cut at {cut}"
        );
    }
}

#[test]
fn tags_read_as_they_are_shown() {
    assert_eq!("7fe00010".parse(), Ok(Tag::PIXEL_DATA));
    assert_eq!(Tag::PIXEL_DATA.to_string(), "7fe00010");
}

proptest! {
    /// Any bytes in any chunks give the same answer, and never a panic.
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400), chunk in 1_usize..40, which in 0_usize..3) {
        let encoding = [Encoding::ImplicitLe, Encoding::ExplicitLe, Encoding::ExplicitBe][which];
        prop_assert_eq!(scan(encoding, &bytes, chunk), scan(encoding, &bytes, usize::MAX));
    }

    /// The same for bytes that look like a data set.
    #[test]
    fn likely_bytes(pieces in prop::collection::vec(0_usize..9, 0..60), chunk in 1_usize..40) {
        let parts: [&[u8]; 9] = [
            MODALITY, ITEM, ITEM_END, SEQUENCE_END,
            b"\x40\x00\x60\xA7SQ\x00\x00\xFF\xFF\xFF\xFF",
            b"\x40\x00\x60\xA7SQ\x00\x00\x12\x00\x00\x00",
            b"\xFE\xFF\x00\xE0\x0A\x00\x00\x00",
            b"\xE0\x7F\x10\x00OB\x00\x00\xFF\xFF\xFF\xFF",
            b"\x09\x00\x01\x10UN\x00\x00\xFF\xFF\xFF\xFF",
        ];
        let bytes = pieces.iter().flat_map(|piece| parts[*piece]).copied().collect::<Vec<u8>>();
        let whole = scan(Encoding::ExplicitLe, &bytes, usize::MAX);
        prop_assert_eq!(scan(Encoding::ExplicitLe, &bytes, chunk), whole);
    }
}
