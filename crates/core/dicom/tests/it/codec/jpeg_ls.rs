//! JPEG-LS (ITU-T T.87).

use dicom::codec::{
    CodecError, Interleave, NearLossless, decode_frame, encode_frame, encode_jpeg_ls, lossless,
};
use dicom::{PixelCoding, PixelDescription};
use proptest::prelude::*;

use super::{grey, hex, images, sample};

/// The image of T.87 H.3, and its coded samples.
const H3_IMAGE: [u8; 16] = [
    0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145,
];
const H3_CODED: [u8; 32] = [
    0xC0, 0x00, 0x00, 0x6C, 0x80, 0x20, 0x8E, 0x01, 0xC0, 0x00, 0x00, 0x57, 0x40, 0x00, 0x00, 0x6E, 0xE6,
    0x00, 0x00, 0x01, 0xBC, 0x18, 0x00, 0x00, 0x05, 0xD8, 0x00, 0x00, 0x91, 0x60, 0xFF, 0xD9,
];

#[test]
fn the_example_of_the_standard() {
    let d = grey(4, 4, 8, 8);
    let frame = decode_frame(PixelCoding::Native, &d, &H3_IMAGE).unwrap();
    let coded = encode_frame(PixelCoding::JpegLs, &d, &frame).unwrap();
    assert!(coded.ends_with(&H3_CODED), "{coded:02x?}");
    assert_eq!(decode_frame(PixelCoding::JpegLs, &d, &coded).unwrap(), frame);
}

#[test]
fn a_restart_interval_counts_lines() {
    // 11 lines of 20 samples, coded by CharLS in bands of three lines, joined with restart markers; CharLS decodes
    // the whole as well.
    let coded = hex(include_str!("jpeg_ls_restart.txt").lines().next().unwrap());
    let image = hex(include_str!("jpeg_ls_restart.txt").lines().nth(1).unwrap());
    let d = grey(11, 20, 8, 8);
    assert_eq!(
        decode_frame(PixelCoding::JpegLs, &d, &coded).unwrap().planes,
        [image]
    );
    // Without its first restart marker it is an error.
    let at = coded.windows(2).position(|pair| pair == [0xFF, 0xD0]).unwrap();
    let without: Vec<u8> = [&coded[..at], &coded[at + 2..]].concat();
    assert!(decode_frame(PixelCoding::JpegLs, &d, &without).is_err());
}

#[test]
fn bits_above_the_value_survive() {
    let d = grey(1, 2, 16, 12);
    let frame = decode_frame(PixelCoding::Native, &d, &[0x34, 0xF2, 0x01, 0x00]).unwrap();
    assert!(frame.extra_bits.is_some());
    let coded = encode_frame(PixelCoding::JpegLs, &d, &frame).unwrap();
    assert_eq!(decode_frame(PixelCoding::JpegLs, &d, &coded).unwrap(), frame);
}

#[test]
fn another_image_than_the_header_says_is_refused() {
    let d = grey(4, 4, 8, 8);
    let frame = decode_frame(PixelCoding::Native, &d, &H3_IMAGE).unwrap();
    let coded = encode_frame(PixelCoding::JpegLs, &d, &frame).unwrap();
    for other in [
        grey(4, 5, 8, 8),
        grey(5, 4, 8, 8),
        PixelDescription {
            samples_per_pixel: 3,
            ..d
        },
    ] {
        assert!(matches!(
            decode_frame(PixelCoding::JpegLs, &other, &coded),
            Err(CodecError::Disagrees { .. })
        ));
    }
    let sixteen = grey(4, 4, 16, 16);
    let wide = decode_frame(PixelCoding::Native, &sixteen, &[H3_IMAGE, H3_IMAGE].concat()).unwrap();
    let coded = encode_frame(PixelCoding::JpegLs, &sixteen, &wide).unwrap();
    assert!(matches!(
        decode_frame(PixelCoding::JpegLs, &d, &coded),
        Err(CodecError::Disagrees { .. })
    ));
}

#[test]
fn near_beyond_its_range_is_refused() {
    let d = grey(4, 4, 8, 8);
    let frame = decode_frame(PixelCoding::Native, &d, &H3_IMAGE).unwrap();
    assert!(encode_jpeg_ls(&d, &frame, NearLossless(127), Interleave::None).is_ok());
    assert!(encode_jpeg_ls(&d, &frame, NearLossless(128), Interleave::None).is_err());
}

fn interleaves() -> impl Strategy<Value = Interleave> {
    prop::sample::select(&[Interleave::None, Interleave::Line, Interleave::Sample])
}

proptest! {
    #[test]
    fn lossless_comes_back((d, native) in images(&[8, 16], &[1, 2, 3, 4]), interleave in interleaves()) {
        let frame = decode_frame(PixelCoding::Native, &d, &native).unwrap();
        let coded = encode_jpeg_ls(&d, &frame, NearLossless(0), interleave).unwrap();
        prop_assert_eq!(lossless(PixelCoding::JpegLs, &coded), Some(true));
        prop_assert_eq!(decode_frame(PixelCoding::JpegLs, &d, &coded).unwrap(), frame);
    }

    #[test]
    fn near_lossless_stays_near((d, native) in images(&[8, 16], &[1, 3]), interleave in interleaves(), near in 1u8..20) {
        // Whole unsigned words: an error may not carry over into the sign or into other bits.
        let d = PixelDescription { signed: false, bits_stored: d.bits_allocated, high_bit: d.bits_allocated - 1, ..d };
        let frame = decode_frame(PixelCoding::Native, &d, &native).unwrap();
        let coded = encode_jpeg_ls(&d, &frame, NearLossless(near), interleave).unwrap();
        prop_assert_eq!(lossless(PixelCoding::JpegLs, &coded), Some(false));
        let decoded = decode_frame(PixelCoding::JpegLs, &d, &coded).unwrap();
        prop_assert!(!decoded.lossless);
        for plane in 0..frame.planes.len() {
            for i in 0..d.pixels() {
                let off = sample(&d, &frame, plane, i) - sample(&d, &decoded, plane, i);
                prop_assert!(off.abs() <= i64::from(near), "off by {} at {}", off, i);
            }
        }
    }
}
