//! Streets, towns, hospitals: what stands beside what, and goes with it.

use super::neighbours::has_capitals;
use super::pieces::{Fate, Made, Pieces};
use super::words::Class;

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
    // New Tim, CA 09928
    let town = at.checked_sub(1).filter(|&i| {
        pieces.digits(at + 1) == 5
            && pieces.gap(at) == " "
            && pieces.gap(i) == ", "
            && pieces
                .get(i)
                .is_some_and(|p| p.capital && p.class == Class::Ambiguous)
            && pieces.get(at).is_some_and(|p| p.upper && p.to - p.from == 2)
    });
    if let Some(town) = town {
        pieces.drop(town, Fate::Name);
    }
    if (state || town.is_some()) && (pieces.digits(at + 1) == 5 || at + 1 == pieces.list.len()) {
        pieces.drop(at, Fate::Name);
    }
}

/// What streets are called in addresses, medical words among them.
const STREETS: &str = "alley arcade bay bayou beach bend bluff bluffs bottom branch bridge brook brooks burg burgs bypass camp \
    canyon cape causeway center centers circle circles cliff cliffs club common commons corner corners course courts \
    cove coves creek crescent crest crossing crossroad crossroads curve dale dam divide drives estate estates \
    expressway extension extensions fall falls ferry field fields flat flats ford fords forest forge forges fork forks \
    fort freeway garden gardens gateway glen glens green greens grove groves harbor harbors haven heights hill hills \
    hollow inlet island islands isle junction junctions key keys knoll knolls lake lakes land landing light lights loaf \
    lock locks lodge loop mall manor manors meadow meadows mews mill mills mission motorway mount mountain mountains \
    neck orchard oval overpass park parks parkways pass passage path pike pine pines place plain plains plaza point \
    points port ports prairie radial ramp ranch rapid rapids rest ridge ridges river roads route row rue run shoal \
    shoals shore shores skyway spring springs spur spurs squares station stravenue stream streets summit throughway \
    trace track trafficway trail trailer tunnel turnpike underpass union unions valley valleys via viaduct view views \
    village villages ville vista walk walks wall way ways well wells";

/// 912 Benjamin Port, 9546 Robert Neck: a house number, a name, and what its street is called.
pub(super) fn address(pieces: &mut Pieces<'_>, at: usize) {
    if !(3..=5).contains(&pieces.digits(at)) || pieces.glued(at) || pieces.measured(at) {
        return;
    }
    let capital = |i: usize| {
        pieces
            .get(i)
            .is_some_and(|p| p.capital && p.made == Made::Letters)
    };
    let named = pieces.get(at + 1).is_some_and(|p| {
        !p.upper
            && (p.fate == Fate::Name
                || matches!(
                    p.class,
                    Class::Unknown | Class::Weak | Class::Eponym | Class::Ambiguous
                ))
    });
    let street = STREETS.split_whitespace().any(|s| s == pieces.fold(at + 2));
    if pieces.gap(at) == " "
        && pieces.gap(at + 1) == " "
        && capital(at + 1)
        && capital(at + 2)
        && named
        && street
    {
        (at..at + 3).for_each(|i| pieces.drop(i, Fate::Name));
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
            Class::Ambiguous
                if matches!(fold, "weeks" | "day" | "days")
                    || (fold == "stone" && !(piece.capital && pieces.mixed_case)) =>
            {
                return;
            }
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
