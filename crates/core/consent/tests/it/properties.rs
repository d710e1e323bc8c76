//! What narrows never permits.

use crate::world::{World, day};
use consent::{
    Age, Agreed, AiDefault, Directive, DirectiveId, Facts, GlassFacts, Guardian, Particulars, Policies, Says,
    Scope, Signer, Yes, decide_facts,
};
use model::Purpose;
use proptest::prelude::*;
use std::sync::LazyLock;

static POLICIES: LazyLock<Policies> = LazyLock::new(|| Policies::new("").unwrap());

fn directive(purpose: Purpose) -> impl Strategy<Value = Directive> {
    let scope = prop_oneof![
        4 => Just(Scope::Purpose(purpose)),
        1 => Just(Scope::Everything),
        1 => prop::sample::select(Purpose::ALL.to_vec()).prop_map(Scope::Purpose),
    ];
    let recipient = prop::sample::select(vec![None, Some("acme-chest-ai"), Some("other-vendor")]);
    let signer = prop_oneof![
        3 => Just(Signer::Patient),
        1 => Just(Signer::Nobody),
        2 => Just(Signer::Guardian { name: "Robin Example".to_owned() }),
    ];
    let span = (
        1..99_u32,
        0..20_u32,
        prop::option::of(1..150_u32),
        prop::option::weighted(0.3, 0..99_u32),
    );
    (any::<bool>(), scope, recipient, signer, span, any::<[bool; 2]>()).prop_map(
        |(
            yes,
            scope,
            recipient,
            signed_by,
            (made, later, lasts, withdrawn),
            [covers_payment, after_death],
        )| Directive {
            id: DirectiveId(0),
            says: if yes { Says::Yes } else { Says::No },
            scope,
            recipient: recipient.map(|id| id.parse().unwrap()),
            starts: day(made + later),
            ends: lasts.map(|lasts| day(made + later + lasts)),
            signed_by,
            covers_payment,
            after_death,
            made_at: day(made),
            withdrawn_at: withdrawn.map(|after| day((made + after).min(100))),
        },
    )
}

fn world() -> impl Strategy<Value = World> {
    let purposes = prop::sample::select(Purpose::ALL.to_vec());
    let directives = |purpose| prop::collection::vec(directive(purpose), 0..6);
    let person = (
        prop::sample::select(vec![
            None,
            Some("1980-05-05"),
            Some("2015-05-05"),
            Some("2008-05-01"),
        ]),
        prop::bool::weighted(0.2),
        any::<bool>(),
    );
    purposes
        .prop_flat_map(move |purpose| (Just(purpose), directives(purpose)))
        .prop_flat_map(move |(purpose, directives)| {
            (
                Just(purpose),
                Just(directives),
                person.clone(),
                any::<[bool; 3]>(),
            )
        })
        .prop_map(
            |(purpose, directives, (born, died, guardian), [opt_in, inside, paid])| {
                let mut world = World::new(purpose);
                world.directives = directives;
                number(&mut world.directives);
                world.person.born = born.map(|born| born.parse().unwrap());
                world.person.died = died.then(|| "2026-05-01".parse().unwrap());
                world.person.guardians = Vec::from_iter(guardian.then(|| Guardian {
                    name: "Robin Example".to_owned(),
                    until: None,
                }));
                world.facility.ai_analysis = if opt_in {
                    AiDefault::OptIn
                } else {
                    AiDefault::OptOut
                };
                world.recipient.inside = inside;
                world.recipient.agreement.as_mut().unwrap().paid = paid;
                world
            },
        )
}

fn number(directives: &mut [Directive]) {
    for (number, directive) in directives.iter_mut().enumerate() {
        directive.id = DirectiveId(i64::try_from(number).unwrap());
    }
}

/// The change never turns a denial into a permit.
fn only_narrows(world: &World, change: impl FnOnce(&mut World)) -> Result<(), TestCaseError> {
    let mut narrowed = world.clone();
    change(&mut narrowed);
    prop_assert!(
        world.permitted(&POLICIES) || !narrowed.permitted(&POLICIES),
        "denied, and permitted after the change: {narrowed:#?}"
    );
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn a_standing_no_only_narrows(world in world(), no in directive(Purpose::AiAnalysis)) {
        only_narrows(&world, |w| {
            let id = DirectiveId(i64::try_from(w.directives.len()).unwrap());
            let scope = if no.scope == Scope::Everything { no.scope } else { Scope::Purpose(w.request.purpose) };
            let no = Directive { id, says: Says::No, scope, starts: no.made_at, ends: None, withdrawn_at: None, ..no.clone() };
            w.directives.push(no);
        })?;
    }

    #[test]
    fn a_no_that_is_over_changes_nothing(world in world(), no in directive(Purpose::AiAnalysis), withdrawn in any::<bool>()) {
        let mut other = world.clone();
        let mut no = Directive { id: DirectiveId(99), says: Says::No, scope: Scope::Purpose(world.request.purpose), ..no };
        if withdrawn {
            no.withdrawn_at = Some(day(100));
        } else {
            no.ends = Some(day(100));
        }
        other.directives.push(no);
        prop_assert_eq!(world.facts(), other.facts());
    }

    #[test]
    fn ending_withdrawing_or_not_signing_a_yes_only_narrows(world in world(), which in any::<prop::sample::Index>(), how in 0..3) {
        let yeses: Vec<_> = (0..world.directives.len()).filter(|&at| world.directives[at].says == Says::Yes).collect();
        prop_assume!(!yeses.is_empty());
        let at = yeses[which.index(yeses.len())];
        only_narrows(&world, |w| {
            let yes = &mut w.directives[at];
            match how {
                0 => yes.ends = Some(day(100)),
                1 => yes.withdrawn_at = Some(day(100)),
                _ => yes.signed_by = Signer::Nobody,
            }
        })?;
    }

    #[test]
    fn less_agreed_more_asked_or_death_only_narrows(world in world(), how in 0..10) {
        only_narrows(&world, |w| {
            let purpose = w.request.purpose;
            let agreement = w.recipient.agreement.as_mut().unwrap();
            match how {
                0 => w.request.retention_days = Some(31),
                1 => agreement.expires = Some("2026-06-08".parse().unwrap()),
                2 => agreement.purposes.retain(|listed| *listed != purpose),
                3 => agreement.may_train = false,
                4 => agreement.paid = true,
                5 => agreement.profile = "original".to_owned(),
                6 => w.facility.storage_places = vec!["Spain".to_owned()],
                7 => w.person.died = Some("2026-05-01".parse().unwrap()),
                8 => w.facility.ai_analysis = AiDefault::OptIn,
                _ => w.recipient.agreement = None,
            }
        })?;
    }

    #[test]
    fn the_order_of_the_records_does_not_matter(world in world()) {
        let mut other = world.clone();
        other.directives.reverse();
        prop_assert_eq!(world.facts(), other.facts());
    }

    #[test]
    fn directives_on_others_do_not_matter(world in world()) {
        let purpose = world.request.purpose;
        let mut other = world.clone();
        other.directives.retain(|directive| {
            let about = matches!(directive.scope, Scope::Everything) || directive.scope == Scope::Purpose(purpose);
            about && directive.recipient.as_ref().is_none_or(|id| id.as_str() == "acme-chest-ai")
        });
        prop_assert_eq!(world.facts(), other.facts());
    }

    #[test]
    fn every_denial_has_a_reason_and_every_ruling_agrees_with_its_flags(facts in facts(), flag in 0..8) {
        let ruling = decide_facts(&POLICIES, &facts, Particulars::default());
        prop_assert!(!ruling.error);
        prop_assert!(!ruling.policies.is_empty(), "no reason for {:?}", facts);
        let mut worse = facts;
        match flag {
            0 => worse.known = false,
            1 => worse.suspended = true,
            2 => worse.overdue = true,
            3 => worse.said_no = true,
            4 => worse.withdrawn = true,
            5 => worse.sensitive = true,
            6 => worse.seal_broken = true,
            _ => worse.identified = false,
        }
        prop_assert!(ruling.allowed || !decide_facts(&POLICIES, &worse, Particulars::default()).allowed);
    }
}

fn facts() -> impl Strategy<Value = Facts> {
    // Mostly well, so that many are permitted.
    let well = || prop::bool::weighted(0.9);
    let agreed = (any::<[bool; 1]>(), [(); 6].map(|()| well())).prop_map(
        |(
            [paid],
            [
                active,
                lists_purpose,
                retention_within,
                may_train,
                place_allowed,
                deidentifies,
            ],
        )| Agreed {
            active,
            lists_purpose,
            retention_within,
            may_train,
            paid,
            place_allowed,
            deidentifies,
        },
    );
    let yes = any::<[bool; 2]>().prop_map(|[covers_payment, after_death]| Yes {
        covers_payment,
        after_death,
    });
    let glass = [well(), well(), well()].prop_map(|[clinician, reason_given, reviewed]| GlassFacts {
        clinician,
        reason_given,
        open_review: !reviewed,
    });
    (
        prop::sample::select(Purpose::ALL.to_vec()),
        [(); 9].map(|()| well()),
        any::<[bool; 2]>(),
        prop::option::weighted(0.9, agreed),
        prop::option::weighted(0.8, yes),
        prop::option::weighted(0.9, glass),
        prop::sample::select(vec![Age::Adult, Age::Minor, Age::Unknown]),
    )
        .prop_map(
            |(purpose, good, [inside, ai_opt_in], agreed, yes, break_glass, age)| {
                let [
                    known,
                    open,
                    paid_up,
                    silent,
                    kept,
                    alive,
                    plain,
                    identified,
                    whole,
                ] = good;
                Facts {
                    purpose,
                    known,
                    inside,
                    suspended: !open,
                    overdue: !paid_up,
                    agreed,
                    said_no: !silent,
                    withdrawn: !kept,
                    yes,
                    age,
                    deceased: !alive,
                    sensitive: !plain,
                    identified,
                    seal_broken: !whole,
                    flagged: false,
                    ai_opt_in,
                    break_glass,
                }
            },
        )
}
