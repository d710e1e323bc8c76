//! The defined terms of (0008,0005) (PS3.3 tables C.12-2 to C.12-5).

use encoding_rs::{Encoding, GB18030, GBK, UTF_8};

/// What a term declares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Term {
    /// Empty, or ISO 646: the default repertoire.
    Default,
    /// A set that stands alone.
    Whole(&'static Encoding),
    /// A set that ISO 2022 can combine, by its ISO-IR registration number.
    Iso(u16),
}

/// Reads one value of (0008,0005), blind to case, blanks and punctuation; `None` when it is no defined term.
pub(super) fn read(raw: &[u8]) -> Option<Term> {
    let letters: String = raw
        .iter()
        .filter(|b| b.is_ascii_alphanumeric())
        .take(20)
        .map(|b| char::from(b.to_ascii_uppercase()))
        .collect();
    match letters.as_str() {
        "" => return Some(Term::Default),
        "GB18030" => return Some(Term::Whole(GB18030)),
        "GBK" => return Some(Term::Whole(GBK)),
        // Not a term of the standard, and met.
        "UTF8" => return Some(Term::Whole(UTF_8)),
        _ => {}
    }
    let number = letters
        .strip_prefix("ISO2022IR")
        .or_else(|| letters.strip_prefix("ISOIR"))?;
    match number.parse().ok()? {
        6 => Some(Term::Default),
        192 => Some(Term::Whole(UTF_8)),
        known @ (13 | 58 | 87 | 100 | 101 | 109 | 110 | 126 | 127 | 138 | 144 | 148 | 149 | 159 | 166
        | 203) => Some(Term::Iso(known)),
        _ => None,
    }
}
