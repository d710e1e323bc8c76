//! How a value is read, and which match in it is no accident.

use super::Kept;
use super::classify::{Sort, sort};
use super::hit::Kind;
use super::library::Match;
use dicom::{Tag, Vr};

/// The chance of meeting any pattern in an object's samples by accident stays below e^-this: one in a million.
const CERTAINTY: f32 = 13.8;
/// Nats of seven letters or so: names of this length are no words of the language.
const LONG_NAME: f32 = 38.0;

/// How a value is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    /// Text and names.
    Text,
    /// CS, and text of technical groups.
    Code,
    /// IS and DS.
    Number,
    /// UI.
    Uid,
    /// DA, DT, TM, AS.
    Time,
    /// Text among binary: words of four letters and more.
    Blob,
    /// Numbers and native samples.
    Samples,
    /// Codestreams.
    Dense,
}

impl Class {
    pub(super) fn of(vr: Vr, tag: Tag) -> Self {
        match &vr.0 {
            b"CS" => Self::Code,
            b"IS" | b"DS" => Self::Number,
            b"UI" => Self::Uid,
            b"DA" | b"DT" | b"TM" | b"AS" => Self::Time,
            b"OB" | b"UN" if tag.group() != 0x7FE0 && tag != Tag(0x5400, 0x1010) => Self::Blob,
            b"LO" | b"SH" if is_technical(tag) => Self::Code,
            _ if vr.is_text() => Self::Text,
            _ => Self::Samples,
        }
    }
}

/// True for technical descriptions, in which words of two and three letters are abbreviations.
fn is_technical(tag: Tag) -> bool {
    matches!(tag.group(), 0x0018 | 0x0028 | 0x0054 | 0x300A)
}

/// Nats that a pattern must have to count in samples and codestreams: ln(bytes x patterns) are met by chance once.
pub(super) fn needed(bytes: u64, patterns: usize) -> f32 {
    ((bytes.max(1) as f32) * patterns as f32).ln() + CERTAINTY
}

/// True where a match of this pattern, in a value of this class, is no accident.
pub(super) fn counts(class: Class, text: &[u8], found: &Match<'_>, private_use: bool, needed: f32) -> bool {
    let pattern = found.pattern;
    let whole = || {
        let beside = |at: Option<&u8>| at.is_none_or(|b| *b == b'\\');
        let before = text.get(..found.start).unwrap_or_default();
        let zeros = before.iter().rev().take_while(|b| **b == b'0').count();
        beside(before.iter().rev().nth(zeros)) && beside(text.get(found.end))
    };
    let word = |at: Option<&u8>| at.is_none_or(|b| matches!(b, b' ' | b'\\'));
    let length = pattern.bytes.len();
    match class {
        Class::Text if pattern.short => {
            word(found.start.checked_sub(1).and_then(|at| text.get(at))) && word(text.get(found.end))
        }
        Class::Text => true,
        Class::Code => !pattern.short,
        Class::Number => {
            // Numbers counted up are everybody's.
            let counted = b"1234567890".starts_with(&pattern.bytes);
            !pattern.short && (!pattern.digits || (length >= 6 && !counted && whole()))
        }
        Class::Uid if pattern.digits => {
            let component =
                word(found.start.checked_sub(1).and_then(|at| text.get(at))) && word(text.get(found.end));
            !private_use && length >= 7 && component && !pattern.bytes.contains(&b' ')
        }
        Class::Uid => !pattern.short,
        Class::Time => !pattern.short && !pattern.digits,
        Class::Blob => !pattern.short && (!pattern.digits || length >= 6),
        Class::Samples => pattern.surprise.native >= needed,
        Class::Dense => pattern.surprise.dense >= needed,
    }
}

/// True where doubtful matches do not count: in text that the profile keeps on purpose or that others write.
pub(super) fn is_exempt(tag: Tag, vr: Vr, kept: Kept) -> bool {
    sort(tag, vr, kept) == Sort::Exempt || is_written_by_others(tag)
}

/// True for texts that are a maker's or the de-identifier's own: maker, model, (0012,00xx).
fn is_written_by_others(tag: Tag) -> bool {
    tag.group() == 0x0012 || matches!(tag, Tag(0x0008, 0x0070 | 0x1090))
}

/// True for names and dates that may be words and numbers, where the profile keeps or writes text itself.
pub(super) fn is_doubtful(found: &Match<'_>) -> bool {
    let pattern = found.pattern;
    match pattern.kind {
        Kind::Place => true,
        Kind::Name => pattern.surprise.dense < LONG_NAME,
        Kind::Date => pattern.bytes.contains(&b' '),
        _ => false,
    }
}
