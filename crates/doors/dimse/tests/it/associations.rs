//! What is agreed on, and what is refused with which words.

use crate::gateway::{Behaviour, CT, EXPLICIT, Gateway, IMPLICIT, J2K, config, title, uid};
use crate::raw::{Answer, Raw, proposal, request};
use dimse::command::{CommandSet, field};
use dimse::negotiation::negotiate;
use dimse::pdu::{AssociateRq, Reject, RoleSelection, TitleField, UserIdentity};
use dimse::{Callers, Config, Limits, Status};
use intake::Reason;
use model::Redacted;
use std::net::IpAddr;
use std::time::Duration;

const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn agreed(request: &AssociateRq) -> (Vec<(u8, u8)>, Vec<String>) {
    let (_, accept) = negotiate(request, &config(), LOOPBACK).unwrap();
    let results = accept.contexts.iter().map(|c| (c.id, c.result)).collect();
    let syntaxes = accept
        .contexts
        .iter()
        .map(|c| c.transfer_syntax.as_ref().unwrap().to_string())
        .collect();
    (results, syntaxes)
}

#[test]
fn every_storage_class_is_taken_and_nothing_else() {
    let classes = [
        ("1.2.840.10008.1.1", 0),
        (CT, 0),
        ("1.2.840.10008.5.1.4.1.1.88.11", 0),
        ("1.2.840.10008.5.1.4.34.7", 0),
        ("1.2.840.10008.5.1.4.43.1", 0),
        ("1.2.840.10008.5.1.4.44.1", 0),
        ("1.2.840.10008.5.1.4.45.1", 0),
        ("1.2.840.10008.5.1.1.27", 0),
        ("1.3.46.670589.11.0.0.12.1", 0),     // Philips private
        ("1.3.12.2.1107.5.9.1", 0),           // Siemens CSA Non-Image
        ("1.2.840.10008.5.1.4.1.2.2.1", 3),   // Study Root FIND
        ("1.2.840.10008.5.1.4.31", 3),        // Modality Worklist
        ("1.2.840.10008.1.20.1", 3),          // Storage Commitment
        ("1.2.840.10008.5.1.4.1.1.201.2", 3), // Inventory FIND
        ("1.2.840.10008.1.3.10", 3),          // DICOMDIR
    ];
    let mut rq = request();
    let ids = (1..).step_by(2);
    rq.contexts = ids
        .clone()
        .zip(&classes)
        .map(|(id, (class, _))| proposal(id, class, &[EXPLICIT]))
        .collect();
    let expected: Vec<_> = ids.zip(&classes).map(|(id, (_, result))| (id, *result)).collect();
    assert_eq!(agreed(&rq).0, expected);
}

#[test]
fn the_transfer_syntax_chosen_loses_nothing() {
    for (proposed, expected) in [
        (&[IMPLICIT][..], IMPLICIT),
        (&[IMPLICIT, EXPLICIT], EXPLICIT),
        (&["1.2.840.10008.1.2.2", IMPLICIT, EXPLICIT], EXPLICIT),
        (&[J2K, EXPLICIT, IMPLICIT], J2K),
        (&["1.2.840.10008.1.2.4.999"], "1.2.840.10008.1.2.4.999"),
        (&["1.2.3.4", EXPLICIT], "1.2.3.4"),
    ] {
        let mut rq = request();
        rq.contexts = vec![proposal(1, CT, proposed)];
        assert_eq!(agreed(&rq).1, [expected], "{proposed:?}");
    }
}

#[test]
fn a_context_without_a_readable_syntax_is_refused_alone() {
    let mut rq = request();
    rq.contexts.push(proposal(5, CT, &[]));
    rq.contexts.push(dimse::pdu::ProposedContext {
        abstract_syntax: None,
        ..proposal(7, CT, &[EXPLICIT])
    });
    assert_eq!(agreed(&rq).0, [(1, 0), (3, 0), (5, 4), (7, 3)]);
}

#[test]
fn who_may_not_associate_is_told_why() {
    let elsewhere = IpAddr::from([192, 0, 2, 7]);
    let known = Config {
        callers: Callers {
            known: vec![(title("RAW"), elsewhere)],
        },
        ..config()
    };
    let rejected = |change: fn(&mut AssociateRq), config: &Config, peer| {
        let mut rq = request();
        change(&mut rq);
        negotiate(&rq, config, peer).err()
    };
    assert_eq!(rejected(|_| {}, &known, elsewhere), None);
    assert_eq!(rejected(|_| {}, &known, LOOPBACK), None);
    let mapped: IpAddr = "::ffff:192.0.2.7".parse().unwrap();
    assert_eq!(
        rejected(|_| {}, &known, mapped),
        None,
        "an IPv4 address by another name"
    );
    assert_eq!(
        rejected(|_| {}, &known, IpAddr::from([192, 0, 2, 8])),
        Some(Reject::CALLING_AE)
    );
    let other: fn(&mut AssociateRq) = |rq| rq.calling = TitleField(*b"OTHER           ");
    assert_eq!(rejected(other, &known, elsewhere), Some(Reject::CALLING_AE));
    assert_eq!(
        rejected(|rq| rq.calling = TitleField([0; 16]), &known, LOOPBACK),
        Some(Reject::CALLING_AE)
    );
    let wrong_called: fn(&mut AssociateRq) = |rq| rq.called = TitleField(*b"leadglass       ");
    assert_eq!(rejected(wrong_called, &known, LOOPBACK), Some(Reject::CALLED_AE));
    assert_eq!(
        rejected(
            wrong_called,
            &Config {
                any_called_ae: true,
                ..config()
            },
            LOOPBACK
        ),
        None
    );
    assert_eq!(
        rejected(|rq| rq.protocol_version = 2, &known, LOOPBACK),
        Some(Reject::PROTOCOL_VERSION)
    );
    assert_eq!(
        rejected(|rq| rq.application_context = None, &known, LOOPBACK),
        Some(Reject::APPLICATION_CONTEXT)
    );
    assert_eq!(
        rejected(|rq| rq.contexts.clear(), &known, LOOPBACK),
        Some(Reject::NO_REASON)
    );
    assert_eq!(
        rejected(|rq| rq.user.max_pdu = Some(6), &known, LOOPBACK),
        Some(Reject::NO_REASON)
    );
}

#[tokio::test]
async fn a_wrong_called_title_is_rejected_on_the_wire() {
    let gateway = Gateway::start();
    let mut raw = Raw::connect(gateway.address).await;
    let rq = AssociateRq {
        called: TitleField::from(&title("NOBODY")),
        ..request()
    };
    raw.send(&rq.encode().unwrap()).await;
    assert_eq!(raw.answer().await, Answer::Pdu(3, vec![0, 1, 1, 7]));
    gateway.stop().await;
}

#[test]
fn roles_and_identity_get_their_answers() {
    let mut rq = request();
    let role = |class: &str| RoleSelection {
        sop_class: uid(class),
        scu: true,
        scp: true,
    };
    rq.user.roles = vec![role(CT), role("1.2.840.10008.5.1.4.1.1.4")];
    rq.user.asynchronous_operations = Some((8, 8));
    rq.user.identity = Some(UserIdentity {
        kind: 2,
        response_requested: true,
        primary: Redacted::new(b"user".to_vec()),
        secondary: Redacted::new(b"secret".to_vec()),
    });
    let (_, accept) = negotiate(&rq, &config(), LOOPBACK).unwrap();
    assert_eq!(
        accept.user.roles,
        [RoleSelection {
            scp: false,
            ..role(CT)
        }]
    );
    assert_eq!(accept.user.identity_response, Some(vec![]));
    assert_eq!(accept.user.asynchronous_operations, None);
    assert_eq!(accept.user.max_pdu, Some(131_072));
    assert_eq!(
        accept.user.implementation_version_name.as_deref(),
        Some("LEADGLASS_0_1")
    );
    rq.user.identity.as_mut().unwrap().response_requested = false;
    assert_eq!(
        negotiate(&rq, &config(), LOOPBACK)
            .unwrap()
            .1
            .user
            .identity_response,
        None
    );
}

#[tokio::test]
async fn beyond_the_limit_associations_are_rejected_for_now_and_return_when_one_ends() {
    let limits = Limits {
        max_associations: 2,
        ..Limits::default()
    };
    let gateway = Gateway::with(Config { limits, ..config() }, Behaviour::Keep);
    let mut first = Raw::associate(gateway.address).await;
    let _second = Raw::associate(gateway.address).await;
    let mut third = Raw::connect(gateway.address).await;
    third.send(&request().encode().unwrap()).await;
    assert_eq!(third.answer().await, Answer::Pdu(3, vec![0, 2, 3, 2]));
    first.send(&dimse::pdu::RELEASE_RQ).await;
    assert_eq!(first.answer().await, Answer::Pdu(6, vec![0; 4]));
    Raw::associate(gateway.address).await;
}

#[tokio::test]
async fn responses_keep_within_the_peers_maximum_length() {
    let gateway = Gateway::start();
    let mut raw = Raw::connect(gateway.address).await;
    let mut rq = request();
    rq.user.max_pdu = Some(20);
    raw.ask(&rq).await;
    raw.send_command(1, &CommandSet::echo_rq(3)).await;
    let mut command = Vec::new();
    loop {
        let Answer::Pdu(4, body) = raw.answer().await else {
            panic!("no P-DATA-TF")
        };
        assert!(body.len() <= 20);
        command.extend_from_slice(&body[6..]);
        if body[5] & 2 != 0 {
            break;
        }
    }
    let response = CommandSet::decode(&command).unwrap();
    assert_eq!(
        (response.responded_to, response.status),
        (Some(3), Some(Status::SUCCESS))
    );
}

#[tokio::test]
async fn operations_that_are_not_served_are_answered_and_the_association_lives_on() {
    let gateway = Gateway::start();
    let mut raw = Raw::associate(gateway.address).await;
    for (command_field, data_set) in [(0x0020, true), (0x0021, true), (0x0130, true), (0x0010, false)] {
        let request = CommandSet {
            command_field,
            message_id: Some(9),
            data_set,
            ..CommandSet::default()
        };
        raw.send_command(3, &request).await;
        if data_set {
            raw.send_data(3, &[0; 500], false).await;
            raw.send_data(3, &[0; 500], true).await;
        }
        let response = raw.response().await;
        assert_eq!(response.status, Some(Status::UNRECOGNIZED_OPERATION));
        assert_eq!(response.command_field, command_field | field::RESPONSE);
    }
    let cancel = CommandSet {
        command_field: field::C_CANCEL_RQ,
        responded_to: Some(9),
        ..CommandSet::default()
    };
    raw.send_command(3, &cancel).await;
    raw.send_command(1, &CommandSet::echo_rq(10)).await;
    assert_eq!(raw.response().await.responded_to, Some(10));
}

#[tokio::test]
async fn a_store_request_that_cannot_be_right_is_refused_and_its_data_set_read_away() {
    let gateway = Gateway::start();
    let mut raw = Raw::associate(gateway.address).await;
    let good = CommandSet::store_rq(1, &uid(CT), &uid("1.2.3"));
    let no_instance = CommandSet {
        affected_sop_instance: None,
        ..good.clone()
    };
    let other_class = CommandSet {
        affected_sop_class: Some(uid("1.2.840.10008.5.1.4.1.1.4")),
        ..good.clone()
    };
    for (request, expected) in [(no_instance, 0x0117), (other_class, 0x0122)] {
        raw.send_command(3, &request).await;
        raw.send_data(3, &[0; 5000], true).await;
        assert_eq!(raw.response().await.status, Some(Status(expected)));
    }
    raw.send_command(
        3,
        &CommandSet {
            data_set: false,
            ..good.clone()
        },
    )
    .await;
    assert_eq!(raw.response().await.status, Some(Status::CANNOT_UNDERSTAND));
    raw.send_command(1, &good).await;
    raw.send_data(1, &[0; 10], true).await;
    assert_eq!(raw.response().await.status, Some(Status::SOP_CLASS_NOT_SUPPORTED));
    assert!(gateway.store.objects().is_empty());
    raw.send_command(3, &good).await;
    raw.send_data(3, b"an object", true).await;
    assert_eq!(raw.response().await.status, Some(Status::SUCCESS));
}

#[tokio::test]
async fn the_stores_refusals_become_statuses_with_a_comment() {
    let full = Reason::OutOfResources(
        "the disk is full; a sentence that is longer than the sixty-four characters".into(),
    );
    for behaviour in [
        Behaviour::RefuseAtOnce(full.clone()),
        Behaviour::RefuseAfter(1000, full.clone()),
    ] {
        let gateway = Gateway::with(config(), behaviour);
        let mut raw = Raw::associate(gateway.address).await;
        for _ in 0..2 {
            raw.announce_store("1.2.3").await;
            for _ in 0..20 {
                raw.send_data(3, &[1; 9000], false).await;
            }
            raw.send_data(3, &[], true).await;
            let response = raw.response().await;
            assert_eq!(response.status, Some(Status::OUT_OF_RESOURCES));
            let comment = response.error_comment.unwrap();
            assert!(comment.starts_with("out of resources: the disk is full") && comment.len() <= 64);
            assert_eq!(response.affected_sop_instance, Some(uid("1.2.3")));
        }
    }
}

#[tokio::test]
async fn going_down_lets_a_message_end_and_cuts_those_at_rest() {
    let gateway = Gateway::with(config(), Behaviour::Slow(Duration::from_millis(300)));
    let store = gateway.store.clone();
    let mut at_rest = Raw::associate(gateway.address).await;
    let mut busy = Raw::associate(gateway.address).await;
    let mut silent = Raw::connect(gateway.address).await;
    busy.announce_store("1.2.3").await;
    busy.send_data(3, b"first half, ", false).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let stopping = tokio::spawn(gateway.stop());
    assert_eq!(at_rest.answer().await.abort_reason(), Some(0));
    assert_eq!(silent.answer().await, Answer::Closed);
    busy.send_data(3, b"second half", true).await;
    assert_eq!(busy.response().await.status, Some(Status::SUCCESS));
    assert_eq!(busy.answer().await.abort_reason(), Some(0));
    drop((busy, at_rest));
    stopping.await.unwrap();
    assert_eq!(store.objects()[0].bytes, b"first half, second half");
}
