//! Initials of people: two or three capitals where a reader, a technologist or a signature is due.

use super::pieces::{Made, Piece, Pieces};

/// The piece is such initials, whatever else its letters may mean.
pub(super) fn is_signature(pieces: &Pieces<'_>, at: usize) -> bool {
    let Some(piece) = pieces.get(at) else { return false };
    let length = piece.to - piece.from;
    if piece.made != Made::Letters || !(2..=3).contains(&length) {
        return false;
    }
    after_by(pieces, at, piece.upper) || after_stroke(pieces, at, piece)
}

/// read by AR, tech: MS, init SB.
fn after_by(pieces: &Pieces<'_>, at: usize, upper: bool) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return false;
    };
    let word = pieces.fold(before);
    let role = matches!(
        word,
        "by" | "tech"
            | "technologist"
            | "init"
            | "inits"
            | "initials"
            | "signed"
            | "operator"
            | "op"
            | "reader"
            | "sonographer"
            | "radiographer"
            | "transcribed"
            | "dictated"
    );
    let joined = matches!(
        pieces.gap(before),
        " " | ": " | ":" | "_" | "-" | ". " | " - " | " /" | "/" | "=" | " = " | ", "
    );
    if !role || !joined || !pieces.stays(before) || is_function_word(pieces.fold(at)) {
        return false;
    }
    let read = before.checked_sub(1).is_some_and(|i| {
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
    // "Guided by CT" speaks of the machine; "read by CT" does not.
    let machine = word == "by" && is_modality(pieces.fold(at)) && !(read && upper && pieces.mixed_case);
    (upper || read) && !machine
}

/// "Dose Report /SB", "/SM Marfan syndrome": two capitals after a stroke at the edge of the text, or after "for", "of"
/// and the like. "AP /PA" stays: the word before the stroke is as short.
fn after_stroke(pieces: &Pieces<'_>, at: usize, piece: &Piece) -> bool {
    if !piece.upper || piece.to - piece.from != 2 || pieces.glued(at) {
        return false;
    }
    let gap = pieces
        .text
        .get(at.checked_sub(1).and_then(|i| pieces.get(i)).map_or(0, |p| p.end)..piece.start)
        .unwrap_or_default();
    let lone = gap == "/" && at == 0 || gap.ends_with(" /");
    let ends = at + 1 == pieces.list.len();
    let begins = at == 0 && pieces.gap(at).starts_with(' ');
    let pair = at
        .checked_sub(1)
        .and_then(|i| pieces.get(i))
        .is_some_and(|p| p.upper && p.to - p.from <= 2 && p.made == Made::Letters);
    lone && (ends || begins) && !pair
}

/// Words that may stand after "by" where the machine is meant.
fn is_modality(fold: &str) -> bool {
    matches!(
        fold,
        "ct" | "mr"
            | "mri"
            | "us"
            | "pet"
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
            | "iv"
            | "fna"
    )
}

fn is_function_word(fold: &str) -> bool {
    matches!(
        fold,
        "the"
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
            | "rn"
            | "for"
            | "at"
            | "on"
            | "in"
            | "out"
            | "off"
            | "no"
            | "id"
            | "by"
            | "to"
            | "of"
            | "as"
            | "it"
            | "st"
            | "de"
            | "la"
            | "van"
            | "von"
    )
}

/// Alone in brackets, after a colon at the end, or at the edge of a text that is not all in capitals: where people put
/// initials. Machines and views stay.
pub(super) fn stands_apart(pieces: &Pieces<'_>, at: usize) -> bool {
    let fold = pieces.fold(at);
    let last = at + 1 == pieces.list.len();
    let bracketed = pieces.gap_before(at).ends_with('(') && pieces.gap(at).starts_with(')');
    if bracketed || (last && pieces.gap_before(at) == ": ") {
        return true;
    }
    let edge = (last && pieces.gap_before(at) == " ") || (at == 0 && pieces.gap(0) == " ");
    edge && pieces.mixed_case
        && !is_modality(fold)
        && !matches!(
            fold,
            "ap" | "pa" | "lat" | "wo" | "nm" | "rt" | "lt" | "dx" | "mg" | "rf" | "cr"
        )
}
