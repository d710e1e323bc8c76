//! "What permits", and what a permit says.

use super::world::World;
use super::{Answer, Scenario, permit, permitting};
use model::Purpose::{self, AiAnalysis, Btg, Hlegal, Patrqt, Treat};

fn scenario(name: &str, world: World, answer: Answer) -> Scenario {
    Scenario {
        name: name.to_owned(),
        world,
        answer,
    }
}

pub(super) fn scenarios() -> Vec<Scenario> {
    let inside_alone = |w: &mut World| {
        w.recipient().inside = true;
        w.recipient().agreement = None;
        w.directives.clear();
    };
    let mut scenarios: Vec<_> = Purpose::ALL
        .into_iter()
        .map(|purpose| {
            let answer = Answer::Yes(permitting(purpose));
            scenario(
                &format!("all is well for {purpose}"),
                World::good(purpose),
                answer,
            )
        })
        .collect();
    scenarios.extend([
        scenario(
            "treatment inside needs no agreement",
            World::good(Treat).but(inside_alone),
            Answer::Yes("treatment"),
        ),
        scenario(
            "an emergency inside needs no agreement",
            World::good(Btg).but(inside_alone),
            Answer::Yes("emergency"),
        ),
        scenario(
            "an emergency where treatment was agreed",
            World::good(Btg).but(|w| w.agreement().purposes = vec![Treat]),
            Answer::Yes("emergency"),
        ),
        scenario(
            "treatment where an emergency was agreed",
            World::good(Treat).but(|w| w.agreement().purposes = vec![Btg]),
            Answer::No("purpose-not-agreed"),
        ),
        scenario(
            "the law needs no yes",
            World::good(Hlegal).but(|w| w.directives.clear()),
            Answer::Yes("payment-or-law"),
        ),
        scenario(
            "ai analysis is opt-out",
            World::good(AiAnalysis).but(|w| w.directives.clear()),
            Answer::Yes("ai-analysis"),
        ),
        scenario(
            "the patient's wish needs no agreement",
            World::good(Patrqt).but(|w| w.recipient().agreement = None),
            Answer::Yes("patient-asked"),
        ),
        scenario(
            "the patient's wish must name its recipient",
            World::good(Patrqt).but(|w| w.yes().recipient = None),
            Answer::No("no-yes"),
        ),
        scenario(
            "a profile whose name cannot be read does not de-identify",
            World::good(AiAnalysis).but(|w| w.agreement().profile = "Original".to_owned()),
            Answer::No("not-deidentified"),
        ),
        scenario(
            "a profile whose name cannot be read permits nothing",
            World::good(Treat).but(|w| w.agreement().profile = "Vendor 2".to_owned()),
            Answer::No("unchecked"),
        ),
        scenario(
            "a moment without a day",
            World::good(Treat).but(|w| w.now = model::Timestamp::from_millis(i64::MAX)),
            Answer::No("unchecked"),
        ),
    ]);
    scenarios
}

#[test]
fn a_permit_carries_profile_and_the_shorter_retention() {
    let vendor = permit(&World::good(AiAnalysis).but(|w| w.request.retention_days = Some(7)));
    assert_eq!(vendor.profile().as_str(), "vendor");
    assert_eq!(vendor.retention_days(), Some(7));
    assert_eq!(permit(&World::good(AiAnalysis)).retention_days(), Some(30));

    let own = permit(&World::good(Treat).but(|w| {
        w.recipient().inside = true;
        w.agreement().purposes = vec![Purpose::Hresch];
    }));
    assert!(
        own.profile().is_original(),
        "research does not shape what treatment gets"
    );
    assert_eq!(own.retention_days(), None);

    let longer = permit(&World::good(Treat).but(|w| {
        w.recipient().inside = true;
        w.request.retention_days = Some(99);
    }));
    assert_eq!(longer.retention_days(), Some(30));
}

#[test]
fn a_scan_that_may_be_wrong_goes_with_a_banner() {
    let banner = |seal_broken, flagged| {
        let world = World::good(Treat).but(|w| {
            w.scan.seal_broken = seal_broken;
            w.scan.flagged = flagged;
        });
        permit(&world).banner().map(|reason| reason.policy.clone())
    };
    assert_eq!(banner(false, false), None);
    assert_eq!(banner(true, false).unwrap(), "banner-seal-broken");
    assert_eq!(banner(false, true).unwrap(), "banner-flagged");
    assert_eq!(banner(true, true).unwrap(), "banner-seal-broken-and-flagged");
}
