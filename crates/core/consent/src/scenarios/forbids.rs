//! "What forbids, whatever else permits".

use super::world::{World, moment};
use super::{Answer, Scenario, permitting};
use crate::{AiDefault, Says, Scope, Sensitive};
use model::Purpose::{self, AiAnalysis, AiTrain, Btg, Hlegal, Hoperat, Hpaymt, Hresch, Patrqt, Treat};

/// A row: what is wrong, the reason, the purposes that it stops. All others still go, but for those named with another reason.
struct Row {
    name: &'static str,
    reason: &'static str,
    spoil: fn(&mut World),
    stops: &'static [Purpose],
    also: &'static [(Purpose, &'static str)],
}

const ALL: &[Purpose] = &Purpose::ALL;
const BUT_TREAT_PATRQT: &[Purpose] = &[Hpaymt, Hoperat, AiAnalysis, AiTrain, Hresch, Hlegal, Btg];
const BUT_TREAT_BTG: &[Purpose] = &[Hpaymt, Hoperat, AiAnalysis, AiTrain, Hresch, Hlegal, Patrqt];
const BUT_PATRQT: &[Purpose] = &[Treat, Hpaymt, Hoperat, AiAnalysis, AiTrain, Hresch, Hlegal, Btg];
const NEED_AGREEMENT_INSIDE: &[Purpose] = &[Hpaymt, Hoperat, AiAnalysis, AiTrain, Hresch, Hlegal];
const SECONDARY: &[Purpose] = &[Hoperat, AiAnalysis, AiTrain, Hresch];
const AI_RESEARCH: &[Purpose] = &[AiAnalysis, AiTrain, Hresch];
const REFUSABLE: &[Purpose] = &[Treat, Hpaymt, Hoperat, AiAnalysis, AiTrain, Hresch, Patrqt];

fn row(name: &'static str, reason: &'static str, stops: &'static [Purpose], spoil: fn(&mut World)) -> Row {
    Row {
        name,
        reason,
        spoil,
        stops,
        also: &[],
    }
}

impl Row {
    fn also(mut self, also: &'static [(Purpose, &'static str)]) -> Self {
        self.also = also;
        self
    }
}

fn no(world: &mut World, scope: Scope) {
    let mut no = world.yes().clone();
    no.says = Says::No;
    no.scope = scope;
    no.recipient = None;
    no.signed_by = crate::Signer::Nobody;
    no.made_at = moment("2026-01-15T00:00:00Z");
    no.starts = no.made_at;
    world.directives.push(no);
}

fn rows() -> Vec<Row> {
    vec![
        row("a stranger", "stranger", ALL, |w| w.recipient = None),
        row(
            "nobody knows whose scan it is",
            "unidentified",
            BUT_TREAT_BTG,
            |w| {
                w.scan.identified = false;
            },
        ),
        row("nobody breaks the glass", "emergency-unnamed", &[Btg], |w| {
            w.glass = None;
        }),
        row("not a clinician", "emergency-not-clinician", &[Btg], |w| {
            w.glass.as_mut().unwrap().clinician = false;
        }),
        row("nine characters", "emergency-no-reason", &[Btg], |w| {
            w.glass.as_mut().unwrap().reason = "  emergency   ".to_owned();
        }),
        row("ten characters", "", &[], |w| {
            w.glass.as_mut().unwrap().reason = "urgencia ñ".to_owned();
        }),
        row(
            "an earlier use waits for review",
            "emergency-open-review",
            &[Btg],
            |w| {
                w.glass.as_mut().unwrap().open_review = true;
            },
        ),
        row("suspended", "suspended", BUT_TREAT_PATRQT, |w| {
            w.standing.suspended = true;
        }),
        row("owes a deletion", "deletion-overdue", BUT_TREAT_PATRQT, |w| {
            w.standing.overdue = 1;
        }),
        row("no agreement", "no-agreement", BUT_PATRQT, |w| {
            w.recipient().agreement = None;
        }),
        row(
            "no agreement, inside",
            "no-agreement",
            NEED_AGREEMENT_INSIDE,
            |w| {
                w.recipient().inside = true;
                w.recipient().agreement = None;
            },
        ),
        row("ended yesterday", "no-agreement", BUT_PATRQT, |w| {
            w.agreement().expires = Some("2026-11-21".parse().unwrap());
        }),
        row("last day today", "", &[], |w| {
            w.agreement().expires = Some("2026-11-22".parse().unwrap());
        }),
        row("from tomorrow", "no-agreement", BUT_PATRQT, |w| {
            w.agreement().signed_on = "2026-11-23".parse().unwrap();
        }),
        row("from today", "", &[], |w| {
            w.agreement().signed_on = "2026-11-22".parse().unwrap();
        }),
        row("another purpose agreed", "purpose-not-agreed", BUT_PATRQT, |w| {
            w.agreement().purposes = vec![Patrqt];
        }),
        row(
            "another purpose agreed, inside",
            "purpose-not-agreed",
            NEED_AGREEMENT_INSIDE,
            |w| {
                w.recipient().inside = true;
                w.agreement().purposes = vec![Patrqt];
            },
        ),
        row("a day too long", "kept-too-long", BUT_PATRQT, |w| {
            w.request.retention_days = Some(31);
        }),
        row(
            "a day too long, inside",
            "kept-too-long",
            NEED_AGREEMENT_INSIDE,
            |w| {
                w.recipient().inside = true;
                w.request.retention_days = Some(31);
            },
        ),
        row("as long as agreed", "", &[], |w| {
            w.request.retention_days = Some(30);
        }),
        row("no end agreed", "kept-too-long", SECONDARY, |w| {
            w.agreement().retention_days = None;
        }),
        row("identified copies", "not-deidentified", SECONDARY, |w| {
            w.agreement().profile = "original".to_owned();
        }),
        row("no training agreed", "training-not-agreed", &[AiTrain], |w| {
            w.agreement().may_train = false;
        }),
        row("a place not allowed", "place-not-allowed", BUT_PATRQT, |w| {
            w.facility.storage_places = vec!["Spain".to_owned()];
        }),
        row(
            "a place not allowed, inside",
            "place-not-allowed",
            NEED_AGREEMENT_INSIDE,
            |w| {
                w.recipient().inside = true;
                w.facility.storage_places = vec!["Spain".to_owned()];
            },
        ),
        row("a place allowed", "", &[], |w| {
            w.facility.storage_places = vec!["Spain".to_owned(), "Ireland".to_owned()];
        }),
        row("a no to this purpose", "patient-said-no", REFUSABLE, |w| {
            let purpose = w.request.purpose;
            no(w, Scope::Purpose(purpose));
        }),
        row(
            "a no to everything",
            "patient-said-no",
            &[Hpaymt, Hoperat, AiAnalysis, AiTrain, Hresch],
            |w| {
                no(w, Scope::Everything);
            },
        ),
        row(
            "a yes withdrawn",
            "yes-withdrawn",
            &[Hpaymt, Hoperat, AiAnalysis, AiTrain, Hresch, Patrqt],
            |w| {
                w.yes().withdrawn_at = Some(moment("2026-03-01T00:00:00Z"));
            },
        ),
        row(
            "a child signs",
            "minor-without-guardian",
            AI_RESEARCH,
            World::child,
        )
        .also(&[(Patrqt, "no-yes")]),
        row("a guardian signs", "", &[], |w| {
            w.child();
            w.guardian_signs();
        }),
        row("an unknown age", "age-unknown", &[AiTrain, Hresch], |w| {
            w.person.born = None;
        }),
        row("after death", "deceased", AI_RESEARCH, |w| {
            w.person.died = Some("2026-10-01".parse().unwrap());
        }),
        row("after death, as agreed to", "", &[], |w| {
            w.person.died = Some("2026-10-01".parse().unwrap());
            w.yes().after_death = true;
        }),
        row(
            "protected records, no yes",
            "sensitive-without-yes",
            SECONDARY,
            |w| {
                w.person.sensitive = vec![Sensitive::Psy];
                w.directives.clear();
            },
        )
        .also(&[(Patrqt, "no-yes")]),
        row("protected records, a yes", "", &[], |w| {
            w.person.sensitive = vec![Sensitive::Hiv];
        }),
        row("paid", "paid-without-yes", SECONDARY, |w| {
            w.agreement().paid = true;
        }),
        row("paid, as agreed to", "", &[], |w| {
            w.agreement().paid = true;
            w.yes().covers_payment = true;
        }),
        row("no yes", "no-yes", &[AiTrain, Hresch, Patrqt], |w| {
            w.directives.clear();
        }),
        row("an unsigned yes", "no-yes", &[AiTrain, Hresch, Patrqt], |w| {
            w.yes().signed_by = crate::Signer::Nobody;
        }),
        row("opt-in, no yes", "ai-without-yes", &[AiAnalysis], |w| {
            w.facility.ai_analysis = AiDefault::OptIn;
            w.directives.clear();
        })
        .also(&[(AiTrain, "no-yes"), (Hresch, "no-yes"), (Patrqt, "no-yes")]),
        row("opt-in, a yes", "", &[], |w| {
            w.facility.ai_analysis = AiDefault::OptIn;
        }),
        row("a broken seal", "seal-broken", BUT_TREAT_PATRQT, |w| {
            w.scan.seal_broken = true;
        }),
        row("a flag", "flagged", BUT_TREAT_PATRQT, |w| w.scan.flagged = true),
    ]
}

pub(super) fn scenarios() -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    for row in rows() {
        for purpose in Purpose::ALL {
            let other = row.also.iter().find(|(also, _)| *also == purpose);
            let answer = match other {
                Some((_, reason)) => Answer::No(reason),
                None if row.stops.contains(&purpose) => Answer::No(row.reason),
                None => Answer::Yes(permitting(purpose)),
            };
            scenarios.push(Scenario {
                name: format!("{} for {purpose}", row.name),
                world: World::good(purpose).but(row.spoil),
                answer,
            });
        }
    }
    scenarios
}

#[test]
fn all_reasons_are_given_the_most_telling_first() {
    let world = World::good(AiTrain).but(|w| {
        w.standing.suspended = true;
        w.scan.flagged = true;
        w.request.retention_days = Some(99);
        no(w, Scope::Purpose(AiTrain));
        w.yes().signed_by = crate::Signer::Nobody;
        w.yes().made_at = moment("2026-01-01T00:00:00Z");
    });
    let crate::Decision::Deny(denial) = world.decide(&crate::Policies::new("").unwrap()) else {
        panic!("permitted");
    };
    let reasons: Vec<_> = denial
        .reasons
        .iter()
        .map(|reason| reason.policy.as_str())
        .collect();
    assert_eq!(
        reasons,
        [
            "suspended",
            "kept-too-long",
            "patient-said-no",
            "no-yes",
            "flagged"
        ]
    );
}
