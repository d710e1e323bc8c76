//! Peers that break the upper layer's rules, or say nothing: each is answered or closed in time, and nobody else
//! waits for it.

use super::doors::{ANSWERED_WITHIN, echo, request};
use super::gateway::{Data, Gateway};
use super::memory;
use super::scan::{self, CT};
use dimse::Proposal;
use dimse::command::CommandSet;
use dimse::pdu::{
    APPLICATION_CONTEXT, AssociateRq, PdvHeader, ProposedContext, TitleField, UserInformation, VERSION_1,
    write_command,
};
use std::time::{Duration, Instant};
use testkit::Random;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Memory that all of them together may cost, in bytes.
const ROOM: u64 = 64 << 20;
const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";

/// What a peer sends: before it asked for an association, or once it has one.
struct Peer {
    name: String,
    associated: bool,
    bytes: Vec<u8>,
}

fn associate_request() -> Vec<u8> {
    let known = request(vec![Proposal::object(&scan::uid(CT), &scan::uid(EXPLICIT_LE))]);
    let request = AssociateRq {
        protocol_version: VERSION_1,
        called: TitleField::from(&known.called),
        calling: TitleField::from(&known.calling),
        application_context: Some(scan::uid(APPLICATION_CONTEXT)),
        contexts: vec![ProposedContext {
            id: 1,
            abstract_syntax: Some(scan::uid(CT)),
            transfer_syntaxes: vec![scan::uid(EXPLICIT_LE)],
        }],
        user: UserInformation {
            max_pdu: Some(16_384),
            ..UserInformation::default()
        },
    };
    request.encode().unwrap()
}

fn pdu(kind: u8, length: u32, body: &[u8]) -> Vec<u8> {
    [&[kind, 0][..], &length.to_be_bytes(), body].concat()
}

fn whole(kind: u8, body: &[u8]) -> Vec<u8> {
    pdu(kind, body.len() as u32, body)
}

/// A value that says what is asked for, true or not.
fn value(length: u32, context: u8, control: u8, bytes: &[u8]) -> Vec<u8> {
    [&length.to_be_bytes()[..], &[context, control], bytes].concat()
}

fn store_command() -> Vec<u8> {
    let mut bytes = Vec::new();
    CommandSet::store_rq(1, &scan::uid(CT), &scan::uid("1.2.3.4")).encode(&mut bytes);
    bytes
}

fn sent_command(bytes: &[u8]) -> Vec<u8> {
    let mut pdus = Vec::new();
    write_command(&mut pdus, 1, bytes, 16_384);
    pdus
}

fn peers() -> Vec<Peer> {
    let mut random = Random::new(14, &[]);
    let mut peers = Vec::new();
    let mut stranger = |name: String, bytes: Vec<u8>| {
        peers.push(Peer {
            name,
            associated: false,
            bytes,
        });
    };
    let rq = associate_request();
    stranger("silence".into(), Vec::new());
    stranger("HTTP".into(), b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec());
    stranger(
        "TLS".into(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
    );
    stranger(
        "noise".into(),
        (0..5000).map(|_| random.next_u64() as u8).collect(),
    );
    for kind in [0, 2, 3, 4, 5, 6, 8, 9, 127, 255] {
        stranger(format!("PDU of type {kind} first"), whole(kind, &[0; 68]));
    }
    for length in [0, 1, 67, 1 << 20, 0x7fff_ffff, 0xffff_ffff] {
        stranger(format!("a request of {length} bytes"), pdu(1, length, &[0; 68]));
    }
    for length in (1..rq.len()).step_by(11) {
        stranger(format!("a request broken off at {length}"), rq[..length].to_vec());
    }
    // The length of an item that reaches beyond its request.
    for at in (74..rq.len() - 4).step_by(7) {
        let mut lying = rq.clone();
        lying[at..at + 2].fill(0xff);
        stranger(format!("a request with ffff at {at}"), lying);
    }

    let command = store_command();
    let mut associated = |name: &str, bytes: Vec<u8>| {
        peers.push(Peer {
            name: name.into(),
            associated: true,
            bytes,
        });
    };
    associated("a second request", rq.clone());
    associated("an acceptance", whole(2, &rq[6..]));
    associated("a PDU of a type that is none", whole(77, &[0; 4]));
    associated("data of 4 GiB", pdu(4, 0xffff_ffff, &[0; 12]));
    associated("data of 32 MiB", pdu(4, 32 << 20, &[0; 12]));
    associated("a value of no length", whole(4, &value(0, 1, 3, b"")));
    associated("a value of one byte", whole(4, &value(1, 1, 3, b"")));
    associated(
        "a value beyond its PDU",
        whole(4, &value(0xffff_ffff, 1, 3, b"abcd")),
    );
    associated(
        "a context that nobody proposed",
        whole(4, &value(6, 99, 3, b"abcd")),
    );
    associated("data before any command", whole(4, &value(6, 1, 2, b"abcd")));
    associated("half a head", vec![4, 0, 0]);
    associated("half a PDU", pdu(4, 400, &value(398, 1, 3, b"abcd")));
    let mut lying = command.clone();
    lying[8..12].fill(0xff);
    associated(
        "a command set of ffffffff bytes",
        [sent_command(&lying), whole(4, &value(2, 1, 2, b""))].concat(),
    );
    associated(
        "a command set of noise",
        sent_command(&(0..200).map(|_| random.next_u64() as u8).collect::<Vec<_>>()),
    );
    associated("half a command set", sent_command(&command[..command.len() / 2]));
    associated(
        "a command set that never ends",
        whole(4, &value(8002, 1, 1, &[0; 8000])).repeat(200),
    );
    associated("a store without data", sent_command(&command));
    let first = PdvHeader {
        fragment: 1000,
        context: 1,
        command: false,
        last: false,
    };
    let data = [&first.encode_with_pdu()[..], &[0; 1000]].concat();
    associated(
        "a store whose data breaks off",
        [sent_command(&command), data].concat(),
    );
    associated(
        "a command in the middle of a store",
        [sent_command(&command), sent_command(&command)].concat(),
    );
    peers
}

/// Sends, and waits for an answer or the end; gives how long that took once all was sent.
async fn meet(port: u16, peer: Peer) -> (String, Duration) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut answer = [0; 4096];
    if peer.associated {
        stream.write_all(&associate_request()).await.unwrap();
        let length = stream.read(&mut answer).await.unwrap();
        assert!(length > 0 && answer[0] == 2, "{}: no association", peer.name);
    }
    // A gateway that has closed already does not take the rest.
    let _ = stream.write_all(&peer.bytes).await;
    let begun = Instant::now();
    let _ = tokio::time::timeout(ANSWERED_WITHIN * 3, stream.read(&mut answer)).await;
    (peer.name, begun.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_associations_are_answered_or_closed_and_delay_nobody() {
    let data = Data::new();
    let gateway = Gateway::start(&data);
    assert!(echo(gateway.dimse).await);
    memory::reset_peak(gateway.id());
    let before = memory::resident(gateway.id());
    let met: Vec<_> = peers()
        .into_iter()
        .map(|peer| tokio::spawn(meet(gateway.dimse, peer)))
        .collect();
    let idle: Vec<_> = (0..300)
        .map(|_| TcpStream::connect(("127.0.0.1", gateway.dimse)))
        .collect();
    let mut held = Vec::new();
    for connecting in idle {
        held.push(connecting.await.unwrap());
    }
    let mut echoes = Vec::new();
    for _ in 0..50 {
        let begun = Instant::now();
        assert!(echo(gateway.dimse).await, "no C-ECHO beside them");
        echoes.push(begun.elapsed());
    }
    let count = met.len();
    let mut slowest = Duration::ZERO;
    for meeting in met {
        let (name, took) = meeting.await.unwrap();
        assert!(took <= ANSWERED_WITHIN, "{name}: no answer in {took:?}");
        slowest = slowest.max(took);
    }
    drop(held);
    assert!(echo(gateway.dimse).await);
    echoes.sort();
    let grown = memory::peak(gateway.id()).saturating_sub(before);
    println!(
        "{count} malformed and 300 silent peers at once: slowest answer {slowest:?}; C-ECHO beside them {:?} (median), \
         {:?} (longest); {} KiB more memory",
        echoes[25],
        echoes[49],
        grown >> 10
    );
    assert!(grown < ROOM, "{} MiB", grown >> 20);
    // Nothing of what broke off is in the archive.
    let checked = super::program::fsck(&data);
    assert_eq!((checked.instances, checked.orphans), (0, 0));
}
