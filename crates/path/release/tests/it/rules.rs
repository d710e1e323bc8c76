//! What decisions bring about: break-glass, flags, standing, training, erasure.

use crate::door::Shelf;
use crate::gateway::{Gateway, directive, identity, now, order};
use consent::{Denial, DirectiveId, Says, Signer};
use model::Purpose::{AiAnalysis, AiTrain, Btg, Treat};
use store::{CopyState, NewErasure, Ordered, ReceiptRow, ReleaseState};
use tlog::{Entry, Kind};

fn denied(ordered: Ordered) -> Denial {
    match ordered {
        Ordered::Denied(denial) => denial,
        other => panic!("{other:?}"),
    }
}

async fn emergency(gateway: &Gateway, study: &model::Uid, by: &str, reason: Option<&str>) -> Ordered {
    let mut asked = order(study, "ward", Btg);
    asked.ordered_by = by.to_owned();
    asked.emergency = reason.map(str::to_owned);
    gateway.store.order(asked).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn breaking_the_glass_needs_a_reason_is_told_and_waits_for_its_review() {
    let gateway = Gateway::new(&Shelf::default()).await;
    let study = gateway.study(31, 31, 1).await;
    let mut ward = crate::gateway::recipient("ward", &[Treat]);
    ward.inside = true;
    ward.agreement = None;
    gateway.store.set_recipient(&ward, now()).await.unwrap();
    gateway
        .store
        .set_staff("dr.okafor", Some("clinician"), now())
        .await
        .unwrap();
    let reason = "unconscious, no relative can be reached";
    denied(emergency(&gateway, &study, "dr.okafor", None).await);
    denied(emergency(&gateway, &study, "dr.okafor", Some("urgent")).await);
    denied(emergency(&gateway, &study, "visitor", Some(reason)).await);
    let first = emergency(&gateway, &study, "dr.okafor", Some(reason)).await;
    assert!(matches!(first, Ordered::Queued { .. }), "{first:?}");
    let used = gateway.store.break_glass_list(true).await.unwrap();
    assert_eq!(used.len(), 1);
    let kept = gateway.store.break_glass_reason(&used[0]).await.unwrap();
    assert_eq!(kept.reveal(), reason);
    for (audience, within) in [("officer", 60_000), ("patient", 86_400_000)] {
        let notices = gateway.store.notices(audience, true).await.unwrap();
        assert_eq!(notices.len(), 1, "{audience}");
        let time = notices[0].due_at.millis() - notices[0].made_at.millis();
        assert!(time <= within, "{audience}");
    }
    denied(emergency(&gateway, &study, "dr.okafor", Some(reason)).await);
    let reviewed = gateway
        .store
        .review_break_glass(used[0].number, "officer", "justified", now())
        .await;
    assert!(reviewed.unwrap());
    let again = emergency(&gateway, &study, "dr.okafor", Some(reason)).await;
    assert!(matches!(again, Ordered::Queued { .. }), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flag_freezes_all_but_treatment_until_it_is_cleared() {
    let gateway = Gateway::new(&Shelf::default()).await;
    let study = gateway.study(32, 32, 1).await;
    gateway.recipient("acme-ai", &[AiAnalysis]).await;
    let mut clinic = crate::gateway::recipient("clinic", &[Treat]);
    clinic.agreement.as_mut().unwrap().profile = "original".to_owned();
    gateway.store.set_recipient(&clinic, now()).await.unwrap();
    let waits = gateway.queued(&study, "acme-ai", AiAnalysis).await;
    let effect = gateway
        .store
        .flag_study(study.clone(), "not mine".into(), "patient".into(), now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(effect.stopped, [waits]);
    denied(gateway.order(&study, "acme-ai", AiAnalysis).await);
    let treated = gateway.order(&study, "clinic", Treat).await;
    assert!(
        matches!(treated, Ordered::Queued { banner: Some(_), .. }),
        "{treated:?}"
    );
    let cleared = gateway
        .store
        .clear_flags(study.clone(), "officer".into(), now())
        .await;
    assert_eq!(cleared.unwrap(), 1);
    let again = gateway.order(&study, "acme-ai", AiAnalysis).await;
    assert!(matches!(again, Ordered::Queued { .. }), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn training_needs_a_yes_that_stands() {
    let gateway = Gateway::new(&Shelf::default()).await;
    let study = gateway.study(33, 33, 1).await;
    let mut lab = crate::gateway::recipient("lab", &[AiTrain]);
    lab.agreement.as_mut().unwrap().may_train = true;
    gateway.store.set_recipient(&lab, now()).await.unwrap();
    denied(gateway.order(&study, "lab", AiTrain).await);
    let mut unsigned = directive(Says::Yes, AiTrain);
    unsigned.signed_by = Signer::Nobody;
    let store = &gateway.store;
    store.record_directive(identity(33), unsigned).await.unwrap();
    denied(gateway.order(&study, "lab", AiTrain).await);
    let mut brief = directive(Says::Yes, AiTrain);
    brief.ends = Some(now());
    store.record_directive(identity(33), brief).await.unwrap();
    denied(gateway.order(&study, "lab", AiTrain).await);
    let yes = gateway.say(33, Says::Yes, AiTrain).await;
    let release = gateway.queued(&study, "lab", AiTrain).await;
    let withdrawn = store
        .withdraw_directive(yes.directive.unwrap(), now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(withdrawn.stopped, [release]);
    denied(gateway.order(&study, "lab", AiTrain).await);
    let none = store.withdraw_directive(DirectiveId(999), now()).await.unwrap();
    assert!(none.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_owes_a_deletion_gets_nothing_more_for_ai() {
    let shelf = Shelf::default();
    let gateway = Gateway::new(&shelf).await;
    let study = gateway.study(34, 34, 1).await;
    gateway.recipient("acme-ai", &[AiAnalysis, Treat]).await;
    let worker = gateway.worker();
    let release = gateway.queued(&study, "acme-ai", AiAnalysis).await;
    let row = gateway.over(release).await;
    worker.stop().await;
    let store = &gateway.store;
    assert_eq!(store.recall(&row.recipient, "mistake", now()).await.unwrap(), 1);
    let mut due = store.copies_due(now(), 9).await.unwrap();
    let mut copy = due.pop().unwrap();
    copy.request = Some("ask-1".into());
    copy.document = Some("signed".into());
    copy.manifest_root = Some([1; 32]);
    copy.answer_due = Some(now().plus_millis(-1));
    let number = copy.number;
    assert!(store.request_deletion(copy.clone(), now()).await.unwrap());
    assert!(
        !store.request_deletion(copy, now()).await.unwrap(),
        "it was asked already"
    );
    // Nobody swept yet: a decision sees by itself that the answer is late.
    denied(gateway.order(&study, "acme-ai", AiAnalysis).await);
    let late = store.sweep_copies(now()).await.unwrap();
    assert_eq!(late.len(), 1);
    let receipt = ReceiptRow {
        jti: "r-1".into(),
        kind: "ERASED".into(),
        document: "signed".into(),
        received_at: now(),
    };
    let erased = store.receive(number, receipt.clone(), CopyState::Erased).await;
    assert!(erased.unwrap());
    let replayed = store.receive(number, receipt, CopyState::Erased).await;
    assert!(!replayed.unwrap());
    let again = gateway.order(&study, "acme-ai", AiAnalysis).await;
    assert!(matches!(again, Ordered::Queued { .. }), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_patient_is_sent_nowhere_and_their_account_stays() {
    let gateway = Gateway::new(&Shelf::default()).await;
    let study = gateway.study(35, 35, 1).await;
    gateway.recipient("acme-ai", &[AiAnalysis]).await;
    let waits = gateway.queued(&study, "acme-ai", AiAnalysis).await;
    let row = gateway.store.release(waits).await.unwrap().unwrap();
    let erasure = NewErasure {
        patient: row.patient,
        made_at: now(),
        entry: Entry {
            kind: Kind::Erase,
            time_s: 0,
            commitment: [0; 32],
        },
    };
    gateway.store.erase(erasure).await.unwrap();
    let worker = gateway.worker();
    assert_eq!(gateway.over(waits).await.state, ReleaseState::Denied);
    worker.stop().await;
    let denials = gateway.store.denials_of(row.patient).await.unwrap();
    assert_eq!(denials.len(), 1);
    assert!(
        denials[0].reason.contains("could not be read"),
        "{}",
        denials[0].reason
    );
}
