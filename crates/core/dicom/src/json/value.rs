//! One value as JSON.

use super::number;
use crate::charset::has_delimited_values;
use crate::{CharacterSet, Tag, Vr};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr};
use dicom_dictionary_std::StandardDataDictionary;

/// The largest integer that every reader of JSON takes as it is (RFC 8259 section 6).
const SAFE_INTEGER: u64 = (1 << 53) - 1;

/// True for the VRs whose values stand as InlineBinary (PS3.18 table F.2.3-1).
pub(super) fn is_binary(vr: Vr) -> bool {
    matches!(&vr.0, b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"UN")
}

/// True where the dictionary says "US or SS".
pub(super) fn depends_on_sign(tag: Tag) -> bool {
    let entry = StandardDataDictionary.by_tag(dicom_core::Tag(tag.group(), tag.element()));
    entry.is_some_and(|entry| entry.vr() == VirtualVr::Xs)
}

/// Writes `,"Value":[...]` or `,"InlineBinary":"..."`, or nothing for an empty value. Numbers are little-endian.
pub(super) fn write(out: &mut Vec<u8>, vr: Vr, characters: &CharacterSet, bytes: &[u8]) {
    if is_binary(vr) {
        if !bytes.is_empty() {
            out.extend_from_slice(b",\"InlineBinary\":\"");
            out.extend_from_slice(STANDARD.encode(bytes).as_bytes());
            out.push(b'"');
        }
    } else if vr.is_text() {
        let text = characters.decode(vr, bytes).text;
        write_text(out, vr, &text);
    } else {
        write_numbers(out, vr, bytes);
    }
}

fn write_text(out: &mut Vec<u8>, vr: Vr, text: &str) {
    let text = trimmed(vr, text);
    if text.is_empty() {
        return;
    }
    let values: Vec<&str> = if has_delimited_values(vr) {
        text.split('\\').map(|value| trimmed(vr, value)).collect()
    } else {
        vec![text]
    };
    out.extend_from_slice(b",\"Value\":[");
    for (at, value) in values.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        match &vr.0 {
            _ if value.is_empty() => out.extend_from_slice(b"null"),
            b"PN" => write_name(out, value),
            b"IS" => number_or_string(out, number::integer(value), value),
            b"DS" => number_or_string(out, number::decimal(value), value),
            _ => string(out, value),
        }
    }
    out.push(b']');
}

/// Without padding: leading blanks say something in names and free text alone.
fn trimmed(vr: Vr, text: &str) -> &str {
    let padding = [' ', '\0'];
    match &vr.0 {
        b"AE" | b"AS" | b"CS" | b"DA" | b"DS" | b"DT" | b"IS" | b"TM" | b"UI" => text.trim_matches(padding),
        _ => text.trim_end_matches(padding),
    }
}

/// A person name by its component groups (PS3.5 6.2.1.2, PS3.18 F.2.2).
fn write_name(out: &mut Vec<u8>, name: &str) {
    out.push(b'{');
    let mut comma = false;
    for (group, value) in ["Alphabetic", "Ideographic", "Phonetic"]
        .into_iter()
        .zip(name.splitn(3, '='))
    {
        let value = value.trim_end_matches(' ');
        if value.is_empty() {
            continue;
        }
        if comma {
            out.push(b',');
        }
        string(out, group);
        out.push(b':');
        string(out, value);
        comma = true;
    }
    out.push(b'}');
}

fn number_or_string(out: &mut Vec<u8>, number: Option<String>, text: &str) {
    match number {
        Some(number) => out.extend_from_slice(number.as_bytes()),
        None => string(out, text),
    }
}

/// Bytes after the last whole number say nothing and are left out.
fn write_numbers(out: &mut Vec<u8>, vr: Vr, bytes: &[u8]) {
    let size = if &vr.0 == b"AT" { 4 } else { vr.word() };
    let mut comma = false;
    for chunk in bytes.chunks_exact(size) {
        let mut wide = [0; 8];
        wide.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
        let raw = u64::from_le_bytes(wide);
        let [low, high, ..] = [raw as u16, (raw >> 16) as u16];
        out.extend_from_slice(if comma { b"," } else { b",\"Value\":[" });
        comma = true;
        let number = match &vr.0 {
            b"AT" => format!("\"{low:04X}{high:04X}\""),
            b"US" => low.to_string(),
            b"SS" => (low as i16).to_string(),
            b"UL" => (raw as u32).to_string(),
            b"SL" => (raw as i32).to_string(),
            b"UV" => quoted_unless(raw <= SAFE_INTEGER, raw.to_string()),
            b"SV" => quoted_unless(
                (raw as i64).unsigned_abs() <= SAFE_INTEGER,
                (raw as i64).to_string(),
            ),
            b"FL" => float(
                f32::from_bits(raw as u32).is_finite(),
                &f32::from_bits(raw as u32).to_string(),
            ),
            _ => float(f64::from_bits(raw).is_finite(), &f64::from_bits(raw).to_string()),
        };
        out.extend_from_slice(number.as_bytes());
    }
    if comma {
        out.push(b']');
    }
}

/// JSON has no number for NaN and the infinities; as strings they survive.
fn float(finite: bool, text: &str) -> String {
    quoted_unless(finite, text.to_owned())
}

fn quoted_unless(plain: bool, text: String) -> String {
    if plain { text } else { format!("\"{text}\"") }
}

/// A JSON string.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    // Writing a string to a Vec does not fail.
    let _ = serde_json::to_writer(out, text);
}
