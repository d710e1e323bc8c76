//! JPEG (ITU-T T.81) where no encoder at hand goes.

use dicom::codec::{CodecError, decode_frame, lossless};
use dicom::{Photometric, PixelCoding, PixelDescription};

use super::{grey, hex, peers, sample};

/// 20 columns, 11 rows, a restart interval of three lines; predictors 1 to 7, 8 and 16 bits, one difference of
/// 32768. Each line: bits, codestream, samples. DCMTK decodes them to the same samples.
fn restarts() -> impl Iterator<Item = (PixelDescription, Vec<u8>, Vec<u8>)> {
    include_str!("jpeg_restart.txt").lines().map(|line| {
        let fields: Vec<&str> = line.split(' ').collect();
        let bits = fields[0].parse().unwrap();
        (grey(11, 20, bits, bits), hex(fields[1]), hex(fields[2]))
    })
}

#[test]
fn each_restart_interval_predicts_anew() {
    for (d, codestream, samples) in restarts() {
        let frame = decode_frame(PixelCoding::Jpeg, &d, &codestream).unwrap();
        assert_eq!(frame.planes, [samples]);
        assert!(frame.lossless);
    }
}

#[test]
fn restart_markers_must_be_there_and_in_order() {
    for (d, codestream, _) in restarts() {
        let at = codestream
            .windows(2)
            .position(|pair| pair == [0xFF, 0xD1])
            .unwrap();
        let mut other = codestream.clone();
        other[at + 1] = 0xD2;
        assert!(decode_frame(PixelCoding::Jpeg, &d, &other).is_err());
        let without = [&codestream[..at], &codestream[at + 2..]].concat();
        assert!(decode_frame(PixelCoding::Jpeg, &d, &without).is_err());
    }
}

#[test]
fn a_point_transform_is_lossy() {
    let (d, mut codestream, samples) = restarts().next().unwrap();
    let scan = codestream
        .windows(2)
        .position(|pair| pair == [0xFF, 0xDA])
        .unwrap();
    assert_eq!(lossless(PixelCoding::Jpeg, &codestream), Some(true));
    codestream[scan + 9] = 1;
    assert_eq!(lossless(PixelCoding::Jpeg, &codestream), Some(false));
    let frame = decode_frame(PixelCoding::Jpeg, &d, &codestream).unwrap();
    assert!(!frame.lossless);
    assert_ne!(frame.planes, [samples]);
}

#[test]
fn a_codestream_without_its_end_is_truncated() {
    for (d, codestream, _) in restarts() {
        let decoded = decode_frame(PixelCoding::Jpeg, &d, &codestream[..codestream.len() - 2]);
        assert_eq!(decoded, Err(CodecError::Truncated { codec: "JPEG" }));
    }
}

#[test]
fn the_codestream_says_its_colours() {
    let peers = peers::all();
    let peer = peers.iter().find(|peer| peer.name == "turbo-jpeg-444").unwrap();
    let decode = |photometric, codestream: &[u8]| {
        let d = PixelDescription {
            photometric,
            ..peer.description
        };
        decode_frame(PixelCoding::Jpeg, &d, codestream).unwrap()
    };
    // Without a word of its own, the header's; an Adobe segment outweighs it.
    assert_eq!(
        decode(Photometric::Rgb, &peer.codestream).photometric,
        Photometric::Rgb
    );
    assert_eq!(
        decode(Photometric::YbrFull422, &peer.codestream).photometric,
        Photometric::YbrFull
    );
    let adobe = |transform: u8| {
        let segment = [
            &[0xFF, 0xEE, 0, 14][..],
            b"Adobe",
            &[0, 100, 0, 0, 0, 0, transform],
        ]
        .concat();
        [&peer.codestream[..2], &segment, &peer.codestream[2..]].concat()
    };
    let as_rgb = decode(Photometric::YbrFull422, &adobe(0));
    assert_eq!(as_rgb.photometric, Photometric::Rgb);
    let as_ybr = decode(Photometric::Rgb, &adobe(1));
    assert_eq!(as_ybr.photometric, Photometric::YbrFull);
    assert_eq!(as_rgb.planes, as_ybr.planes, "samples stay as coded");
    assert_eq!(
        sample(&peer.description, &as_rgb, 0, 0),
        sample(&peer.description, &as_ybr, 0, 0)
    );
}
