//! Random records, each with a history of directives, against `consent::decide`.

use crate::dice::Dice;
use crate::records::{Terms, facts, oracle_records};
use crate::states::{SAID_NO, WITHDRAWN, YES, bearing};
use consent::{
    Agreement, AgreementKind, AiDefault, BreakGlass, Decision, Directive, DirectiveId, Facility, Facts,
    Guardian, Person, Policies, Recipient, Records, Request, Says, Scan, Scope, Sensitive, Signer, Standing,
    decide,
};
use model::Purpose::{self, AiTrain, Patrqt};
use model::{Date, RecipientId, Timestamp};
use std::collections::BTreeMap;

const DAY: i64 = 86_400_000;

/// One world, owned.
#[derive(Debug)]
struct World {
    request: Request,
    recipient: Option<Recipient>,
    standing: Standing,
    directives: Vec<Directive>,
    person: Person,
    scan: Scan,
    break_glass: Option<BreakGlass>,
    facility: Facility,
    now: Timestamp,
}

impl World {
    fn records(&self) -> Records<'_> {
        Records {
            recipient: self.recipient.as_ref(),
            standing: self.standing,
            directives: &self.directives,
            person: &self.person,
            scan: self.scan,
            break_glass: self.break_glass.as_ref(),
            facility: &self.facility,
            now: self.now,
        }
    }

    fn random(dice: &mut Dice) -> Self {
        // Around the end of a February without a 29th, at the edges of a day and within it.
        let midnight = day(dice.pick(&["2026-02-28", "2026-03-01", "2026-03-02"]))
            .start()
            .millis();
        let now = midnight + dice.pick(&[0, 1, DAY / 2, DAY - 1]);
        let request = Request {
            purpose: dice.pick(&Purpose::ALL),
            retention_days: dice.pick(&[None, Some(0), Some(29), Some(30), Some(31)]),
        };
        let person = person(dice);
        // In half of the worlds all is well but for what the patient said and how old they are.
        let (recipient, scan, died) = if dice.chance(50) {
            (Some(friend(request.purpose)), SOUND, None)
        } else {
            let scan = Scan {
                identified: dice.chance(95),
                seal_broken: dice.chance(5),
                flagged: dice.chance(5),
            };
            let recipient = dice.chance(97).then(|| recipient(dice, request.purpose));
            (recipient, scan, dice.chance(20).then(|| day("2026-02-01")))
        };
        Self {
            recipient,
            standing: Standing {
                suspended: dice.chance(3),
                overdue: u64::from(dice.chance(3)) * 2,
            },
            directives: (0..dice.below(7))
                .map(|number| directive(dice, number, request.purpose, now))
                .collect(),
            person: Person { died, ..person },
            scan,
            break_glass: dice.chance(80).then(|| BreakGlass {
                clinician: dice.chance(85),
                reason: dice
                    .pick(&[
                        "unconscious",
                        "ten letter",
                        "diez señas",
                        "nine char",
                        "nueve señ",
                        " nine char ",
                        "",
                    ])
                    .to_owned(),
                open_review: dice.chance(10),
            }),
            facility: Facility {
                ai_analysis: dice.pick(&[AiDefault::OptOut, AiDefault::OptIn]),
                majority: dice.pick(&[18, 18, 16]),
                storage_places: dice
                    .pick(&[
                        &[][..],
                        &[],
                        &["Ireland"],
                        &["Spain", "Ireland"],
                        &["Ireland"],
                        &["Spain"],
                    ])
                    .iter()
                    .map(|&place| place.to_owned())
                    .collect(),
                ..Facility::default()
            },
            request,
            now: Timestamp::from_millis(now),
        }
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn person(dice: &mut Dice) -> Person {
    let guardian = |name: &str, until: Option<&str>| Guardian {
        name: name.to_owned(),
        until: until.map(day),
    };
    // Of age long ago, within these days by either majority, or in years.
    let births = [
        "1960-05-05",
        "2008-02-27",
        "2008-02-28",
        "2008-02-29",
        "2008-03-01",
        "2010-03-01",
        "2008-03-02",
        "2019-07-07",
    ];
    Person {
        born: dice.chance(90).then(|| {
            let birth = if dice.chance(40) {
                births[0]
            } else {
                dice.pick(&births)
            };
            day(birth)
        }),
        died: None,
        sensitive: if dice.chance(15) {
            vec![Sensitive::Psy]
        } else {
            Vec::new()
        },
        guardians: dice.pick(&[
            vec![],
            vec![guardian("Ana Prado", None)],
            vec![guardian("Ana Prado", Some("2026-03-01"))],
            vec![
                guardian("Ana Prado", Some("2026-02-28")),
                guardian("Leo Prado", None),
            ],
        ]),
    }
}

const SOUND: Scan = Scan {
    identified: true,
    seal_broken: false,
    flagged: false,
};

/// One whose agreement stands in no way, but that it pays.
fn friend(purpose: Purpose) -> Recipient {
    Recipient {
        id: id("acme"),
        name: "Acme Imaging".to_owned(),
        address: None,
        contact: None,
        inside: false,
        destination: None,
        deletion: None,
        receipt_key: None,
        agreement: Some(Agreement {
            kind: AgreementKind::Baa,
            signed_on: day("2025-01-01"),
            expires: None,
            purposes: vec![purpose],
            retention_days: Some(31),
            may_train: true,
            paid: true,
            storage_place: "Ireland".to_owned(),
            subprocessors: Vec::new(),
            profile: "vendor".to_owned(),
            breach_notice_hours: None,
        }),
    }
}

fn recipient(dice: &mut Dice, purpose: Purpose) -> Recipient {
    let mut purposes = vec![dice.pick(&Purpose::ALL), dice.pick(&Purpose::ALL)];
    if dice.chance(85) {
        purposes.push(purpose);
    }
    Recipient {
        inside: dice.chance(30),
        destination: None,
        deletion: None,
        receipt_key: None,
        agreement: dice.chance(90).then(|| Agreement {
            kind: AgreementKind::Baa,
            signed_on: day(if dice.chance(85) {
                "2025-01-01"
            } else {
                dice.pick(&["2026-03-01", "2026-03-02"])
            }),
            expires: dice
                .pick(&[
                    None,
                    None,
                    Some("2027-01-01"),
                    Some("2026-02-28"),
                    Some("2026-03-01"),
                ])
                .map(day),
            purposes,
            retention_days: dice.pick(&[Some(30), Some(30), Some(30), Some(0), None]),
            may_train: dice.chance(80),
            paid: dice.chance(25),
            storage_place: "Ireland".to_owned(),
            subprocessors: Vec::new(),
            profile: dice
                .pick(&["vendor", "vendor", "research", "original"])
                .to_owned(),
            breach_notice_hours: None,
        }),
        ..friend(purpose)
    }
}

/// A directive as it can be recorded: in the past, and withdrawn, if at all, after that.
fn directive(dice: &mut Dice, number: usize, purpose: Purpose, now: i64) -> Directive {
    let says = dice.pick(&[Says::Yes, Says::Yes, Says::Yes, Says::Yes, Says::No]);
    let asked = dice.chance(85);
    let scope = match says {
        Says::No if dice.chance(20) => Scope::Everything,
        _ if asked => Scope::Purpose(purpose),
        _ => Scope::Purpose(dice.pick(&Purpose::ALL)),
    };
    let mut named = dice.pick(&[None, Some("acme"), Some("acme"), Some("other")]);
    if says == Says::Yes && scope == Scope::Purpose(Patrqt) {
        // Nobody can record it otherwise.
        named = named.or(Some("acme"));
    }
    // Few moments, so that they meet.
    let ago = [400 * DAY, 3 * DAY, DAY, 1000, 1, 0];
    let made = dice.below(ago.len());
    let withdrawn = dice.chance(12).then(|| made + dice.below(ago.len() - made));
    let starts = if dice.chance(60) {
        now - ago[made]
    } else {
        now + dice.pick(&[-3 * DAY, -1, 0, 1, DAY])
    };
    Directive {
        // Numbers do not follow the order of the list.
        id: DirectiveId(((number * 5) % 7) as i64),
        says,
        scope,
        recipient: named.map(id),
        starts: Timestamp::from_millis(starts),
        ends: dice
            .pick(&[
                None,
                None,
                None,
                Some(-DAY),
                Some(-1),
                Some(0),
                Some(1),
                Some(DAY),
            ])
            .map(|end| Timestamp::from_millis(now + end)),
        signed_by: match dice.below(10) {
            0..6 => Signer::Patient,
            6..8 => guardian("Ana Prado"),
            8 => guardian(dice.pick(&["Leo Prado", "Eva Luna"])),
            _ => Signer::Nobody,
        },
        covers_payment: dice.chance(50),
        after_death: dice.chance(50),
        made_at: Timestamp::from_millis(now - ago[made]),
        withdrawn_at: withdrawn.map(|index| Timestamp::from_millis(now - ago[index])),
    }
}

fn guardian(name: &str) -> Signer {
    Signer::Guardian {
        name: name.to_owned(),
    }
}

fn id(text: &str) -> RecipientId {
    RecipientId::new(text).unwrap()
}

/// What was decided, in the oracle's words.
fn decided(policies: &Policies, world: &World) -> Option<Terms> {
    match decide(policies, &world.request, &world.records()) {
        Decision::Permit(permit) => {
            assert_eq!(permit.purpose(), world.request.purpose);
            assert_eq!(permit.decided_at(), world.now);
            assert!(!permit.reasons().is_empty());
            Some(Terms {
                profile: permit.profile().as_str().to_owned(),
                retention_days: permit.retention_days(),
                banner: permit.banner().is_some(),
            })
        }
        Decision::Deny(denial) => {
            assert!(
                denial
                    .reasons
                    .first()
                    .is_some_and(|reason| !reason.policy.is_empty() && !reason.plain.is_empty()),
                "{world:?}"
            );
            None
        }
    }
}

/// The facts, without wishes that no row of the tables looks at for the purpose.
fn bearing_wishes(mut facts: Facts) -> Facts {
    let bearing = bearing(facts.purpose);
    facts.said_no &= bearing.contains(&SAID_NO);
    facts.withdrawn &= bearing.contains(&WITHDRAWN);
    facts.yes = facts.yes.filter(|_| bearing.contains(&YES));
    facts
}

/// How many worlds in CI; `LEADGLASS_SWEEP` makes it as many as it says.
fn wanted() -> u64 {
    std::env::var("LEADGLASS_SWEEP").map_or(60_000, |number| number.parse().unwrap())
}

#[test]
fn random_histories() {
    let policies = Policies::new("").unwrap();
    let mut dice = Dice::new(5);
    let mut permits: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut mismatches, mut first) = (0, Vec::new());
    // How often each thing that directives do was there to be seen.
    let mut seen = [0_u64; 4];
    for _ in 0..wanted() {
        let world = World::random(&mut dice);
        let facts = facts(&world.request, &world.records());
        for (count, is) in seen.iter_mut().zip([
            facts.said_no,
            facts.withdrawn,
            facts.yes.is_some(),
            facts.yes.is_some() && world.directives.iter().any(|d| d.withdrawn_at.is_some()),
        ]) {
            *count += u64::from(is);
        }
        assert_eq!(
            bearing_wishes(Facts::of(&world.request, &world.records())),
            bearing_wishes(facts),
            "{world:#?}"
        );
        let expected = oracle_records(&world.request, &world.records());
        let found = decided(&policies, &world);
        if found.is_some() {
            assert!(
                facts.yes.is_some() || !matches!(world.request.purpose, AiTrain | Patrqt),
                "{world:?}"
            );
            *permits.entry(world.request.purpose.code()).or_default() += 1;
        }
        if expected != found {
            mismatches += 1;
            if first.len() < 3 {
                first.push(format!(
                    "expected {expected:?}, found {found:?}\n{facts:?}\n{world:#?}"
                ));
            }
        }
    }
    println!(
        "{} worlds, permits {permits:?}, no/withdrawn/yes/both {seen:?}",
        wanted()
    );
    assert_eq!(mismatches, 0, "of {} worlds\n{}", wanted(), first.join("\n"));
    assert_eq!(permits.len(), Purpose::ALL.len(), "{permits:?}");
    assert!(permits.values().all(|count| *count > 250), "{permits:?}");
    assert!(seen.iter().all(|count| *count > 1000), "{seen:?}");
}

#[test]
fn a_yes_that_covers_nothing_adds_nothing() {
    // A yes to everything, and a yes to PATRQT for all: no page records them, and were one there, it would permit nothing.
    let policies = Policies::new("").unwrap();
    let mut dice = Dice::new(6);
    for _ in 0..5_000 {
        let mut world = World::random(&mut dice);
        let before = decided(&policies, &world);
        let mut yes = directive(&mut dice, 6, world.request.purpose, world.now.millis());
        yes.says = Says::Yes;
        yes.signed_by = Signer::Patient;
        (yes.scope, yes.recipient) = match world.request.purpose {
            Patrqt => (Scope::Purpose(Patrqt), None),
            _ => (Scope::Everything, yes.recipient),
        };
        world.directives.push(yes);
        assert_eq!(decided(&policies, &world), before, "{world:#?}");
    }
}
