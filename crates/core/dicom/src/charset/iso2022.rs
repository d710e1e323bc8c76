//! Code extensions of ISO 2022 as DICOM uses them (PS3.5 6.1.2.4, 6.1.2.5).

use super::has_delimited_values;
use crate::Vr;
use encoding_rs::{
    EUC_JP, EUC_KR, Encoding, GBK, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6, ISO_8859_7,
    ISO_8859_8, ISO_8859_15, WINDOWS_874, WINDOWS_1252, WINDOWS_1254,
};

pub(super) const ESC: u8 = 0x1B;

/// What bytes below 0x80 mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum G0 {
    Ascii,
    /// ISO-IR 14, JIS X 0201 Romaji: yen and overline where ASCII has backslash and tilde.
    Romaji,
    /// ISO-IR 13 in the lower half. Not DICOM's, and written by some.
    Katakana,
    /// ISO-IR 87, two bytes a character.
    Jisx0208,
    /// ISO-IR 159, two bytes a character.
    Jisx0212,
}

/// What bytes from 0x80 mean.
#[derive(Clone, Copy, PartialEq, Debug)]
enum G1 {
    /// A set of one or two bytes a character, as this encoding has it.
    Coded(&'static Encoding),
    /// ISO-IR 13, JIS X 0201 Katakana.
    Katakana,
}

/// The sets that (0008,0005) declares: where a value starts, and where escape sequences may lead.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Declared {
    g0: G0,
    g1: Option<G1>,
    /// For upper bytes that no escape sequence announced: the first declared set that has a meaning for them.
    fallback: Option<G1>,
    /// One bit for each declared set, in the order of [`SETS`].
    allowed: u32,
}

/// ISO-IR numbers of the sets that can be declared.
const SETS: [u16; 16] = [
    13, 58, 87, 100, 101, 109, 110, 126, 127, 138, 144, 148, 149, 159, 166, 203,
];

impl Default for Declared {
    fn default() -> Self {
        Self {
            g0: G0::Ascii,
            g1: None,
            fallback: None,
            allowed: 0,
        }
    }
}

impl Declared {
    /// Adds a set; the first value of (0008,0005) is what each value starts with.
    pub(super) fn declare(&mut self, set: u16, first: bool) {
        if let Some(bit) = SETS.iter().position(|known| *known == set) {
            self.allowed |= 1 << bit;
        }
        self.fallback = self.fallback.or(upper(set));
        if first {
            self.g1 = upper(set);
            self.g0 = if set == 13 { G0::Romaji } else { G0::Ascii };
        }
    }

    pub(super) fn starts_as_ascii(&self) -> bool {
        self.g0 == G0::Ascii
    }

    fn allows(&self, set: u16) -> bool {
        set == 6
            || SETS
                .iter()
                .position(|known| *known == set)
                .is_some_and(|bit| self.allowed & (1 << bit) != 0)
    }
}

/// The upper half of a set. Where the WHATWG encoding is a superset of the ISO one, it differs in 0x80-0x9F alone,
/// which hold no character in DICOM.
fn upper(set: u16) -> Option<G1> {
    let encoding = match set {
        13 => return Some(G1::Katakana),
        58 => GBK,
        100 => WINDOWS_1252,
        101 => ISO_8859_2,
        109 => ISO_8859_3,
        110 => ISO_8859_4,
        126 => ISO_8859_7,
        127 => ISO_8859_6,
        138 => ISO_8859_8,
        144 => ISO_8859_5,
        148 => WINDOWS_1254,
        149 => EUC_KR,
        166 => WINDOWS_874,
        203 => ISO_8859_15,
        _ => return None,
    };
    Some(G1::Coded(encoding))
}

enum Shift {
    Lower(G0),
    Upper,
}

/// Escape sequences (PS3.3 tables C.12-3 and C.12-4) after the ESC byte, with the set that each leads to; 0 for those that are
/// not DICOM's and are met.
const ESCAPES: [(&[u8], Shift, u16); 21] = [
    (b"(B", Shift::Lower(G0::Ascii), 6),
    (b"(J", Shift::Lower(G0::Romaji), 13),
    (b")I", Shift::Upper, 13),
    (b"$B", Shift::Lower(G0::Jisx0208), 87),
    (b"$(D", Shift::Lower(G0::Jisx0212), 159),
    (b"$)C", Shift::Upper, 149),
    (b"$)A", Shift::Upper, 58),
    (b"-A", Shift::Upper, 100),
    (b"-B", Shift::Upper, 101),
    (b"-C", Shift::Upper, 109),
    (b"-D", Shift::Upper, 110),
    (b"-L", Shift::Upper, 144),
    (b"-G", Shift::Upper, 127),
    (b"-F", Shift::Upper, 126),
    (b"-H", Shift::Upper, 138),
    (b"-M", Shift::Upper, 148),
    (b"-T", Shift::Upper, 166),
    (b"-b", Shift::Upper, 203),
    (b"(I", Shift::Lower(G0::Katakana), 0),
    (b"$@", Shift::Lower(G0::Jisx0208), 0),
    (b"$(B", Shift::Lower(G0::Jisx0208), 0),
];

/// Decodes a value; false when a byte had no meaning in what was declared.
pub(super) fn decode(declared: Declared, vr: Vr, bytes: &[u8]) -> (String, bool) {
    let mut text = String::with_capacity(bytes.len());
    let mut exact = true;
    let (mut g0, mut g1) = (declared.g0, declared.g1);
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        if byte == ESC {
            let known = ESCAPES.iter().find(|(sequence, ..)| after.starts_with(sequence));
            let Some((sequence, shift, set)) = known else {
                text.push(char::REPLACEMENT_CHARACTER);
                exact = false;
                rest = after;
                continue;
            };
            match shift {
                Shift::Lower(lower) => g0 = *lower,
                Shift::Upper => g1 = upper(*set),
            }
            exact &= declared.allows(*set);
            rest = after.get(sequence.len()..).unwrap_or_default();
        } else if byte >= 0x80 {
            let end = rest.iter().position(|b| *b < 0x80).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            exact &= decode_upper(g1, declared.fallback, run, &mut text);
            rest = after;
        } else if let (G0::Jisx0208 | G0::Jisx0212, [first @ 0x21..=0x7E, second @ 0x21..=0x7E, after @ ..]) =
            (g0, rest)
        {
            let pair = [0x8F, first | 0x80, second | 0x80];
            let euc = if g0 == G0::Jisx0212 {
                pair.as_slice()
            } else {
                pair.get(1..).unwrap_or_default()
            };
            let (character, failed) = EUC_JP.decode_without_bom_handling(euc);
            text.push_str(&character);
            exact &= !failed;
            rest = after;
        } else {
            let delimits = resets(vr, byte);
            // A graphic byte here is half a character of a two-byte set.
            exact &= !matches!(g0, G0::Jisx0208 | G0::Jisx0212) || !byte.is_ascii_graphic();
            text.push(match (g0, byte) {
                (_, byte) if delimits => char::from(byte),
                (G0::Romaji, b'\\') => '\u{A5}',
                (G0::Romaji, b'~') => '\u{203E}',
                (G0::Katakana, 0x21..=0x5F) => katakana(byte | 0x80),
                _ => char::from(byte),
            });
            if delimits {
                (g0, g1) = (declared.g0, declared.g1);
            }
            rest = after;
        }
    }
    (text, exact)
}

fn decode_upper(set: Option<G1>, fallback: Option<G1>, run: &[u8], text: &mut String) -> bool {
    match set.or(fallback) {
        Some(G1::Katakana) => {
            text.extend(run.iter().map(|b| katakana(*b)));
            set.is_some() && run.iter().all(|b| (0xA1..=0xDF).contains(b))
        }
        Some(G1::Coded(encoding)) => {
            let (decoded, failed) = encoding.decode_without_bom_handling(run);
            text.push_str(&decoded);
            set.is_some() && !failed && (!encoding.is_single_byte() || run.iter().all(|b| *b >= 0xA0))
        }
        // Nothing is declared. Real files then hold UTF-8 or Latin-1.
        None => {
            match std::str::from_utf8(run) {
                Ok(utf8) => text.push_str(utf8),
                Err(_) => text.push_str(&WINDOWS_1252.decode_without_bom_handling(run).0),
            }
            false
        }
    }
}

fn katakana(byte: u8) -> char {
    match byte {
        0xA1..=0xDF => char::from_u32(0xFF61 + u32::from(byte - 0xA1)).unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// Delimiters, at which each value, component and line starts anew with the first declared set (PS3.5 6.1.2.5.3).
fn resets(vr: Vr, byte: u8) -> bool {
    match byte {
        b'\t' | b'\n' | 0x0C | b'\r' => true,
        b'\\' => has_delimited_values(vr),
        b'^' | b'=' => vr == Vr::PN,
        _ => false,
    }
}
