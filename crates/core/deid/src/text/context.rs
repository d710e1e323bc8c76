//! What the words around a word say of it: after "Dr" a name follows, before "Hospital" its name, beside a name
//! another part of it.

use super::Kind;
use super::own::OwnValues;
use super::pieces::{Fate, Made, Piece, Pieces};
use super::words::{Class, Role};

/// Marks what goes for being unknown, and what goes for its neighbours, until nothing more goes.
pub(super) fn mark(pieces: &mut Pieces<'_>, kind: Kind, own: &OwnValues) {
    for at in 0..pieces.list.len() {
        if pieces
            .get(at)
            .is_some_and(|p| p.class == Class::Unknown && p.made == Made::Letters && p.fate == Fate::Stays)
            && !in_code(pieces, at)
            && !is_short_code(pieces, at, kind)
        {
            pieces.drop(at, Fate::Name);
        }
    }
    numbers(pieces);
    for at in 0..pieces.list.len() {
        street(pieces, at);
        if pieces.get(at).is_some_and(|p| p.role == Role::Place) {
            place(pieces, at);
        }
        if pieces.get(at).is_some_and(|p| p.role == Role::Degree) {
            degree(pieces, at);
        }
    }
    let mut before = usize::MAX;
    loop {
        for at in 0..pieces.list.len() {
            let goes = pieces
                .get(at)
                .is_some_and(|p| p.made == Made::Letters && p.fate == Fate::Stays)
                && !in_code(pieces, at)
                && goes(pieces, at, kind, own);
            if goes {
                pieces.drop(at, Fate::Name);
            }
        }
        let now = pieces.list.iter().filter(|p| p.fate == Fate::Stays).count();
        if now == before {
            beside_places(pieces);
            return;
        }
        before = now;
    }
}

/// Part of a word with digits, which was decided as a code.
fn in_code(pieces: &Pieces<'_>, at: usize) -> bool {
    let Some(piece) = pieces.get(at) else { return false };
    let digits = |i: usize| {
        pieces
            .get(i)
            .is_some_and(|p| p.word == piece.word && p.made == Made::Digits)
    };
    (1..4).any(|d| digits(at + d) || at.checked_sub(d).is_some_and(digits))
}

/// Coils and defined terms have codes of their makers' own: three letters in upper case.
fn is_short_code(pieces: &Pieces<'_>, at: usize, kind: Kind) -> bool {
    kind != Kind::Prose
        && pieces.get(at).is_some_and(|p| p.upper && p.to - p.from <= 3)
        && !matches!(trigger(pieces, at), Role::Title | Role::By)
}

fn goes(pieces: &Pieces<'_>, at: usize, kind: Kind, own: &OwnValues) -> bool {
    let Some(piece) = pieces.get(at) else { return false };
    let role = trigger(pieces, at);
    let named_here = matches!(role, Role::Title | Role::By | Role::Person | Role::At);
    // Where the text has no capitals, a capital says nothing.
    let name_like = piece.capital || !has_capitals(pieces);
    if matches!(role, Role::Title | Role::By | Role::Person) && own.is_initials(pieces.fold(at)) {
        return true;
    }
    match piece.class {
        Class::Unknown => false,
        Class::Weak => {
            let verb =
                role == Role::Person && !piece.capital && matches!(pieces.fold(at), "will" | "may" | "might");
            piece.capital || (named_here && !verb) || beside_name(pieces, at, false)
        }
        Class::Eponym => !is_named(pieces, at),
        Class::Ambiguous => {
            let modality = role == Role::Title
                && at
                    .checked_sub(1)
                    .is_some_and(|i| matches!(pieces.fold(i), "mr" | "ms") && pieces.gap(i) == " ")
                && strong_next(pieces, at);
            let due = match role {
                Role::Title => !modality,
                Role::By => !strong_next(pieces, at),
                Role::Person | Role::At => name_like && !strong_next(pieces, at),
                _ => false,
            };
            let stone = pieces.fold(at) == "stone"
                && at.checked_sub(1).is_some_and(|i| {
                    matches!(
                        pieces.fold(i),
                        "kidney"
                            | "renal"
                            | "ureteral"
                            | "ureteric"
                            | "ureter"
                            | "bladder"
                            | "gall"
                            | "bile"
                            | "duct"
                    )
                });
            // Walker at the end after a comma, Brown - at the start.
            let ends = at > 0 && at + 1 == pieces.list.len() && pieces.gap(at - 1) == ", ";
            let starts = at == 0 && matches!(pieces.gap(0), " - " | ": " | "^");
            if kind == Kind::Prose && piece.capital && (ends || starts) {
                return true;
            }
            if stone {
                return false;
            }
            let span = matches!(pieces.fold(at), "weeks" | "day" | "days")
                && at
                    .checked_sub(1)
                    .is_some_and(|i| pieces.digits(i) > 0 && pieces.stays(i));
            if due || (is_particle(pieces.fold(at)) && beside_name(pieces, at, false)) {
                return true;
            }
            !span && beside_name(pieces, at, true)
                || name_like
                    && (kind == Kind::Prose && !is_colour(pieces.fold(at)) && nothing_medical(pieces))
        }
        Class::Plain => {
            role == Role::Title
                && piece.capital
                && pieces.mixed_case
                && at
                    .checked_sub(1)
                    .is_some_and(|i| pieces.get(i).is_some_and(|p| p.role == Role::Title))
        }
        Class::Single => single_goes(pieces, at, *piece, role),
        Class::Strong => {
            // Initials that happen to be a code: READ BY PA.
            let length = piece.to - piece.from;
            let by = at.checked_sub(1).is_some_and(|i| {
                matches!(
                    pieces.fold(i),
                    "by" | "tech" | "technologist" | "init" | "inits" | "initials" | "signed" | "operator"
                ) && pieces.stays(i)
                    && matches!(pieces.gap(i), " " | ": " | ":" | "_" | "-" | ". " | " - ")
            });
            let read = at.checked_sub(2).is_some_and(|i| {
                matches!(
                    pieces.fold(i),
                    "read"
                        | "signed"
                        | "dictated"
                        | "performed"
                        | "reviewed"
                        | "scanned"
                        | "done"
                        | "reported"
                        | "typed"
                        | "verified"
                )
            });
            let dotted = at.checked_sub(1).is_some_and(|i| {
                pieces.gap(i).starts_with('.') || !matches!(pieces.fold(i), "mr" | "ms" | "dr")
            });
            let title = dotted
                && role == Role::Title
                && at
                    .checked_sub(1)
                    .is_some_and(|i| pieces.get(i).is_some_and(|p| p.role == Role::Title))
                && pieces.get(at + 1).is_some_and(|p| p.fate == Fate::Name)
                && matches!(pieces.gap(at), ", " | "," | "_" | "^" | " ");
            title
                || by
                    && (piece.upper || read)
                    && (2..=3).contains(&length)
                    && !is_modality(pieces.fold(at))
                    && !strong_next(pieces, at)
        }
    }
}

fn single_goes(pieces: &Pieces<'_>, at: usize, piece: Piece, role: Role) -> bool {
    // Words that are written with a stroke, and +C, are no initials.
    const STROKE: [(&str, &str); 8] = [
        ("w", "o"),
        ("s", "p"),
        ("h", "o"),
        ("r", "o"),
        ("c", "w"),
        ("f", "u"),
        ("b", "l"),
        ("n", "v"),
    ];
    let before = at.checked_sub(1);
    let second = before.is_some_and(|i| {
        pieces.gap(i) == "/" && pieces.stays(i) && STROKE.contains(&(pieces.fold(i), pieces.fold(at)))
    });
    let first = pieces.gap(at) == "/" && STROKE.contains(&(pieces.fold(at), pieces.fold(at + 1)));
    if first || second || before.is_some_and(|i| pieces.gap(i).ends_with('+')) {
        return false;
    }
    let next_dot = pieces.gap(at).starts_with('.');
    let follows = |class: Class| {
        pieces
            .get(at + 1)
            .is_some_and(|p| p.class == class && p.fate == Fate::Stays)
    };
    if matches!(role, Role::Title | Role::By) && (next_dot || (piece.capital && !follows(Class::Strong))) {
        return true;
    }
    // The s of a name's 's.
    let side = matches!(pieces.fold(at), "l" | "r") && follows(Class::Strong);
    beside_name(pieces, at, false)
        && !side
        && (piece.capital || next_dot || pieces.fold(at) == "s" || !has_capitals(pieces))
}

fn is_modality(fold: &str) -> bool {
    matches!(
        fold,
        "ct" | "mr"
            | "mri"
            | "us"
            | "pet"
            | "nm"
            | "xr"
            | "cta"
            | "mra"
            | "ekg"
            | "ecg"
            | "eeg"
            | "er"
            | "ed"
            | "icu"
            | "ent"
            | "ob"
            | "gyn"
            | "gi"
            | "the"
            | "a"
            | "an"
            | "his"
            | "her"
            | "him"
            | "its"
            | "our"
            | "you"
            | "all"
            | "any"
            | "one"
            | "two"
            | "or"
            | "and"
            | "not"
            | "was"
            | "is"
            | "are"
            | "dr"
            | "mrs"
            | "ms"
            | "md"
            | "rn"
            | "for"
            | "at"
            | "on"
            | "in"
            | "out"
            | "off"
            | "no"
            | "id"
    )
}

fn has_capitals(pieces: &Pieces<'_>) -> bool {
    pieces
        .list
        .iter()
        .any(|p| p.made == Made::Letters && p.capital && p.to - p.from > 1)
}

/// Small words of family names.
fn is_particle(fold: &str) -> bool {
    matches!(
        fold,
        "de" | "la"
            | "le"
            | "du"
            | "des"
            | "del"
            | "della"
            | "di"
            | "da"
            | "do"
            | "dos"
            | "das"
            | "van"
            | "von"
            | "der"
            | "den"
            | "ter"
            | "ten"
            | "el"
            | "al"
            | "bin"
            | "ben"
            | "san"
            | "st"
            | "mc"
    )
}

/// The piece stands directly beside one that went as a name. `likely` asks that it is written no less like a name.
fn beside_name(pieces: &Pieces<'_>, at: usize, likely: bool) -> bool {
    let capital = pieces.get(at).is_some_and(|p| p.capital);
    let name = |i: usize| {
        pieces
            .get(i)
            .is_some_and(|p| p.fate == Fate::Name && (!likely || capital || !p.capital))
    };
    let close = |gap: &str| {
        gap.chars().count() <= 3 && !gap.contains(['\n', '\r', ';', ':', '/', '(', ')', '[', ']', '|'])
    };
    (name(at + 1) && close(pieces.gap(at)))
        || at.checked_sub(1).is_some_and(|i| name(i) && close(pieces.gap(i)))
}

/// Names of segments and of languages, which stand alone in code meanings and labels, and are rare as names.
fn is_colour(fold: &str) -> bool {
    matches!(
        fold,
        "blue" | "orange" | "red" | "pink" | "gold" | "silver" | "english" | "german" | "french" | "spanish"
    )
}

/// No word of the text speaks for medicine: then a word that may be a name is one.
fn nothing_medical(pieces: &Pieces<'_>) -> bool {
    !pieces.list.iter().any(|p| {
        p.fate == Fate::Stays && (p.made == Made::Digits || matches!(p.class, Class::Strong | Class::Plain))
    })
}

/// A medical word follows in the same clause.
fn strong_next(pieces: &Pieces<'_>, at: usize) -> bool {
    matches!(pieces.gap(at), " " | "-" | "/" | "_" | ", " | " / ")
        && pieces.get(at + 1).is_some_and(|p| {
            p.fate == Fate::Stays
                && (p.class == Class::Strong && p.role == Role::None && pieces.gap(at) != ", ")
        })
}

/// What the eponym names stands after it: "Paget disease", "Gleason 7", "Barrett's esophagus", "Budd-Chiari syndrome".
fn is_named(pieces: &Pieces<'_>, at: usize) -> bool {
    let mut next = at + 1;
    if pieces.fold(next) == "s" && matches!(pieces.gap(at), "'" | "\u{2019}" | "`") {
        next += 1;
    }
    let willis = pieces.fold(at) == "willis"
        && at
            .checked_sub(2)
            .is_some_and(|i| pieces.fold(i) == "circle" || pieces.fold(i + 1) == "circle");
    if willis
        || (pieces.fold(at) == "fallot" && at.checked_sub(2).is_some_and(|i| pieces.fold(i) == "tetralogy"))
    {
        return true;
    }
    let Some(piece) = pieces.get(next) else {
        return false;
    };
    let gap = pieces.gap(next - 1);
    if piece.fate != Fate::Stays || !(gap == " " || gap == "-" || gap == "_") {
        return false;
    }
    let grade = matches!(
        pieces.fold(at),
        "gleason"
            | "bosniak"
            | "garden"
            | "weber"
            | "modic"
            | "fazekas"
            | "pfirrmann"
            | "salter"
            | "child"
            | "fisher"
            | "hunt"
            | "kellgren"
            | "schatzker"
            | "hounsfield"
    );
    piece.role == Role::Named
        || (grade && (piece.made == Made::Digits || piece.class == Class::Single))
        || (gap == "-"
            && matches!(piece.class, Class::Eponym | Class::Strong)
            && (piece.class == Class::Strong || is_named(pieces, next)))
}

/// The word before that says what follows, across what went and small words.
fn trigger(pieces: &Pieces<'_>, at: usize) -> Role {
    let mut index = at;
    for _ in 0..5 {
        let Some(before) = index.checked_sub(1) else {
            return Role::None;
        };
        let Some(piece) = pieces.get(before) else {
            return Role::None;
        };
        let gap = pieces.gap(before);
        let title = piece.role == Role::Title || piece.class == Class::Single;
        if gap.contains(['\n', '\r', ';'])
            || (gap.contains(". ")
                && !title
                && piece.fate == Fate::Stays
                && !matches!(pieces.fold(before), "pt" | "ref" | "tech" | "attn" | "init"))
        {
            return Role::None;
        }
        if matches!(piece.role, Role::Title | Role::By | Role::Person | Role::At) && piece.fate == Fate::Stays
        {
            return piece.role;
        }
        let passed = piece.fate == Fate::Name
            || piece.class == Class::Single
            || matches!(
                pieces.fold(before),
                "is" | "the" | "to" | "of" | "and" | "was" | "st" | "de" | "van" | "la"
            );
        if !passed {
            return Role::None;
        }
        index = before;
    }
    Role::None
}

/// MRN 123, room 12: numbers that go however short.
fn numbers(pieces: &mut Pieces<'_>) {
    for at in 0..pieces.list.len() {
        let Some(piece) = pieces.get(at).copied() else {
            return;
        };
        let box_of_post = pieces.fold(at) == "box"
            && at
                .checked_sub(1)
                .is_some_and(|i| matches!(pieces.fold(i), "po" | "o" | "pob"));
        let least = match piece.role {
            Role::Id => 2,
            Role::Numbered if box_of_post => 1,
            Role::Numbered
                if matches!(
                    pieces.fold(at),
                    "id" | "room" | "rm" | "ext" | "extension" | "apt" | "suite" | "ste" | "zip"
                ) =>
            {
                3
            }
            Role::Numbered => 4,
            _ => continue,
        };
        let mut next = at + 1;
        while next < at + 4
            && pieces.get(next).is_some_and(|p| {
                p.made == Made::Letters
                    && (p.role == Role::Numbered
                        || p.role == Role::Id
                        || matches!(pieces.fold(next), "is" | "of" | "n" | "o" | "the"))
            })
            && !pieces.gap(next).contains(['\n', ';'])
        {
            next += 1;
        }
        let gap = pieces.gap(next - 1);
        if gap.chars().count() > 3 || gap.contains(['\n', ';', ')']) {
            continue;
        }
        // The whole word, and what is joined to it.
        let mut end = next;
        while pieces.glued(end)
            || (pieces.digits(end) > 0
                && pieces.digits(end + 1) > 0
                && (matches!(pieces.gap(end), "-" | "/" | ".")
                    || (pieces.gap(end) == " " && pieces.digits(end + 1) >= 3 && !pieces.glued(end + 1))))
        {
            end += 1;
        }
        let digits: usize = (next..=end).map(|i| pieces.digits(i)).sum();
        let unit = (super::words::is_unit(pieces.fold(end + 1))
            || matches!(
                pieces.fold(end + 1),
                "y" | "yo" | "yr" | "year" | "years" | "plane" | "chamber" | "d" | "views"
            ))
            && pieces.gap(end) == " "
            && digits < 5;
        if digits >= least && !unit && next < pieces.list.len() {
            (next..=end).for_each(|i| pieces.drop(i, Fate::Pattern));
        }
    }
}

/// 12 Elm Street, Suite 4; Hauptstrasse 5.
fn street(pieces: &mut Pieces<'_>, at: usize) {
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
fn place(pieces: &mut Pieces<'_>, at: usize) {
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
fn beside_places(pieces: &mut Pieces<'_>) {
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
fn degree(pieces: &mut Pieces<'_>, at: usize) {
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
