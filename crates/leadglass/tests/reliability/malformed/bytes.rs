//! Elements as raw bytes, true or not.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write;

pub(crate) const UNDEFINED: u32 = u32::MAX;

/// The head of an element in Explicit VR Little Endian, with any two letters as VR and a 32-bit length if asked for.
pub(crate) fn explicit_head(tag: u32, vr: [u8; 2], length: u32, long: bool) -> Vec<u8> {
    let mut head = tag_bytes(tag);
    head.extend(vr);
    if long {
        head.extend([0, 0]);
        head.extend(length.to_le_bytes());
    } else {
        head.extend((length as u16).to_le_bytes());
    }
    head
}

/// An element with a 32-bit length that is true.
pub(crate) fn element(tag: u32, vr: [u8; 2], value: &[u8]) -> Vec<u8> {
    [&explicit_head(tag, vr, value.len() as u32, true)[..], value].concat()
}

/// An item, or a delimiter: a tag and a length.
pub(crate) fn item(tag: u32, length: u32) -> Vec<u8> {
    [&tag_bytes(tag)[..], &length.to_le_bytes()].concat()
}

pub(crate) const ITEM: u32 = 0xfffe_e000;
pub(crate) const ITEM_END: u32 = 0xfffe_e00d;
pub(crate) const SEQUENCE_END: u32 = 0xfffe_e0dd;

fn tag_bytes(tag: u32) -> Vec<u8> {
    let (group, element) = ((tag >> 16) as u16, tag as u16);
    [group.to_le_bytes(), element.to_le_bytes()].concat()
}

/// These bytes as one sequence with one item, with undefined lengths.
pub(crate) fn wrap(tag: u32, vr: [u8; 2], content: &[u8]) -> Vec<u8> {
    [
        explicit_head(tag, vr, UNDEFINED, true),
        item(ITEM, UNDEFINED),
        content.to_vec(),
        item(ITEM_END, 0),
        item(SEQUENCE_END, 0),
    ]
    .concat()
}

/// A raw deflate stream (PS3.5 A.5).
pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
