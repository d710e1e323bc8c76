//! Containers: nothing planted survives, nothing coded changes, nothing hostile harms.

mod boxes;
mod corpus;
mod hostile;
mod icc;
mod jpeg;
mod jpeg2000;
mod runs;
mod unused_bits;

use std::borrow::Cow;

use deid::containers::{ContainerError, clean_frame};
use dicom::codec::decode_frame;
use dicom::{Photometric, PixelCoding, PixelDescription};

/// A name that must not survive.
const TOKEN: &[u8] = b"DOE^JANE^19670401";

/// A codestream of another people's encoder, out of the codecs' tests: 13 columns, 9 rows.
struct Peer {
    name: &'static str,
    coding: PixelCoding,
    description: PixelDescription,
    codestream: Vec<u8>,
}

fn peers() -> Vec<Peer> {
    include_str!("../../../../dicom/tests/it/codec/peers.txt")
        .lines()
        .map(peer)
        .collect()
}

fn peers_of(coding: PixelCoding) -> impl Iterator<Item = Peer> {
    peers().into_iter().filter(move |peer| peer.coding == coding)
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
        ..grey(9, 13, number(3), number(4))
    };
    let hex = fields[7].as_bytes();
    let codestream = hex
        .chunks(2)
        .map(|digits| u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap())
        .collect();
    Peer {
        name: fields[0],
        coding,
        description,
        codestream,
    }
}

/// Grey, unsigned, one frame.
fn grey(rows: u16, columns: u16, allocated: u16, stored: u16) -> PixelDescription {
    PixelDescription {
        rows,
        columns,
        frames: 1,
        samples_per_pixel: 1,
        bits_allocated: allocated,
        bits_stored: stored,
        high_bit: stored - 1,
        signed: false,
        planar: false,
        photometric: Photometric::Monochrome2,
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn inserted(bytes: &[u8], at: usize, more: &[u8]) -> Vec<u8> {
    [&bytes[..at], more, &bytes[at..]].concat()
}

fn unreadable<T: std::fmt::Debug>(result: Result<T, ContainerError>) -> bool {
    matches!(result, Err(ContainerError::Unreadable { .. }))
}

impl Peer {
    fn clean<'a>(&self, frame: &'a [u8]) -> Result<Cow<'a, [u8]>, ContainerError> {
        clean_frame(self.coding, frame, &self.description)
    }
}

#[test]
fn a_clean_codestream_gives_the_same_samples_and_is_clean() {
    for peer in peers() {
        let clean = peer
            .clean(&peer.codestream)
            .unwrap_or_else(|e| panic!("{}: {e}", peer.name));
        let decode = |frame: &[u8]| decode_frame(peer.coding, &peer.description, frame).unwrap();
        assert_eq!(decode(&clean), decode(&peer.codestream), "{}", peer.name);
        assert!(clean.len().is_multiple_of(2), "{}", peer.name);
        let again = peer.clean(&clean).unwrap();
        assert!(matches!(again, Cow::Borrowed(_)), "{}: copied", peer.name);
        assert_eq!(again, clean, "{}", peer.name);
    }
}

#[test]
fn what_is_not_known_is_opaque() {
    let cleaned = clean_frame(PixelCoding::Opaque, b"video", &grey(1, 1, 8, 8));
    assert_eq!(cleaned, Err(ContainerError::Opaque));
}
