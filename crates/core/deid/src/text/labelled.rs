//! Numbers that go for the word before them: MRN, room, case.

use super::pieces::{Fate, Made, Pieces};
use super::units;
use super::words::Role;

/// MRN 123, room 12: numbers that go however short.
pub(super) fn numbers(pieces: &mut Pieces<'_>) {
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
                    "room" | "rm" | "ext" | "extension" | "apt" | "suite" | "ste" | "zip" | "bed" | "ward"
                ) =>
            {
                1
            }
            Role::Numbered if matches!(pieces.fold(at), "id" | "unit") => 3,
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
        while end < next + 40 && pieces.glued(end)
            || (end < next + 40
                && pieces.digits(end) > 0
                && pieces.digits(end + 1) > 0
                && (matches!(pieces.gap(end), "-" | "/" | ".")
                    || (pieces.gap(end) == " " && pieces.digits(end + 1) >= 3 && !pieces.glued(end + 1))))
        {
            end += 1;
        }
        let digits: usize = (next..=end).map(|i| pieces.digits(i)).sum();
        let unit = (units::is_unit(pieces.fold(end + 1))
            || matches!(
                pieces.fold(end + 1),
                "y" | "yo" | "yr" | "year" | "years" | "plane" | "chamber" | "d" | "views"
            ))
            && pieces.gap(end) == " "
            && digits < 5;
        if digits >= least && !unit && next < pieces.list.len() {
            // These words say nothing without their number.
            if matches!(
                pieces.fold(at),
                "room" | "rm" | "apt" | "suite" | "ste" | "bed" | "ward" | "unit" | "box"
            ) && next == at + 1
            {
                pieces.drop(at, Fate::Pattern);
            }
            (next..=end).for_each(|i| pieces.drop(i, Fate::Pattern));
        }
    }
}
