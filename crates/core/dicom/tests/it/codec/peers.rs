//! Codestreams of other people's encoders, all of one image: 13 columns, 9 rows, computed by [`value`].
//!
//! Each line of `peers.txt`: name, coding, samples per pixel, bits allocated, bits stored, signed, photometric
//! interpretation, codestream in hexadecimal. Written by DCMTK 3.6.7, GDCM 3.0, OpenJPEG 2.5, CharLS 2.4,
//! libjpeg-turbo 3, libjxl 0.11, OpenJPH 0.2x and zlib.

use dicom::codec::{decode_frame, lossless};
use dicom::{Photometric, PixelCoding, PixelDescription};

use super::{grey, hex, sample};

const COLUMNS: u16 = 13;
const ROWS: u16 = 9;

pub(super) struct Peer {
    pub(super) name: &'static str,
    pub(super) coding: PixelCoding,
    pub(super) description: PixelDescription,
    pub(super) codestream: Vec<u8>,
}

impl Peer {
    /// How far samples may lie from the original.
    fn tolerance(&self) -> i64 {
        match self.name {
            "charls-near1" => 1,
            "charls-near3" => 3,
            "charls-near2-12u" => 2,
            // Steep texture at quality 98, chrominance at half the width.
            "turbo-jpeg-422" => 255,
            "libjxl-recompressed-jpeg"
            | "turbo-jpeg-444"
            | "dcmtk-jpeg-baseline"
            | "dcmtk-jpeg-progressive-8u" => 16,
            "dcmtk-jpeg-extended-12u" | "dcmtk-jpeg-progressive-12u" => 64,
            _ => 0,
        }
    }
}

pub(super) fn all() -> Vec<Peer> {
    include_str!("peers.txt").lines().map(peer).collect()
}

fn peer(line: &'static str) -> Peer {
    let fields: Vec<&str> = line.split(' ').collect();
    let number = |i: usize| fields[i].parse::<u16>().unwrap();
    let coding = match fields[1] {
        "rle" => PixelCoding::Rle,
        "jpeg" => PixelCoding::Jpeg,
        "jpegls" => PixelCoding::JpegLs,
        "jpeg2000" => PixelCoding::Jpeg2000,
        "jpegxl" => PixelCoding::JpegXl,
        "deflated" => PixelCoding::DeflatedFrame,
        other => panic!("unknown coding {other}"),
    };
    let description = PixelDescription {
        samples_per_pixel: number(2),
        signed: number(5) == 1,
        photometric: Photometric::from_code(fields[6]),
        ..grey(ROWS, COLUMNS, number(3), number(4))
    };
    let codestream = hex(fields[7]);
    Peer {
        name: fields[0],
        coding,
        description,
        codestream,
    }
}

/// The image: a flat field, a texture and a slope.
fn value(d: &PixelDescription, x: i64, y: i64, plane: i64) -> i64 {
    let full = 1i64 << d.bits_stored;
    let scale = if d.bits_stored > 8 { full / 256 } else { 1 };
    let value = if x < 5 {
        7 * (plane + 1)
    } else if y < 4 {
        (x * x * 37 + y * 91 + plane * 53) * scale
    } else {
        full - 1 - (x + y) * (plane + 1) * 3
    };
    let value = value.rem_euclid(full);
    if d.signed && value >= full / 2 {
        value - full
    } else {
        value
    }
}

/// Full-range YCbCr to RGB (ITU-T T.871).
fn rgb([y, cb, cr]: [i64; 3], plane: i64) -> i64 {
    let (y, cb, cr) = (y as f64, cb as f64 - 128.0, cr as f64 - 128.0);
    let value = match plane {
        0 => y + 1.402 * cr,
        1 => y - 0.344_136 * cb - 0.714_136 * cr,
        _ => y + 1.772 * cb,
    };
    value.round().clamp(0.0, 255.0) as i64
}

#[test]
fn every_codestream_gives_the_image() {
    for peer in all() {
        let d = &peer.description;
        let frame =
            decode_frame(peer.coding, d, &peer.codestream).unwrap_or_else(|e| panic!("{}: {e}", peer.name));
        let tolerance = peer.tolerance();
        assert_eq!(
            frame.planes.len(),
            usize::from(d.samples_per_pixel),
            "{}",
            peer.name
        );
        assert_eq!(frame.extra_bits, None, "{}", peer.name);
        for y in 0..i64::from(ROWS) {
            for x in 0..i64::from(COLUMNS) {
                let index = (y * i64::from(COLUMNS) + x) as usize;
                for plane in 0..frame.planes.len() {
                    let got = match frame.photometric {
                        Photometric::YbrFull => {
                            rgb([0, 1, 2].map(|p| sample(d, &frame, p, index)), plane as i64)
                        }
                        _ => sample(d, &frame, plane, index),
                    };
                    let off = (got - value(d, x, y, plane as i64)).abs();
                    assert!(
                        off <= tolerance,
                        "{}: off by {off} at {x}, {y}, plane {plane}",
                        peer.name
                    );
                }
            }
        }
        assert_eq!(frame.lossless, tolerance == 0, "{}", peer.name);
        assert_eq!(
            lossless(peer.coding, &peer.codestream),
            Some(tolerance == 0),
            "{}",
            peer.name
        );
    }
}

#[test]
fn two_lossless_encodings_of_one_image_give_equal_frames() {
    let peers = all();
    for a in peers.iter().filter(|peer| peer.tolerance() == 0) {
        for b in peers.iter().filter(|peer| peer.tolerance() == 0) {
            let same = PixelDescription {
                photometric: b.description.photometric,
                ..a.description
            } == b.description;
            if same {
                let (mut one, mut two) = (
                    decode_frame(a.coding, &a.description, &a.codestream).unwrap(),
                    decode_frame(b.coding, &b.description, &b.codestream).unwrap(),
                );
                (one.rgb_from_ycbcr, two.rgb_from_ycbcr) = (false, false);
                assert_eq!(one, two, "{} and {}", a.name, b.name);
            }
        }
    }
}

#[test]
fn the_reversible_colour_transform_is_undone_and_said() {
    let peers = all();
    let find = |name: &str| peers.iter().find(|peer| peer.name == name).unwrap();
    let rct = find("openjpeg-jpeg2000-rct");
    let frame = decode_frame(rct.coding, &rct.description, &rct.codestream).unwrap();
    assert_eq!(
        (frame.photometric, frame.rgb_from_ycbcr),
        (Photometric::Rgb, true)
    );
    let plain = find("openjpeg-jpeg2000-rgb");
    let frame = decode_frame(plain.coding, &plain.description, &plain.codestream).unwrap();
    assert_eq!(
        (frame.photometric, frame.rgb_from_ycbcr),
        (Photometric::Rgb, false)
    );
}

#[test]
fn another_image_than_the_header_says_is_refused() {
    for peer in all() {
        let d = peer.description;
        let others = [
            PixelDescription {
                rows: d.rows + 1,
                ..d
            },
            PixelDescription {
                columns: d.columns - 1,
                ..d
            },
            PixelDescription {
                rows: 9000,
                columns: 9000,
                ..d
            },
            PixelDescription {
                samples_per_pixel: 4 - d.samples_per_pixel,
                ..d
            },
        ];
        for other in others {
            let decoded = decode_frame(peer.coding, &other, &peer.codestream);
            // PackBits has no size of its own: one row less of a longer codestream is not seen.
            let unseen = peer.coding == PixelCoding::Rle && other.columns < d.columns;
            assert!(decoded.is_err() || unseen, "{} as {other:?}", peer.name);
        }
    }
}
