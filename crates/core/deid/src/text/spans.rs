//! What goes by its form alone: dates, times, telephone and social security numbers, UIDs, addresses in the net,
//! paths.

use super::Kind;
use super::pieces::{Fate, Made, Pieces};
use super::words::{self, Class, Role};

/// Marks every piece that is part of such a form.
pub(super) fn mark(pieces: &mut Pieces<'_>, kind: Kind) {
    net(pieces);
    for at in 0..pieces.list.len() {
        if pieces.get(at).is_some_and(|p| p.made == Made::Digits) {
            hardware(pieces, at);
            dotted(pieces, at, kind);
            chain(pieces, at);
            date(pieces, at, kind);
            time(pieces, at);
            old_age(pieces, at);
        }
        if pieces.digits(at) >= 12 && pieces.gap(at) == "." && pieces.digits(at + 1) > 0 {
            let zone = matches!(pieces.gap(at + 1), "+" | "-") && pieces.digits(at + 2) == 4;
            (at..=at + 1 + usize::from(zone)).for_each(|i| pieces.drop(i, Fate::Pattern));
        }
        if pieces.digits(at) >= 12 && matches!(pieces.gap(at), "+" | "-") && pieces.digits(at + 1) == 4 {
            (at..=at + 1).for_each(|i| pieces.drop(i, Fate::Pattern));
        }
        if pieces.get(at).is_some_and(|p| p.role == Role::Month) {
            month(pieces, at);
        }
    }
    weekday(pieces);
}

/// E-mail, URL, host name, path: the whole run between blanks, or as much of it as belongs.
fn net(pieces: &mut Pieces<'_>) {
    let text = pieces.text;
    let mut marks: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for run in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '<' | '>' | '|')) {
        let end = at + run.len();
        let bare = run.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '.' | ':'));
        let lower = || bare.to_ascii_lowercase();
        let is_net = (bare.len() >= 5 || bare.starts_with('@'))
            && (bare.contains("://")
                || bare.contains('@')
                || bare.get(..4).is_some_and(|w| w.eq_ignore_ascii_case("www."))
                || (bare.contains('.') && is_host(&lower()))
                || is_path(bare));
        if is_net {
            marks.push((at, end));
        }
        at = end
            + text
                .get(end..)
                .and_then(|r| r.chars().next())
                .map_or(0, char::len_utf8);
    }
    for (from, to) in marks {
        for index in 0..pieces.list.len() {
            if pieces.get(index).is_some_and(|p| p.start >= from && p.end <= to) {
                pieces.drop(index, Fate::Pattern);
            }
        }
    }
}

fn is_host(lower: &str) -> bool {
    let host = lower.split(['/', ':', '?']).next().unwrap_or_default();
    let mut parts = host.rsplit('.');
    let top = parts.next().unwrap_or_default();
    matches!(
        top,
        "com" | "org" | "net" | "edu" | "gov" | "mil" | "io" | "info" | "biz" | "de" | "fr" | "uk" | "local"
    ) && parts
        .next()
        .is_some_and(|p| p.len() >= 2 && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

fn is_path(run: &str) -> bool {
    let drive = run.get(1..3).is_some_and(|s| s == ":\\" || s == ":/");
    let rooted = (run.starts_with('/') || run.starts_with("~/")) && run.matches('/').count() >= 2;
    drive || rooted || run.starts_with("\\\\") || run.matches('\\').count() >= 2
}

/// MAC and IPv6 addresses: five or more groups of two to four hexadecimal digits with colons or hyphens.
fn hardware(pieces: &mut Pieces<'_>, at: usize) {
    let Some(piece) = pieces.get(at) else { return };
    let text = pieces.text;
    let start = text.get(..piece.start).map_or(0, |before| {
        before
            .rfind(|c: char| !(c.is_ascii_hexdigit() || c == ':' || c == '-'))
            .map_or(0, |i| {
                i + before
                    .get(i..)
                    .and_then(|r| r.chars().next())
                    .map_or(1, char::len_utf8)
            })
    });
    let rest = text.get(start..).unwrap_or_default();
    let run = rest
        .split_once(|c: char| !(c.is_ascii_hexdigit() || c == ':' || c == '-'))
        .map_or(rest, |(run, _)| run);
    for mark in [':', '-'] {
        let groups = run.split(mark).filter(|g| !g.is_empty()).count();
        let hex = run
            .split(mark)
            .filter(|g| !g.is_empty())
            .all(|g| g.len() <= 4 && g.bytes().all(|b| b.is_ascii_hexdigit()));
        if groups >= 6 && hex && run.matches(mark).count() >= 5 {
            let end = start + run.len();
            for index in 0..pieces.list.len() {
                if pieces
                    .get(index)
                    .is_some_and(|p| p.start >= start && p.end <= end)
                {
                    pieces.drop(index, Fate::Pattern);
                }
            }
        }
    }
}

/// UIDs and IP addresses: four or more numbers with dots, or three that begin as a UID. A label may hold a version of
/// four short parts ("10.6.1.0").
fn dotted(pieces: &mut Pieces<'_>, at: usize, kind: Kind) {
    if at > 0 && pieces.gap(at - 1) == "." && pieces.digits(at - 1) > 0 {
        return;
    }
    let mut end = at;
    let mut total = pieces.digits(at);
    while pieces.gap(end) == "." && pieces.digits(end + 1) > 0 {
        end += 1;
        total += pieces.digits(end);
    }
    let parts = end - at + 1;
    let root = (pieces.fold(at), pieces.fold(at + 1), pieces.fold(at + 2));
    let uid = matches!(
        root,
        ("1", "2", "840" | "276" | "826" | "392") | ("1", "3", "6" | "12")
    ) || (root.0 == "2" && root.1 == "25" && pieces.digits(at + 2) > 3);
    let version = kind == Kind::Label && parts == 4 && total <= 7 && pieces.value(at).is_none_or(|v| v < 10);
    let version = version
        || (kind == Kind::Label
            && parts == 4
            && total <= 11
            && (at..=end).any(|i| pieces.digits(i) > 1 && pieces.fold(i).starts_with('0')))
        || (kind == Kind::Label && parts == 4 && total <= 6 && pieces.fold(end) == "0");
    if parts >= 3 && (uid || (parts >= 4 && !version)) {
        (at..=end).for_each(|i| pieces.drop(i, Fate::Pattern));
    }
}

/// Telephone, social security and other numbers in groups.
fn chain(pieces: &mut Pieces<'_>, at: usize) {
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
    let unit = words::is_unit(pieces.fold(end + 1)) && pieces.gap(end).trim().is_empty();
    let goes = match groups {
        0 => false,
        1 => plus && total >= 7,
        _ if plus && total >= 7 => true,
        _ if unit => false,
        2 => {
            hyphens == 1
                && ((pieces.digits(at) == 3 && pieces.digits(end) == 4) || total >= 8)
                && !(gaps(&[" - "]) && total < 10)
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
            (hyphens >= 1 && total >= 7 && !gaps(&["."])) || spaced || pairs || dots
        }
    };
    if goes {
        (at..=end).for_each(|i| pieces.drop(i, Fate::Pattern));
    }
}

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
fn date(pieces: &mut Pieces<'_>, at: usize, kind: Kind) {
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
    let three = pieces.digits(at + 2) > 0 && link(&second);
    if three
        && ((is_year(pieces, at) && fits(pieces, at + 1, at + 2))
            || (is_year(pieces, at + 2) && fits(pieces, at, at + 1)))
    {
        (at..at + 3).for_each(|i| pieces.drop(i, Fate::Pattern));
        return;
    }
    let tight = first == second && matches!(first.as_str(), "-" | "/" | "." | "_");
    let padded = pieces.digits(at) == 2 && pieces.digits(at + 1) == 2;
    let decimal =
        first == "." && (kind != Kind::Prose || !padded) && !(padded && pieces.fold(at + 1).starts_with('0'));
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

/// A month's name with a day or a year on either side.
fn month(pieces: &mut Pieces<'_>, at: usize) {
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
        let next = pieces.fold(i + 1);
        (words::is_unit(next) || next == "d") && pieces.gap(i).trim().is_empty() && next != "t"
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
fn weekday(pieces: &mut Pieces<'_>) {
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

/// Times of day.
fn time(pieces: &mut Pieces<'_>, at: usize) {
    let small =
        |i: usize, max: u64| matches!(pieces.digits(i), 1 | 2) && pieces.value(i).is_some_and(|v| v <= max);
    let minutes = |i: usize| pieces.digits(i) == 2 && pieces.value(i).is_some_and(|v| v <= 59);
    let before = at.checked_sub(1).map_or("", |i| pieces.fold(i));
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
fn old_age(pieces: &mut Pieces<'_>, at: usize) {
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
    if before == Role::Age || (years && !after_pack) {
        pieces.drop(at, Fate::Pattern);
    }
}
