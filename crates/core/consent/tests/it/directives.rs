//! What a yes and a no cover, and which of several counts.

use crate::world::{World, day};
use consent::{Guardian, Says, Scope, Signer, Yes};
use model::Purpose;

const PLAIN_YES: Option<Yes> = Some(Yes {
    covers_payment: false,
    after_death: false,
});

/// (said no, withdrawn, a yes counts)
fn outcome(world: &World) -> (bool, bool, bool) {
    let facts = world.facts();
    (facts.said_no, facts.withdrawn, facts.yes.is_some())
}

const NOTHING: (bool, bool, bool) = (false, false, false);
const NO: (bool, bool, bool) = (true, false, false);
const WITHDRAWN: (bool, bool, bool) = (false, true, false);
const YES: (bool, bool, bool) = (false, false, true);

fn ask() -> World {
    World::new(Purpose::AiAnalysis)
}

#[test]
fn a_newer_directive_for_the_same_replaces_the_older() {
    assert_eq!(outcome(&ask().says(Says::No, 1).says(Says::Yes, 2)), YES);
    assert_eq!(outcome(&ask().says(Says::Yes, 1).says(Says::No, 2)), NO);
    // Recorded in one moment: the later number is the newer.
    assert_eq!(outcome(&ask().says(Says::No, 1).says(Says::Yes, 1)), YES);
}

#[test]
fn a_no_wins_over_a_newer_yes_for_others() {
    let for_all = ask().says(Says::No, 1).but(|no| no.recipient = None);
    assert_eq!(outcome(&for_all.says(Says::Yes, 2)), (true, false, true));
    let everything = ask().says(Says::No, 1).but(|no| no.scope = Scope::Everything);
    assert_eq!(outcome(&everything.says(Says::Yes, 2)), (true, false, true));
}

#[test]
fn a_no_is_replaced_only_by_a_yes_that_counts_today() {
    let refused = || ask().says(Says::No, 1).says(Says::Yes, 2);
    assert_eq!(outcome(&refused().but(|yes| yes.signed_by = Signer::Nobody)), NO);
    assert_eq!(outcome(&refused().but(|yes| yes.ends = Some(day(50)))), NO);
    assert_eq!(outcome(&refused().but(|yes| yes.starts = day(101))), NO);
    assert_eq!(
        outcome(&refused().but(|yes| yes.withdrawn_at = Some(day(50)))),
        (true, true, false)
    );
}

#[test]
fn a_no_that_is_over_is_as_if_it_never_was() {
    let agreed = || ask().says(Says::Yes, 1).says(Says::No, 2);
    assert_eq!(outcome(&agreed().but(|no| no.ends = Some(day(50)))), YES);
    assert_eq!(outcome(&agreed().but(|no| no.withdrawn_at = Some(day(50)))), YES);
    assert_eq!(outcome(&agreed().but(|no| no.starts = day(101))), YES);
}

#[test]
fn a_yes_replaced_by_a_yes_does_not_come_back() {
    let twice = || ask().says(Says::Yes, 1).says(Says::Yes, 2);
    assert_eq!(outcome(&twice()), YES);
    assert_eq!(outcome(&twice().but(|yes| yes.ends = Some(day(50)))), NOTHING);
    assert_eq!(
        outcome(&twice().but(|yes| yes.signed_by = Signer::Nobody)),
        NOTHING
    );
}

#[test]
fn a_withdrawal_holds_until_a_newer_yes() {
    let withdrawn = || {
        ask()
            .says(Says::Yes, 1)
            .but(|yes| yes.withdrawn_at = Some(day(10)))
    };
    assert_eq!(outcome(&withdrawn()), WITHDRAWN);
    assert_eq!(outcome(&withdrawn().says(Says::Yes, 11)), YES);
    assert_eq!(
        outcome(&withdrawn().says(Says::Yes, 10)),
        YES,
        "given in the same moment"
    );
    assert_eq!(
        outcome(&withdrawn().says(Says::Yes, 9)),
        (false, true, true),
        "given before"
    );
    assert_eq!(
        outcome(&withdrawn().says(Says::Yes, 11).but(|yes| yes.recipient = None)),
        (false, true, true)
    );
    assert_eq!(
        outcome(
            &withdrawn()
                .says(Says::Yes, 11)
                .but(|yes| yes.signed_by = Signer::Nobody)
        ),
        WITHDRAWN
    );
    assert_eq!(
        outcome(&withdrawn().says(Says::No, 11).but(|no| no.ends = Some(day(20)))),
        WITHDRAWN
    );
}

#[test]
fn a_withdrawal_goes_as_far_as_the_yes_went() {
    let withdrawn = || {
        ask()
            .says(Says::Yes, 1)
            .but(|yes| yes.withdrawn_at = Some(day(10)))
    };
    assert_eq!(outcome(&withdrawn().but(|yes| yes.recipient = None)), WITHDRAWN);
    assert_eq!(
        outcome(&withdrawn().but(|yes| yes.scope = Scope::Purpose(Purpose::AiTrain))),
        NOTHING
    );
    assert_eq!(
        outcome(&withdrawn().but(|yes| yes.recipient = Some("other-vendor".parse().unwrap()))),
        NOTHING
    );
    assert_eq!(
        outcome(&withdrawn().but(|yes| yes.scope = Scope::Everything)),
        NOTHING
    );
}

#[test]
fn a_directive_stands_from_its_start_until_its_end() {
    assert_eq!(
        outcome(&ask().says(Says::Yes, 1).but(|yes| yes.starts = day(100))),
        YES
    );
    assert_eq!(
        outcome(&ask().says(Says::Yes, 1).but(|yes| yes.ends = Some(day(100)))),
        NOTHING
    );
    assert_eq!(
        outcome(&ask().says(Says::No, 1).but(|no| no.ends = Some(day(101)))),
        NO
    );
}

#[test]
fn everything_is_five_purposes_and_only_for_a_no() {
    let covered = |purpose| {
        let world = World::new(purpose)
            .says(Says::No, 1)
            .but(|no| no.scope = Scope::Everything);
        outcome(&world).0
    };
    let covered: Vec<_> = Purpose::ALL
        .into_iter()
        .filter(|purpose| covered(*purpose))
        .collect();
    assert_eq!(
        covered,
        [
            Purpose::Hpaymt,
            Purpose::Hoperat,
            Purpose::AiAnalysis,
            Purpose::AiTrain,
            Purpose::Hresch
        ]
    );
    assert_eq!(
        outcome(&ask().says(Says::Yes, 1).but(|yes| yes.scope = Scope::Everything)),
        NOTHING
    );
}

#[test]
fn no_no_reaches_the_law_or_an_emergency() {
    for purpose in [Purpose::Hlegal, Purpose::Btg] {
        assert_eq!(outcome(&World::new(purpose).says(Says::No, 1)), NOTHING);
    }
}

#[test]
fn a_guardian_signs_until_the_child_comes_of_age() {
    let child = |born: &str, until: Option<&str>, name: &str| {
        let mut world = ask().says(Says::Yes, 1).but(|yes| {
            yes.signed_by = Signer::Guardian {
                name: "Robin Example".to_owned(),
            };
        });
        world.person.born = Some(born.parse().unwrap());
        world.person.guardians = vec![Guardian {
            name: name.to_owned(),
            until: until.map(|until| until.parse().unwrap()),
        }];
        outcome(&world)
    };
    // Day 100 is 2026-06-09.
    assert_eq!(
        child("2008-06-10", None, "Robin Example"),
        YES,
        "17 for one more day"
    );
    assert_eq!(child("2008-06-09", None, "Robin Example"), NOTHING, "18 today");
    assert_eq!(child("2015-01-01", Some("2026-06-09"), "Robin Example"), YES);
    assert_eq!(child("2015-01-01", Some("2026-06-08"), "Robin Example"), NOTHING);
    assert_eq!(child("2015-01-01", None, "Another Person"), NOTHING);
}

#[test]
fn what_a_child_signed_does_not_come_to_count() {
    let signed = |born: Option<&str>| {
        let mut world = ask().says(Says::Yes, 1);
        world.person.born = born.map(|born| born.parse().unwrap());
        outcome(&world)
    };
    assert_eq!(signed(Some("2015-01-01")), NOTHING);
    assert_eq!(
        signed(Some("2008-05-01")),
        NOTHING,
        "17 when it was signed on 2 March, 18 today"
    );
    assert_eq!(signed(Some("2008-03-02")), YES, "18 on the day");
    assert_eq!(signed(None), YES, "nobody knows the age");
}

#[test]
fn two_yeses_count_together_but_for_what_ends_with_life() {
    let mut world = ask()
        .says(Says::Yes, 1)
        .but(|yes| yes.covers_payment = true)
        .says(Says::Yes, 2)
        .but(|yes| {
            yes.recipient = None;
            yes.after_death = true;
        });
    let both = Yes {
        covers_payment: true,
        after_death: true,
    };
    assert_eq!(world.facts().yes, Some(both));
    world.person.died = Some("2026-05-01".parse().unwrap());
    assert_eq!(
        world.facts().yes,
        Some(Yes {
            covers_payment: false,
            after_death: true
        })
    );
    assert_eq!(ask().says(Says::Yes, 1).facts().yes, PLAIN_YES);
}
