//! Free text: what stays and what goes (PS3.15 E.3.6, Clean Descriptors).
//!
//! The world is closed. A word stays only if it is known: medical, technical, or plain English that is no name; a
//! number only if it is too short to identify anyone or carries a unit; a code ("T1W", "ep2d_diff_p2") only if its
//! parts are known. The object's own values ([`OwnValues`]) go first and always. What is unknown goes, so that a name
//! nobody listed goes too.
//!
//! ```text
//! split into pieces -> own values -> forms (dates, phones, UIDs, nets) -> numbers and codes -> context -> what is left
//! ```
//!
//! Words that are both names and medicine are decided by what stands beside them: see [`context`]. The lists and
//! where they come from: `data/README.md`.

use std::borrow::Cow;

mod built;
mod chains;
mod codes;
mod context;
mod dates;
mod eponyms;
mod fold;
mod initials;
mod isotopes;
mod labelled;
mod neighbours;
mod net;
mod numbers;
mod own;
mod pieces;
mod places;
mod render;
mod roles;
mod spans;
mod surnames;
mod times;
mod units;
mod words;

pub use codes::{meaning, well_formed};
pub use own::OwnValues;

use pieces::{Fate, Pieces};
use words::{Class, Role};

/// What sort of text an attribute holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Descriptions and comments (LO, LT, ST, UT).
    Prose,
    /// Short technical text: manufacturer, model, kernel, coil, sequence name, software version. Versions of four
    /// parts and unknown codes of up to three letters stay.
    Label,
    /// One defined term (CS, Image Type, scan options): every part must be known or short, or the value goes whole.
    Term,
}

/// The text without what may identify someone. One value: the caller splits at backslashes.
///
/// Cleaning what was cleaned changes nothing. The result holds characters of the input, and at most a blank where
/// something went between two words.
pub fn clean<'a>(text: &'a str, kind: Kind, own: &OwnValues) -> Cow<'a, str> {
    if is_known(text, kind, own) {
        return Cow::Borrowed(text);
    }
    let Some(mut left) = pass(text, kind, own) else {
        return Cow::Borrowed(text);
    };
    // What went may bring new neighbours together. Each pass takes something away, so this ends; text that is made
    // to fall apart piece by piece goes whole, so that the time stays in proportion to the length.
    for _ in 0..MOST_PASSES {
        match pass(&left, kind, own) {
            Some(less) if less.len() < left.len() => left = less,
            _ => return Cow::Owned(left),
        }
    }
    Cow::Owned(String::new())
}

/// More than any real text needs, which is two or three.
const MOST_PASSES: usize = 50;

fn pass(text: &str, kind: Kind, own: &OwnValues) -> Option<String> {
    let mut pieces = Pieces::new(text);
    own.mark(&mut pieces, kind);
    spans::mark(&mut pieces, kind);
    numbers::mark(&mut pieces, kind);
    numbers::joined(&mut pieces);
    context::mark(&mut pieces, kind, own);
    debug_assert!(
        pieces
            .list
            .iter()
            .all(|p| p.fate == Fate::Stays || p.start < p.end)
    );
    render::render(&mut pieces, kind)
}

/// A quick look at plain ASCII text of known words and short numbers, which is most text: true if all of it stays.
fn is_known(text: &str, kind: Kind, own: &OwnValues) -> bool {
    const LONGEST: usize = 96;
    let bytes = text.as_bytes();
    if bytes.len() > LONGEST || !text.is_ascii() {
        return false;
    }
    let mut folded = [0u8; LONGEST];
    let mut length = 0;
    let mut start = 0;
    let mut digits_before = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if !byte.is_ascii_alphanumeric() {
            // A stroke may lead to initials.
            let lone = byte == b'/' && at.checked_sub(1).is_none_or(|i| bytes.get(i) == Some(&b' '));
            if lone || matches!(byte, b'@' | b'\\' | b':' | b'\'') {
                return false;
            }
            at += 1;
            continue;
        }
        let numeric = byte.is_ascii_digit();
        let run = bytes.get(at..).unwrap_or_default();
        let size = run
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() && b.is_ascii_digit() == numeric)
            .count();
        let glued = run.get(size).is_some_and(u8::is_ascii_alphanumeric)
            || at
                .checked_sub(1)
                .and_then(|i| bytes.get(i))
                .is_some_and(u8::is_ascii_alphanumeric);
        for (to, from) in folded.iter_mut().skip(length).zip(run.iter().take(size)) {
            *to = from.to_ascii_lowercase();
        }
        length += size;
        let Some(word) = folded
            .get(start..length)
            .and_then(|w| std::str::from_utf8(w).ok())
        else {
            return false;
        };
        // 3KI18: digits on both sides of letters are looked at closely.
        let plate = numeric && glued && bytes.get(..at).is_some_and(ends_in_code);
        if numeric {
            if plate || size > 2 || digits_before || (size == 2 && word.starts_with('9')) {
                return false;
            }
        } else {
            let known = words::entry(word);
            let fits = matches!(known.class, Class::Strong | Class::Plain) && known.role == Role::None;
            let letter = glued && size == 1 && digits_before_or_after(run, at, bytes);
            if !(fits || letter) {
                return false;
            }
        }
        if !own.is_empty() && (own.has(word, kind) || own.is_initials(word)) {
            return false;
        }
        digits_before = numeric;
        start = length;
        at += size;
    }
    own.is_empty() || !own.may_hold(folded.get(..length).unwrap_or_default())
}

/// The run before ends in digits and letters without a gap.
fn ends_in_code(before: &[u8]) -> bool {
    let letters = before
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    letters > 0 && before.iter().rev().nth(letters).is_some_and(u8::is_ascii_digit)
}

/// T1, 3D, B30f: one letter beside a digit, no more than two such in a row.
fn digits_before_or_after(run: &[u8], at: usize, bytes: &[u8]) -> bool {
    let after =
        run.get(1).is_some_and(u8::is_ascii_digit) && run.get(3).is_none_or(|b| !b.is_ascii_alphanumeric());
    let before = at
        .checked_sub(1)
        .and_then(|i| bytes.get(i))
        .is_some_and(u8::is_ascii_digit)
        && run.get(1).is_none_or(|b| !b.is_ascii_alphanumeric())
        && !matches!(run.first(), Some(b'h' | b'H' | b'y' | b'Y'));
    after || before
}
