//! Telephone, social security and other numbers in groups.

use super::pieces::{Fate, Pieces};
use super::units;
use super::words::Class;

/// Telephone, social security and other numbers in groups.
pub(super) fn chain(pieces: &mut Pieces<'_>, at: usize) {
    let joins = |gap: &str| {
        matches!(
            gap,
            "-" | "."
                | " "
                | ") "
                | ")"
                | ")-"
                | "/"
                | " ("
                | "("
                | " - "
                | "\u{2010}"
                | "\u{2011}"
                | "\u{2013}"
        )
    };
    // A blank joins numbers only where neither is part of a code: not "p2 555-1234", not "1997 2d".
    let linked = |i: usize| {
        let code = pieces.glued(i + 1)
            || i.checked_sub(1)
                .is_some_and(|b| pieces.glued(b) || pieces.gap(b) == ":");
        // 1.25 before a date is a measure, and no beginning of a number.
        let fraction = i
            .checked_sub(1)
            .is_some_and(|b| pieces.gap(b) == "." && pieces.digits(b) > 0);
        let code = code || fraction;
        let (a, b) = (pieces.digits(i), pieces.digits(i + 1));
        let code = code || (pieces.gap(i) == " " && !((a >= 2 && b >= 3) || (a == 2 && b == 2)));
        pieces.digits(i) > 0
            && pieces.digits(i + 1) > 0
            && joins(pieces.gap(i))
            && !(code && pieces.gap(i).contains(' '))
    };
    if at > 0 && linked(at - 1) {
        return;
    }
    let mut end = at;
    while linked(end) {
        end += 1;
    }
    let before = pieces
        .get(at)
        .and_then(|p| pieces.text.get(..p.start))
        .unwrap_or_default();
    let plus = before.ends_with('+') || before.ends_with("+(");
    let total: usize = (at..=end).map(|i| pieces.digits(i)).sum();
    let groups = end - at + 1;
    let gaps = |what: &[&str]| (at..end).any(|i| what.contains(&pieces.gap(i)));
    let hyphens = (at..end)
        .filter(|&i| matches!(pieces.gap(i), "-" | "\u{2010}" | "\u{2011}" | ")" | ") " | ")-"))
        .count();
    let extended = extension(pieces, end);
    let unit = extended.is_none()
        && (pieces.measured(end)
            || (groups == 2 && units::is_unit(pieces.fold(end + 1)) && pieces.gap(end) == " "));
    let goes = match groups {
        0 => false,
        1 => plus && total >= 7,
        _ if plus && total >= 7 => true,
        _ if unit => false,
        2 => {
            let local = pieces.digits(at) == 3 && pieces.digits(end) == 4;
            (hyphens == 1
                && (local || (total >= 6 && !is_setting(pieces.fold_before(at))))
                && !is_range_of_years(pieces, at)
                && !(gaps(&[" - "]) && total < 10))
                || (local && pieces.gap(at) == " " && !is_setting(pieces.fold_before(at)))
        }
        _ => {
            let long_last = pieces.digits(end) >= 4 && total >= 9 && (at..end).all(|i| pieces.digits(i) <= 4);
            let spaced = gaps(&[" "])
                && (at..=end).all(|i| pieces.digits(i) >= 2)
                && total >= 9
                && long_last
                && (at..=end).all(|i| pieces.value(i).is_none_or(|v| v % 50 != 0));
            let pairs =
                groups == 5 && (at..=end).all(|i| pieces.digits(i) == 2) && pieces.fold(at).starts_with('0');
            let dots = (at..end).all(|i| pieces.gap(i) == ".") && total >= 9;
            (hyphens >= 1 && (total >= 7 || (total >= 6 && !gaps(&["/", " ", " - "]))) && !gaps(&["."]))
                || spaced
                || pairs
                || dots
        }
    };
    if goes {
        // The letter of Y-6153-44 is part of the number.
        if pieces.gap_before(at) == "-"
            && let Some(letter) = at
                .checked_sub(1)
                .filter(|&i| pieces.get(i).is_some_and(|p| p.class == Class::Single) && !pieces.glued(i))
        {
            pieces.drop(letter, Fate::Pattern);
        }
        (at..=extended.unwrap_or(end)).for_each(|i| pieces.drop(i, Fate::Pattern));
    }
}

/// The last piece of a telephone number's extension ("x020", "ext. 12") after the piece at `end`.
fn extension(pieces: &Pieces<'_>, end: usize) -> Option<usize> {
    let word = pieces.fold(end + 1);
    let close = matches!(pieces.gap(end), "" | " " | ", " | "-")
        && matches!(pieces.gap(end + 1), "" | " " | "." | ". " | ": ");
    let long = matches!(word, "ext" | "extn" | "extension");
    let short = word == "x" && (pieces.digits(end) >= 4 || pieces.digits(end + 2) >= 4);
    (close && (long || short) && pieces.digits(end + 2) > 0).then_some(end + 2)
}

/// 2019-2020: what is no identifier, and a date to be judged elsewhere.
fn is_range_of_years(pieces: &Pieces<'_>, at: usize) -> bool {
    let year =
        |i: usize| pieces.digits(i) == 4 && pieces.value(i).is_some_and(|v| (1900..=2099).contains(&v));
    year(at) && !year(at + 1) && pieces.digits(at + 1) <= 2
}

/// Words that settings of the scanner follow, which may look like numbers in groups.
fn is_setting(word: &str) -> bool {
    matches!(
        word,
        "window" | "ww" | "wl" | "level" | "width" | "matrix" | "fov" | "b" | "tr" | "te" | "ti" | "size"
    )
}

/// 184 04 6241: three, two and four digits, whatever stands before.
pub(super) fn social(pieces: &mut Pieces<'_>, at: usize) {
    let joins = |gap: &str| matches!(gap, " " | "-" | "." | "_" | "/" | " - " | "\u{2013}" | "\u{2011}");
    if pieces.digits(at) == 3
        && pieces.digits(at + 1) == 2
        && pieces.digits(at + 2) == 4
        && joins(pieces.gap(at))
        && joins(pieces.gap(at + 1))
        && !pieces.measured(at + 2)
        && !is_setting(pieces.fold_before(at))
    {
        (at..at + 3).for_each(|i| pieces.drop(i, Fate::Pattern));
    }
}
