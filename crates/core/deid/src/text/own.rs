//! The identifying values of the object at hand, in every spelling a text may repeat them in.

use std::collections::HashSet;
use std::fmt;

use super::Kind;
use super::fold;
use super::pieces::{Fate, Made, Pieces};
use super::words::Class;

/// The identifying values of the object at hand, which no text may repeat in any spelling.
///
/// A value counts where it stands as a token of its own (2 characters or more), or, from 5 characters on (2 in
/// ideographs), anywhere inside: across separators, glued to other words, in any case, with or without accents. One
/// exception: a vocabulary word that merely contains it stays ("sternum" for a patient Stern).
///
/// In [`Kind::Label`] and [`Kind::Term`] only values of 4 characters or more count: a phantom named "CT^HEAD^1" must
/// not cost the modality or the image type.
#[derive(Default)]
pub struct OwnValues {
    /// Folded values that count as whole tokens.
    tokens: HashSet<String>,
    /// Folded values that count anywhere.
    long: Vec<String>,
    /// Folded initials, which count where a name is due.
    initials: HashSet<String>,
    /// Which pairs of leading bytes occur in `long`, so that most places are passed over at once.
    heads: [u64; 4],
}

impl fmt::Debug for OwnValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnValues({} values)", self.tokens.len())
    }
}

impl OwnValues {
    /// Adds a person name as PN holds it: components `^`, groups `=`, decoded. Title and suffix are no one's own.
    pub fn add_name(&mut self, pn: &str) {
        for group in pn.split(['=', '\\']) {
            let parts: Vec<&str> = group.split('^').take(3).collect();
            let mut names: Vec<Vec<String>> = Vec::new();
            for spell in [
                fold::squash,
                fold::squash_spelt_out,
                narrowed as fn(&str) -> String,
            ] {
                let spelt: Vec<String> = parts.iter().map(|p| spell(p)).collect();
                if !names.contains(&spelt) {
                    names.push(spelt);
                }
            }
            for part in &parts {
                let mut words = 0;
                for word in part.split(|c: char| !fold::is_letter(c) && fold::digit(c).is_none()) {
                    words += usize::from(!word.is_empty());
                    self.add_token(fold::squash(word));
                    self.add_token(fold::squash_spelt_out(word));
                    self.add_token(narrowed(word));
                }
                // Smith, John in one component: both orders.
                if words == 2 {
                    let mut two = part
                        .split(|c: char| !fold::is_letter(c))
                        .filter(|w| !w.is_empty());
                    if let (Some(a), Some(b)) = (two.next(), two.next()) {
                        self.add_pair(&fold::squash(a), &fold::squash(b), "");
                    }
                }
            }
            for spelt in names {
                let mut it = spelt.iter().map(String::as_str);
                let (last, first, middle) = (
                    it.next().unwrap_or(""),
                    it.next().unwrap_or(""),
                    it.next().unwrap_or(""),
                );
                for part in [last, first, middle] {
                    self.add_token(part.to_owned());
                }
                self.add_pair(last, first, middle);
            }
        }
    }

    fn add_pair(&mut self, last: &str, first: &str, middle: &str) {
        if last.is_empty() || first.is_empty() {
            return;
        }
        let head = |s: &str| s.chars().next().map(String::from).unwrap_or_default();
        let (l, f, m) = (head(last), head(first), head(middle));
        for joined in [
            format!("{last}{first}"),
            format!("{first}{last}"),
            format!("{f}{last}"),
            format!("{last}{f}"),
            format!("{first}{l}"),
            format!("{first}{middle}{last}"),
            format!("{last}{first}{middle}"),
            format!("{f}{m}{last}"),
            format!("{first}{m}{last}"),
            format!("{last}{first}{m}"),
        ] {
            self.add_token(joined);
        }
        for initials in [
            format!("{f}{l}"),
            format!("{l}{f}"),
            format!("{f}{m}{l}"),
            format!("{l}{f}{m}"),
        ] {
            if initials.chars().count() >= 2 {
                self.initials.insert(initials);
            }
        }
    }

    /// Adds an identifier: a patient ID, an accession number, a serial number. It counts with and without separators
    /// and leading zeros, and by its numeric core of 4 digits or more.
    pub fn add_identifier(&mut self, value: &str) {
        let whole = fold::squash(value);
        let short = whole.trim_start_matches('0');
        if short.len() >= 3 {
            self.add_token(short.to_owned());
        }
        for core in whole.split(|c: char| !c.is_ascii_digit()) {
            for core in [core, core.trim_start_matches('0')] {
                if core.len() >= 4 {
                    self.add_token(core.to_owned());
                }
            }
        }
        self.add_token(whole);
    }

    /// Adds an institution, address, department or station: the whole phrase, and those of its words that are not
    /// medical. A phrase that is one medical word ("RADIOLOGY") tells nothing and is passed over.
    pub fn add_place(&mut self, value: &str) {
        let pieces = Pieces::new(value);
        let mut only_medical = true;
        for index in 0..pieces.list.len() {
            let Some(piece) = pieces.get(index) else { continue };
            let medical = matches!(piece.class, Class::Strong | Class::Single);
            only_medical &= medical && piece.made == Made::Letters;
            if piece.made == Made::Digits {
                if pieces.digits(index) >= 4 {
                    self.add_token(pieces.fold(index).to_owned());
                }
            } else if !medical && piece.to - piece.from >= 3 {
                self.add_token(pieces.fold(index).to_owned());
                let source = value.get(piece.start..piece.end).unwrap_or_default();
                self.add_token(fold::squash_spelt_out(source));
                self.add_token(narrowed(source));
            }
        }
        let phrase = fold::squash(value);
        if phrase.len() >= 5 && !(only_medical && pieces.list.len() <= 1) {
            self.add_token(phrase);
            self.add_token(fold::squash_spelt_out(value));
        }
    }

    /// Adds a date, `YYYYMMDD`, in the digits of each usual order. Anything else is passed over.
    pub fn add_date(&mut self, da: &str) {
        if da.len() != 8 || !da.bytes().all(|b| b.is_ascii_digit()) {
            return;
        }
        let (Some(century), Some(y), Some(m), Some(d)) =
            (da.get(..2), da.get(2..4), da.get(4..6), da.get(6..8))
        else {
            return;
        };
        for digits in [
            da.to_owned(),
            format!("{d}{m}{century}{y}"),
            format!("{m}{d}{century}{y}"),
            format!("{y}{m}{d}"),
            format!("{d}{m}{y}"),
            format!("{m}{d}{y}"),
        ] {
            self.add_token(digits);
        }
    }

    fn add_token(&mut self, folded: String) {
        let letters = folded.chars().count();
        if letters < 2 || self.tokens.contains(&folded) {
            return;
        }
        let far = letters >= 5 || folded.chars().any(fold::is_unspaced);
        if far && let Some(bit) = head_bit(folded.as_bytes()) {
            if let Some(slot) = self.heads.get_mut(bit / 64) {
                *slot |= 1 << (bit % 64);
            }
            self.long.push(folded.clone());
        }
        self.tokens.insert(folded);
    }

    /// True if the single token `token` is one of the values, in any spelling.
    pub fn is_own(&self, token: &str) -> bool {
        !self.tokens.is_empty() && self.tokens.contains(&fold::squash(token))
    }

    /// True if `text` repeats a value: of 3 characters or more as a token, of 5 or more anywhere (2 in ideographs).
    pub fn contains_own(&self, text: &str) -> bool {
        if self.tokens.is_empty() {
            return false;
        }
        let mut pieces = Pieces::new(text);
        self.mark_from(&mut pieces, 3);
        pieces.list.iter().any(|p| p.fate != Fate::Stays)
    }

    /// True if `folded` are the initials of a name added.
    pub(super) fn is_initials(&self, folded: &str) -> bool {
        self.initials.contains(folded)
    }

    /// True if nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// True if the folded token counts under `kind`.
    pub(super) fn has(&self, folded: &str, kind: Kind) -> bool {
        folded.len() >= shortest(kind) && self.tokens.contains(folded)
    }

    /// True if a value that counts anywhere may begin in `folds`: a quick look, with false alarms.
    pub(super) fn may_hold(&self, folds: &[u8]) -> bool {
        folds.windows(2).enumerate().any(|(at, _)| {
            let rest = folds.get(at..).unwrap_or_default();
            self.begins(rest) && self.long.iter().any(|v| rest.starts_with(v.as_bytes()))
        })
    }

    fn begins(&self, rest: &[u8]) -> bool {
        head_bit(rest).is_some_and(|bit| {
            self.heads
                .get(bit / 64)
                .is_some_and(|s| s & (1 << (bit % 64)) != 0)
        })
    }

    /// Marks every piece that repeats a value.
    pub(super) fn mark(&self, pieces: &mut Pieces<'_>, kind: Kind) {
        if !self.is_empty() {
            self.mark_from(pieces, shortest(kind));
        }
    }

    fn mark_from(&self, pieces: &mut Pieces<'_>, shortest: usize) {
        let counts = |s: &str| s.chars().count() >= shortest.min(4) || s.chars().any(fold::is_unspaced);
        // Whole pieces and whole words.
        let mut index = 0;
        while index < pieces.list.len() {
            let mut last = index;
            while pieces.glued(last) {
                last += 1;
            }
            for at in index..=last {
                if counts(pieces.fold(at)) && self.tokens.contains(pieces.fold(at)) {
                    pieces.drop(at, Fate::Name);
                }
            }
            // Up to four neighbours in a row: "O Hara", "12-34".
            for from in index..=last {
                for to in from + 1..(from + 4).min(pieces.list.len()) {
                    let joined = span(pieces, from, to);
                    if joined.is_some_and(|j| j.len() < 5 && counts(j) && self.tokens.contains(j))
                        && near(pieces, from, to)
                    {
                        (from..=to).for_each(|at| pieces.drop(at, Fate::Name));
                    }
                }
            }
            index = last + 1;
        }
        // Long values anywhere.
        let mut marks: Vec<(usize, usize)> = Vec::new();
        let folds = pieces.folds.as_bytes();
        for at in 0..folds.len() {
            let rest = folds.get(at..).unwrap_or_default();
            if !self.begins(rest) {
                continue;
            }
            for value in self.long.iter().filter(|v| rest.starts_with(v.as_bytes())) {
                marks.push((at, at + value.len()));
            }
        }
        for (from, to) in marks {
            let first = pieces.list.partition_point(|p| p.to <= from);
            let end = pieces.list.partition_point(|p| p.from < to);
            let (Some(a), Some(z)) = (
                pieces.get(first).copied(),
                pieces.get(end.saturating_sub(1)).copied(),
            ) else {
                continue;
            };
            let exact = a.from == from && z.to == to;
            let within = a.word == z.word;
            let one_word = first + 1 == end && !exact && matches!(a.class, Class::Strong | Class::Plain);
            let digits_only = a.made == Made::Digits && first + 1 == end;
            if (within && !one_word) || (!within && exact) || digits_only {
                (first..end).for_each(|index| pieces.drop(index, Fate::Name));
            }
        }
    }
}

/// Neighbours separated by at most one character that is no blank between digits and no line end.
fn near(pieces: &Pieces<'_>, from: usize, to: usize) -> bool {
    (from..to).all(|at| {
        let gap = pieces.gap(at);
        gap.chars().count() <= 1 && gap != "\n" && gap != "/"
    })
}

fn span<'p>(pieces: &'p Pieces<'_>, from: usize, to: usize) -> Option<&'p str> {
    pieces.folds.get(pieces.get(from)?.from..pieces.get(to)?.to)
}

fn shortest(kind: Kind) -> usize {
    match kind {
        Kind::Prose => 2,
        Kind::Label | Kind::Term => 4,
    }
}

fn head_bit(bytes: &[u8]) -> Option<usize> {
    let (a, b) = (*bytes.first()?, *bytes.get(1)?);
    Some((usize::from(a).wrapping_mul(31) ^ usize::from(b).wrapping_mul(7)) % 256)
}

/// The folded form with ae, oe, ue drawn together, as Mueller is Müller.
fn narrowed(text: &str) -> String {
    let folded = fold::squash(text);
    if folded.contains("ae") || folded.contains("oe") || folded.contains("ue") {
        folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    } else {
        folded
    }
}

#[cfg(test)]
mod tests {
    use super::OwnValues;

    #[test]
    fn a_place_is_its_words_that_are_not_medical() {
        let mut own = OwnValues::default();
        own.add_place("Springfield General Hospital");
        assert!(own.is_own("SPRINGFIELD") && !own.is_own("hospital"));
        assert!(own.contains_own("at springfield-general-hospital"));
    }
}
