//! A small reader of Explicit VR Little Endian, of its own.

use std::collections::BTreeMap;

/// Explicit VR Little Endian elements of `bytes`; sequences as their bytes.
pub(crate) fn elements(bytes: &[u8]) -> BTreeMap<u32, Vec<u8>> {
    let (mut found, mut at) = (BTreeMap::new(), 0);
    while at < bytes.len() {
        let short = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
        let tag = u32::from(short(at)) << 16 | u32::from(short(at + 2));
        let long = matches!(&bytes[at + 4..at + 6], b"OB" | b"SQ" | b"UN" | b"UT");
        let (length, start) = if long {
            (
                u32::from_le_bytes(bytes[at + 8..at + 12].try_into().unwrap()),
                at + 12,
            )
        } else {
            (short(at + 6).into(), at + 8)
        };
        let end = if length == u32::MAX {
            // A sequence of undefined length ends where its own delimiter stands; none is nested in these tests.
            let delimiter = [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0];
            start + bytes[start..].windows(8).position(|w| w == delimiter).unwrap() + 8
        } else {
            start + length as usize
        };
        assert_eq!(
            length % 2,
            u32::from(length == u32::MAX),
            "odd length at {tag:08x}"
        );
        assert!(found.last_key_value().is_none_or(|(last, _)| *last < tag));
        found.insert(tag, bytes[start..end].to_vec());
        at = end;
    }
    found
}

/// The elements of a file's data set.
pub(crate) fn data_set(file: &[u8]) -> BTreeMap<u32, Vec<u8>> {
    assert_eq!(&file[128..132], b"DICM");
    let meta_length = u32::from_le_bytes(file[140..144].try_into().unwrap()) as usize;
    elements(&file[144 + meta_length..])
}
