//! Preamble, file meta information, encodings, pixels: every layer is made anew.

use super::{EXPLICIT, apply_file, builtin, elements, file, holds, pixels, slice, value};
use deid::audit::audit;
use testkit::{DataSet, Encoding};

/// 16 x 16 grey pixels of 8 bits.
fn small_grey() -> dicom::PixelDescription {
    dicom::PixelDescription {
        rows: 16,
        columns: 16,
        frames: 1,
        samples_per_pixel: 1,
        bits_allocated: 8,
        bits_stored: 8,
        high_bit: 7,
        signed: false,
        planar: false,
        photometric: dicom::Photometric::Monochrome2,
    }
}

#[test]
fn preamble_and_file_meta_hold_nothing_of_the_input() {
    let mut input = file(&slice(), EXPLICIT, Encoding::ExplicitLe);
    input[..10].copy_from_slice(b"SECRETNAME");
    // (0002,0016) Source Application Entity Title, behind the group length that counts it.
    let at = input.windows(4).position(|w| w == [2, 0, 0x13, 0]).unwrap();
    input.splice(at..at, *b"\x02\x00\x16\x00AE\x08\x00SECRETAE");
    let (output, _) = apply_file(input, &builtin("research")).unwrap();
    assert!(output[..128].iter().all(|b| *b == 0));
    assert!(!holds(&output, "SECRET"));
}

#[test]
fn every_native_encoding_gives_the_same_copy() {
    let set = slice();
    let copies: Vec<Vec<u8>> = [
        (EXPLICIT, Encoding::ExplicitLe),
        ("1.2.840.10008.1.2", Encoding::ImplicitLe),
        ("1.2.840.10008.1.2.2", Encoding::ExplicitBe),
    ]
    .into_iter()
    .map(|(syntax, encoding)| {
        apply_file(file(&set, syntax, encoding), &builtin("research"))
            .unwrap()
            .0
    })
    .collect();
    assert_eq!(copies[0], copies[1]);
    assert_eq!(copies[0], copies[2]);
    let samples = |file: &[u8]| {
        elements(file)
            .into_iter()
            .find(|(path, _)| path == "7fe00010")
            .unwrap()
            .1
    };
    let input = file(&set, EXPLICIT, Encoding::ExplicitLe);
    assert_eq!(samples(&input), samples(&copies[0]));
}

#[test]
fn bytes_behind_the_pixels_and_behind_the_data_set_go() {
    let mut set = slice();
    let mut samples = set.bytes_mut(0x7FE0_0010).unwrap().clone();
    samples.extend_from_slice(b"QXVZKWJY");
    set.pixels(samples);
    let input = file(&set, EXPLICIT, Encoding::ExplicitLe);
    for end in [&b"QXVZKWJY and more"[..], &[0; 300], &[0xFF; 40]] {
        let input = [input.as_slice(), end].concat();
        let (output, _) = apply_file(input.clone(), &builtin("research")).unwrap();
        assert!(!holds(&output, "QXVZ"));
        assert_eq!(elements(&output).last().unwrap().1.len(), 32);
        let kept = builtin("research").kept();
        assert!(audit(&input, "a.dcm", output, "b.dcm", kept).is_ok());
    }
}

#[test]
fn unused_bits_are_cleared_and_samples_stay() {
    let mut set = slice();
    pixels(&mut set, 64, 64, 16, 12);
    let clean = set.bytes_mut(0x7FE0_0010).unwrap().clone();
    // An overlay in bit 15, as ACR-NEMA had it.
    for (at, byte) in set.bytes_mut(0x7FE0_0010).unwrap().iter_mut().enumerate() {
        if at % 6 == 1 {
            *byte |= 0x80;
        }
    }
    let (output, _) = apply_file(file(&set, EXPLICIT, Encoding::ExplicitLe), &builtin("research")).unwrap();
    let samples = elements(&output)
        .into_iter()
        .find(|(path, _)| path == "7fe00010")
        .unwrap()
        .1;
    assert!(samples == clean);
}

#[test]
fn large_pixels_are_copied_in_every_byte_order() {
    let mut set = slice();
    pixels(&mut set, 700, 500, 16, 12);
    let little = file(&set, EXPLICIT, Encoding::ExplicitLe);
    let big = file(&set, "1.2.840.10008.1.2.2", Encoding::ExplicitBe);
    let copy = |input| apply_file(input, &builtin("research")).unwrap().0;
    assert!(copy(little) == copy(big));
}

#[test]
fn frames_lose_their_comments_and_keep_their_samples() {
    // A lossless JPEG-LS frame with a comment and an EXIF segment put behind its start.
    let description = small_grey();
    let samples: Vec<u8> = (0..256).map(|n| (n * 7 % 251) as u8).collect();
    let syntax = "1.2.840.10008.1.2.4.80";
    let frame = dicom::codec::decode_frame(dicom::PixelCoding::Native, &description, &samples).unwrap();
    let frame = dicom::codec::encode_frame(dicom::PixelCoding::JpegLs, &description, &frame).unwrap();
    let mut planted = frame[..2].to_vec();
    planted.extend_from_slice(b"\xFF\xFE\x00\x0ASECRETCO\xFF\xE1\x00\x10Exif\0\0SECRETEX");
    planted.extend_from_slice(&frame[2..]);
    planted.extend_from_slice(b"SECRETEN");
    let mut set = slice();
    pixels(&mut set, 16, 16, 8, 8);
    set.fragments(vec![planted]);
    let (output, _) = apply_file(file(&set, syntax, Encoding::ExplicitLe), &builtin("research")).unwrap();
    assert!(!holds(&output, "SECRET"));
    let at = output.windows(2).rposition(|w| w == b"\xFF\xD8").unwrap();
    let decoded = dicom::codec::decode_frame(
        dicom::PixelCoding::JpegLs,
        &description,
        &output[at..output.len() - 8],
    );
    assert_eq!(decoded.unwrap().planes, [samples]);
}

#[test]
fn a_deflated_object_is_read() {
    use std::io::Write as _;
    let set = slice().encode(Encoding::ExplicitLe);
    let mut deflater = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    deflater.write_all(&set).unwrap();
    let mut deflated = file(
        &DataSet::clone(&slice()),
        "1.2.840.10008.1.2.1.99",
        Encoding::ExplicitLe,
    );
    deflated.truncate(deflated.len() - set.len());
    deflated.extend(deflater.finish().unwrap());
    let (output, _) = apply_file(deflated, &builtin("research")).unwrap();
    let plain = apply_file(
        file(&slice(), EXPLICIT, Encoding::ExplicitLe),
        &builtin("research"),
    )
    .unwrap()
    .0;
    assert!(output == plain);
    assert_eq!(value(&output, "00080060").as_deref(), Some("CT"));
}

#[test]
fn frames_that_need_no_cleaning_keep_every_byte() {
    let table = |offset: &[u8]| {
        let description = small_grey();
        let samples: Vec<u8> = (0..256).map(|n| (n * 7 % 251) as u8).collect();
        let frame = dicom::codec::decode_frame(dicom::PixelCoding::Native, &description, &samples).unwrap();
        let frame = dicom::codec::encode_frame(dicom::PixelCoding::JpegLs, &description, &frame).unwrap();
        let mut set = slice();
        pixels(&mut set, 16, 16, 8, 8);
        set.fragments(vec![frame]);
        if let Some((_, testkit::Value::Fragments(all))) = set.remove(0x7FE0_0010) {
            let mut all = all;
            all[0] = offset.to_vec();
            set.put_fragments(all);
        }
        file(&set, "1.2.840.10008.1.2.4.80", Encoding::ExplicitLe)
    };
    for offset in [&[][..], &[0; 4]] {
        let input = table(offset);
        let (output, _) = apply_file(input.clone(), &builtin("research")).unwrap();
        let pixel_data = |file: &[u8]| {
            let at = file
                .windows(4)
                .rposition(|w| w == [0xE0, 0x7F, 0x10, 0x00])
                .unwrap();
            file[at..].to_vec()
        };
        assert_eq!(pixel_data(&input), pixel_data(&output));
    }
}

#[test]
fn the_class_in_the_file_meta_is_the_one_in_the_data_set() {
    for class in [
        "1.2.840.113619.4.30",
        "2.25.4116340212742820117545040869474001540",
        "1.2.840.99.77120934.20070823",
    ] {
        let mut set = slice();
        set.text(0x0008_0016, testkit::Vr::UI, class);
        let (output, applied) =
            apply_file(file(&set, EXPLICIT, Encoding::ExplicitLe), &builtin("research")).unwrap();
        assert_eq!(
            value(&output, "00080016").as_deref(),
            Some(applied.sop_class.as_str())
        );
        let meta = dicom::part10::FileMeta::read(&output, true).unwrap().unwrap();
        assert_eq!(meta.sop_class_uid.unwrap().as_str(), applied.sop_class);
        assert!(!holds(&output, "77120934"));
    }
}
