//! Broken codestreams: an error, or other samples, and never a panic.

use std::sync::LazyLock;

use dicom::codec::{decode_frame, lossless};
use dicom::{PixelCoding, PixelDescription};
use proptest::prelude::*;

use super::grey;
use super::peers::{self, Peer};

static PEERS: LazyLock<Vec<Peer>> = LazyLock::new(peers::all);

const CODINGS: [PixelCoding; 9] = [
    PixelCoding::Native,
    PixelCoding::Encapsulated,
    PixelCoding::Rle,
    PixelCoding::Jpeg,
    PixelCoding::JpegLs,
    PixelCoding::Jpeg2000,
    PixelCoding::JpegXl,
    PixelCoding::DeflatedFrame,
    PixelCoding::Opaque,
];

#[test]
fn a_codestream_cut_in_half_is_an_error() {
    for peer in PEERS.iter() {
        for kept in [
            0,
            1,
            2,
            peer.codestream.len() / 4,
            peer.codestream.len() / 2,
            peer.codestream.len() * 3 / 4,
        ] {
            let decoded = decode_frame(peer.coding, &peer.description, &peer.codestream[..kept]);
            assert!(
                decoded.is_err(),
                "{} cut to {kept} of {}",
                peer.name,
                peer.codestream.len()
            );
        }
    }
}

#[test]
fn a_codestream_of_another_coding_is_an_error() {
    for peer in PEERS.iter() {
        for coding in CODINGS {
            let kin =
                coding == peer.coding || matches!(coding, PixelCoding::Native | PixelCoding::Encapsulated);
            if !kin {
                let decoded = decode_frame(coding, &peer.description, &peer.codestream);
                assert!(decoded.is_err(), "{} as {coding:?}", peer.name);
            }
        }
    }
}

#[test]
fn a_scan_of_no_components_ends() {
    for peer in PEERS
        .iter()
        .filter(|peer| matches!(peer.coding, PixelCoding::Jpeg | PixelCoding::JpegLs))
    {
        let mut codestream = peer.codestream.clone();
        let scan = codestream
            .windows(2)
            .position(|pair| pair == [0xFF, 0xDA])
            .unwrap();
        codestream[scan + 4] = 0;
        assert!(
            decode_frame(peer.coding, &peer.description, &codestream).is_err(),
            "{}",
            peer.name
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn flipped_bits_do_not_panic(
        which in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..5),
    ) {
        let peer = which.get(&PEERS);
        let mut codestream = peer.codestream.clone();
        for (at, bit) in flips {
            let at = at.index(codestream.len());
            codestream[at] ^= 1 << bit;
        }
        let _ = lossless(peer.coding, &codestream);
        if let Ok(frame) = decode_frame(peer.coding, &peer.description, &codestream) {
            let bytes = peer.description.pixels() * usize::from(frame.container);
            prop_assert!(frame.planes.iter().all(|plane| plane.len() == bytes));
        }
    }

    #[test]
    fn cut_and_spliced_codestreams_do_not_panic(
        (one, two) in any::<(prop::sample::Index, prop::sample::Index)>(),
        (cut, from) in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let (one, two) = (one.get(&PEERS), two.get(&PEERS));
        let mut codestream = one.codestream[..cut.index(one.codestream.len())].to_vec();
        codestream.extend(&two.codestream[from.index(two.codestream.len())..]);
        let _ = decode_frame(one.coding, &one.description, &codestream);
    }

    #[test]
    fn noise_does_not_panic(
        coding in prop::sample::select(&CODINGS),
        codestream in prop::collection::vec(any::<u8>(), 0..300),
        (rows, columns) in (1u16..300, 1u16..300),
        allocated in prop::sample::select(&[1u16, 8, 16, 32]),
        samples_per_pixel in 1u16..5,
    ) {
        let d = PixelDescription { samples_per_pixel, ..grey(rows, columns, allocated, allocated) };
        let _ = lossless(coding, &codestream);
        let _ = decode_frame(coding, &d, &codestream);
    }
}
