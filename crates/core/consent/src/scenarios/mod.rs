//! Named scenarios: each row of both tables of docs/consent.md, both ways, and that each policy is needed.

mod forbids;
mod mutation;
mod permits;
mod world;

use crate::{Decision, Permit, Policies};
use model::Purpose;
use world::World;

/// What should come out: a permit for the reason named, or a denial with the reason named as its first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    Yes(&'static str),
    No(&'static str),
}

/// One question with its answer.
struct Scenario {
    name: String,
    world: World,
    answer: Answer,
}

impl Scenario {
    fn holds(&self, policies: &Policies) -> Result<(), String> {
        let decision = self.world.decide(policies);
        let as_expected = match (&decision, self.answer) {
            (Decision::Permit(permit), Answer::Yes(id)) => {
                permit.reasons().iter().any(|reason| reason.policy == id)
            }
            (Decision::Deny(denial), Answer::No(id)) => denial.reasons.first().unwrap().policy == id,
            _ => false,
        };
        let (name, answer) = (&self.name, self.answer);
        as_expected
            .then_some(())
            .ok_or_else(|| format!("{name}: {answer:?} expected, {decision:?} found"))
    }
}

/// The policy that permits a purpose.
fn permitting(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Treat => "treatment",
        Purpose::Hpaymt | Purpose::Hlegal => "payment-or-law",
        Purpose::Hoperat => "operations",
        Purpose::AiAnalysis => "ai-analysis",
        Purpose::AiTrain => "ai-training",
        Purpose::Hresch => "research",
        Purpose::Patrqt => "patient-asked",
        Purpose::Btg => "emergency",
    }
}

fn all() -> Vec<Scenario> {
    permits::scenarios()
        .into_iter()
        .chain(forbids::scenarios())
        .collect()
}

#[test]
fn each_row_of_both_tables_holds() {
    let policies = Policies::new("").unwrap();
    let wrong: Vec<_> = all()
        .iter()
        .filter_map(|scenario| scenario.holds(&policies).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn permit(world: &World) -> Permit {
    match world.decide(&Policies::new("").unwrap()) {
        Decision::Permit(permit) => permit,
        Decision::Deny(denial) => panic!("{denial:?}"),
    }
}
