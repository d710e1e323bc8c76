//! Elements in little-endian order (PS3.5 section 7) and file meta information (PS3.10 section 7).

use super::Target;
use dicom::part10::{IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME};
use dicom::{Tag, Vr};

pub(super) const UNDEFINED: u32 = u32::MAX;

/// Tag, VR where it is written, and length.
pub(super) fn header(out: &mut Vec<u8>, target: Target, tag: Tag, vr: Vr, length: u32) {
    item(out, tag, length);
    if target == Target::ImplicitLe {
        return;
    }
    out.truncate(out.len() - 4);
    // A value too long for the 16-bit length of its VR is written as UN (PS3.5 6.2.2).
    let too_long = !vr.has_long_length() && length > u32::from(u16::MAX);
    let vr = if too_long { Vr::UN } else { vr };
    out.extend_from_slice(&vr.0);
    if vr.has_long_length() {
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&length.to_le_bytes());
    } else {
        out.extend_from_slice(&(length as u16).to_le_bytes());
    }
}

/// An item or a delimiter.
pub(super) fn item(out: &mut Vec<u8>, tag: Tag, length: u32) {
    out.extend_from_slice(&tag.group().to_le_bytes());
    out.extend_from_slice(&tag.element().to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
}

/// What makes a value's length even.
pub(super) fn padding(vr: Vr) -> u8 {
    if vr.is_text() && vr.0 != *b"UI" { b' ' } else { 0 }
}

/// A whole element.
pub(super) fn element(out: &mut Vec<u8>, target: Target, tag: Tag, vr: Vr, value: &[u8]) {
    let odd = value.len() % 2;
    header(out, target, tag, vr, (value.len() + odd) as u32);
    out.extend_from_slice(value);
    if odd == 1 {
        out.push(padding(vr));
    }
}

/// Preamble of zeros and file meta information.
pub(super) fn file_head(sop_class: &str, sop_instance: &str, transfer_syntax: &str) -> Vec<u8> {
    let mut meta = Vec::with_capacity(256);
    let mut put = |number, vr: &[u8; 2], value: &[u8]| {
        element(&mut meta, Target::ExplicitLe, Tag(2, number), Vr(*vr), value);
    };
    put(1, b"OB", &[0, 1]);
    put(2, b"UI", sop_class.as_bytes());
    put(3, b"UI", sop_instance.as_bytes());
    put(0x10, b"UI", transfer_syntax.as_bytes());
    put(0x12, b"UI", IMPLEMENTATION_CLASS_UID.as_bytes());
    put(0x13, b"SH", IMPLEMENTATION_VERSION_NAME.as_bytes());
    let mut head = vec![0; 128];
    head.extend_from_slice(b"DICM");
    let length = (meta.len() as u32).to_le_bytes();
    element(&mut head, Target::ExplicitLe, Tag(2, 0), Vr(*b"UL"), &length);
    head.extend_from_slice(&meta);
    head
}
