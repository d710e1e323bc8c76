//! Streets, towns, hospitals: what stands beside what, and goes with it.

use super::neighbours::has_capitals;
use super::pieces::{Fate, Made, Pieces};
use super::words::{Class};

/// 12 Elm Street, Suite 4; Hauptstrasse 5.
pub(super) fn street(pieces: &mut Pieces<'_>, at: usize) {
    let fold = pieces.fold(at).to_owned();
    let fold = fold.as_str();
    let sure = matches!(
        fold,
        "street"
            | "avenue"
            | "ave"
            | "road"
            | "rd"
            | "blvd"
            | "boulevard"
            | "lane"
            | "ln"
            | "drive"
            | "highway"
            | "hwy"
            | "parkway"
            | "pkwy"
            | "terrace"
            | "strasse"
            | "str"
            | "court"
            | "square"
    );
    let maybe = matches!(fold, "st" | "ct" | "dr" | "pl" | "way" | "place");
    if sure || maybe {
        let mut first = at;
        let mut named = false;
        while first > 0 && at - first < 4 && matches!(pieces.gap(first - 1), " " | ". ") {
            first -= 1;
            let Some(piece) = pieces.get(first) else { return };
            if piece.made == Made::Digits {
                break;
            }
            named |= if sure {
                piece.class != Class::Strong
                    || matches!(
                        pieces.fold(first),
                        "main" | "north" | "south" | "east" | "west" | "first" | "second" | "third"
                    )
            } else {
                piece.fate == Fate::Name || piece.class == Class::Weak
            };
        }
        if pieces.digits(first) > 0 && named {
            (first..=at).for_each(|i| pieces.drop(i, Fate::Name));
        }
    }
    let german = pieces.get(at).is_some_and(|p| p.fate == Fate::Name)
        && [
            "strasse", "str", "weg", "platz", "gasse", "allee", "straat", "laan",
        ]
        .iter()
        .any(|end| fold.ends_with(end));
    if german && pieces.digits(at + 1) > 0 && pieces.digits(at + 1) <= 4 {
        pieces.drop(at + 1, Fate::Pattern);
    }
    // Springfield, PA 62704
    let state = pieces
        .get(at)
        .is_some_and(|p| p.upper && p.to - p.from == 2 && p.made == Made::Letters)
        && at.checked_sub(1).is_some_and(|i| {
            pieces
                .get(i)
                .is_some_and(|p| p.fate == Fate::Name || p.class == Class::Weak)
                && pieces.gap(i).starts_with(',')
        });
    if state && (pieces.digits(at + 1) == 5 || at + 1 == pieces.list.len()) {
        pieces.drop(at, Fate::Name);
    }
}

/// The name of a hospital goes, whatever it is made of, back to the first medical word.
pub(super) fn place(pieces: &mut Pieces<'_>, at: usize) {
    let mut index = at;
    while let Some(before) = index.checked_sub(1) {
        let gap = pieces.gap(before);
        if gap.contains(['\n', ';', ',', ':', '(']) || at - before > 6 {
            return;
        }
        let Some(piece) = pieces.get(before).copied() else {
            return;
        };
        let fold = pieces.fold(before);
        let own_word = matches!(
            fold,
            "general"
                | "memorial"
                | "regional"
                | "university"
                | "children"
                | "childrens"
                | "community"
                | "medical"
                | "of"
                | "the"
                | "county"
                | "city"
                | "state"
                | "national"
                | "central"
                | "s"
                | "health"
                | "saint"
                | "st"
                | "and"
        );
        let name_like = piece.capital || !has_capitals(pieces);
        match piece.class {
            _ if piece.fate == Fate::Name => {}
            Class::Ambiguous if matches!(fold, "weeks" | "day" | "days" | "stone") => return,
            Class::Weak | Class::Ambiguous | Class::Eponym if name_like => pieces.drop(before, Fate::Name),
            Class::Plain if piece.capital && pieces.mixed_case => pieces.drop(before, Fate::Name),
            Class::Single => {}
            _ if own_word => {}
            _ => return,
        }
        index = before;
    }
}

/// New Springfield, 12 Elm: small words and numbers that belong to a place that went.
pub(super) fn beside_places(pieces: &mut Pieces<'_>) {
    for at in (0..pieces.list.len()).rev() {
        let next_gone = pieces
            .get(at + 1)
            .is_some_and(|p| p.fate == Fate::Name && p.made == Made::Letters)
            && pieces.gap(at) == " ";
        let Some(piece) = pieces.get(at).copied() else {
            continue;
        };
        if piece.fate != Fate::Stays || !(next_gone || pieces.digits(at) > 0) {
            continue;
        }
        let before = at.checked_sub(1).map_or("", |i| pieces.fold(i)).to_owned();
        let before = before.as_str();
        let part = matches!(
            pieces.fold(at),
            "new"
                | "port"
                | "lake"
                | "north"
                | "south"
                | "east"
                | "west"
                | "fort"
                | "mount"
                | "saint"
                | "los"
                | "las"
        );
        let house = pieces.digits(at) >= 3
            || (pieces.digits(at) >= 1 && matches!(before, "at" | "lives" | "address" | "in"));
        let lives = pieces.digits(at) > 0
            && before == "at"
            && at > 1
            && matches!(
                pieces.fold(at - 2),
                "lives" | "living" | "resides" | "residing" | "address"
            );
        if lives {
            pieces.drop(at, Fate::Name);
        }
        let alone = !pieces.glued(at)
            && at
                .checked_sub(1)
                .is_none_or(|i| !pieces.glued(i) && !matches!(pieces.gap(i), "." | "/" | "-"));
        if next_gone
            && ((part
                && piece.capital
                && (pieces.mixed_case || before == "at" || at > 0 && !pieces.stays(at - 1)))
                || (house && alone))
        {
            pieces.drop(at, Fate::Name);
        }
    }
}

/// Grant Hill MD.
pub(super) fn degree(pieces: &mut Pieces<'_>, at: usize) {
    for back in 1..=3 {
        let Some(before) = at.checked_sub(back) else {
            return;
        };
        if !matches!(pieces.gap(before), " " | ", " | ",") {
            return;
        }
        let Some(piece) = pieces.get(before).copied() else {
            return;
        };
        let name_like = piece.capital || !has_capitals(pieces);
        match piece.class {
            _ if piece.fate == Fate::Name => {}
            Class::Weak | Class::Eponym => pieces.drop(before, Fate::Name),
            Class::Ambiguous if name_like || back == 1 => pieces.drop(before, Fate::Name),
            Class::Single => {}
            _ => return,
        }
    }
}
