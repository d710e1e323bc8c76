//! A no takes effect at once: queued, running and delivered.

use crate::door::Shelf;
use crate::gateway::Gateway;
use consent::Says;
use model::Purpose::AiAnalysis;
use std::time::{Duration, Instant};
use store::{AttemptState, CopyState, ReleaseState};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_arrives_a_second_after_a_no_and_every_row_is_true() {
    let shelf = Shelf::default();
    let gateway = Gateway::new(&shelf).await;
    let study = gateway.study(11, 11, 8).await;
    gateway.recipient("acme-ai", &[AiAnalysis]).await;
    shelf.takes_millis(150);
    let worker = gateway.worker();
    let release = gateway.queued(&study, "acme-ai", AiAnalysis).await;
    while shelf.received().len() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let effect = gateway.say(11, Says::No, AiAnalysis).await;
    let committed = Instant::now();
    assert_eq!(effect.stopped, [release]);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let late = shelf
        .received()
        .into_iter()
        .filter(|copy| copy.at > committed + Duration::from_secs(1));
    assert_eq!(late.count(), 0);
    let row = gateway.store.release(release).await.unwrap().unwrap();
    assert_eq!(row.state, ReleaseState::Cancelled);
    let received = shelf.received();
    assert!(received.len() < 8);
    let attempts = gateway.store.attempts(release).await.unwrap();
    for attempt in &attempts {
        let arrived = received.iter().any(|copy| copy.attempt == attempt.number);
        match attempt.state {
            AttemptState::Sent => assert!(arrived),
            AttemptState::NotSent => assert!(!arrived),
            other => panic!("{other}"),
        }
    }
    // What is outside must come to its end.
    let copies = gateway.store.copies_of(row.patient).await.unwrap();
    assert_eq!(copies.len(), 1);
    assert_eq!(copies[0].state, CopyState::Expiring);
    assert!(copies[0].due_at.unwrap() <= crate::gateway::now());
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_worker_was_sending_may_have_been_sent_and_goes_again() {
    let shelf = Shelf::default();
    let gateway = Gateway::new(&shelf).await;
    let study = gateway.study(12, 12, 3).await;
    gateway.recipient("acme-ai", &[AiAnalysis]).await;
    // A worker that takes an instance in hand and is never heard of again.
    let release = gateway.queued(&study, "acme-ai", AiAnalysis).await;
    let now = crate::gateway::now();
    let claimed = gateway
        .store
        .claim(store::Claim {
            worker: [7; 16],
            per_destination: 2,
            limit: 1,
            now,
            until: now.plus_millis(500),
        })
        .await
        .unwrap();
    assert_eq!(claimed.len(), 1);
    let instance = gateway.store.instances_of_study(&study).await.unwrap()[0].clone();
    let intended = gateway
        .store
        .intend(store::Intent {
            release,
            worker: [7; 16],
            instance: instance.sop_instance_uid.clone(),
            copy_uid: "2.25.1".parse().unwrap(),
            copy_digest: [1; 32],
            derived: None,
            now,
        })
        .await
        .unwrap();
    assert!(matches!(intended, store::Intended::Go { .. }));
    let worker = gateway.worker();
    assert_eq!(gateway.over(release).await.state, ReleaseState::Done);
    let attempts = gateway.store.attempts(release).await.unwrap();
    assert_eq!(attempts[0].state, AttemptState::Unknown);
    assert_eq!(
        attempts[1..]
            .iter()
            .filter(|a| a.state == AttemptState::Sent)
            .count(),
        3
    );
    assert_eq!(shelf.received().len(), 3);
    worker.stop().await;
}
