//! The policies against the oracle, state by state.

use crate::dice::Dice;
use crate::states::{DIGITS, NO_YES, State, YES, bearing, facts, meeting, product, radix, random};
use crate::tables::{RULES, forbids, oracle};
use consent::{Particulars, Policies, decide_facts};
use model::Purpose::{self, AiTrain, Patrqt};
use std::collections::HashSet;

/// Asks the policies, counts, and compares.
struct Sweep {
    policies: Policies,
    sentences: HashSet<String>,
    states: u64,
    permits: u64,
    mismatches: u64,
    first: Vec<String>,
}

impl Sweep {
    fn new() -> Self {
        let policies = Policies::new("").unwrap();
        let sentences = policies
            .sentences()
            .into_iter()
            .filter(|reason| !reason.plain.trim().is_empty() && !reason.llano.trim().is_empty())
            .map(|reason| reason.policy)
            .collect();
        Self {
            policies,
            sentences,
            states: 0,
            permits: 0,
            mismatches: 0,
            first: Vec::new(),
        }
    }

    fn ask(&mut self, purpose: Purpose, state: &State) {
        let facts = facts(purpose, state);
        let ruling = decide_facts(&self.policies, &facts, Particulars::default());
        assert!(!ruling.error, "{facts:?}");
        assert!(!ruling.policies.is_empty(), "no reason: {facts:?}");
        for id in &ruling.policies {
            assert!(self.sentences.contains(id), "{id} has no sentence");
        }
        if matches!(purpose, AiTrain | Patrqt) && state[YES] == NO_YES {
            assert!(!ruling.allowed, "without a yes: {facts:?}");
        }
        // A denial names every row that forbids, and no other.
        if !ruling.allowed {
            for (forbids, rules) in forbids(&facts).into_iter().zip(RULES) {
                let named = ruling.policies.iter().any(|id| rules.contains(&id.as_str()));
                assert_eq!(forbids, named, "{rules:?}, {:?}: {facts:?}", ruling.policies);
            }
        }
        self.states += 1;
        self.permits += u64::from(ruling.allowed);
        if ruling.allowed != oracle(&facts) {
            self.mismatches += 1;
            if self.first.len() < 5 {
                self.first
                    .push(format!("{:?} {facts:?}", (ruling.allowed, ruling.policies)));
            }
        }
    }

    /// Fails on any mismatch. Gives how many states were asked, and permitted.
    fn end(self, name: &str) -> (u64, u64) {
        assert_eq!(
            self.mismatches,
            0,
            "{name}: {} states\n{}",
            self.states,
            self.first.join("\n")
        );
        (self.states, self.permits)
    }
}

#[test]
fn facts_that_meet_each_other_in_every_combination() {
    let mut sweep = Sweep::new();
    for purpose in Purpose::ALL {
        product(&meeting(purpose), [0; DIGITS], &mut |state| {
            sweep.ask(purpose, &state);
        });
    }
    let (states, permits) = sweep.end("rest good");
    assert!(
        states > 80_000 && permits > 200,
        "{states} states, {permits} permits"
    );
}

#[test]
fn facts_that_forbid_alone_do_so_beside_any_other() {
    let mut sweep = Sweep::new();
    let mut dice = Dice::new(2);
    for purpose in Purpose::ALL {
        // Every two facts together.
        for one in 0..DIGITS {
            for other in 0..one {
                product(&[one, other], [0; DIGITS], &mut |state| {
                    sweep.ask(purpose, &state);
                });
            }
        }
        // A part of the combinations, with others at random.
        product(&meeting(purpose), [0; DIGITS], &mut |state| {
            if dice.chance(25) {
                let mut mixed = random(&mut dice);
                for digit in meeting(purpose) {
                    mixed[digit] = state[digit];
                }
                sweep.ask(purpose, &mixed);
            }
        });
    }
    let (states, permits) = sweep.end("rest at random");
    assert!(
        states > 30_000 && permits > 500,
        "{states} states, {permits} permits"
    );
}

#[test]
fn states_at_random() {
    let mut sweep = Sweep::new();
    let mut dice = Dice::new(3);
    for _ in 0..100_000 {
        let purpose = dice.pick(&Purpose::ALL);
        sweep.ask(purpose, &random(&mut dice));
    }
    let (_, permits) = sweep.end("at random");
    assert!(permits > 10_000, "{permits} permits");
}

/// The long sweep: all that bears on each purpose in every combination, then N random states.
#[test]
fn long_sweep() {
    let Some(wanted) = std::env::var("LEADGLASS_SWEEP").ok() else {
        return;
    };
    let wanted: u64 = wanted.parse().unwrap();
    let mut sweep = Sweep::new();
    let mut dice = Dice::new(4);
    for _ in 0..wanted {
        let purpose = dice.pick(&Purpose::ALL);
        sweep.ask(purpose, &random(&mut dice));
    }
    report("at random", sweep.end("at random"));
    for purpose in Purpose::ALL {
        let mut sweep = Sweep::new();
        product(&bearing(purpose), [0; DIGITS], &mut |state| {
            let mut mixed = random(&mut dice);
            for digit in bearing(purpose) {
                mixed[digit] = state[digit];
            }
            sweep.ask(purpose, &mixed);
        });
        report(purpose.code(), sweep.end(purpose.code()));
    }
}

/// The oracle alone, in every state that there is.
#[test]
fn every_state_of_the_oracle() {
    if std::env::var("LEADGLASS_SWEEP").is_err() {
        return;
    }
    let digits: Vec<usize> = (0..DIGITS).collect();
    let expected: u64 = digits.iter().map(|digit| radix(*digit) as u64).product::<u64>() / 256 * 129;
    let (mut states, mut permits) = (0, 0);
    for purpose in Purpose::ALL {
        product(&digits, [0; DIGITS], &mut |state| {
            let facts = facts(purpose, &state);
            let allowed = oracle(&facts);
            assert!(
                !(allowed && state[YES] == NO_YES && matches!(purpose, AiTrain | Patrqt)),
                "{facts:?}"
            );
            states += 1;
            permits += u64::from(allowed);
        });
    }
    assert_eq!(states, expected * Purpose::ALL.len() as u64);
    report("the oracle alone", (states, permits));
}

fn report(name: &str, (states, permits): (u64, u64)) {
    println!("{name}: {states} states, {permits} permits, 0 mismatches");
}
