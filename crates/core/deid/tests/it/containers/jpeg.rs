//! JPEG and JPEG-LS: every place between two segments, and inside them.

use super::*;

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xFF, marker], &length[..], content].concat()
}

fn with_token(start: &[u8]) -> Vec<u8> {
    [start, TOKEN].concat()
}

/// Metadata as it is met.
fn planted() -> Vec<Vec<u8>> {
    let mut all = vec![
        segment(0xFE, TOKEN),
        segment(0xE0, &with_token(b"JFXX\0\x10")),
        segment(0xE1, &with_token(b"Exif\0\0MM\0*")),
        segment(0xE1, &with_token(b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>")),
        segment(0xE2, &with_token(b"ICC_PROFILE\0\x01\x01")),
        segment(0xE8, &with_token(b"SPIFF\0")),
        segment(0xED, &with_token(b"Photoshop 3.0\08BIM")),
        segment(0xEE, TOKEN),
    ];
    // A whole JPEG as a thumbnail, its own end marker included.
    let thumbnail = [&[0xFF, 0xD8, 0xFF, 0xDA], TOKEN, &[0xFF, 0xD9]].concat();
    all.push(segment(0xE1, &thumbnail));
    all
}

/// Where a segment may stand, and the coded data of each scan.
fn places(peer: &Peer) -> (Vec<usize>, Vec<Vec<u8>>) {
    let bytes = &peer.codestream;
    let (mut places, mut coded) = (Vec::new(), Vec::new());
    let mut at = 2;
    loop {
        while bytes[at + 1] == 0xFF {
            at += 1;
        }
        places.push(at);
        let marker = bytes[at + 1];
        if marker == 0xD9 {
            return (places, coded);
        }
        at += 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        if marker == 0xDA {
            let start = at;
            let data = |code: u8| match peer.coding {
                PixelCoding::JpegLs => code < 0x80,
                _ => code == 0,
            };
            while bytes[at] != 0xFF || data(bytes[at + 1]) || (0xD0..=0xD7).contains(&bytes[at + 1]) {
                at += 1;
            }
            coded.push(bytes[start..at].to_vec());
        }
    }
}

fn both() -> impl Iterator<Item = Peer> {
    peers_of(PixelCoding::Jpeg).chain(peers_of(PixelCoding::JpegLs))
}

#[test]
fn metadata_is_gone_from_every_place() {
    for peer in both() {
        let clean = peer.clean(&peer.codestream).unwrap().into_owned();
        let (places, coded) = places(&peer);
        for coded in coded {
            assert!(contains(&clean, &coded), "{}: coded data changed", peer.name);
        }
        for planted in planted() {
            for &place in &places {
                let dirty = inserted(&peer.codestream, place, &planted);
                assert_eq!(peer.clean(&dirty).unwrap(), clean, "{} at {place}", peer.name);
            }
        }
        let filled = inserted(&peer.codestream, places[0], &[0xFF; 5]);
        assert_eq!(peer.clean(&filled).unwrap(), clean, "{}: fill bytes", peer.name);
    }
}

#[test]
fn bytes_behind_the_end_are_gone_and_a_missing_end_is_written() {
    for peer in both() {
        let clean = peer.clean(&peer.codestream).unwrap().into_owned();
        let dirty = [&peer.codestream[..], TOKEN].concat();
        assert_eq!(peer.clean(&dirty).unwrap(), clean, "{}", peer.name);
        let (places, _) = places(&peer);
        let cut = &peer.codestream[..*places.last().unwrap()];
        for padding in [&[][..], &[0], &[0, 0, 0], &[0xFF], &[0xFF, 0xFF, 0xFF]] {
            let cut = [cut, padding].concat();
            let cleaned = peer.clean(&cut).unwrap();
            // One zero may have stayed behind an FF, where it is no sample.
            assert!(cleaned.len() <= clean.len() + 2, "{}", peer.name);
            let decode = |frame: &[u8]| decode_frame(peer.coding, &peer.description, frame).unwrap();
            assert_eq!(decode(&cleaned), decode(&clean), "{} and {padding:?}", peer.name);
        }
    }
}

#[test]
fn what_stands_between_segments_is_refused() {
    for peer in both() {
        let (places, _) = places(&peer);
        let end = *places.last().unwrap();
        let behind_samples = inserted(&peer.codestream, end, TOKEN);
        let refused = peer.clean(&behind_samples).map_or(true, |clean| {
            decode_frame(peer.coding, &peer.description, &clean).is_err()
        });
        assert!(refused, "{}: behind the last sample", peer.name);
        for place in places.into_iter().take(2) {
            let bytes = inserted(&peer.codestream, place, TOKEN);
            assert!(unreadable(peer.clean(&bytes)), "{}: bytes", peer.name);
            for marker in [0x02, 0xBF, 0xF0, 0xFD, 0xDE] {
                let reserved = inserted(&peer.codestream, place, &segment(marker, TOKEN));
                assert!(unreadable(peer.clean(&reserved)), "{}: {marker:x}", peer.name);
            }
        }
    }
}

#[test]
fn bytes_behind_the_content_of_a_segment_are_gone() {
    for peer in both() {
        let clean = peer.clean(&peer.codestream).unwrap().into_owned();
        for place in places(&peer).0 {
            let bytes = &peer.codestream;
            let marker = bytes[place + 1];
            // Interval of restarts of JPEG-LS and end: no room for anything.
            let closed = marker == 0xD9 || (peer.coding == PixelCoding::JpegLs && marker == 0xDD);
            if closed || (0xE0..=0xFE).contains(&marker) && !matches!(marker, 0xF7 | 0xF8) {
                continue;
            }
            let length = u16::from_be_bytes([bytes[place + 2], bytes[place + 3]]);
            let mut dirty = inserted(bytes, place + 2 + usize::from(length), TOKEN);
            let longer = length + TOKEN.len() as u16;
            dirty[place + 2..place + 4].copy_from_slice(&longer.to_be_bytes());
            assert_eq!(peer.clean(&dirty).unwrap(), clean, "{}: {marker:x}", peer.name);
        }
    }
}

#[test]
fn tables_that_no_scan_uses_are_gone() {
    let mut steps = [7; 65];
    steps[0] = 3;
    steps[5..5 + TOKEN.len()].copy_from_slice(TOKEN);
    let mut values = vec![0x13, 0, 0, 0, 0, 0, 0, 0, TOKEN.len() as u8];
    values.extend([0; 8]);
    values.extend(TOKEN);
    for peer in peers_of(PixelCoding::Jpeg) {
        let clean = peer.clean(&peer.codestream).unwrap().into_owned();
        for table in [
            segment(0xDB, &steps),
            segment(0xC4, &values),
            segment(0xCC, b"\x00DOE^JANE"),
        ] {
            let dirty = inserted(&peer.codestream, 2, &table);
            assert_eq!(peer.clean(&dirty).unwrap(), clean, "{}", peer.name);
        }
    }
    for peer in peers_of(PixelCoding::JpegLs) {
        let clean = peer.clean(&peer.codestream).unwrap().into_owned();
        let mapping = [
            segment(0xF8, &with_token(&[2, 9, 1])),
            segment(0xF8, &with_token(&[3, 9, 1])),
        ]
        .concat();
        let dirty = inserted(&peer.codestream, 2, &mapping);
        assert_eq!(peer.clean(&dirty).unwrap(), clean, "{}", peer.name);
    }
}

#[test]
fn a_table_that_is_replaced_before_a_scan_uses_it_is_gone() {
    let peer = peers()
        .into_iter()
        .find(|peer| peer.name == "dcmtk-jpeg-baseline")
        .unwrap();
    let mut steps = [7; 65];
    steps[0] = 0;
    steps[5..5 + TOKEN.len()].copy_from_slice(TOKEN);
    let dirty = inserted(&peer.codestream, 2, &segment(0xDB, &steps));
    assert!(!contains(&peer.clean(&dirty).unwrap(), TOKEN));
}

#[test]
fn colour_segments_stay_without_their_riders() {
    let peer = peers()
        .into_iter()
        .find(|peer| peer.name == "turbo-jpeg-444")
        .unwrap();
    let adobe = |transform: u8| {
        let content = [b"Adobe\0\x64EVIL", &[transform][..], TOKEN].concat();
        inserted(&peer.codestream, 2, &segment(0xEE, &content))
    };
    for transform in 0..=2 {
        let dirty = adobe(transform);
        let clean = peer.clean(&dirty).unwrap();
        let rebuilt = segment(0xEE, &[b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat());
        assert!(contains(&clean, &rebuilt));
        assert!(!contains(&clean, TOKEN) && !contains(&clean, b"EVIL"));
        let decode = |frame: &[u8]| decode_frame(peer.coding, &peer.description, frame).unwrap();
        assert_eq!(decode(&clean), decode(&dirty));
    }
    assert!(!contains(&peer.clean(&adobe(b'D')).unwrap(), b"Adobe"));

    let thumbnail = [b"JFIF\0\x01\x02\x01\0\x48\0\x48\x02\x03", TOKEN, b"D"].concat();
    let clean = inserted(&peer.codestream, 2, &segment(0xE0, &thumbnail));
    let clean = peer.clean(&clean).unwrap();
    assert_eq!(clean[2..20], segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"));
    assert!(!contains(&clean, TOKEN));

    let peer = peers()
        .into_iter()
        .find(|peer| peer.name == "dcmtk-jpegls-rgb-il")
        .unwrap();
    let transform = inserted(&peer.codestream, 2, &segment(0xE8, &with_token(b"mrfx\x01")));
    let clean = peer.clean(&transform).unwrap();
    assert!(contains(&clean, &segment(0xE8, b"mrfx\x01")) && !contains(&clean, TOKEN));
}

#[test]
fn restart_markers_stay() {
    // One component of 1 x 1 each, two intervals.
    let mut frame = vec![0xFF, 0xD8];
    frame.extend(segment(0xC3, &[8, 0, 2, 0, 1, 1, 1, 0x11, 0]));
    frame.extend(segment(
        0xC4,
        &[0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ));
    frame.extend(segment(0xDD, &[0, 1]));
    frame.extend(segment(0xDA, &[1, 1, 0, 1, 0, 0]));
    frame.extend([0x7F, 0xFF, 0xD0, 0x7F, 0xFF, 0xD9, 0]);
    let d = grey(2, 1, 8, 8);
    assert_eq!(
        decode_frame(PixelCoding::Jpeg, &d, &frame).unwrap().planes,
        [[128, 128]]
    );
    let clean = clean_frame(PixelCoding::Jpeg, &frame, &d).unwrap();
    assert!(matches!(clean, Cow::Borrowed(_)));
    assert_eq!(clean, frame);
    // Without an interval a restart marker ends the scan, and bytes behind it are no data.
    let place = frame.windows(2).position(|pair| pair == [0xFF, 0xDD]).unwrap();
    frame.drain(place..place + 6);
    assert!(unreadable(clean_frame(PixelCoding::Jpeg, &frame, &d)));
}
