//! Writing: always Explicit VR Little Endian, every header made anew (PS3.5 section 7, PS3.10 section 7).

use crate::tree::{DataSet, Element, Value};
use dicom::part10::{IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME};
use dicom::{Tag, Vr};
use std::io::{self, Write};

const UNDEFINED: u32 = u32::MAX;

fn tag(out: &mut Vec<u8>, tag: Tag) {
    out.extend_from_slice(&tag.group().to_le_bytes());
    out.extend_from_slice(&tag.element().to_le_bytes());
}

/// Tag, VR and length of an element.
pub(crate) fn header(out: &mut Vec<u8>, element: Tag, vr: Vr, length: u32) {
    tag(out, element);
    // A value too long for its VR's 16-bit length is written as UN (PS3.5 6.2.2).
    let vr = if !vr.has_long_length() && length > u32::from(u16::MAX) {
        Vr::UN
    } else {
        vr
    };
    out.extend_from_slice(&vr.0);
    if vr.has_long_length() {
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&length.to_le_bytes());
    } else {
        out.extend_from_slice(&(length as u16).to_le_bytes());
    }
}

/// An item or a delimiter.
pub(crate) fn item(out: &mut Vec<u8>, which: Tag, length: u32) {
    tag(out, which);
    out.extend_from_slice(&length.to_le_bytes());
}

fn padding(vr: Vr) -> u8 {
    if vr.is_text() && vr.0 != *b"UI" { b' ' } else { 0 }
}

/// A value in memory, padded to even length.
fn value(out: &mut Vec<u8>, element: Tag, vr: Vr, value: &[u8]) {
    let odd = value.len() % 2;
    header(out, element, vr, (value.len() + odd) as u32);
    out.extend_from_slice(value);
    if odd == 1 {
        out.push(padding(vr));
    }
}

/// An element whose value is in memory, all of its items included.
pub(crate) fn element(out: &mut Vec<u8>, element: &Element) {
    let Element { tag, vr, value: held } = element;
    match held {
        Value::Bytes(bytes) => value(out, *tag, *vr, bytes),
        // An empty sequence needs no delimiter, and readers expect none.
        Value::Items(items) if items.is_empty() => header(out, *tag, Vr::SQ, 0),
        Value::Items(items) => {
            header(out, *tag, Vr::SQ, UNDEFINED);
            for one in items {
                item(out, Tag::ITEM, UNDEFINED);
                data_set(out, one);
                item(out, Tag::ITEM_END, 0);
            }
            item(out, Tag::SEQUENCE_END, 0);
        }
        // What is large is copied by whoever writes the top level.
        Value::Large { .. } | Value::Fragments { .. } => {}
    }
}

fn data_set(out: &mut Vec<u8>, set: &DataSet) {
    set.elements.iter().for_each(|one| element(out, one));
}

/// Preamble of zeros and file meta information: what a file must have and nothing else.
pub(crate) fn file_head(sop_class: &str, sop_instance: &str, transfer_syntax: &str) -> Vec<u8> {
    let mut meta = Vec::with_capacity(256);
    value(&mut meta, Tag(2, 1), Vr::OB, &[0, 1]);
    let uids = [
        (2, sop_class),
        (3, sop_instance),
        (0x10, transfer_syntax),
        (0x12, IMPLEMENTATION_CLASS_UID),
    ];
    for (number, uid) in uids {
        value(&mut meta, Tag(2, number), Vr(*b"UI"), uid.as_bytes());
    }
    value(
        &mut meta,
        Tag(2, 0x13),
        Vr(*b"SH"),
        IMPLEMENTATION_VERSION_NAME.as_bytes(),
    );
    let mut head = vec![0; 128];
    head.extend_from_slice(b"DICM");
    value(
        &mut head,
        Tag(2, 0),
        Vr(*b"UL"),
        &(meta.len() as u32).to_le_bytes(),
    );
    head.extend_from_slice(&meta);
    head
}

/// Hands over what is in the buffer, and empties it.
pub(crate) fn flush(buffer: &mut Vec<u8>, out: &mut impl Write) -> io::Result<()> {
    out.write_all(buffer)?;
    buffer.clear();
    Ok(())
}
