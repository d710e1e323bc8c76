//! Values and frames are found where they are, in every encoding.

use dicom::TransferSyntax;
use retrieve::{DataSet, Error, Pixels, Place, Value};
use std::io::{BufRead, Cursor, Read, Seek};
use std::ops::Range;
use testkit::{Encoding, Length, Vr};

const ROWS: u16 = 4;
const COLUMNS: u16 = 5;
const FRAME: usize = ROWS as usize * COLUMNS as usize * 2;

fn image(frames: usize) -> testkit::DataSet {
    let mut icon = testkit::DataSet::new();
    icon.us(0x0028_0010, &[1]).put(0x7FE0_0010, Vr::OB, [1, 2, 3, 4]);
    let mut image = testkit::DataSet::new();
    image
        .text(0x0028_0008, Vr::IS, frames.to_string())
        .text(0x0028_0004, Vr::CS, "MONOCHROME2")
        .us(0x0028_0002, &[1])
        .us(0x0028_0010, &[ROWS])
        .us(0x0028_0011, &[COLUMNS])
        .us(0x0028_0100, &[16])
        .us(0x0028_0101, &[16])
        .us(0x0028_0102, &[15])
        .us(0x0028_0103, &[0])
        .sequence(
            0x0088_0200,
            vec![testkit::DataSet::new(), icon],
            Length::Undefined,
        )
        .put(0xFFFC_FFFC, Vr::OB, [9; 6]);
    image
}

/// Samples that are all different.
fn samples(frames: usize) -> Vec<u8> {
    (0..frames * FRAME / 2)
        .flat_map(|n| (n as u16).to_le_bytes())
        .collect()
}

fn syntax(uid: &str) -> TransferSyntax {
    TransferSyntax::by_uid(&uid.parse().unwrap())
}

fn read<R: BufRead + Seek>(data_set: &mut DataSet<R>, places: &[Range<u64>], word: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for place in places {
        data_set.seek_to(place.start).unwrap();
        data_set
            .take(place.end - place.start)
            .read_to_end(&mut bytes)
            .unwrap();
    }
    if word > 1 {
        bytes.chunks_exact_mut(word).for_each(<[u8]>::reverse);
    }
    bytes
}

fn bytes_of(pixels: &Pixels, number: u32) -> Vec<Range<u64>> {
    match pixels.frame(number).unwrap() {
        Place::Bytes(ranges) => ranges,
        Place::Bits(bits) => panic!("{bits:?}"),
    }
}

fn deflated(plain: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// The same data set in each encoding, and deflated.
fn encoded(image: &testkit::DataSet) -> Vec<(TransferSyntax, Vec<u8>)> {
    let mut all: Vec<_> = Encoding::ALL
        .into_iter()
        .map(|e| (syntax(e.transfer_syntax()), image.encode(e)))
        .collect();
    all.push((
        syntax(dicom::uids::DEFLATED),
        deflated(&image.encode(Encoding::ExplicitLe)),
    ));
    all
}

#[test]
fn native_frames_in_every_encoding() {
    let mut image = image(3);
    image.pixels(samples(3));
    for (syntax, bytes) in encoded(&image) {
        let (mut data_set, pixels) = Pixels::locate(Cursor::new(bytes), &syntax).unwrap();
        assert_eq!(pixels.frames(), 3);
        for number in [3u32, 1, 2] {
            let places = bytes_of(&pixels, number);
            let frame = read(&mut data_set, &places, pixels.swapped_word());
            let expected = &samples(3)[(number as usize - 1) * FRAME..][..FRAME];
            assert_eq!(frame, expected, "{:?} frame {number}", syntax.uid);
        }
        assert!(pixels.frame(0).is_none() && pixels.frame(4).is_none());
    }
}

#[test]
fn pixel_data_shorter_than_the_header_says_has_no_frames() {
    let mut image = image(3);
    image.pixels(samples(2));
    let bytes = image.encode(Encoding::ExplicitLe);
    let found = Pixels::locate(Cursor::new(bytes), &syntax(dicom::uids::EXPLICIT_LE));
    assert!(matches!(found, Err(Error::Frames(_))));
}

#[test]
fn frames_of_single_bits() {
    let mut image = image(3);
    image
        .us(0x0028_0100, &[1])
        .us(0x0028_0101, &[1])
        .us(0x0028_0102, &[0])
        .pixels(vec![0xA5; 8]);
    let bytes = image.encode(Encoding::ExplicitLe);
    let syntax = syntax(dicom::uids::EXPLICIT_LE);
    let (_, value) = Value::locate(Cursor::new(&bytes), &syntax, &"7fe00010".parse().unwrap()).unwrap();
    let (_, pixels) = Pixels::locate(Cursor::new(&bytes), &syntax).unwrap();
    let first = value.offset * 8;
    for (number, start) in [(1, 0), (2, 20), (3, 40)] {
        assert_eq!(
            pixels.frame(number),
            Some(Place::Bits(first + start..first + start + 20))
        );
    }
    image.pixels(vec![0xA5; 6]);
    assert!(Pixels::locate(Cursor::new(image.encode(Encoding::ExplicitLe)), &syntax).is_err());
}

#[test]
fn encapsulated_frames_by_fragment() {
    let rle = syntax("1.2.840.10008.1.2.5");
    let fragments = vec![vec![1; 6], vec![2; 10], vec![3; 2]];
    let mut three = image(3);
    three.fragments(fragments.clone());
    let (mut data_set, pixels) =
        Pixels::locate(Cursor::new(three.encode(Encoding::ExplicitLe)), &rle).unwrap();
    for (number, fragment) in (1..).zip(&fragments) {
        assert_eq!(&read(&mut data_set, &bytes_of(&pixels, number), 1), fragment);
    }
    let mut one = image(1);
    one.fragments(fragments.clone());
    let (mut data_set, pixels) = Pixels::locate(Cursor::new(one.encode(Encoding::ExplicitLe)), &rle).unwrap();
    assert_eq!(read(&mut data_set, &bytes_of(&pixels, 1), 1), fragments.concat());
    let mut two = image(2);
    two.fragments(fragments);
    let found = Pixels::locate(Cursor::new(two.encode(Encoding::ExplicitLe)), &rle);
    assert!(
        matches!(found, Err(Error::Frames(_))),
        "nothing tells two frames in three fragments apart"
    );
}

#[test]
fn values_by_path() {
    let mut image = image(1);
    image.pixels(samples(1));
    for (syntax, bytes) in encoded(&image) {
        for (path, expected) in [
            ("7fe00010", samples(1)),
            ("00880200/2/7fe00010", vec![1, 2, 3, 4]),
            ("00880200/2/00280010", vec![1, 0]),
            ("fffcfffc", vec![9; 6]),
            ("00280010", vec![4, 0]),
        ] {
            let (mut data_set, value) =
                Value::locate(Cursor::new(&bytes), &syntax, &path.parse().unwrap()).unwrap();
            let place = value.offset..value.offset + u64::from(value.length.unwrap());
            // The icon's samples are bytes; Implicit VR calls them words, which little-endian does not swap.
            assert_eq!(
                read(&mut data_set, &[place], value.swapped_word()),
                expected,
                "{path} in {:?}",
                syntax.uid
            );
        }
        for path in [
            "00880200/1/7fe00010",
            "00880200/3/7fe00010",
            "00100010",
            "00880200",
        ] {
            let found = Value::locate(Cursor::new(&bytes), &syntax, &path.parse().unwrap());
            assert!(matches!(found, Err(Error::NotFound)), "{path}");
        }
    }
    let mut compressed = super::places::image(1);
    compressed.fragments(vec![vec![1; 6]]);
    let bytes = compressed.encode(Encoding::ExplicitLe);
    let rle = syntax("1.2.840.10008.1.2.5");
    let (_, value) = Value::locate(Cursor::new(&bytes), &rle, &"7fe00010".parse().unwrap()).unwrap();
    assert_eq!(value.length, None);
    assert!(
        Value::locate(Cursor::new(&bytes), &rle, &"fffcfffc".parse().unwrap()).is_ok(),
        "what follows the pixels"
    );
}

#[test]
fn broken_data_sets_are_errors() {
    let mut image = image(1);
    image.fragments(vec![vec![1; 6]]);
    let whole = image.encode(Encoding::ExplicitLe);
    let rle = syntax("1.2.840.10008.1.2.5");
    for end in 0..whole.len() {
        let cut = &whole[..end];
        let _ = Pixels::locate(Cursor::new(cut), &rle);
        let _ = Value::locate(Cursor::new(cut), &rle, &"fffcfffc".parse().unwrap());
    }
}
