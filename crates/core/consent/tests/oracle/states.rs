//! The states of the facts: one digit for each fact that the rules can see. A digit of 0 speaks least against a copy.

use crate::dice::Dice;
use consent::{Age, Agreed, Facts, GlassFacts, Yes};
use model::Purpose::{self, AiAnalysis, AiTrain, Btg, Hlegal, Hoperat, Hpaymt, Hresch, Patrqt, Treat};

pub(crate) const DIGITS: usize = 23;
/// A state: its digits.
pub(crate) type State = [usize; DIGITS];

pub(crate) const KNOWN: usize = 0;
pub(crate) const INSIDE: usize = 1;
pub(crate) const SUSPENDED: usize = 2;
pub(crate) const OVERDUE: usize = 3;
/// 1: nothing was agreed, and the seven digits that follow mean nothing.
pub(crate) const NOT_AGREED: usize = 4;
pub(crate) const ACTIVE: usize = 5;
pub(crate) const LISTS: usize = 6;
pub(crate) const RETENTION: usize = 7;
pub(crate) const MAY_TRAIN: usize = 8;
pub(crate) const PAID: usize = 9;
pub(crate) const PLACE: usize = 10;
pub(crate) const DEIDENTIFIES: usize = 11;
pub(crate) const SAID_NO: usize = 12;
pub(crate) const WITHDRAWN: usize = 13;
pub(crate) const SENSITIVE: usize = 14;
pub(crate) const IDENTIFIED: usize = 15;
pub(crate) const SEAL_BROKEN: usize = 16;
pub(crate) const FLAGGED: usize = 17;
pub(crate) const OPT_IN: usize = 18;
pub(crate) const DECEASED: usize = 19;
/// 4: no yes. Below, bit 0: payment is not covered; bit 1: it ends with life.
pub(crate) const YES: usize = 20;
/// Adult, minor, unknown.
pub(crate) const AGE: usize = 21;
/// 8: nobody breaks the glass. Below, bit 0: no clinician; bit 1: no reason; bit 2: a review is open.
pub(crate) const GLASS: usize = 22;

pub(crate) const NO_YES: usize = 4;
const NO_GLASS: usize = 8;

/// How many values a digit has.
pub(crate) fn radix(digit: usize) -> usize {
    match digit {
        YES => 5,
        AGE => 3,
        GLASS => 9,
        _ => 2,
    }
}

/// The facts of a state.
pub(crate) fn facts(purpose: Purpose, state: &State) -> Facts {
    let good = |digit: usize| state[digit] == 0;
    Facts {
        purpose,
        known: good(KNOWN),
        inside: good(INSIDE),
        suspended: !good(SUSPENDED),
        overdue: !good(OVERDUE),
        agreed: good(NOT_AGREED).then(|| Agreed {
            active: good(ACTIVE),
            lists_purpose: good(LISTS),
            retention_within: good(RETENTION),
            may_train: good(MAY_TRAIN),
            paid: !good(PAID),
            place_allowed: good(PLACE),
            deidentifies: good(DEIDENTIFIES),
        }),
        said_no: !good(SAID_NO),
        withdrawn: !good(WITHDRAWN),
        yes: (state[YES] != NO_YES).then(|| Yes {
            covers_payment: state[YES] & 1 == 0,
            after_death: state[YES] & 2 == 0,
        }),
        age: match state[AGE] {
            0 => Age::Adult,
            1 => Age::Minor,
            _ => Age::Unknown,
        },
        deceased: !good(DECEASED),
        sensitive: !good(SENSITIVE),
        identified: good(IDENTIFIED),
        seal_broken: !good(SEAL_BROKEN),
        flagged: !good(FLAGGED),
        ai_opt_in: !good(OPT_IN),
        break_glass: (state[GLASS] != NO_GLASS).then(|| GlassFacts {
            clinician: state[GLASS] & 1 == 0,
            reason_given: state[GLASS] & 2 == 0,
            open_review: state[GLASS] & 4 != 0,
        }),
    }
}

/// The facts that meet each other in one row of the tables for this purpose.
pub(crate) fn meeting(purpose: Purpose) -> Vec<usize> {
    let agreement = [NOT_AGREED, ACTIVE, LISTS, RETENTION, PLACE];
    let wishes = [SAID_NO, WITHDRAWN, YES];
    let more: &[usize] = match purpose {
        Treat => &[KNOWN, INSIDE, SAID_NO],
        Hpaymt => &[SAID_NO, WITHDRAWN],
        Hoperat => &[PAID, DEIDENTIFIES, SENSITIVE],
        AiAnalysis => &[PAID, DEIDENTIFIES, AGE, DECEASED, SENSITIVE, OPT_IN],
        AiTrain => &[MAY_TRAIN, PAID, DEIDENTIFIES, AGE, DECEASED, SENSITIVE],
        Hresch => &[PAID, DEIDENTIFIES, AGE, DECEASED, SENSITIVE],
        Patrqt => return [&[KNOWN, IDENTIFIED], wishes.as_slice()].concat(),
        Hlegal => &[],
        Btg => &[KNOWN, INSIDE, GLASS],
    };
    let wishes: &[usize] = match purpose {
        Hoperat | AiAnalysis | AiTrain | Hresch => &wishes,
        _ => &[],
    };
    [agreement.as_slice(), more, wishes].concat()
}

/// All facts that bear on this purpose: those that meet, and those that forbid by themselves.
pub(crate) fn bearing(purpose: Purpose) -> Vec<usize> {
    let alone: &[usize] = match purpose {
        Treat | Patrqt => &[],
        Btg => &[SUSPENDED, OVERDUE, SEAL_BROKEN, FLAGGED],
        _ => &[KNOWN, SUSPENDED, OVERDUE, SEAL_BROKEN, FLAGGED, IDENTIFIED],
    };
    [meeting(purpose).as_slice(), alone].concat()
}

/// Every combination of these digits, the others left as they are. A state without an agreement comes once.
pub(crate) fn product(digits: &[usize], mut state: State, visit: &mut dyn FnMut(State)) {
    for &digit in digits {
        state[digit] = 0;
    }
    loop {
        let agreement = [ACTIVE, LISTS, RETENTION, MAY_TRAIN, PAID, PLACE, DEIDENTIFIES];
        let void = state[NOT_AGREED] == 1
            && digits
                .iter()
                .any(|digit| agreement.contains(digit) && state[*digit] != 0);
        if !void {
            visit(state);
        }
        let mut carried = true;
        for &digit in digits {
            state[digit] += 1;
            if state[digit] < radix(digit) {
                carried = false;
                break;
            }
            state[digit] = 0;
        }
        if carried {
            return;
        }
    }
}

/// A state in which each fact is likely to be good, so that many are permitted; one in three times, any state.
pub(crate) fn random(dice: &mut Dice) -> State {
    let bad = if dice.chance(33) { 50 } else { 6 };
    std::array::from_fn(|digit| {
        if dice.chance(bad) {
            dice.below(radix(digit))
        } else {
            0
        }
    })
}
