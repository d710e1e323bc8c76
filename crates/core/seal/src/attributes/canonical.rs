//! The canonical bytes of one value.

use dicom::{Tag, Vr};
use std::borrow::Cow;

fn is_pad(byte: u8) -> bool {
    byte == b' ' || byte == 0
}

/// Without trailing spaces and NULs.
pub(super) fn trim_end(value: &[u8]) -> &[u8] {
    let end = value
        .iter()
        .rposition(|byte| !is_pad(*byte))
        .map_or(0, |at| at + 1);
    value.get(..end).unwrap_or_default()
}

fn trim(value: &[u8]) -> &[u8] {
    let value = trim_end(value);
    let start = value
        .iter()
        .position(|byte| !is_pad(*byte))
        .unwrap_or(value.len());
    value.get(start..).unwrap_or_default()
}

/// The canonical bytes of a value whose VR is known: numbers little-endian, text without the padding that
/// PS3.5 6.2 calls insignificant, everything else as it is.
pub(super) fn canonical(tag: Tag, vr: Vr, big_endian: bool, value: &[u8]) -> Cow<'_, [u8]> {
    if big_endian && vr.word() > 1 {
        return Cow::Owned(
            value
                .chunks(vr.word())
                .flat_map(|word| word.iter().rev().copied())
                .collect(),
        );
    }
    if !vr.is_text() {
        return Cow::Borrowed(value);
    }
    let multi = !matches!(&vr.0, b"LT" | b"ST" | b"UT" | b"UR");
    let trimmed = trim_end(value);
    if !multi {
        return Cow::Borrowed(trimmed);
    }
    if tag == Tag(0x0028, 0x0004) && matches!(trim(value), b"YBR_RCT" | b"YBR_ICT") {
        // The colour transforms of JPEG 2000 belong to the codestream: decoded, the samples are RGB.
        return Cow::Borrowed(b"RGB");
    }
    let clean = |part: &[u8]| trim(part).len() == part.len();
    if trimmed.split(|byte| *byte == b'\\').all(clean) {
        return Cow::Borrowed(trimmed);
    }
    let parts: Vec<&[u8]> = trimmed.split(|byte| *byte == b'\\').map(trim).collect();
    Cow::Owned(parts.join(&b'\\'))
}
