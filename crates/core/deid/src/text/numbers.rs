//! Numbers and technical codes: which cannot be an identifier.

use super::Kind;
use super::fold;
use super::pieces::{Fate, Made, Pieces};
use super::units;
use super::words::{self, Class};

/// Decides every word that holds a digit.
pub(super) fn mark(pieces: &mut Pieces<'_>, kind: Kind) {
    let mut first = 0;
    while first < pieces.list.len() {
        let mut last = first;
        while pieces.glued(last) {
            last += 1;
        }
        let has_digits = (first..=last).any(|i| pieces.digits(i) > 0);
        if has_digits && (first..=last).any(|i| pieces.stays(i)) {
            if first == last {
                if !bare_number(pieces, first, kind) {
                    pieces.drop(first, Fate::Pattern);
                }
            } else if !is_technical(pieces, first, last, kind) {
                take_apart(pieces, first, last);
            }
        }
        first = last + 1;
    }
}

/// A64-75732: what a hyphen joins to a number that went as an identifier goes too.
pub(super) fn joined(pieces: &mut Pieces<'_>) {
    for at in 0..pieces.list.len() {
        let id = |p: &Pieces<'_>, i: usize| p.digits(i) >= 5 && !p.stays(i);
        if pieces.gap(at) != "-" {
            continue;
        }
        let (left, right) = (id(pieces, at), id(pieces, at + 1));
        let code = |p: &Pieces<'_>, i: usize| p.digits(i) > 0 || p.get(i).is_some_and(|p| p.to - p.from <= 2);
        if right && code(pieces, at) {
            let mut first = at;
            while first.checked_sub(1).is_some_and(|i| pieces.glued(i)) {
                first -= 1;
            }
            (first..=at).for_each(|i| pieces.drop(i, Fate::Pattern));
        }
        if left && code(pieces, at + 1) {
            pieces.drop(at + 1, Fate::Pattern);
        }
    }
}

fn is_year(pieces: &Pieces<'_>, at: usize) -> bool {
    pieces.value(at).is_some_and(|v| (1900..=2099).contains(&v))
}

/// A number that stands alone: short, or with a unit.
fn bare_number(pieces: &Pieces<'_>, at: usize, kind: Kind) -> bool {
    let gap = pieces.gap(at);
    let unit =
        units::is_unit(pieces.fold(at + 1)) && gap.trim().is_empty() || gap.trim_start().starts_with('%');
    let before = at.checked_sub(1).map_or("", |i| pieces.fold(i));
    let gap_before = at.checked_sub(1).map_or("", |i| pieces.gap(i));
    let fraction = gap_before == "." && at > 1 && pieces.digits(at - 1) > 0;
    match pieces.digits(at) {
        0..=3 => true,
        4 if !is_year(pieces, at) => true,
        4 => {
            let technical = matches!(
                before,
                "jpeg"
                    | "b"
                    | "tr"
                    | "te"
                    | "ti"
                    | "ww"
                    | "wl"
                    | "window"
                    | "fov"
                    | "matrix"
                    | "factor"
                    | "ratio"
                    | "value"
                    | "intellispace"
                    | "millennium"
            );
            unit || fraction
                || technical
                || gap.starts_with(":1")
                || gap.trim() == "x"
                || (gap == ":" && pieces.fold(at + 1) == "1")
        }
        5 => pieces.measured(at) || fraction || (kind == Kind::Term && before.is_empty()),
        6..=8 => fraction,
        _ => false,
    }
}

/// A code such as T1W, ep2d, B30f, 120kV, 512x512.
fn is_technical(pieces: &Pieces<'_>, first: usize, last: usize, kind: Kind) -> bool {
    if (first..=last).any(|i| !pieces.stays(i)) {
        return false;
    }
    let whole = (pieces.get(first), pieces.get(last));
    if let (Some(a), Some(z)) = whole
        && let Some(folded) = pieces.folds.get(a.from..z.to)
        && words::entry(folded).class == Class::Strong
    {
        return true;
    }
    if kind == Kind::Prose && is_plate(pieces, first, last) {
        return false;
    }
    let label = kind == Kind::Label;
    let (mut total, mut longest, mut singles, mut all_x) = (0, 0, 0, true);
    for at in first..=last {
        let Some(piece) = pieces.get(at) else { return false };
        let fold = pieces.fold(at);
        if piece.made == Made::Digits {
            total += pieces.digits(at);
            let after = if at < last { pieces.fold(at + 1) } else { "" };
            let before = if at > first { pieces.fold(at - 1) } else { "" };
            // 2000mm, 1024x1024, and 4000 HU with a blank.
            let times = after != "x" || pieces.digits(at + 2) > 0 || pieces.digits(at) < 4;
            let unit = (units::is_unit(after) && times)
                || (before == "x" && at > first + 1)
                || (at == last && units::is_unit(pieces.fold(at + 1)) && pieces.gap(at) == " ");
            let acquired = matches!(
                before,
                "b" | "tr" | "te" | "ti" | "fov" | "ww" | "wl" | "jpeg" | "sd"
            );
            if !unit {
                longest = longest.max(pieces.digits(at));
            }
            let fits = match pieces.digits(at) {
                0..=3 => true,
                4 => {
                    unit || acquired
                        || (label && (!is_year(pieces, at) || !after.is_empty()))
                        || (kind == Kind::Term && !is_year(pieces, at))
                }
                5 => unit,
                _ => false,
            };
            if !fits {
                return false;
            }
            continue;
        }
        all_x &= fold == "x";
        let ordinal = matches!(fold, "st" | "nd" | "rd" | "th") && at == last;
        let length = fold.chars().count();
        let fits = match piece.class {
            Class::Strong | Class::Plain | Class::Single => true,
            Class::Ambiguous | Class::Eponym => piece.to - piece.from <= 4 || units::is_unit(fold),
            Class::Weak | Class::Unknown => {
                units::is_unit(fold) || ordinal || (length <= 3 && kind != Kind::Prose)
            }
        };
        if !fits {
            return false;
        }
        singles += usize::from(piece.class == Class::Single);
    }
    all_x
        || (total <= 5 || longest == 0)
            && (label || singles < 3 || total < 3)
            && !is_hexadecimal(pieces, first, last, kind)
}

/// A commit or hash: eight or more hexadecimal digits with several changes between letters and digits.
fn is_hexadecimal(pieces: &Pieces<'_>, first: usize, last: usize, kind: Kind) -> bool {
    let (Some(a), Some(z)) = (pieces.get(first), pieces.get(last)) else {
        return false;
    };
    let folded = pieces.folds.get(a.from..z.to).unwrap_or_default();
    folded.len() >= if kind == Kind::Label { 10 } else { 8 }
        && last - first >= 4
        && folded.bytes().all(|b| b.is_ascii_hexdigit())
}

/// No code as a whole: words that we know stay, with short numbers beside them.
fn take_apart(pieces: &mut Pieces<'_>, first: usize, last: usize) {
    let known = |pieces: &Pieces<'_>, at: usize| {
        pieces.stays(at)
            && pieces
                .get(at)
                .is_some_and(|p| matches!(p.class, Class::Strong | Class::Plain) && p.made == Made::Letters)
            && (pieces.fold(at).chars().count() >= 3
                || pieces.fold(at).chars().any(fold::is_unspaced)
                || pieces.fold(at).len() == 2 && last - first == 1)
    };
    let keep: Vec<bool> = (first..=last)
        .map(|at| {
            if pieces.digits(at) > 0 {
                let beside = (at > first && known(pieces, at - 1)) || (at < last && known(pieces, at + 1));
                pieces.digits(at) <= 3 && beside
            } else {
                known(pieces, at)
            }
        })
        .collect();
    for (at, keep) in (first..=last).zip(keep) {
        if !keep {
            let why = if pieces.digits(at) > 0 {
                Fate::Pattern
            } else {
                Fate::Name
            };
            pieces.drop(at, why);
        }
    }
}

/// 3KI18, 5E530: digits, letters, digits, as plates of cars and wards have them, and no unit or count between.
fn is_plate(pieces: &Pieces<'_>, first: usize, last: usize) -> bool {
    let middle = pieces.fold(first + 1);
    last == first + 2
        && pieces.digits(first) > 0
        && pieces.digits(last) > 0
        && pieces.digits(first) + pieces.digits(last) >= 3
        && (1..=2).contains(&middle.chars().count())
        && !units::is_unit(middle)
        && !matches!(middle, "d" | "e" | "v" | "ch")
        && !(middle == "b" && pieces.digits(last) >= 2)
        || (last == first + 2 && middle == "e" && pieces.digits(last) >= 3)
}

/// B21 9DZ, MGF 478: the other half of a code that went. Digits and short codes beside a short unknown word in
/// capitals go with it.
pub(super) fn halves(pieces: &mut Pieces<'_>) {
    let mut goes: Vec<(usize, usize)> = Vec::new();
    let mut before: Option<(usize, usize)> = None;
    let mut first = 0;
    while first < pieces.list.len() {
        let mut last = first;
        while pieces.glued(last) {
            last += 1;
        }
        if is_half(pieces, first, last) {
            let mixed = last > first;
            if let Some((a, z)) =
                before.filter(|&(_, z)| pieces.gap(z) == "-" || (mixed && pieces.gap(z) == " "))
                && is_other_half(pieces, a, z)
            {
                goes.push((a, z));
            }
            if matches!(pieces.gap(last), " " | "-") {
                let a = last + 1;
                let mut z = a;
                while pieces.glued(z) {
                    z += 1;
                }
                if is_other_half(pieces, a, z) && !pieces.measured(z) {
                    goes.push((a, z));
                }
            }
        }
        before = Some((first, last));
        first = last + 1;
    }
    for (a, z) in goes {
        (a..=z).for_each(|i| pieces.drop(i, Fate::Pattern));
    }
}

fn is_half(pieces: &Pieces<'_>, first: usize, last: usize) -> bool {
    (first..=last).any(|i| {
        pieces.get(i).is_some_and(|p| {
            p.made == Made::Letters
                && p.class == Class::Unknown
                && p.fate == Fate::Name
                && p.upper
                && (1..=4).contains(&(p.to - p.from))
        })
    })
}

fn is_other_half(pieces: &Pieces<'_>, first: usize, last: usize) -> bool {
    let digits: usize = (first..=last).map(|i| pieces.digits(i)).sum();
    let letters = last - first + 1 > 1;
    let short = (first..=last).all(|i| {
        pieces.digits(i) > 0
            || pieces
                .get(i)
                .is_some_and(|p| p.upper && p.to - p.from <= 2 && p.class != Class::Unknown)
    });
    short && (digits >= 3 || (letters && digits >= 1 && last - first <= 1))
}
