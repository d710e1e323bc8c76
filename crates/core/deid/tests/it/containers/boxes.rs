//! JP2 and JPEG XL: boxes around codestreams.

use super::*;

fn boxed(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes(), &kind[..], content].concat()
}

const JP2: &[u8] = b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 ";
const JXL: &[u8] = b"\0\0\0\x0CJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl ";

#[test]
fn a_jp2_file_becomes_its_codestream() {
    for peer in peers_of(PixelCoding::Jpeg2000) {
        let clean = peer.clean(&peer.codestream).unwrap().into_owned();
        let header = boxed(*b"jp2h", &boxed(*b"colr", &[&[2, 0, 0], TOKEN].concat()));
        let file = [
            JP2.to_vec(),
            header,
            boxed(*b"xml ", TOKEN),
            boxed(*b"jp2c", &peer.codestream),
            boxed(*b"uuid", TOKEN),
        ];
        assert_eq!(peer.clean(&file.concat()).unwrap(), clean, "{}", peer.name);
        let mut open = [JP2, &[0, 0, 0, 0], b"jp2c"].concat();
        open.extend(&peer.codestream);
        open.push(0);
        assert_eq!(peer.clean(&open).unwrap(), clean, "{}: box to the end", peer.name);
        let palette = boxed(
            *b"jp2h",
            &[boxed(*b"ihdr", &[0; 14]), boxed(*b"pclr", &[0; 9])].concat(),
        );
        let file = [JP2, &palette, &boxed(*b"jp2c", &peer.codestream)].concat();
        assert!(unreadable(peer.clean(&file)), "{}: palette", peer.name);
        assert!(unreadable(peer.clean(JP2)));
    }
}

#[test]
fn boxes_beside_a_jpeg_xl_codestream_are_gone() {
    for peer in peers_of(PixelCoding::JpegXl).filter(|peer| peer.codestream.starts_with(&[0xFF, 0x0A])) {
        let code = &peer.codestream;
        let decode = |frame: &[u8]| decode_frame(peer.coding, &peer.description, frame).unwrap();
        let metadata = [
            *b"Exif", *b"xml ", *b"jumb", *b"brob", *b"jbrd", *b"uuid", *b"free",
        ];
        let metadata: Vec<u8> = metadata.iter().flat_map(|kind| boxed(*kind, TOKEN)).collect();
        let (one, two) = code.split_at(code.len() / 2);
        let first = boxed(*b"jxlp", &[&[0, 0, 0, 0], one].concat());
        let last = boxed(*b"jxlp", &[&[0x80, 0, 0, 1], two].concat());
        let level = boxed(*b"jxll", &[10]);
        let longer = boxed(*b"jxll", &[&[10], TOKEN].concat());
        for (dirty, clean) in [
            (
                [JXL, &metadata, &boxed(*b"jxlc", code), &metadata].concat(),
                [JXL, &boxed(*b"jxlc", code)].concat(),
            ),
            (
                [JXL, &longer, &metadata, &first, &metadata, &last, &metadata].concat(),
                [JXL, &level, &first, &last].concat(),
            ),
        ] {
            let cleaned = peer.clean(&dirty).unwrap();
            assert_eq!(cleaned[..clean.len()], clean, "{}", peer.name);
            assert!(cleaned.len() <= clean.len() + 1, "{}", peer.name);
            assert_eq!(decode(&cleaned), decode(code), "{}", peer.name);
        }
        let mut brand = [JXL, &boxed(*b"jxlc", code)].concat();
        brand[20..24].copy_from_slice(b"JANE");
        assert!(!contains(&peer.clean(&brand).unwrap(), b"JANE"));
        let twice = [JXL, &first, &boxed(*b"jxlc", code)].concat();
        let order = [JXL, &last, &first].concat();
        for broken in [twice, order, [JXL, &first].concat()] {
            assert!(unreadable(peer.clean(&broken)), "{}", peer.name);
        }
    }
}
