//! RLE (PS3.5 annex G).

use dicom::codec::{CodecError, decode_frame, encode_frame};
use dicom::{Photometric, PixelCoding, PixelDescription};
use proptest::prelude::*;

use super::{grey, images};

/// An RLE frame of segments.
fn rle(segments: &[&[u8]]) -> Vec<u8> {
    let mut out = vec![segments.len() as u8, 0, 0, 0];
    let mut offset = 64u32;
    for segment in segments {
        out.extend(offset.to_le_bytes());
        offset += segment.len() as u32;
    }
    out.resize(64, 0);
    out.extend(segments.concat());
    out
}

#[test]
fn literals_runs_and_the_empty_code() {
    // G.3.2: 0..127 copies the next n + 1 bytes, -1..-127 repeats the next byte, -128 says nothing.
    let coded = rle(&[&[2, 10, 20, 30, 128, 0xFD, 7, 0, 9]]);
    let frame = decode_frame(PixelCoding::Rle, &grey(2, 4, 8, 8), &coded).unwrap();
    assert_eq!(frame.planes, [[10, 20, 30, 7, 7, 7, 7, 9]]);
    assert!(frame.lossless);
}

#[test]
fn the_highest_byte_comes_first() {
    let d = PixelDescription {
        samples_per_pixel: 3,
        photometric: Photometric::Rgb,
        ..grey(1, 1, 16, 16)
    };
    let coded = rle(&[&[0, 1], &[0, 2], &[0, 3], &[0, 4], &[0, 5], &[0, 6]]);
    assert_eq!(
        decode_frame(PixelCoding::Rle, &d, &coded).unwrap().planes,
        [[2, 1], [4, 3], [6, 5]]
    );
    let coded = rle(&[&[0, 1], &[0, 2], &[0, 3], &[0, 4]]);
    assert_eq!(
        decode_frame(PixelCoding::Rle, &grey(1, 1, 32, 32), &coded)
            .unwrap()
            .planes,
        [[4, 3, 2, 1]]
    );
}

#[test]
fn one_bit_a_sample_is_packed_before_it_is_coded() {
    let coded = rle(&[&[1, 0b1000_0001, 0b11]]);
    let frame = decode_frame(PixelCoding::Rle, &grey(2, 5, 1, 1), &coded).unwrap();
    assert_eq!(frame.planes, [[1, 0, 0, 0, 0, 0, 0, 1, 1, 1]]);
}

#[test]
fn wrong_headers_are_refused() {
    let d = grey(1, 2, 8, 8);
    let good = rle(&[&[0xFF, 5]]);
    assert!(decode_frame(PixelCoding::Rle, &d, &good).is_ok());
    let broken = |at: usize, value: u8| {
        let mut coded = good.clone();
        coded[at] = value;
        decode_frame(PixelCoding::Rle, &d, &coded)
    };
    assert!(matches!(
        broken(0, 2),
        Err(CodecError::Malformed { .. } | CodecError::Disagrees { .. })
    ));
    assert!(matches!(broken(0, 16), Err(CodecError::Malformed { .. })));
    assert!(
        matches!(broken(4, 0), Err(CodecError::Malformed { .. })),
        "into the header"
    );
    assert!(
        matches!(broken(4, 200), Err(CodecError::Malformed { .. })),
        "behind the end"
    );
    assert!(matches!(
        decode_frame(PixelCoding::Rle, &d, &good[..63]),
        Err(CodecError::Truncated { .. })
    ));
    assert!(matches!(
        decode_frame(PixelCoding::Rle, &d, &good[..65]),
        Err(CodecError::Truncated { .. })
    ));
}

#[test]
fn a_small_segment_does_not_make_room_for_a_large_image() {
    let d = grey(u16::MAX, u16::MAX, 8, 8);
    let coded = rle(&[&[0x81, 0]]);
    assert!(matches!(
        decode_frame(PixelCoding::Rle, &d, &coded),
        Err(CodecError::Truncated { .. })
    ));
}

#[test]
fn runs_do_not_cross_rows_and_segments_are_even() {
    let d = grey(3, 200, 8, 8);
    let frame = decode_frame(PixelCoding::Native, &d, &[9; 600]).unwrap();
    let coded = encode_frame(PixelCoding::Rle, &d, &frame).unwrap();
    // 200 = 128 + 72: two runs a row.
    assert_eq!(coded[64..], [0x81, 9, 0xB9, 9].repeat(3));
}

proptest! {
    #[test]
    fn what_is_encoded_comes_back((d, native) in images(&[1, 8, 16, 32], &[1, 3])) {
        let frame = decode_frame(PixelCoding::Native, &d, &native).unwrap();
        let coded = encode_frame(PixelCoding::Rle, &d, &frame).unwrap();
        prop_assert_eq!(decode_frame(PixelCoding::Rle, &d, &coded).unwrap(), frame);
        // PackBits costs one byte in 128 at most, and a segment its padding.
        let segments = usize::from(d.samples_per_pixel) * usize::from(d.bits_allocated.div_ceil(8));
        let rows = usize::from(d.rows);
        prop_assert!(coded.len() <= 64 + native.len() + native.len() / 64 + segments * (rows + 2));
    }

    #[test]
    fn a_shorter_codestream_is_an_error((d, native) in images(&[8, 16], &[1]), cut in 1usize..100) {
        let frame = decode_frame(PixelCoding::Native, &d, &native).unwrap();
        let coded = encode_frame(PixelCoding::Rle, &d, &frame).unwrap();
        // One byte may be padding.
        let kept = coded.len().saturating_sub(cut + 1);
        prop_assert!(decode_frame(PixelCoding::Rle, &d, &coded[..kept]).is_err());
    }
}
