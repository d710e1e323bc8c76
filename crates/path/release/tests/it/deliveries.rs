//! Orders become deliveries, and each instance that leaves has its account.

use crate::door::Shelf;
use crate::gateway::{Gateway, order};
use consent::Says;
use model::Purpose::{AiAnalysis, AiTrain, Treat};
use std::time::Duration;
use store::{AttemptState, Ordered, ReleaseState};

#[tokio::test(flavor = "multi_thread")]
async fn a_permitted_copy_gets_there_de_identified_and_accounted_for() {
    let shelf = Shelf::default();
    let gateway = Gateway::new(&shelf).await;
    let study = gateway.study(1, 1, 3).await;
    gateway.recipient("acme-ai", &[AiAnalysis]).await;
    let worker = gateway.worker();
    let release = gateway.queued(&study, "acme-ai", AiAnalysis).await;
    let row = gateway.over(release).await;
    assert_eq!(row.state, ReleaseState::Done, "{:?}", row.reason);
    let received = shelf.received();
    assert_eq!(received.len(), 3);
    for copy in &received {
        let text = String::from_utf8_lossy(&copy.file);
        assert!(!text.contains(study.as_str()), "the study's own UID left");
        assert!(!text.contains(&testkit::Patient::number(1).id));
    }
    let attempts = gateway.store.attempts(release).await.unwrap();
    assert_eq!(attempts.len(), 3);
    for attempt in &attempts {
        assert_eq!(attempt.state, AttemptState::Sent);
        assert!(received.iter().any(|copy| copy.attempt == attempt.number));
    }
    let copies = gateway.store.copies_of(row.patient).await.unwrap();
    assert_eq!(copies.len(), 1);
    assert_eq!(copies[0].instances, 3);
    let kept = copies[0].due_at.unwrap().millis() - copies[0].released_at.millis();
    assert_eq!(kept, 30 * 86_400_000);
    // The request for its deletion will name exactly what the recipient has.
    let manifest = gateway.store.copy_manifest(release).await.unwrap();
    let mut has: Vec<_> = received
        .iter()
        .map(|copy| (copy.uid.clone(), copy.digest.0))
        .collect();
    has.sort();
    assert_eq!(manifest, has);
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_permitted_does_not_leave_and_one_sentence_says_why() {
    let shelf = Shelf::default();
    let gateway = Gateway::new(&shelf).await;
    let study = gateway.study(2, 2, 1).await;
    gateway.recipient("acme-ai", &[AiAnalysis]).await;
    let worker = gateway.worker();
    let mut beyond = order(&study, "acme-ai", AiAnalysis);
    beyond.retention_days = Some(31);
    let asked = [
        order(&study, "stranger", AiAnalysis),
        order(&study, "not a name at all!", Treat),
        order(&study, "acme-ai", AiTrain),
        beyond,
    ];
    let refused = asked.len();
    for order in asked {
        let Ordered::Denied(denial) = gateway.store.order(order).await.unwrap() else {
            panic!("permitted");
        };
        assert!(denial.plain().split(' ').count() > 2);
    }
    gateway.say(2, Says::No, AiAnalysis).await;
    let denied = gateway.order(&study, "acme-ai", AiAnalysis).await;
    assert!(matches!(denied, Ordered::Denied(_)));
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(shelf.received().is_empty());
    let patient = gateway.store.instances_of_study(&study).await.unwrap()[0].patient;
    assert_eq!(
        gateway.store.denials_of(patient).await.unwrap().len(),
        refused + 1
    );
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_recipient_delays_nobody_and_gets_its_copy_when_it_is_back() {
    let (dead, alive) = (Shelf::default(), Shelf::default());
    let gateway = Gateway::with(std::sync::Arc::new(Both(dead.clone(), alive.clone()))).await;
    let study = gateway.study(3, 3, 2).await;
    gateway.recipient("dead-ai", &[AiAnalysis]).await;
    gateway.recipient("live-ai", &[AiAnalysis]).await;
    dead.is_dead(true);
    let worker = gateway.worker();
    let waits = gateway.queued(&study, "dead-ai", AiAnalysis).await;
    let goes = gateway.queued(&study, "live-ai", AiAnalysis).await;
    assert_eq!(gateway.over(goes).await.state, ReleaseState::Done);
    assert_eq!(alive.received().len(), 2);
    assert!(dead.received().is_empty());
    dead.is_dead(false);
    assert_eq!(gateway.over(waits).await.state, ReleaseState::Done);
    assert_eq!(dead.received().len(), 2);
    worker.stop().await;
}

/// Two recipients behind one door, told apart by name.
struct Both(Shelf, Shelf);

#[async_trait::async_trait]
impl release::Deliver for Both {
    async fn begin(
        &self,
        to: &consent::Destination,
        about: &release::Consignment,
    ) -> Result<Box<dyn release::Delivery>, release::Failure> {
        let shelf = if about.recipient.as_str() == "dead-ai" {
            &self.0
        } else {
            &self.1
        };
        shelf.begin(to, about).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_is_refused_is_not_counted_as_sent() {
    let shelf = Shelf::default();
    let gateway = Gateway::new(&shelf).await;
    let study = gateway.study(4, 4, 2).await;
    gateway.recipient("acme-ai", &[AiAnalysis]).await;
    shelf.refuses("");
    let worker = gateway.worker();
    let release = gateway.queued(&study, "acme-ai", AiAnalysis).await;
    let row = gateway.over(release).await;
    assert_eq!(row.state, ReleaseState::Withheld);
    let attempts = gateway.store.attempts(release).await.unwrap();
    assert!(
        attempts
            .iter()
            .all(|attempt| attempt.state == AttemptState::NotSent)
    );
    assert!(gateway.store.copies_of(row.patient).await.unwrap().is_empty());
    worker.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_study_goes_where_routes_say_and_what_comes_later_follows() {
    let shelf = Shelf::default();
    let gateway = Gateway::new(&shelf).await;
    gateway.series(21, 21, 2, 1).await;
    gateway.recipient("acme-ai", &[AiAnalysis]).await;
    for (name, modality) in [("ct-to-acme", "CT"), ("mr-to-acme", "MR")] {
        let route = format!(
            r#"{{"name":"{name}","recipient":"acme-ai","purpose":"AIANALYSIS","when":{{"modality":"{modality}"}}}}"#
        );
        gateway
            .store
            .set_route(name, Some(route), crate::gateway::now())
            .await
            .unwrap();
    }
    let worker = gateway.worker();
    let releaser = gateway.releaser();
    assert_eq!(
        releaser.route_closed_studies().await.unwrap(),
        0,
        "it is still open"
    );
    gateway.close_studies().await;
    assert_eq!(releaser.route_closed_studies().await.unwrap(), 1);
    assert_eq!(releaser.route_closed_studies().await.unwrap(), 0);
    let first = gateway.store.releases(None, 9).await.unwrap()[0].id;
    assert_eq!(gateway.over(first).await.origin, "route:ct-to-acme");
    assert_eq!(shelf.received().len(), 2);
    // The same study grows: what went does not go again.
    gateway.series(21, 21, 2, 2).await;
    gateway.close_studies().await;
    assert_eq!(releaser.route_closed_studies().await.unwrap(), 1);
    let second = gateway.store.releases(None, 9).await.unwrap()[0].id;
    gateway.over(second).await;
    assert_eq!(shelf.received().len(), 4);
    worker.stop().await;
}
