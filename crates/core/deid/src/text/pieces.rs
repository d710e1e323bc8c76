//! Text cut into pieces: runs of letters, runs of digits, and single words of scripts that know no spaces.

use super::fold;
use super::words::{self, Class, Role};
use super::{built, units};

/// What a piece is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Made {
    Letters,
    Digits,
}

/// Why a piece goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    Stays,
    /// It is, or may be, part of a name or a place.
    Name,
    /// It is part of a number, a date, an address in the net.
    Pattern,
}

/// A run of letters or of digits. Its text is `start..end` of the source, its folded form `from..to` of the folds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub start: usize,
    pub end: usize,
    pub from: usize,
    pub to: usize,
    /// Pieces with nothing between them share a word.
    pub word: usize,
    pub made: Made,
    pub class: Class,
    pub role: Role,
    pub fate: Fate,
    /// The first letter is upper case, or the script has no case.
    pub capital: bool,
    /// Every letter is upper case.
    pub upper: bool,
}

/// A text in pieces.
pub(super) struct Pieces<'a> {
    pub text: &'a str,
    /// The folded pieces, one after the other, nothing between them.
    pub folds: String,
    pub list: Vec<Piece>,
    /// The text has a lower case letter.
    pub mixed_case: bool,
    /// A word of two letters or more begins with a capital.
    pub capitals: bool,
}

impl<'a> Pieces<'a> {
    /// Cuts `text`.
    pub(super) fn new(text: &'a str) -> Self {
        let mut pieces = Self {
            text,
            folds: String::with_capacity(text.len() + 8),
            list: Vec::with_capacity(text.len() / 4 + 2),
            mixed_case: text.chars().any(char::is_lowercase),
            capitals: false,
        };
        let mut word = 0;
        let mut open: Option<(usize, Sort)> = None;
        for (at, c) in text.char_indices() {
            let sort = Sort::of(c);
            match open {
                Some((_, was)) if sort == Some(was) => {}
                Some((start, was)) => {
                    pieces.add(start, at, word, was);
                    open = sort.map(|s| (at, s));
                    if sort.is_none() {
                        word += 1;
                    }
                }
                None => open = sort.map(|s| (at, s)),
            }
        }
        if let Some((start, was)) = open {
            pieces.add(start, text.len(), word, was);
        }
        pieces.capitals = pieces
            .list
            .iter()
            .any(|p| p.made == Made::Letters && p.capital && p.to - p.from > 1);
        pieces
    }

    fn add(&mut self, start: usize, end: usize, word: usize, sort: Sort) {
        let Some(source) = self.text.get(start..end) else {
            return;
        };
        match sort {
            Sort::Digit => {
                self.push(start, end, word, Made::Digits);
            }
            Sort::Unspaced => self.add_unspaced(start, source, word),
            Sort::Letter => {
                let known = self.push(start, end, word, Made::Letters);
                if known {
                    return;
                }
                // AxialSmith: what no one knows as a whole may be words run together.
                let mut cuts: Vec<usize> = Vec::new();
                let mut lower = false;
                for (at, c) in source.char_indices() {
                    if lower && c.is_uppercase() {
                        cuts.push(at);
                    }
                    lower = c.is_lowercase();
                }
                if cuts.is_empty() {
                    return;
                }
                if let Some(whole) = self.list.pop() {
                    self.folds.truncate(whole.from);
                }
                let mut from = 0;
                cuts.push(source.len());
                for cut in cuts {
                    self.push(start + from, start + cut, word, Made::Letters);
                    from = cut;
                }
            }
        }
    }

    /// Longest known words first; a known single character counts only where the whole run is known.
    fn add_unspaced(&mut self, start: usize, source: &str, word: usize) {
        let mut cuts: Vec<(usize, usize, bool)> = Vec::new();
        let mut at = 0;
        while let Some(rest) = source.get(at..).filter(|r| !r.is_empty()) {
            let ends = rest.char_indices().map(|(i, c)| i + c.len_utf8()).take(8);
            let mut found = None;
            for end in ends {
                let mut folded = String::new();
                rest.get(..end)
                    .unwrap_or_default()
                    .chars()
                    .for_each(|c| fold::push(c, &mut folded));
                if words::entry(&folded).class == Class::Strong {
                    found = Some(end);
                }
            }
            let first = rest.chars().next().map_or(1, char::len_utf8);
            cuts.push((at, at + found.unwrap_or(first), found.is_some()));
            at += found.unwrap_or(first);
        }
        let whole = cuts.iter().all(|&(_, _, known)| known);
        let mut pending: Option<(usize, usize)> = None;
        for (from, to, known) in cuts {
            let single = source.get(from..to).is_some_and(|s| s.chars().count() == 1);
            if known && (whole || !single) {
                if let Some((a, b)) = pending.take() {
                    self.push_unknown(start + a, start + b, word);
                }
                self.push(start + from, start + to, word, Made::Letters);
            } else {
                pending = Some((pending.map_or(from, |(a, _)| a), to));
            }
        }
        if let Some((a, b)) = pending {
            self.push_unknown(start + a, start + b, word);
        }
    }

    fn push_unknown(&mut self, start: usize, end: usize, word: usize) {
        self.push(start, end, word, Made::Letters);
        if let Some(piece) = self.list.last_mut() {
            piece.class = Class::Unknown;
            piece.role = Role::None;
        }
    }

    /// Adds one piece; true if its word is known.
    fn push(&mut self, start: usize, end: usize, word: usize, made: Made) -> bool {
        let source = self.text.get(start..end).unwrap_or_default();
        let from = self.folds.len();
        for c in source.chars() {
            fold::push(c, &mut self.folds);
        }
        let to = self.folds.len();
        let folded = self.folds.get(from..to).unwrap_or_default();
        let (mut class, mut role) = (Class::Unknown, Role::None);
        if made == Made::Letters {
            let found = words::entry(folded);
            (class, role) = (found.class, found.role);
            if class == Class::Unknown {
                if folded.chars().count() <= 1 && !source.chars().any(fold::is_unspaced) {
                    class = Class::Single;
                } else if built::is_built_medically(folded) {
                    class = Class::Strong;
                }
            }
        }
        let capital = source.chars().next().is_some_and(|c| !c.is_lowercase());
        let upper = !source.chars().any(char::is_lowercase);
        self.list.push(Piece {
            start,
            end,
            from,
            to,
            word,
            made,
            class,
            role,
            fate: Fate::Stays,
            capital,
            upper,
        });
        class != Class::Unknown
    }

    /// The folded form of the piece at `index`; empty beyond the ends.
    pub(super) fn fold(&self, index: usize) -> &str {
        self.list
            .get(index)
            .map_or("", |p| self.folds.get(p.from..p.to).unwrap_or_default())
    }

    /// What stands between the piece at `index` and the next.
    pub(super) fn gap(&self, index: usize) -> &str {
        let Some(piece) = self.list.get(index) else {
            return "";
        };
        let next = self.list.get(index + 1).map_or(self.text.len(), |p| p.start);
        self.text.get(piece.end..next).unwrap_or_default()
    }

    /// The piece at `index`.
    pub(super) fn get(&self, index: usize) -> Option<&Piece> {
        self.list.get(index)
    }

    /// The value of a digit piece, if it is one and small.
    pub(super) fn value(&self, index: usize) -> Option<u64> {
        let piece = self
            .list
            .get(index)
            .filter(|p| p.made == Made::Digits && p.to - p.from <= 18)?;
        self.folds.get(piece.from..piece.to)?.parse().ok()
    }

    /// The number of digits of a digit piece; 0 for anything else.
    pub(super) fn digits(&self, index: usize) -> usize {
        self.list
            .get(index)
            .filter(|p| p.made == Made::Digits)
            .map_or(0, |p| p.to - p.from)
    }

    /// Marks the piece at `index` as going.
    pub(super) fn drop(&mut self, index: usize, why: Fate) {
        if let Some(piece) = self.list.get_mut(index).filter(|p| p.fate == Fate::Stays) {
            piece.fate = why;
        }
    }

    /// True if the piece stays so far.
    pub(super) fn stays(&self, index: usize) -> bool {
        self.list.get(index).is_some_and(|p| p.fate == Fate::Stays)
    }

    /// The gap before the piece at `index`; empty for the first.
    pub(super) fn gap_before(&self, index: usize) -> &str {
        index.checked_sub(1).map_or("", |i| self.gap(i))
    }

    /// The folded form of the piece before `index`; empty for the first.
    pub(super) fn fold_before(&self, index: usize) -> &str {
        index.checked_sub(1).map_or("", |i| self.fold(i))
    }

    /// A unit of measure follows the piece at `index`: not "US", "NM", "MS", which are modalities and names; not the
    /// "t" of "t1"; not what is merely counted (images, frames).
    pub(super) fn measured(&self, index: usize) -> bool {
        let unit = self.fold(index + 1);
        let gap = self.gap(index);
        if gap.trim_start().starts_with(['%', '°']) {
            return true;
        }
        let Some(piece) = self.get(index + 1) else {
            return false;
        };
        let modality = matches!(
            unit,
            "us" | "nm" | "ms" | "t" | "mt" | "ma" | "s" | "p" | "fr" | "sl"
        ) && piece.upper
            && !(self.glued(index) || (matches!(unit, "t" | "s") && gap == " " && self.digits(index) <= 2));
        let counted = matches!(
            unit,
            "image" | "images" | "frames" | "slice" | "slices" | "slc" | "x" | "k"
        );
        let coded = self.glued(index + 1)
            && self.digits(index + 2) > 0
            && !(matches!(unit, "mm" | "cm" | "m") && self.digits(index + 2) == 1);
        units::is_unit(unit) && gap.trim().is_empty() && !modality && !counted && !coded
    }

    /// True if the pieces at `index` and after it are one word.
    pub(super) fn glued(&self, index: usize) -> bool {
        matches!((self.list.get(index), self.list.get(index + 1)), (Some(a), Some(b)) if a.word == b.word)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Letter,
    Digit,
    Unspaced,
}

impl Sort {
    fn of(c: char) -> Option<Self> {
        if fold::digit(c).is_some() {
            Some(Self::Digit)
        } else if !fold::is_letter(c) {
            None
        } else if fold::is_unspaced(c) {
            Some(Self::Unspaced)
        } else {
            Some(Self::Letter)
        }
    }
}
