//! Specific Character Set (0008,0005): what the bytes of a text value say (PS3.3 C.12.1.1.2, PS3.5 6.1).
//!
//! Decoding never fails: a byte that means nothing becomes U+FFFD, and [`Decoded::exact`] tells.

mod iso2022;
mod term;

use crate::Vr;
use encoding_rs::Encoding;
use std::borrow::Cow;

/// The character sets that a data set declares.
///
/// ```
/// use dicom::{CharacterSet, Vr};
/// let set = CharacterSet::from_value(b"ISO_IR 100");
/// assert_eq!(set.decode(Vr::PN, b"M\xFCller^J\xF6rg").text, "Müller^Jörg");
/// ```
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct CharacterSet {
    scheme: Scheme,
    /// False when a defined term is not one of the standard's.
    known: bool,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Scheme {
    /// UTF-8, GB18030 and GBK: one encoding for the whole value, without code extensions.
    Whole(&'static Encoding),
    /// The sets that ISO 2022 combines, with or without escape sequences.
    Iso2022(iso2022::Declared),
}

/// A decoded value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decoded<'a> {
    /// The text. A backslash in it separates values, save in ST, LT, UT and UR.
    pub text: Cow<'a, str>,
    /// True when every byte had a meaning in the sets that were declared.
    pub exact: bool,
}

impl Default for CharacterSet {
    /// The default repertoire, ISO 646, which holds where nothing is declared.
    fn default() -> Self {
        Self {
            scheme: Scheme::Iso2022(iso2022::Declared::default()),
            known: true,
        }
    }
}

impl CharacterSet {
    /// Reads the value of (0008,0005). Spelling is read leniently (`ISO IR 100`, `ISO-IR_100`), as real files
    /// need; a term that is not the standard's leaves the default repertoire in its place.
    pub fn from_value(value: &[u8]) -> Self {
        let mut set = Self::default();
        for (at, raw) in value.split(|b| *b == b'\\').enumerate() {
            match term::read(raw) {
                Some(term::Term::Default) => {}
                Some(term::Term::Whole(encoding)) if at == 0 => {
                    return Self {
                        scheme: Scheme::Whole(encoding),
                        known: true,
                    };
                }
                // A set without code extensions counts only as the first value; readers ignore it elsewhere.
                Some(term::Term::Whole(_)) => set.known = false,
                Some(term::Term::Iso(number)) => {
                    if let Scheme::Iso2022(declared) = &mut set.scheme {
                        declared.declare(number, at == 0);
                    }
                }
                None => set.known = false,
            }
        }
        set
    }

    /// Decodes a whole value of this VR, values of a multi-valued one and components of a name included.
    /// Padding stays.
    pub fn decode<'a>(&self, vr: Vr, bytes: &'a [u8]) -> Decoded<'a> {
        let declared = match self.scheme {
            Scheme::Whole(encoding) if vr.follows_character_set() => {
                let (text, failed) = encoding.decode_without_bom_handling(bytes);
                return Decoded { text, exact: !failed };
            }
            Scheme::Iso2022(declared) if vr.follows_character_set() => declared,
            _ => iso2022::Declared::default(),
        };
        if let (true, Ok(text)) = (
            declared.starts_as_ascii() && is_plain(bytes),
            std::str::from_utf8(bytes),
        ) {
            return Decoded {
                text: Cow::Borrowed(text),
                exact: true,
            };
        }
        let (text, exact) = iso2022::decode(declared, vr, bytes);
        Decoded {
            text: Cow::Owned(text),
            exact: exact && self.known,
        }
    }
}

/// ASCII without escape sequences: the same in every declared set.
fn is_plain(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| b.is_ascii() && *b != iso2022::ESC)
}

/// True where a backslash separates values (PS3.5 6.4); in the long text VRs it is a character.
pub(crate) fn has_delimited_values(vr: Vr) -> bool {
    vr.is_text() && !matches!(&vr.0, b"ST" | b"LT" | b"UT" | b"UR")
}

#[cfg(test)]
mod tests;
