//! Uncompressed frames, and the canonical form of samples.

use dicom::codec::{CodecError, decode_frame, encode_frame};
use dicom::{Photometric, PixelCoding, PixelDescription};
use proptest::prelude::*;

use super::{grey, images, sample};

#[test]
fn values_are_masked_and_sign_extended() {
    let d = PixelDescription {
        signed: true,
        ..grey(1, 3, 16, 12)
    };
    let frame = decode_frame(PixelCoding::Native, &d, &[0xFF, 0x0F, 0x00, 0x08, 0xFF, 0x07]).unwrap();
    let values: Vec<i64> = (0..3).map(|i| sample(&d, &frame, 0, i)).collect();
    assert_eq!(values, [-1, -2048, 2047]);
    assert_eq!(frame.extra_bits, None, "nothing stands above the value");
}

#[test]
fn copies_of_the_sign_are_no_extra_bits_but_an_overlay_is() {
    let d = PixelDescription {
        signed: true,
        ..grey(1, 2, 16, 12)
    };
    let copies = decode_frame(PixelCoding::Native, &d, &[0xFF, 0xFF, 0x01, 0x00]).unwrap();
    assert_eq!(copies.extra_bits, None);
    let overlay = decode_frame(PixelCoding::Native, &d, &[0xFF, 0x1F, 0x01, 0x00]).unwrap();
    assert_eq!(overlay.planes, copies.planes);
    assert_eq!(overlay.extra_bits, Some(vec![vec![0, 0x10, 0, 0]]));
}

#[test]
fn the_container_is_chosen_by_bits_stored() {
    for (allocated, stored, container) in [(8, 8, 1), (16, 8, 1), (16, 9, 2), (32, 16, 2), (32, 17, 4)] {
        let frame = decode_frame(
            PixelCoding::Native,
            &grey(1, 1, allocated, stored),
            &[1, 0, 0, 0][..usize::from(allocated / 8)],
        );
        assert_eq!(frame.unwrap().container, container, "{allocated}/{stored}");
    }
}

#[test]
fn a_value_may_stand_above_bit_zero() {
    let d = PixelDescription {
        high_bit: 15,
        ..grey(1, 1, 16, 12)
    };
    let frame = decode_frame(PixelCoding::Native, &d, &[0x3F, 0xA2]).unwrap();
    assert_eq!(sample(&d, &frame, 0, 0), 0xA23);
    assert_eq!(frame.extra_bits, Some(vec![vec![0x0F, 0x00]]));
}

#[test]
fn bits_are_unpacked_lowest_first() {
    let frame = decode_frame(PixelCoding::Native, &grey(2, 5, 1, 1), &[0b1010_0110, 0b10]).unwrap();
    assert_eq!(frame.planes, [[0, 1, 1, 0, 0, 1, 0, 1, 0, 1]]);
}

#[test]
fn planes_are_the_same_by_pixel_and_by_plane() {
    let by_pixel = PixelDescription {
        samples_per_pixel: 3,
        photometric: Photometric::Rgb,
        ..grey(1, 2, 8, 8)
    };
    let by_plane = PixelDescription {
        planar: true,
        ..by_pixel
    };
    assert_eq!(
        decode_frame(PixelCoding::Native, &by_pixel, &[1, 2, 3, 4, 5, 6]),
        decode_frame(PixelCoding::Native, &by_plane, &[1, 4, 2, 5, 3, 6]),
    );
}

#[test]
fn half_wide_chrominance_stands_for_two_pixels() {
    let d = PixelDescription {
        samples_per_pixel: 3,
        photometric: Photometric::YbrFull422,
        ..grey(1, 2, 8, 8)
    };
    let frame = decode_frame(PixelCoding::Encapsulated, &d, &[10, 20, 30, 40]).unwrap();
    assert_eq!(frame.planes, [[10, 20], [30, 30], [40, 40]]);
    assert_eq!(frame.photometric, Photometric::YbrFull);
}

#[test]
fn lengths_must_fit() {
    let d = grey(1, 3, 8, 8);
    let decode = |bytes: &[u8]| decode_frame(PixelCoding::Encapsulated, &d, bytes);
    assert!(decode(&[1, 2, 3]).is_ok());
    assert!(decode(&[1, 2, 3, 0]).is_ok(), "a padding byte");
    assert!(matches!(decode(&[1, 2]), Err(CodecError::Truncated { .. })));
    assert!(matches!(
        decode(&[1, 2, 3, 4, 5]),
        Err(CodecError::Disagrees { .. })
    ));
}

#[test]
fn descriptions_of_no_image_are_refused() {
    let good = grey(2, 2, 16, 12);
    let bad = [
        PixelDescription { rows: 0, ..good },
        PixelDescription {
            samples_per_pixel: 0,
            ..good
        },
        PixelDescription {
            samples_per_pixel: 5,
            ..good
        },
        PixelDescription {
            bits_allocated: 12,
            ..good
        },
        PixelDescription {
            bits_stored: 0,
            ..good
        },
        PixelDescription {
            bits_stored: 17,
            ..good
        },
        PixelDescription { high_bit: 16, ..good },
        PixelDescription { high_bit: 10, ..good },
        PixelDescription {
            high_bit: u16::MAX,
            ..good
        },
    ];
    for d in bad {
        assert!(
            matches!(
                decode_frame(PixelCoding::Native, &d, &[0; 8]),
                Err(CodecError::Description { .. })
            ),
            "{d:?}"
        );
    }
}

#[test]
fn a_deflated_frame_may_not_be_longer_or_shorter() {
    // 16 zero bytes, raw deflate with one fixed block: a literal 0, a match of 15 at distance 1.
    let deflated = [0x63, 0x60, 0x40, 0x05, 0x00];
    assert!(decode_frame(PixelCoding::DeflatedFrame, &grey(4, 4, 8, 8), &deflated).is_ok());
    assert!(decode_frame(PixelCoding::DeflatedFrame, &grey(4, 5, 8, 8), &deflated).is_err());
    assert!(decode_frame(PixelCoding::DeflatedFrame, &grey(4, 3, 8, 8), &deflated).is_err());
    assert!(decode_frame(PixelCoding::DeflatedFrame, &grey(4, 4, 8, 8), &deflated[..2]).is_err());
}

proptest! {
    #[test]
    fn native_bytes_come_back((d, native) in images(&[1, 8, 16, 32], &[1, 3])) {
        let frame = decode_frame(PixelCoding::Native, &d, &native).unwrap();
        let back = encode_frame(PixelCoding::Native, &d, &frame).unwrap();
        // Signed values may stand with or without copies of their sign; what is written has them.
        if d.bits_allocated > 1 && (!d.signed || frame.extra_bits.is_some()) {
            prop_assert_eq!(&back, &native);
        }
        prop_assert_eq!(decode_frame(PixelCoding::Native, &d, &back).unwrap(), frame);
    }
}
