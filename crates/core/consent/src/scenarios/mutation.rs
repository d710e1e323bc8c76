//! Each built-in policy is needed: without it, a scenario has another answer.

use crate::{Policies, sentences};

#[test]
fn without_any_one_policy_a_scenario_has_another_answer() {
    let scenarios = super::all();
    let ids = Policies::new("")
        .unwrap()
        .sentences()
        .into_iter()
        .map(|reason| reason.policy);
    let idle: Vec<_> = ids
        .filter(|id| !sentences::is_taken(id))
        .filter(|id| {
            let rest = Policies::new("").unwrap().without(id);
            scenarios.iter().all(|scenario| scenario.holds(&rest).is_ok())
        })
        .collect();
    assert!(idle.is_empty(), "no scenario needs {idle:?}");
}
