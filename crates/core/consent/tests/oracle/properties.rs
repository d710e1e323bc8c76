//! What the two tables promise by themselves. Failures here are faults of the document.

use crate::dice::Dice;
use crate::states::{
    AGE, DIGITS, GLASS, NO_YES, NOT_AGREED, State, YES, bearing, facts, product, radix, random,
};
use crate::tables::{forbids, oracle, permits};
use model::Purpose::{self, AiTrain, Hresch, Patrqt};

/// Calls `visit` with every state that differs in what bears on the purpose.
fn every_state(visit: &mut dyn FnMut(Purpose, State)) {
    for purpose in Purpose::ALL {
        product(&bearing(purpose), [0; DIGITS], &mut |state| visit(purpose, state));
    }
}

#[test]
fn what_nothing_permits_something_forbids() {
    // So every denial has a sentence.
    every_state(&mut |purpose, state| {
        let facts = facts(purpose, &state);
        assert!(permits(&facts) || forbids(&facts).contains(&true), "{facts:?}");
    });
}

#[test]
fn no_training_no_research_and_no_patient_request_without_a_yes() {
    every_state(&mut |purpose, state| {
        if matches!(purpose, AiTrain | Hresch | Patrqt) && state[YES] == NO_YES {
            assert!(!oracle(&facts(purpose, &state)), "{purpose:?} {state:?}");
        }
    });
}

/// The states that differ in one fact and are better in it.
fn better(state: &State) -> impl Iterator<Item = State> + '_ {
    (0..DIGITS).flat_map(move |digit| {
        let now = state[digit];
        let is_better = move |other: &usize| match digit {
            // An unknown age and a minor's are not better than each other.
            AGE => *other == 0 && now != 0,
            // Bits of what is missing, then nothing at all.
            YES | GLASS => *other != now && (now == radix(digit) - 1 || *other & now == *other),
            _ => *other < now,
        };
        (0..radix(digit)).filter(is_better).map(move |other| {
            let mut state = *state;
            state[digit] = other;
            state
        })
    })
}

#[test]
fn a_better_fact_never_takes_a_permit_away() {
    every_state(&mut |purpose, state| {
        if oracle(&facts(purpose, &state)) {
            for state in better(&state) {
                assert!(oracle(&facts(purpose, &state)), "{purpose:?} {state:?}");
            }
        }
    });
}

#[test]
fn facts_that_do_not_bear_on_a_purpose_change_nothing() {
    let mut dice = Dice::new(11);
    for round in 0..20_000 {
        let purpose = dice.pick(&Purpose::ALL);
        let (one, mut other) = (random(&mut dice), random(&mut dice));
        for digit in bearing(purpose) {
            other[digit] = one[digit];
        }
        assert_eq!(
            oracle(&facts(purpose, &one)),
            oracle(&facts(purpose, &other)),
            "round {round}: {purpose:?} {one:?} {other:?}"
        );
    }
}

#[test]
fn the_products_count_every_combination_once() {
    let mut seen = std::collections::HashSet::new();
    product(&bearing(Purpose::Btg), [0; DIGITS], &mut |state| {
        assert!(seen.insert(state), "{state:?}");
        assert!(state[NOT_AGREED] == 0 || state[5..12] == [0; 7]);
    });
    // known, inside, suspended, overdue, seal, flagged; an agreement's four flags or none; three of the glass or none.
    assert_eq!(seen.len(), (1 << 6) * (16 + 1) * (8 + 1));
}
