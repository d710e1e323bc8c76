//! Each behaviour of a vendor, over HTTP, from the request to what stands in the end.

use crate::gateway::Gateway;
use crate::{client, impatient, record_of, serve};
use deletion::{Discovery, Kind, Refused, manifest_root};
use model::{Digest, Uid};
use release::{Courier as _, CourierError};
use std::sync::Arc;
use testkit::vendor::{Behaviour, Vendor};

/// What one request to such a vendor brings: the answer, the refusals, what stands.
async fn outcome(behaviour: Behaviour) -> (Result<usize, CourierError>, Vec<Refused>, Option<Kind>) {
    let vendor = Vendor::start(behaviour, 1).unwrap();
    vendor.trust(&Gateway::public_key().to_bytes()).unwrap();
    let gateway = Gateway::default();
    let outcome = gateway.ask(&client(), &record_of(&vendor)).await;
    assert_eq!(vendor.requests().len(), usize::from(behaviour != Behaviour::Down));
    let standing = gateway.standing(&outcome.jti);
    (outcome.carried, outcome.refused, standing)
}

#[tokio::test]
async fn an_honest_vendor_acknowledges_and_erases() {
    assert_eq!(
        outcome(Behaviour::Honest).await,
        (Ok(2), vec![], Some(Kind::Erased))
    );
}

#[tokio::test]
async fn an_acknowledgement_is_no_erasure() {
    assert_eq!(
        outcome(Behaviour::OnlyAcks).await,
        (Ok(1), vec![], Some(Kind::Ack))
    );
    assert_eq!(outcome(Behaviour::Slow).await, (Ok(1), vec![], Some(Kind::Ack)));
}

#[tokio::test]
async fn other_answers_are_what_they_say() {
    assert_eq!(outcome(Behaviour::Silent).await, (Ok(0), vec![], None));
    assert_eq!(
        outcome(Behaviour::Refuses).await,
        (Ok(1), vec![], Some(Kind::Refused))
    );
    assert_eq!(
        outcome(Behaviour::Partial).await,
        (Ok(1), vec![], Some(Kind::Partial))
    );
}

#[tokio::test]
async fn false_receipts_do_not_count() {
    assert_eq!(
        outcome(Behaviour::Forges).await,
        (Ok(1), vec![Refused::Signature], None)
    );
    assert_eq!(
        outcome(Behaviour::WrongManifest).await,
        (Ok(1), vec![Refused::Manifest], None)
    );
    let count = Refused::Count {
        kind: Kind::Erased,
        instances: 5,
    };
    assert_eq!(outcome(Behaviour::ClaimsAll).await, (Ok(1), vec![count], None));
}

#[tokio::test]
async fn an_old_receipt_does_not_count_again() {
    let vendor = Vendor::start(Behaviour::Replays, 1).unwrap();
    let gateway = Gateway::default();
    let first = gateway.ask(&client(), &record_of(&vendor)).await;
    assert_eq!(gateway.standing(&first.jti), Some(Kind::Erased));
    let second = gateway.ask(&client(), &record_of(&vendor)).await;
    assert_eq!(second.refused, [Refused::Replayed]);
    assert_eq!(gateway.standing(&second.jti), None);

    // A gateway that has not seen it: it answers another request.
    let other = Gateway::default();
    other.request(&record_of(&vendor), 5);
    let third = other.ask(&client(), &record_of(&vendor)).await;
    assert_eq!(third.refused, [Refused::Reference]);
}

#[tokio::test]
async fn what_is_no_answer_is_told_apart() {
    let (carried, _, standing) = outcome(Behaviour::Garbage).await;
    assert!(matches!(carried, Err(CourierError::Protocol(_))), "{carried:?}");
    assert_eq!(standing, None);
    let (carried, _, standing) = outcome(Behaviour::Down).await;
    assert!(
        matches!(&carried, Err(CourierError::Unreachable(why)) if why.contains("no connection")),
        "{carried:?}"
    );
    assert_eq!(standing, None);
}

#[tokio::test]
async fn who_hangs_is_given_up() {
    let vendor = Vendor::start(Behaviour::Hangs, 1).unwrap();
    let failed = crate::carry(&impatient(), &record_of(&vendor)).await;
    assert_eq!(
        failed,
        Err(CourierError::Unreachable("it does not answer in time".into()))
    );
    assert_eq!(vendor.requests().len(), 1);
}

#[tokio::test]
async fn late_receipts_are_posted_and_taken() {
    let gateway = Arc::new(Gateway::default());
    let own = Discovery {
        jwks: vec![Gateway::public_key()],
        ..Discovery::default()
    };
    let address = serve(vendor::router(gateway.clone(), &own)).await;
    let receipts = format!("{address}{}", vendor::RECEIPTS_PATH);

    let slow = Vendor::start(Behaviour::Slow, 1).unwrap();
    slow.post_receipts_to(&receipts);
    let asked = gateway.ask(&client(), &record_of(&slow)).await;
    assert_eq!(gateway.standing(&asked.jti), Some(Kind::Ack));
    let posted = slow.erase_now().await;
    assert_eq!(posted[0].status, Some(202));
    assert_eq!(
        posted[0].answer,
        r#"{"kind":"ERASED","standing":"ERASED","changes":true}"#
    );
    assert_eq!(gateway.standing(&asked.jti), Some(Kind::Erased));
    // The same again, and one that nobody asked for.
    assert_eq!(slow.post(&posted[0].jws).await.status, Some(409));
    assert!(slow.erase_now().await.is_empty());

    let mut taken = gateway.taken.subscribe();
    let honest = Vendor::start(Behaviour::Honest, 1).unwrap();
    honest.post_receipts_to(&receipts);
    let asked = gateway.ask(&client(), &record_of(&honest)).await;
    assert_eq!(asked.carried, Ok(1));
    taken.wait_for(|count| *count == 4).await.unwrap();
    assert_eq!(gateway.standing(&asked.jti), Some(Kind::Erased));
}

#[tokio::test]
async fn an_honest_vendor_erases_that_copy_and_no_other() {
    let instance = |number: u8| (Uid::new(&format!("2.25.{number}")).unwrap(), Digest([number; 32]));
    let copies: Vec<_> = (1..=9).map(instance).collect();
    let vendor = Vendor::start(Behaviour::Honest, 1).unwrap();
    vendor.received().lock().unwrap().clone_from(&copies);

    let gateway = Gateway::default();
    let wanted = gateway.request_for(&record_of(&vendor), 4, manifest_root(&copies[3..7]));
    let answers = client().carry(&record_of(&vendor), &wanted).await.unwrap();
    assert_eq!(answers.len(), 2);
    let left = [&copies[..3], &copies[7..]].concat();
    assert_eq!(*vendor.received().lock().unwrap(), left);

    // It has copies, and none with that manifest.
    let unknown = gateway.ask(&client(), &record_of(&vendor)).await;
    assert_eq!(gateway.standing(&unknown.jti), Some(Kind::Refused));
    assert_eq!(*vendor.received().lock().unwrap(), left);
}

#[tokio::test]
async fn a_vendor_that_checks_requests_takes_those_of_its_gateway_alone() {
    let vendor = Vendor::start(Behaviour::Honest, 1).unwrap();
    vendor
        .trust(&deletion::PublicKey::of_seed(&[8; 32]).to_bytes())
        .unwrap();
    let failed = crate::carry(&client(), &record_of(&vendor)).await;
    assert_eq!(failed, Err(CourierError::Protocol("status 400".into())));
}
