//! What no de-identified object has, whoever the patient is.

use super::objects::*;
use deid::audit::{Hit, Kind};
use testkit::{DataSet, Encoding, Vr};

#[test]
fn forbidden_elements() {
    for (tag, vr) in [
        (0x0008_0000, Vr::UL),
        (0x0010_5555, Vr::LO),
        (0x0029_1010, Vr::LO),
        (0x0029_0001, Vr::LO),
        (0x5000_2500, Vr::LO),
        (0x6000_0022, Vr::LO),
        (0x6000_3000, Vr::OW),
        (0xfffc_fffc, Vr::OB),
    ] {
        let found = planted(|set| {
            set.put(tag, vr, [b'4'; 4]);
        });
        assert_hit(&found, Kind::Structure, &format!("{tag:08x}"));
    }
}

#[test]
fn the_flag_must_be_there() {
    let found = planted(|set| {
        set.text(0x0012_0062, Vr::CS, "NO");
    });
    assert_hit(&found, Kind::Structure, "00120062");
}

#[test]
fn high_bits_of_samples() {
    let found = planted(|set| {
        set.bytes_mut(0x7fe0_0010).unwrap()[999] |= 0x40;
    });
    assert_hit(&found, Kind::Structure, "7fe00010");
}

fn with_frames(syntax: &str, frames: Vec<Vec<u8>>) -> Vec<Hit> {
    let mut set = clean();
    set.fragments(frames);
    hits(file(
        &set.encode(Encoding::ExplicitLe),
        NEW_INSTANCE,
        syntax,
        |_| {},
    ))
}

const JPEG: &str = "1.2.840.10008.1.2.4.50";
const JPEG_2000: &str = "1.2.840.10008.1.2.4.90";
const SCAN: &[u8] = &[
    0xFF, 0xDB, 0, 4, 1, 2, 0xFF, 0xDA, 0, 3, 1, 9, 0xFF, 0, 7, 3, 0xFF, 0xD9,
];

#[test]
fn jpeg_comments_application_data_and_tails() {
    let frame = |segment: &[u8], tail: &[u8]| [&[0xFF, 0xD8][..], segment, SCAN, tail].concat();
    assert_eq!(with_frames(JPEG, vec![frame(b"", b""), frame(b"", b"")]), []);
    let comment = frame(b"\xFF\xFE\0\x13Gruenwald^Annelie", b"");
    let found = with_frames(JPEG, vec![frame(b"", b""), comment]);
    assert_hit(&found, Kind::Structure, "fragment 2");
    assert_hit(&found, Kind::Name, "fragment 2");
    let found = with_frames(JPEG, vec![frame(b"\xFF\xE1\0\x0CExif\0\0abcd", b"")]);
    assert_hit(&found, Kind::Structure, "fragment 1");
    let found = with_frames(JPEG, vec![frame(b"", b"MRN-0081726354")]);
    assert_hit(&found, Kind::Structure, "fragment 1");
    assert_hit(&found, Kind::Identifier, "fragment 1");
}

#[test]
fn jpeg_2000_comments() {
    let tile: &[u8] = &[
        0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0x93, 1, 2, 3, 4, 0xFF, 0xD9,
    ];
    let frame = |segment: &[u8]| [b"\xFF\x4F\xFF\x51\0\x04\x01\x02", segment, tile].concat();
    assert_eq!(with_frames(JPEG_2000, vec![frame(b"")]), []);
    let found = with_frames(JPEG_2000, vec![frame(b"\xFF\x64\0\x0D\0\x01Gruenwald")]);
    assert_hit(&found, Kind::Structure, "fragment 1");
    assert_hit(&found, Kind::Name, "fragment 1");
}

#[test]
fn private_elements_with_their_creator_are_no_fault() {
    let found = planted(|set| {
        let mut item = DataSet::new();
        item.text(0x0019_0010, Vr::LO, "ACME 1")
            .text(0x0019_1008, Vr::CS, "IMAGE NUM 4");
        set.text(0x0019_0010, Vr::LO, "ACME 1")
            .text(0x0019_1008, Vr::CS, "IMAGE NUM 4");
        set.sequence(0x0008_2218, vec![item], testkit::Length::Defined);
    });
    assert_eq!(found, []);
    // A creator outside does not count inside.
    let found = planted(|set| {
        let mut item = DataSet::new();
        item.text(0x0019_1008, Vr::CS, "IMAGE NUM 4");
        set.text(0x0019_0010, Vr::LO, "ACME 1");
        set.sequence(0x0008_2218, vec![item], testkit::Length::Defined);
    });
    assert_hit(&found, Kind::Structure, "00082218[1].00191008");
}
