//! Dates, in numbers and with the names of months and days.

use super::Kind;
use super::pieces::{Fate, Made, Pieces};
use super::words::{Class, Role};

fn is_year(pieces: &Pieces<'_>, at: usize) -> bool {
    pieces.digits(at) == 4 && pieces.value(at).is_some_and(|v| (1900..=2099).contains(&v))
}

fn is_day(pieces: &Pieces<'_>, at: usize) -> bool {
    matches!(pieces.digits(at), 1 | 2) && pieces.value(at).is_some_and(|v| (1..=31).contains(&v))
}

fn fits(pieces: &Pieces<'_>, a: usize, b: usize) -> bool {
    is_day(pieces, a)
        && is_day(pieces, b)
        && (pieces.value(a).is_some_and(|v| v <= 12) || pieces.value(b).is_some_and(|v| v <= 12))
}

/// Dates in numbers.
pub(super) fn date(pieces: &mut Pieces<'_>, at: usize, kind: Kind) {
    let (first, second) = (pieces.gap(at).to_owned(), pieces.gap(at + 1).to_owned());
    let link = |gap: &str| {
        matches!(
            gap,
            "-" | "/"
                | "."
                | "_"
                | " "
                | ". "
                | " / "
                | " - "
                | "\u{2010}"
                | "\u{2011}"
                | "\u{2013}"
                | "年"
                | "月"
        )
    };
    if pieces.digits(at + 1) == 0 || !link(&first) {
        return;
    }
    // The year behind a blank may begin a date of its own: 1.25 2019-03-04.
    let another = second == " "
        && first != " "
        && matches!(pieces.gap(at + 2), "-" | "/" | ".")
        && pieces.digits(at + 3) > 0;
    let three = pieces.digits(at + 2) > 0 && link(&second) && !another;
    if three
        && ((is_year(pieces, at) && fits(pieces, at + 1, at + 2))
            || (is_year(pieces, at + 2) && fits(pieces, at, at + 1)))
    {
        (at..at + 3).for_each(|i| pieces.drop(i, Fate::Pattern));
        return;
    }
    let tight = first == second && matches!(first.as_str(), "-" | "/" | "." | "_");
    let padded = pieces.digits(at) == 2 && pieces.digits(at + 1) == 2;
    let decimal = first == "."
        && (kind != Kind::Prose || !(padded || is_dotted_date(pieces, at)))
        && !(padded && pieces.fold(at + 1).starts_with('0'));
    if three
        && tight
        && pieces.digits(at + 2) == 2
        && fits(pieces, at, at + 1)
        && !decimal
        && (first != "_" || padded)
    {
        (at..at + 3).for_each(|i| pieces.drop(i, Fate::Pattern));
        return;
    }
    // 2019-03-04 begins with a two-digit year too: 19-03-04.
    if three
        && tight
        && padded
        && pieces.digits(at + 2) == 2
        && fits(pieces, at + 1, at + 2)
        && !decimal
        && first != "_"
    {
        (at..at + 3).for_each(|i| pieces.drop(i, Fate::Pattern));
        return;
    }
    let pair = matches!(first.as_str(), "-" | "/" | "." | " / ");
    if pair
        && ((is_year(pieces, at + 1) && is_day(pieces, at))
            || (is_year(pieces, at) && is_day(pieces, at + 1)))
    {
        let ratio = first == "/" && pieces.value(at + 1).is_some_and(|v| v < 1);
        if !ratio {
            pieces.drop(at, Fate::Pattern);
            pieces.drop(at + 1, Fate::Pattern);
        }
        return;
    }
    let before = at
        .checked_sub(1)
        .and_then(|i| pieces.get(i))
        .map_or(Role::None, |p| p.role);
    if first == "/" && !three && fits(pieces, at, at + 1) && (before == Role::On || before == Role::Id) {
        pieces.drop(at, Fate::Pattern);
        pieces.drop(at + 1, Fate::Pattern);
    }
}

/// 17.3.19: day, month, and a year of two digits, which is no version of three parts.
fn is_dotted_date(pieces: &Pieces<'_>, at: usize) -> bool {
    is_day(pieces, at)
        && pieces.value(at).is_some_and(|v| v > 9)
        && pieces.value(at + 1).is_some_and(|v| (1..=12).contains(&v))
        && pieces.digits(at + 2) == 2
        && pieces.gap(at + 2) != "."
        && !pieces.glued(at + 2)
        && pieces.gap_before(at) != "."
        && !at.checked_sub(1).is_some_and(|i| pieces.glued(i))
}

/// 03-19, 11/23: day and month without a year, where no range and no level can be meant.
pub(super) fn short_date(pieces: &mut Pieces<'_>, at: usize, kind: Kind) {
    let gap = pieces.gap(at);
    if kind != Kind::Prose
        || !matches!(gap, "-" | "/")
        || pieces.digits(at) != 2
        || pieces.digits(at + 1) != 2
        || !fits(pieces, at, at + 1)
        || (pieces.digits(at + 2) > 0 && pieces.gap(at + 1) == gap)
    {
        return;
    }
    let glued = pieces.glued(at + 1) || at.checked_sub(1).is_some_and(|i| pieces.glued(i));
    let joined = at
        .checked_sub(1)
        .is_some_and(|i| pieces.digits(i) > 0 && matches!(pieces.gap(i), "-" | "/" | "." | ":" | "x"))
        || (pieces.digits(at + 2) > 0 && matches!(pieces.gap(at + 1), "." | ":"));
    let after = pieces.fold(at + 2);
    let counted = matches!(pieces.gap(at + 1), " " | "-")
        && matches!(
            after,
            "week"
                | "weeks"
                | "wk"
                | "wks"
                | "day"
                | "days"
                | "d"
                | "month"
                | "months"
                | "mo"
                | "year"
                | "years"
                | "yr"
                | "yrs"
                | "y"
                | "yo"
                | "hour"
                | "hours"
                | "hr"
                | "hrs"
                | "h"
                | "minutes"
                | "ribs"
                | "rib"
                | "views"
                | "images"
                | "image"
                | "slices"
                | "frames"
                | "times"
                | "x"
                | "o"
                | "th"
                | "system"
                | "electrodes"
                | "segments"
                | "phases"
                | "leads"
                | "beats"
                | "points"
                | "lesions"
                | "nodules"
        )
        && !pieces.get(at + 2).is_some_and(|p| p.capital && pieces.mixed_case);
    let level = matches!(
        pieces.fold_before(at),
        "grade"
            | "score"
            | "scores"
            | "level"
            | "levels"
            | "slice"
            | "slices"
            | "series"
            | "ratio"
            | "image"
            | "images"
            | "stage"
            | "type"
            | "ribs"
            | "rib"
            | "segment"
            | "segments"
            | "phase"
            | "phases"
            | "tooth"
            | "teeth"
            | "frame"
            | "frames"
            | "leads"
            | "lead"
            | "channel"
            | "channels"
            | "station"
            | "stations"
            | "bp"
            | "vision"
            | "acuity"
            | "between"
            | "pain"
            | "scale"
            | "se"
            | "im"
    );
    let level = level && !pieces.gap_before(at).contains([':', '(']);
    // T 10-12: vertebrae, from above to below.
    let level = level
        || (!pieces.fold(at).starts_with('0')
            && pieces.value(at) < pieces.value(at + 1)
            && pieces.gap_before(at) == " "
            && matches!(pieces.fold_before(at), "t" | "th" | "l" | "c" | "s"));
    if !glued && !joined && !counted && !level && !pieces.measured(at + 1) {
        pieces.drop(at, Fate::Pattern);
        pieces.drop(at + 1, Fate::Pattern);
    }
}

/// A month's name with a day or a year on either side.
pub(super) fn month(pieces: &mut Pieces<'_>, at: usize) {
    let link = |gap: &str| {
        gap.chars().count() <= 3
            && gap
                .chars()
                .all(|c| matches!(c, ' ' | '-' | '/' | '.' | ',' | '_' | '\'' | '\u{2013}'))
    };
    let short_link = |gap: &str| {
        matches!(
            gap,
            "" | " " | "-" | "_" | "." | ". " | "/" | ", " | "," | " '" | "'"
        )
    };
    let unit_after = |pieces: &Pieces<'_>, i: usize| {
        pieces.measured(i) || (pieces.fold(i + 1) == "d" && pieces.gap(i).trim().is_empty())
    };
    let suffix = |pieces: &Pieces<'_>, i: usize| {
        matches!(
            pieces.fold(i),
            "st" | "nd" | "rd" | "th" | "er" | "de" | "of" | "e"
        ) && i > 0
    };
    let mut hit = false;
    let (mut low, mut high) = (at, at);
    // 4 March, 4th of March, 2019 March
    let mut left = at;
    while left > 0 && suffix(pieces, left - 1) && link(pieces.gap(left - 1)) {
        left -= 1;
    }
    if left > 0 && link(pieces.gap(left - 1)) && (is_day(pieces, left - 1) || is_year(pieces, left - 1)) {
        let ratio = left > 1
            && (matches!(pieces.gap(left - 2), ":" | ".") || pieces.glued(left - 2))
            && pieces.gap(left - 1) == " ";
        let ratio = ratio || (is_day(pieces, at + 1) && is_year(pieces, at + 2));
        let day = is_day(pieces, left - 1) && !ratio;
        let glued_code = pieces.glued(at) && pieces.get(at + 1).is_some_and(|p| p.made == Made::Letters);
        if (pieces.gap(left - 1).len() <= 2 || day) && !glued_code && !ratio {
            hit = true;
            low = left - 1;
        }
    }
    // March 4, March 2019, Mar-04-2019
    let mut right = at;
    while right < at + 3
        && suffix(pieces, right + 1)
        && link(pieces.gap(right))
        && pieces.fold(right + 1) == "de"
    {
        right += 1;
    }
    if short_link(pieces.gap(right)) && !unit_after(pieces, right + 1) {
        let next = right + 1;
        let short_year = pieces.digits(next) == 2 && hit;
        if is_day(pieces, next) || is_year(pieces, next) || short_year {
            let technical = pieces.fold(at) == "oct" && pieces.glued(at);
            if !technical {
                hit = true;
                high = next;
            }
        }
    }
    if !hit {
        return;
    }
    // The rest: "th", then the year.
    loop {
        let next = high + 1;
        if pieces.glued(high) && matches!(pieces.fold(next), "st" | "nd" | "rd" | "th")
            || (link(pieces.gap(high))
                && (is_year(pieces, next)
                    || (pieces.digits(next) == 2 && pieces.gap(high).contains(['\'', '-', '/', '.']))))
            || (matches!(pieces.fold(next), "de" | "del") && is_year(pieces, next + 1))
        {
            high = next;
        } else {
            break;
        }
    }
    while low > 0
        && link(pieces.gap(low - 1))
        && !pieces.gap(low - 1).contains(' ')
        && is_year(pieces, low - 1)
    {
        low -= 1;
    }
    (low..=high).for_each(|i| pieces.drop(i, Fate::Pattern));
}

/// A weekday beside a part of a date.
pub(super) fn weekday(pieces: &mut Pieces<'_>) {
    for at in 0..pieces.list.len() {
        if pieces.get(at).is_none_or(|p| p.role != Role::Weekday) {
            continue;
        }
        let gone = |i: usize| pieces.get(i).is_some_and(|p| p.fate == Fate::Pattern);
        let word = pieces.fold(at).len() >= 5;
        let beside = gone(at + 1) || at.checked_sub(1).is_some_and(gone);
        if beside || (word && pieces.get(at).is_some_and(|p| p.class != Class::Strong)) {
            pieces.drop(at, Fate::Pattern);
        }
    }
}
