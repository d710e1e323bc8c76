//! Twenty vendors, three in ten of them bad: each offender is recognised by what it did, and nobody else is named.

use crate::gateway::{Gateway, Outcome};
use crate::{impatient, record, serve};
use deletion::{Discovery, Kind};
use release::CourierError;
use std::sync::Arc;
use testkit::vendor::{Behaviour, Vendor};
use tokio::task::JoinSet;

/// What a gateway can tell of a vendor after two requests, a call to erase and the due date.
fn finding(outcomes: &[Outcome], gateway: &Gateway) -> &'static str {
    if let Some(refused) = outcomes.iter().flat_map(|outcome| &outcome.refused).next() {
        return refused.slug();
    }
    match outcomes.iter().find_map(|outcome| outcome.carried.as_ref().err()) {
        Some(CourierError::Protocol(_)) => return "no-protocol",
        Some(CourierError::Unreachable(why)) if why.contains("in time") => return "no-answer-in-time",
        Some(CourierError::Unreachable(_)) => return "unreachable",
        Some(other) => panic!("{other}"),
        None => {}
    }
    let worst = outcomes
        .iter()
        .map(|outcome| gateway.standing(&outcome.jti))
        .find(|standing| *standing != Some(Kind::Erased));
    match worst {
        None => "erased",
        Some(None) => "no-receipt",
        Some(Some(kind)) => kind.as_str(),
    }
}

fn expected(behaviour: Behaviour) -> &'static str {
    match behaviour {
        Behaviour::Honest | Behaviour::Slow => "erased",
        Behaviour::OnlyAcks => "ACK",
        Behaviour::Silent => "no-receipt",
        Behaviour::Refuses => "REFUSED",
        Behaviour::Partial => "PARTIAL",
        Behaviour::Forges => "forged",
        Behaviour::WrongManifest => "wrong-manifest",
        Behaviour::Replays => "replayed",
        Behaviour::ClaimsAll => "wrong-count",
        Behaviour::Garbage => "no-protocol",
        Behaviour::Hangs => "no-answer-in-time",
        Behaviour::Down => "unreachable",
    }
}

async fn simulate(bad: [Behaviour; 6]) {
    let gateway = Arc::new(Gateway::default());
    let own = Discovery {
        jwks: vec![Gateway::public_key()],
        ..Discovery::default()
    };
    let address = serve(vendor::router(gateway.clone(), &own)).await;
    let client = Arc::new(impatient());

    let good = (0..14).map(|number| {
        if number < 9 {
            Behaviour::Honest
        } else {
            Behaviour::Slow
        }
    });
    let mut running = JoinSet::new();
    for (number, behaviour) in good.chain(bad).enumerate() {
        let (gateway, client) = (gateway.clone(), client.clone());
        let vendor = Vendor::start(behaviour, number as u64).unwrap();
        if behaviour == Behaviour::Slow {
            vendor.post_receipts_to(&format!("{address}{}", vendor::RECEIPTS_PATH));
        }
        running.spawn(async move {
            let record = record(
                &format!("vendor-{number}"),
                vendor.origin(),
                &vendor.receipt_key(),
            );
            let mut outcomes = Vec::new();
            for _ in 0..2 {
                outcomes.push(gateway.ask(client.as_ref(), &record).await);
            }
            for posted in vendor.erase_now().await {
                assert_eq!(posted.status, Some(202), "{}", posted.answer);
            }
            (behaviour, finding(&outcomes, &gateway))
        });
    }
    let found = running.join_all().await;
    assert_eq!(found.len(), 20);
    for (behaviour, finding) in found {
        assert_eq!(finding, expected(behaviour), "{behaviour:?}");
    }
}

#[tokio::test]
async fn liars_are_named() {
    use Behaviour::{ClaimsAll, Forges, Garbage, Partial, Replays, WrongManifest};
    simulate([Forges, WrongManifest, Replays, ClaimsAll, Garbage, Partial]).await;
}

#[tokio::test]
async fn the_silent_are_named() {
    use Behaviour::{Down, Hangs, OnlyAcks, Refuses, Silent};
    simulate([Down, Hangs, OnlyAcks, Refuses, Silent, Silent]).await;
}
