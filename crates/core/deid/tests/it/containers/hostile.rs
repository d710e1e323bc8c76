//! Broken containers: an error, or something clean, and never a panic or much memory.

use std::sync::LazyLock;

use deid::containers::clean_icc;
use proptest::prelude::*;

use super::*;

static PEERS: LazyLock<Vec<Peer>> = LazyLock::new(peers);

/// What comes out of anything is not much longer than what went in, and clean.
fn check(peer: &Peer, frame: &[u8]) -> Result<(), TestCaseError> {
    if let Ok(clean) = peer.clean(frame) {
        // An end marker, and a JPEG 2000 or RLE header in place of a shorter one that was taken for it.
        prop_assert!(clean.len() <= frame.len() + 64, "{}", peer.name);
        prop_assert!(clean.len().is_multiple_of(2));
        let again = peer.clean(&clean);
        prop_assert!(again == Ok(Cow::Borrowed(&clean[..])), "{}: not clean", peer.name);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn flipped_bytes(
        which in any::<prop::sample::Index>(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        let peer = which.get(&PEERS);
        let mut frame = peer.codestream.clone();
        for (at, byte) in flips {
            let at = at.index(frame.len());
            frame[at] = byte;
        }
        check(peer, &frame)?;
    }

    #[test]
    fn cut_and_spliced(
        (one, two) in any::<(prop::sample::Index, prop::sample::Index)>(),
        (cut, from) in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let (one, two) = (one.get(&PEERS), two.get(&PEERS));
        let mut frame = one.codestream[..cut.index(one.codestream.len())].to_vec();
        frame.extend(&two.codestream[from.index(two.codestream.len())..]);
        check(one, &frame)?;
    }

    #[test]
    fn noise(which in any::<prop::sample::Index>(), frame in prop::collection::vec(any::<u8>(), 0..300)) {
        check(which.get(&PEERS), &frame)?;
    }

    #[test]
    fn broken_profiles(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut profile = icc::table_profile();
        for (at, byte) in flips {
            let at = at.index(profile.len());
            profile[at] = byte;
        }
        for profile in [&profile[..], &profile[..cut.index(profile.len())]] {
            if let Ok(clean) = clean_icc(profile) {
                prop_assert_eq!(clean_icc(&clean).unwrap(), clean);
            }
        }
    }
}

#[test]
fn many_small_segments_are_refused() {
    for peer in PEERS.iter() {
        let more: &[u8] = match peer.coding {
            PixelCoding::Jpeg | PixelCoding::JpegLs => &[0xFF, 0xDD, 0, 4, 0, 9],
            _ => continue,
        };
        let frame = inserted(&peer.codestream, 2, &more.repeat(100_000));
        assert!(unreadable(peer.clean(&frame)), "{}", peer.name);
    }
}
