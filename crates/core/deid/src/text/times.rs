//! Times of day, and ages above 89.

use super::pieces::{Fate, Pieces};
use super::words::Role;

/// Times of day.
pub(super) fn time(pieces: &mut Pieces<'_>, at: usize) {
    let small =
        |i: usize, max: u64| matches!(pieces.digits(i), 1 | 2) && pieces.value(i).is_some_and(|v| v <= max);
    let minutes = |i: usize| pieces.digits(i) == 2 && pieces.value(i).is_some_and(|v| v <= 59);
    let before = pieces.fold_before(at);
    // The rest of a time that went.
    if pieces.gap_before(at) == ":"
        && at
            .checked_sub(1)
            .is_some_and(|i| pieces.digits(i) > 0 && !pieces.stays(i))
    {
        return;
    }
    if pieces.gap(at) == ":" && small(at, 24) && minutes(at + 1) && !matches!(before, "ratio" | "compression")
    {
        let mut end = at + 1;
        while matches!(pieces.gap(end), ":" | "." | ",") && pieces.digits(end + 1) > 0 {
            end += 1;
        }
        if matches!(
            pieces.fold(end + 1),
            "am" | "pm" | "h" | "hrs" | "uhr" | "hours" | "z"
        ) && pieces.gap(end).len() <= 1
        {
            end += 1;
        } else if matches!(pieces.fold(end + 1), "a" | "p")
            && pieces.fold(end + 2) == "m"
            && pieces.gap(end + 1) == "."
        {
            end += 2;
        }
        (at..=end).for_each(|i| pieces.drop(i, Fate::Pattern));
        return;
    }
    let next = pieces.fold(at + 1);
    let beside = pieces.gap(at).trim().is_empty() && pieces.gap(at).len() <= 1;
    if beside && small(at, 12) && matches!(next, "am" | "pm" | "uhr") {
        pieces.drop(at, Fate::Pattern);
        pieces.drop(at + 1, Fate::Pattern);
    } else if small(at, 24) && pieces.glued(at) && next == "h" && pieces.glued(at + 1) && minutes(at + 2) {
        (at..at + 3).for_each(|i| pieces.drop(i, Fate::Pattern));
    } else if pieces.digits(at) == 4 && pieces.value(at).is_some_and(|v| v < 2400 && v % 100 < 60) {
        let hours = beside && matches!(next, "h" | "hrs" | "hr" | "hours" | "uhr");
        if hours || before == "at" {
            pieces.drop(at, Fate::Pattern);
            if hours {
                pieces.drop(at + 1, Fate::Pattern);
            }
        }
    }
}

/// Ages above 89 (PS3.15 E.3.6 follows HIPAA 164.514(b)(2)(i)(C) here).
pub(super) fn old_age(pieces: &mut Pieces<'_>, at: usize) {
    if !pieces.value(at).is_some_and(|v| (90..=130).contains(&v)) || pieces.digits(at) > 3 {
        return;
    }
    let next = pieces.fold(at + 1);
    let beside = pieces.gap(at).chars().all(|c| matches!(c, ' ' | '-')) && pieces.gap(at).len() <= 1;
    let years = matches!(
        next,
        "y" | "yo"
            | "yr"
            | "yrs"
            | "year"
            | "years"
            | "jahre"
            | "jahrige"
            | "jahriger"
            | "ans"
            | "anos"
            | "anni"
            | "jaar"
            | "f"
            | "m"
    ) && beside
        && (!matches!(next, "f" | "m") || pieces.glued(at));
    let after_pack = pieces.fold(at + 2) == "pack";
    let before = at
        .checked_sub(1)
        .and_then(|i| pieces.get(i))
        .map_or(Role::None, |p| p.role);
    // y.o. 96, y/o 96
    let abbreviated = pieces.fold_before(at) == "yo"
        || (pieces.fold_before(at) == "o"
            && at >= 2
            && pieces.fold(at - 2) == "y"
            && matches!(pieces.gap(at - 2), "." | "/" | ". "));
    // 99mTc is no man of 99.
    let technetium = pieces.fold_before(at) == "tc" || (next == "m" && pieces.fold(at + 2) == "tc");
    let years = years && !technetium;
    if before == Role::Age || abbreviated || (years && !after_pack) {
        pieces.drop(at, Fate::Pattern);
    }
}
