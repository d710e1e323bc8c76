//! What the pieces beside a piece say of it.

use super::pieces::{Fate, Made, Pieces};
use super::words::{Class, Role};

/// The word before that says what follows, across what went and small words.
pub(super) fn trigger(pieces: &Pieces<'_>, at: usize) -> Role {
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

/// The piece stands directly beside one that went as a name. `likely` asks that it is written no less like a name.
pub(super) fn beside_name(pieces: &Pieces<'_>, at: usize, likely: bool) -> bool {
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

/// A medical word follows in the same clause.
pub(super) fn strong_next(pieces: &Pieces<'_>, at: usize) -> bool {
    matches!(pieces.gap(at), " " | "-" | "/" | "_" | ", " | " / ")
        && pieces.get(at + 1).is_some_and(|p| {
            p.fate == Fate::Stays
                && (p.class == Class::Strong && p.role == Role::None && pieces.gap(at) != ", ")
        })
}

pub(super) fn has_capitals(pieces: &Pieces<'_>) -> bool {
    pieces.capitals
}

/// Small words of family names.
pub(super) fn is_particle(fold: &str) -> bool {
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

/// No word of the text speaks for medicine: then a word that may be a name is one.
pub(super) fn nothing_medical(pieces: &Pieces<'_>) -> bool {
    !pieces.list.iter().any(|p| {
        p.fate == Fate::Stays && (p.made == Made::Digits || matches!(p.class, Class::Strong | Class::Plain))
    })
}

/// Names of segments and of languages, which stand alone in code meanings and labels, and are rare as names.
pub(super) fn is_colour(fold: &str) -> bool {
    matches!(
        fold,
        "blue" | "orange" | "red" | "pink" | "gold" | "silver" | "english" | "german" | "french" | "spanish"
    )
}
