//! Malformed exchanges: each is answered or closed within five seconds, leaves nothing behind, and harms nobody.

use crate::gateway::{Behaviour, CT, EXPLICIT, Gateway, config, uid};
use crate::raw::{Answer, Raw, data, proposal, request};
use dimse::command::CommandSet;
use dimse::pdu::{Abort, Header, PdvHeader, write_command};
use proptest::prelude::*;
use std::time::Duration;

const UNRECOGNIZED_PDU: Option<u8> = Some(1);
const UNEXPECTED_PDU: Option<u8> = Some(2);
const UNEXPECTED_PARAMETER: Option<u8> = Some(5);
const INVALID_PARAMETER: Option<u8> = Some(6);

fn pdu(kind: u8, length: u32, body: &[u8]) -> Vec<u8> {
    [&Header { kind, length }.encode()[..], body].concat()
}

/// What the first bytes on a connection are answered with.
async fn first(gateway: &Gateway, bytes: &[u8]) -> Answer {
    let mut raw = Raw::connect(gateway.address).await;
    raw.send(bytes).await;
    let answer = raw.answer().await;
    raw.closed().await;
    answer
}

/// What these bytes are answered with on an association.
async fn later(gateway: &Gateway, bytes: &[u8]) -> Answer {
    let mut raw = Raw::associate(gateway.address).await;
    raw.send(bytes).await;
    let answer = raw.answer().await;
    raw.closed().await;
    answer
}

async fn is_well(gateway: &Gateway) {
    let mut raw = Raw::associate(gateway.address).await;
    raw.send_command(1, &CommandSet::echo_rq(1)).await;
    raw.response().await;
}

#[tokio::test]
async fn what_is_no_request_is_aborted() {
    let gateway = Gateway::start();
    for (bytes, reason) in [
        (b"GET / HTTP/1.1\r\nHost: pacs\r\n\r\n".to_vec(), UNRECOGNIZED_PDU),
        (b"\x16\x03\x01\x02\x00\x01\x00".to_vec(), UNRECOGNIZED_PDU),
        (b"\xff".to_vec(), UNRECOGNIZED_PDU),
        (pdu(2, 4, &[0; 4]), UNEXPECTED_PDU),
        (data(1, &[0; 9], true), UNEXPECTED_PDU),
        (dimse::pdu::RELEASE_RQ.to_vec(), UNEXPECTED_PDU),
        (pdu(1, u32::MAX, &[0; 100]), INVALID_PARAMETER),
        (pdu(1, 10, &[0; 10]), INVALID_PARAMETER),
        (pdu(1, 0, &[]), INVALID_PARAMETER),
    ] {
        assert_eq!(
            first(&gateway, &bytes).await.abort_reason(),
            reason,
            "{bytes:02x?}"
        );
    }
    is_well(&gateway).await;
}

#[tokio::test]
async fn a_request_whose_items_lie_is_aborted() {
    let gateway = Gateway::start();
    let good = request().encode().unwrap();
    // The application context item stands first, at 74: its length reaches past the PDU.
    let mut long_item = good.clone();
    long_item[76..78].copy_from_slice(&[0xff, 0xff]);
    let mut even_id = request();
    even_id.contexts.push(proposal(4, CT, &[EXPLICIT]));
    let mut twice = request();
    twice.contexts.push(proposal(3, CT, &[EXPLICIT]));
    for bytes in [long_item, even_id.encode().unwrap(), twice.encode().unwrap()] {
        assert_eq!(first(&gateway, &bytes).await.abort_reason(), INVALID_PARAMETER);
    }
    let mut cut = good.clone();
    cut.truncate(90);
    cut[2..6].copy_from_slice(&84u32.to_be_bytes());
    assert!(matches!(first(&gateway, &cut).await, Answer::Pdu(3 | 7, _)));
    is_well(&gateway).await;
}

#[tokio::test]
async fn a_request_that_never_ends_is_aborted_in_time() {
    let gateway = Gateway::start();
    let good = request().encode().unwrap();
    let announced = pdu(1, 200_000, &good[6..]);
    let (a, b, c) = tokio::join!(
        first(&gateway, &good[..good.len() - 1]),
        first(&gateway, &good[..3]),
        first(&gateway, &announced),
    );
    assert_eq!([a, b, c].map(|answer| answer.abort_reason()), [Some(0); 3]);
}

#[tokio::test]
async fn silence_is_ended_in_time() {
    let gateway = Gateway::start();
    let mut raw = Raw::connect(gateway.address).await;
    assert_eq!(raw.answer().await.abort_reason(), Some(0));
}

#[tokio::test]
async fn pdus_out_of_place_are_aborted() {
    let gateway = Gateway::start();
    for (bytes, reason) in [
        (request().encode().unwrap(), UNEXPECTED_PDU),
        (pdu(2, 4, &[0; 4]), UNEXPECTED_PDU),
        (pdu(3, 4, &[0; 4]), UNEXPECTED_PDU),
        (pdu(6, 4, &[0; 4]), UNEXPECTED_PDU),
        (pdu(0, 4, &[0; 4]), UNRECOGNIZED_PDU),
        (pdu(9, u32::MAX, &[0; 4]), UNRECOGNIZED_PDU),
        (pdu(5, 4000, &[0; 4]), INVALID_PARAMETER),
    ] {
        assert_eq!(
            later(&gateway, &bytes).await.abort_reason(),
            reason,
            "{:02x?}",
            &bytes[..6]
        );
    }
    is_well(&gateway).await;
}

#[tokio::test]
async fn presentation_data_values_that_lie_are_aborted() {
    let gateway = Gateway::start();
    let pdv = |length: u32, context: u8, control: u8| {
        let [a, b, c, d] = length.to_be_bytes();
        [a, b, c, d, context, control]
    };
    let after = |value: [u8; 6], bytes: &[u8]| {
        let body = [&value[..], bytes].concat();
        pdu(4, body.len() as u32, &body)
    };
    for (what, bytes) in [
        ("an empty PDU", pdu(4, 0, &[])),
        ("a PDU shorter than a value's header", pdu(4, 3, &[0; 3])),
        ("a value past the end of its PDU", after(pdv(100, 1, 3), &[0; 20])),
        ("a value of 4 GiB", after(pdv(u32::MAX, 1, 3), &[0; 20])),
        (
            "a value shorter than its own header",
            after(pdv(1, 1, 3), &[0; 20]),
        ),
        ("a value of length zero", after(pdv(0, 1, 3), &[0; 20])),
        ("bytes left over behind a value", after(pdv(12, 1, 1), &[0; 13])),
        ("a context that was not agreed on", after(pdv(22, 9, 3), &[0; 20])),
        ("a PDU longer than was agreed", pdu(4, 131_073, &[0; 64])),
        ("a PDU of 4 GiB", pdu(4, u32::MAX, &[0; 64])),
        ("a command set that is none", after(pdv(22, 1, 3), &[0xff; 20])),
        ("an empty command set", after(pdv(2, 1, 3), &[])),
    ] {
        assert_eq!(
            later(&gateway, &bytes).await.abort_reason(),
            INVALID_PARAMETER,
            "{what}"
        );
    }
    assert_eq!(
        later(&gateway, &data(3, &[0; 10], true)).await.abort_reason(),
        UNEXPECTED_PARAMETER
    );
    is_well(&gateway).await;
}

#[tokio::test]
async fn a_command_set_without_end_is_aborted() {
    let gateway = Gateway::start();
    let mut raw = Raw::associate(gateway.address).await;
    let pdv = PdvHeader {
        fragment: 16_000,
        context: 1,
        command: true,
        last: false,
    };
    let fragment = [&pdv.encode_with_pdu()[..], &[0; 16_000]].concat();
    for _ in 0..5 {
        raw.send(&fragment).await;
    }
    assert_eq!(raw.answer().await.abort_reason(), INVALID_PARAMETER);
}

#[tokio::test]
async fn command_sets_that_lie_are_aborted() {
    let gateway = Gateway::start();
    let mut good = Vec::new();
    CommandSet::echo_rq(1).encode(&mut good);
    let framed = |command: &[u8]| {
        let mut out = Vec::new();
        write_command(&mut out, 1, command, 0);
        out
    };
    let mut group_length = good.clone();
    group_length[8..12].copy_from_slice(&[0xff; 4]);
    let mut element_length = good.clone();
    element_length[16..20].copy_from_slice(&[0xff; 4]);
    let mut other_group = good.clone();
    other_group[12] = 8;
    let twice = [&good[12..], &good[12..]].concat();
    for command in [
        group_length,
        element_length,
        other_group,
        twice,
        good[..good.len() - 3].to_vec(),
    ] {
        assert_eq!(
            later(&gateway, &framed(&command)).await.abort_reason(),
            INVALID_PARAMETER
        );
    }
    let mut response = Vec::new();
    CommandSet {
        command_field: 0x8001,
        responded_to: Some(1),
        ..CommandSet::default()
    }
    .encode(&mut response);
    assert_eq!(
        later(&gateway, &framed(&response)).await.abort_reason(),
        UNEXPECTED_PARAMETER
    );
    is_well(&gateway).await;
}

#[tokio::test]
async fn an_object_that_breaks_off_leaves_nothing_behind() {
    let gateway = Gateway::start();
    let begin = || async {
        let mut raw = Raw::associate(gateway.address).await;
        raw.announce_store("1.2.3").await;
        raw.send_data(3, &[1; 1000], false).await;
        raw
    };
    // Abort, release, a closed connection, a reset, another command, silence.
    let mut aborted = begin().await;
    aborted.send(&Abort::USER.encode()).await;
    assert_eq!(aborted.answer().await, Answer::Closed);
    let mut released = begin().await;
    released.send(&dimse::pdu::RELEASE_RQ).await;
    assert_eq!(released.answer().await, Answer::Pdu(6, vec![0; 4]));
    drop(begin().await);
    let reset = begin().await;
    // A reset throws away what was not yet read.
    tokio::time::sleep(Duration::from_millis(100)).await;
    reset.stream.set_zero_linger().unwrap();
    drop(reset);
    let mut confused = begin().await;
    confused.announce_store("1.2.4").await;
    assert_eq!(confused.answer().await.abort_reason(), UNEXPECTED_PARAMETER);
    let mut silent = begin().await;
    assert_eq!(silent.answer().await.abort_reason(), Some(0));
    let mut in_mid_pdu = begin().await;
    in_mid_pdu.send(&data(3, &[0; 5000], true)[..3000]).await;
    assert_eq!(in_mid_pdu.answer().await.abort_reason(), Some(0));
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(gateway.store.objects().len(), 7);
    assert_eq!(gateway.store.finished(), 0);
    is_well(&gateway).await;
}

#[tokio::test]
async fn trickling_is_not_progress() {
    let gateway = Gateway::start();
    let mut raw = Raw::associate(gateway.address).await;
    raw.announce_store("1.2.3").await;
    let trickle = async {
        for _ in 0..60 {
            raw.send_data(3, &[0; 10], false).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    trickle.await;
    let answer = tokio::time::timeout(Duration::from_millis(100), raw.answer()).await;
    assert_eq!(
        answer.map(|answer| answer.abort_reason()),
        Ok(Some(0)),
        "it came while bytes did"
    );
}

#[tokio::test]
async fn a_peer_that_takes_no_answers_is_let_go() {
    let limits = dimse::Limits {
        progress_window: Duration::from_millis(300),
        ..dimse::Limits::default()
    };
    let gateway = Gateway::with(dimse::Config { limits, ..config() }, Behaviour::Keep);
    let mut raw = Raw::associate(gateway.address).await;
    let mut echo = Vec::new();
    CommandSet {
        affected_sop_class: Some(uid("1.2.840.10008.1.1")),
        ..CommandSet::echo_rq(1)
    }
    .encode(&mut echo);
    let mut pdus = Vec::new();
    (0..1000).for_each(|_| write_command(&mut pdus, 1, &echo, 0));
    // Echoes without end and never a read: at some point the gateway must stop answering and close.
    let flood = async {
        loop {
            if tokio::io::AsyncWriteExt::write_all(&mut raw.stream, &pdus)
                .await
                .is_err()
            {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), flood)
        .await
        .unwrap();
    is_well(&gateway).await;
}

/// Something a peer may do, in or out of place.
#[derive(Clone, Debug)]
enum Act {
    Echo,
    Announce,
    Data {
        length: usize,
        last: bool,
    },
    Release,
    Damaged {
        act: Box<Act>,
        at: prop::sample::Index,
        byte: u8,
    },
    Cut {
        act: Box<Act>,
        at: prop::sample::Index,
    },
    Noise(Vec<u8>),
}

impl Act {
    fn bytes(&self) -> Vec<u8> {
        let command = |context, command: CommandSet| {
            let (mut bytes, mut out) = (Vec::new(), Vec::new());
            command.encode(&mut bytes);
            write_command(&mut out, context, &bytes, 0);
            out
        };
        match self {
            Self::Echo => command(1, CommandSet::echo_rq(1)),
            Self::Announce => command(3, CommandSet::store_rq(1, &uid(CT), &uid("1.2.3"))),
            Self::Data { length, last } => data(3, &vec![0; *length], *last),
            Self::Release => dimse::pdu::RELEASE_RQ.to_vec(),
            Self::Damaged { act, at, byte } => {
                let mut bytes = act.bytes();
                let position = at.index(bytes.len());
                bytes[position] = *byte;
                bytes
            }
            Self::Cut { act, at } => {
                let mut bytes = act.bytes();
                bytes.truncate(at.index(bytes.len()));
                bytes
            }
            Self::Noise(bytes) => bytes.clone(),
        }
    }
}

fn act() -> impl Strategy<Value = Act> {
    let orderly = prop_oneof![
        2 => Just(Act::Echo),
        4 => Just(Act::Announce),
        6 => (0usize..3000, any::<bool>()).prop_map(|(length, last)| Act::Data { length, last }),
        1 => Just(Act::Release),
    ];
    orderly.prop_flat_map(|act| {
        let (damaged, cut) = (Box::new(act.clone()), Box::new(act.clone()));
        prop_oneof![
            12 => Just(act),
            3 => any::<(prop::sample::Index, u8)>()
                .prop_map(move |(at, byte)| Act::Damaged { act: damaged.clone(), at, byte }),
            1 => any::<prop::sample::Index>().prop_map(move |at| Act::Cut { act: cut.clone(), at }),
            1 => prop::collection::vec(any::<u8>(), 0..50).prop_map(Act::Noise),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn whatever_a_peer_does_it_is_answered_or_closed(acts in prop::collection::vec(act(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let gateway = Gateway::start();
            let mut raw = Raw::associate(gateway.address).await;
            for act in &acts {
                raw.send(&act.bytes()).await;
            }
            tokio::io::AsyncWriteExt::shutdown(&mut raw.stream).await.ok();
            raw.closed().await;
            // Only whole messages come to an end.
            let ends = acts.iter().filter(|act| !matches!(act, Act::Echo | Act::Announce | Act::Release)).count();
            assert!(gateway.store.finished() <= ends);
            is_well(&gateway).await;
        });
    }
}
