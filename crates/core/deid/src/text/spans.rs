//! What goes by its form alone: dates, times, telephone and social security numbers, UIDs, addresses in the net,
//! paths.

use super::Kind;
use super::chains::{chain, social};
use super::dates::{date, month, short_date, weekday};
use super::net::{dotted, hardware, hexadecimal, net};
use super::pieces::{Fate, Made, Pieces};
use super::times::{old_age, time};
use super::words::Role;

/// Marks every piece that is part of such a form.
pub(super) fn mark(pieces: &mut Pieces<'_>, kind: Kind) {
    net(pieces);
    for at in 0..pieces.list.len() {
        hexadecimal(pieces, at);
        if pieces.get(at).is_some_and(|p| p.made == Made::Digits) {
            hardware(pieces, at);
            dotted(pieces, at, kind);
            chain(pieces, at);
            social(pieces, at);
            date(pieces, at, kind);
            short_date(pieces, at, kind);
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
