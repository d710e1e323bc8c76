//! What the words around a word say of it: after "Dr" a name follows, before "Hospital" its name, beside a name
//! another part of it.

use super::Kind;
use super::eponyms::{is_named, is_pair};
use super::initials::{is_signature, stands_apart};
use super::isotopes::is_isotope;
use super::labelled::numbers;
use super::neighbours::{
    beside_name, has_capitals, is_colour, is_particle, nothing_medical, strong_next, trigger,
};
use super::numbers::halves;
use super::own::OwnValues;
use super::pieces::{Fate, Made, Piece, Pieces};
use super::places::{address, beside_places, degree, place, street};
use super::surnames::{after_title, has_initial, is_plain_surname, names_a_house, possessive};
use super::words::{Class, Role};

/// Marks what goes for being unknown, and what goes for its neighbours, until nothing more goes.
pub(super) fn mark(pieces: &mut Pieces<'_>, kind: Kind, own: &OwnValues) {
    for at in 0..pieces.list.len() {
        if pieces
            .get(at)
            .is_some_and(|p| p.class == Class::Unknown && p.made == Made::Letters && p.fate == Fate::Stays)
            && !in_code(pieces, at)
            && !is_short_code(pieces, at, kind)
            && !is_pair(pieces, at)
            && !is_isotope(pieces, at)
        {
            pieces.drop(at, Fate::Name);
        }
    }
    numbers(pieces);
    for at in 0..pieces.list.len() {
        street(pieces, at);
        if kind == Kind::Prose {
            address(pieces, at);
        }
        if pieces.get(at).is_some_and(|p| p.role == Role::Place) {
            place(pieces, at);
        }
        if pieces.get(at).is_some_and(|p| p.role == Role::Degree) {
            degree(pieces, at);
        }
    }
    if kind == Kind::Prose {
        halves(pieces);
    }
    let mut before = usize::MAX;
    loop {
        let medical = !nothing_medical(pieces);
        let count = pieces.list.len();
        // Forth and back: what goes may take along its neighbours on either side.
        for at in (0..count).chain((0..count).rev()) {
            let goes = pieces
                .get(at)
                .is_some_and(|p| p.made == Made::Letters && p.fate == Fate::Stays)
                && !in_code(pieces, at)
                && goes(pieces, at, kind, own, medical);
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

fn goes(pieces: &Pieces<'_>, at: usize, kind: Kind, own: &OwnValues, medical: bool) -> bool {
    let Some(piece) = pieces.get(at) else { return false };
    let role = trigger(pieces, at);
    let named_here = matches!(role, Role::Title | Role::By | Role::Person | Role::At);
    if own.is_initials(pieces.fold(at))
        && (matches!(role, Role::Title | Role::By | Role::Person)
            || (kind == Kind::Prose && piece.upper && stands_apart(pieces, at)))
    {
        return true;
    }
    if is_signature(pieces, at) && kind == Kind::Prose {
        return true;
    }
    if is_pair(pieces, at) || is_isotope(pieces, at) {
        return false;
    }
    if kind == Kind::Prose && after_title(pieces, at) {
        return true;
    }
    if kind == Kind::Prose
        && matches!(piece.class, Class::Ambiguous | Class::Weak | Class::Eponym)
        && (has_initial(pieces, at) || names_a_house(pieces, at))
        && !(piece.class == Class::Eponym && is_named(pieces, at))
    {
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
        Class::Ambiguous => ambiguous_goes(pieces, at, kind, role, medical),
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
            let dotted = pieces.gap_before(at).starts_with('.')
                || !matches!(pieces.fold_before(at), "mr" | "ms" | "dr");
            // for Colon, Whitney
            let first_named = piece.capital
                && pieces.mixed_case
                && pieces.fold_before(at) == "for"
                && pieces.gap(at) == ", "
                && pieces
                    .get(at + 1)
                    .is_some_and(|p| p.fate == Fate::Name && p.capital)
                && at + 2 == pieces.list.len();
            first_named
                || dotted
                    && role == Role::Title
                    && at
                        .checked_sub(1)
                        .is_some_and(|i| pieces.get(i).is_some_and(|p| p.role == Role::Title))
                    && pieces.get(at + 1).is_some_and(|p| p.fate == Fate::Name)
                    && matches!(pieces.gap(at), ", " | "," | "_" | "^" | " ")
        }
    }
}

/// A medical word that is a common name too.
fn ambiguous_goes(pieces: &Pieces<'_>, at: usize, kind: Kind, role: Role, medical: bool) -> bool {
    let Some(piece) = pieces.get(at) else { return false };
    // Where the text has no capitals, a capital says nothing.
    let name_like = piece.capital || !has_capitals(pieces);
    if kind == Kind::Prose && (is_plain_surname(pieces, at) || (piece.capital && possessive(pieces, at))) {
        return true;
    }
    let technologist = piece.capital
        && !piece.upper
        && matches!(
            pieces.fold_before(at),
            "tech" | "technologist" | "operator" | "radiologist" | "nurse" | "physician" | "surgeon"
        );
    let modality = role == Role::Title
        && at
            .checked_sub(1)
            .is_some_and(|i| matches!(pieces.fold(i), "mr" | "ms") && pieces.gap(i) == " ")
        && strong_next(pieces, at);
    let due = match role {
        Role::Title => !modality,
        Role::By => technologist || !strong_next(pieces, at),
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
        || name_like && (kind == Kind::Prose && !is_colour(pieces.fold(at)) && !medical)
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
    let machine = matches!(
        pieces.fold(at + 1),
        "ct" | "mr" | "mri" | "us" | "xr" | "pet" | "nm"
    );
    let side = matches!(pieces.fold(at), "l" | "r") && follows(Class::Strong) && !machine;
    beside_name(pieces, at, false)
        && !side
        && (piece.capital || next_dot || pieces.fold(at) == "s" || !has_capitals(pieces))
}
