//! JPEG 2000: comments in every header, and lengths that stay true.

use super::*;

const SOT: [u8; 4] = [0xFF, 0x90, 0, 10];

fn segment(code: u16, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&code.to_be_bytes(), &length[..], content].concat()
}

fn comment() -> Vec<u8> {
    segment(0xFF64, &[&[0, 1], TOKEN].concat())
}

fn find(bytes: &[u8], part: &[u8]) -> usize {
    bytes
        .windows(part.len())
        .position(|window| window == part)
        .unwrap()
}

/// Inserts a segment into the header of the first tile-part.
fn in_tile_part(bytes: &[u8], more: &[u8]) -> Vec<u8> {
    let at = find(bytes, &SOT);
    let mut bytes = inserted(bytes, at + 12, more);
    let length = u32::from_be_bytes(bytes[at + 6..at + 10].try_into().unwrap());
    if length != 0 {
        let length = length + more.len() as u32;
        bytes[at + 6..at + 10].copy_from_slice(&length.to_be_bytes());
    }
    bytes
}

/// Inserts a segment behind SIZ.
fn in_main(bytes: &[u8], more: &[u8]) -> Vec<u8> {
    let size = 2 + usize::from(u16::from_be_bytes([bytes[4], bytes[5]]));
    inserted(bytes, 2 + size, more)
}

#[test]
fn metadata_is_gone_from_every_place() {
    for peer in peers_of(PixelCoding::Jpeg2000) {
        let clean = peer.clean(&peer.codestream).unwrap().into_owned();
        let before_tiles = find(&peer.codestream, &SOT);
        let body = find(&peer.codestream, &[0xFF, 0x93]);
        let packets = &peer.codestream[body..peer.codestream.len() - 2];
        assert!(contains(&clean, packets), "{}: packets changed", peer.name);
        assert!(
            !contains(&clean, b"OpenJP"),
            "{}: the encoder's comment",
            peer.name
        );
        let registration = segment(
            0xFF63,
            &TOKEN[..4 * usize::from(peer.description.samples_per_pixel)],
        );
        let packet_lengths = [&[0], TOKEN].concat();
        let dirty = [
            in_main(&peer.codestream, &comment()),
            in_main(&peer.codestream, &registration),
            in_main(&peer.codestream, &segment(0xFF57, &packet_lengths)),
            inserted(&peer.codestream, before_tiles, &comment()),
            in_tile_part(&peer.codestream, &comment()),
            in_tile_part(&peer.codestream, &segment(0xFF58, &packet_lengths)),
            [&peer.codestream[..], TOKEN].concat(),
            peer.codestream[..peer.codestream.len() - 2].to_vec(),
        ];
        for (index, dirty) in dirty.iter().enumerate() {
            let cleaned = peer
                .clean(dirty)
                .unwrap_or_else(|e| panic!("{} {index}: {e}", peer.name));
            assert_eq!(cleaned, clean, "{} {index}", peer.name);
        }
    }
}

#[test]
fn tables_of_lengths_tell_the_new_lengths() {
    for peer in peers_of(PixelCoding::Jpeg2000).filter(|peer| !contains(&peer.codestream, &[0xFF, 0x55])) {
        let dirty = in_tile_part(&peer.codestream, &comment());
        let names: [&[u8]; 3] = [&[], &[0], &[0, 0]];
        for (style, name) in names.iter().enumerate() {
            for (long, old) in [(0u8, &b"JD"[..]), (0x40, b"JANE")] {
                let table = [&[0, (style as u8) << 4 | long], *name, old].concat();
                let table = in_main(&dirty, &segment(0xFF55, &table));
                let clean = peer.clean(&table).unwrap();
                let at = find(&clean, &SOT);
                let length = &clean[at + 6..at + 10];
                let length = if long == 0 { &length[2..] } else { length };
                let truth = [&[0, (style as u8) << 4 | long], *name, length].concat();
                assert!(contains(&clean, &segment(0xFF55, &truth)), "{}", peer.name);
                assert!(!contains(&clean, TOKEN) && !contains(&clean, b"JANE"));
                let decode = |frame: &[u8]| decode_frame(peer.coding, &peer.description, frame).unwrap();
                assert_eq!(decode(&clean), decode(&peer.codestream), "{}", peer.name);
                assert_eq!(peer.clean(&clean).unwrap(), clean);
            }
        }
    }
}

#[test]
fn lengths_of_packets_that_are_true_stay() {
    for peer in peers_of(PixelCoding::Jpeg2000) {
        let body = find(&peer.codestream, &[0xFF, 0x93]) + 2;
        let length = find(&peer.codestream[body..], &[0xFF, 0xD9]);
        let lengths = segment(0xFF58, &[0, 0x80 | (length >> 7) as u8, (length & 0x7F) as u8]);
        if contains(&peer.codestream, &[0xFF, 0x58]) {
            continue;
        }
        let clean = in_tile_part(&peer.codestream, &lengths);
        assert!(contains(&peer.clean(&clean).unwrap(), &lengths), "{}", peer.name);
    }
}

#[test]
fn a_last_tile_part_without_a_length_ends_with_the_codestream() {
    for peer in peers_of(PixelCoding::Jpeg2000) {
        let mut open = in_tile_part(&peer.codestream, &comment());
        let at = find(&open, &SOT);
        open[at + 6..at + 10].fill(0);
        let clean = peer.clean(&open).unwrap();
        assert!(!contains(&clean, TOKEN), "{}", peer.name);
        let more = [&open[..], TOKEN].concat();
        assert_eq!(peer.clean(&more).unwrap(), clean, "{}", peer.name);
    }
}

#[test]
fn segments_are_cut_to_their_length() {
    for peer in peers_of(PixelCoding::Jpeg2000) {
        let clean = peer.clean(&peer.codestream).unwrap().into_owned();
        // SIZ, COD, QCD.
        for code in [0x51, 0x52, 0x5C] {
            let at = find(&peer.codestream, &[0xFF, code]);
            let length = u16::from_be_bytes([peer.codestream[at + 2], peer.codestream[at + 3]]);
            let mut dirty = inserted(&peer.codestream, at + 2 + usize::from(length), TOKEN);
            let longer = length + TOKEN.len() as u16;
            dirty[at + 2..at + 4].copy_from_slice(&longer.to_be_bytes());
            assert_eq!(peer.clean(&dirty).unwrap(), clean, "{} {code:x}", peer.name);
        }
    }
}

#[test]
fn what_is_not_known_is_refused() {
    for peer in peers_of(PixelCoding::Jpeg2000) {
        // A multi-component transform of part 2, a reserved marker, a second coding style, bytes.
        for more in [segment(0xFF74, TOKEN), segment(0xFF6F, TOKEN), TOKEN.to_vec()] {
            assert!(
                unreadable(peer.clean(&in_main(&peer.codestream, &more))),
                "{}",
                peer.name
            );
            assert!(
                unreadable(peer.clean(&in_tile_part(&peer.codestream, &more))),
                "{}",
                peer.name
            );
        }
        let style = segment(0xFF52, &[0; 10]);
        assert!(
            unreadable(peer.clean(&in_main(&peer.codestream, &style))),
            "{}",
            peer.name
        );
    }
}
