//! RLE, deflated and uncompressed frames: exactly as many bytes as the image has.

use super::*;

/// An RLE frame with these segments, their places given.
fn rle(segments: &[(u32, &[u8])]) -> Vec<u8> {
    let mut out = (segments.len() as u32).to_le_bytes().to_vec();
    for (offset, _) in segments {
        out.extend(offset.to_le_bytes());
    }
    out.resize(64, 0);
    for (offset, segment) in segments {
        out.resize(*offset as usize, b'J');
        out.extend(*segment);
    }
    out
}

#[test]
fn segments_are_cut_and_the_header_is_written_anew() {
    let d = PixelDescription {
        samples_per_pixel: 3,
        photometric: Photometric::Rgb,
        ..grey(1, 3, 8, 8)
    };
    let (r, g, b) = ([2, 1, 2, 3], [0xFE, 9], [0, 4, 0xFF, 5]);
    let clean = rle(&[(64, &r), (68, &g), (70, &b)]);
    let cleaned = clean_frame(PixelCoding::Rle, &clean, &d).unwrap();
    assert!(matches!(cleaned, Cow::Borrowed(_)));
    assert_eq!(cleaned, clean);
    let behind = |segment: &[u8]| [segment, TOKEN].concat();
    let mut dirty = rle(&[(90, &behind(&r)), (200, &behind(&g)), (300, &behind(&b))]);
    dirty[16..16 + TOKEN.len()].copy_from_slice(TOKEN);
    assert_eq!(clean_frame(PixelCoding::Rle, &dirty, &d).unwrap(), clean);
}

#[test]
fn wrong_counts_are_refused() {
    let d = grey(1, 3, 8, 8);
    let cleaned =
        |segments: &[(u32, &[u8])]| clean_frame(PixelCoding::Rle, &rle(segments), &d).map(Cow::into_owned);
    assert!(cleaned(&[(64, &[2, 1, 2, 3])]).is_ok());
    let (fewer, more, run): (&[u8], &[u8], &[u8]) = (&[1, 1, 2], &[4, 1, 2, 3, 4, 5], &[0xF0, 1]);
    for segment in [fewer, more, run, &[2, 1, 2], &[]] {
        assert!(unreadable(cleaned(&[(64, segment)])), "{segment:?}");
    }
    assert!(unreadable(cleaned(&[(64, &[2, 1, 2, 3]), (68, &[2, 1, 2, 3])])));
    assert!(unreadable(cleaned(&[(63, &[2, 1, 2, 3])])));
}

#[test]
fn bytes_behind_a_deflate_stream_are_gone() {
    for peer in peers_of(PixelCoding::DeflatedFrame) {
        let clean = peer.clean(&peer.codestream).unwrap().into_owned();
        let dirty = [&peer.codestream[..], TOKEN].concat();
        assert_eq!(peer.clean(&dirty).unwrap(), clean);
        let taller = PixelDescription {
            rows: 10,
            ..peer.description
        };
        let flatter = PixelDescription {
            rows: 8,
            ..peer.description
        };
        for d in [taller, flatter] {
            assert!(unreadable(clean_frame(peer.coding, &peer.codestream, &d)));
        }
        assert!(unreadable(
            peer.clean(&peer.codestream[..peer.codestream.len() / 2])
        ));
    }
}

#[test]
fn uncompressed_frames_have_one_length() {
    let d = grey(3, 3, 8, 8);
    let clean = |coding, length: usize| {
        let frame = vec![b'J'; length];
        clean_frame(coding, &frame, &d).map(Cow::into_owned)
    };
    assert_eq!(clean(PixelCoding::Native, 9).unwrap(), *b"JJJJJJJJJ");
    assert_eq!(clean(PixelCoding::Native, 10).unwrap(), *b"JJJJJJJJJ");
    assert_eq!(clean(PixelCoding::Encapsulated, 9).unwrap(), *b"JJJJJJJJJ\0");
    assert_eq!(clean(PixelCoding::Encapsulated, 10).unwrap(), *b"JJJJJJJJJ\0");
    for length in [0, 8, 11, 100] {
        assert!(unreadable(clean(PixelCoding::Native, length)));
        assert!(unreadable(clean(PixelCoding::Encapsulated, length)));
    }
}
