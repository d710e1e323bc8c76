//! Entries and entry bundles.

use proptest::prelude::*;
use tlog::bundle::{self, Bundle};
use tlog::{Entry, Error, Kind};

/// Codes are in logs that exist: this table may only grow.
const CODES: [(u8, &str); 12] = [
    (1, "SEAL"),
    (2, "AMEND"),
    (3, "MANIFEST"),
    (4, "CONFLICT"),
    (5, "CONSENT"),
    (6, "RELEASE"),
    (7, "DENY"),
    (8, "DELIVERED"),
    (9, "READ"),
    (10, "ERASE"),
    (11, "KEY"),
    (12, "COMPLETE"),
];

#[test]
fn codes_never_change() {
    assert_eq!(Kind::ALL.map(|kind| (kind.code(), kind.name())), CODES);
    let known = (0..=255).filter_map(Kind::from_code).count();
    assert_eq!(known, CODES.len());
}

#[test]
fn the_format_never_changes() {
    let entry = Entry {
        kind: Kind::Release,
        time_s: 0x0102_0304_0506_0708,
        commitment: [0xAB; 32],
    };
    let expected = [&[6, 1, 2, 3, 4, 5, 6, 7, 8][..], &[0xAB; 32]].concat();
    assert_eq!(entry.encode()[..], expected);
    assert_eq!(entry.leaf_hash(), tlog::leaf_hash(&expected));
}

#[test]
fn entries_and_bundles_bear_their_limits() {
    let longest = vec![1; 65_535];
    let too_long = vec![1; 65_536];
    let bundle = bundle::encode(&[&longest, &longest]).unwrap();
    assert_eq!(bundle::decode(&bundle).unwrap(), [&longest, &longest]);
    assert_eq!(bundle::encode(&[&too_long]), Err(Error::EntryTooLong(65_536)));
    assert_eq!(bundle::encode::<&[u8]>(&[]), Err(Error::Bundle));
    assert_eq!(bundle::encode(&[b"x"; 257]), Err(Error::Bundle));
    assert!(bundle::decode(&bundle::encode(&[b""; 256]).unwrap()).is_ok());
    assert!(bundle::decode(&[0; 2 * 257]).is_err(), "257 entries");
    assert!(bundle::decode(&[]).is_err());
    assert_eq!(Bundle::new(0, 0), Err(Error::Tile));
    assert_eq!(Bundle::new(0, 257), Err(Error::Tile));
}

fn any_entry() -> impl Strategy<Value = Entry> {
    (
        prop::sample::select(&Kind::ALL[..]),
        any::<u64>(),
        any::<[u8; 32]>(),
    )
        .prop_map(|(kind, time_s, commitment)| Entry {
            kind,
            time_s,
            commitment,
        })
}

proptest! {
    #[test]
    fn an_entry_is_read_as_it_was_written(entry in any_entry()) {
        let bytes = entry.encode();
        prop_assert_eq!(Entry::decode(&bytes), Ok(entry));
        prop_assert!(Entry::decode(&bytes[1..]).is_err());
        prop_assert!(Entry::decode(&[&bytes[..], &[0]].concat()).is_err());
    }

    #[test]
    fn what_reads_as_an_entry_is_written_so(bytes in prop::collection::vec(any::<u8>(), 41), code in 0_u8..16) {
        let mut bytes = bytes;
        bytes[0] = code;
        if let Ok(entry) = Entry::decode(&bytes) {
            prop_assert_eq!(&entry.encode()[..], &bytes[..]);
        }
    }

    #[test]
    fn a_bundle_is_read_as_it_was_written(
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..100), 1..=256),
    ) {
        let bytes = bundle::encode(&entries).unwrap();
        prop_assert_eq!(bundle::decode(&bytes).unwrap(), entries);
        prop_assert!(bundle::decode(&bytes[..bytes.len() - 1]).is_err());
    }

    #[test]
    fn what_reads_as_a_bundle_is_written_so(bytes in prop::collection::vec(0_u8..3, 0..64)) {
        if let Ok(entries) = bundle::decode(&bytes) {
            prop_assert_eq!(bundle::encode(&entries).unwrap(), bytes);
        }
    }
}
