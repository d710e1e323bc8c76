//! Objects stream: fragments arrive as they were cut, and memory does not grow with the object.

use crate::gateway::{Behaviour, CT, EXPLICIT, Gateway, config, title, uid};
use crate::raw::Raw;
use dimse::command::CommandSet;
use dimse::pdu::PdvHeader;
use dimse::{Association, Proposal, Request, Status};
use proptest::prelude::*;
use tokio::io::AsyncReadExt;

/// A C-STORE of these bytes, the command set and the data set cut at random into values, the values at random
/// into PDUs, and all that at random into writes.
async fn store_in_pieces(gateway: &Gateway, bytes: &[u8], cuts: &[usize]) -> Option<Status> {
    let mut cuts = cuts.iter().copied().cycle();
    let mut cut = |limit: usize| cuts.next().unwrap_or(1).clamp(1, limit);
    let mut command = Vec::new();
    CommandSet::store_rq(1, &uid(CT), &uid("1.2.3")).encode(&mut command);
    let mut pdus: Vec<Vec<u8>> = Vec::new();
    for (content, is_command) in [(&command[..], true), (bytes, false)] {
        let mut rest = content;
        loop {
            let (fragment, tail) = rest.split_at(cut(9000).min(rest.len()));
            rest = tail;
            let pdv = PdvHeader {
                fragment: fragment.len() as u32,
                context: 3,
                command: is_command,
                last: rest.is_empty(),
            };
            let value = [&pdv.encode()[..], fragment].concat();
            match pdus.last_mut() {
                Some(pdu) if cut(3) == 1 && pdu.len() + value.len() < 100_000 => pdu.extend(value),
                _ => pdus.push(value),
            }
            if rest.is_empty() {
                break;
            }
        }
    }
    let wire: Vec<u8> = pdus
        .iter()
        .flat_map(|body| [&[4, 0][..], &(body.len() as u32).to_be_bytes(), body].concat())
        .collect();
    let mut raw = Raw::associate(gateway.address).await;
    let mut rest = &wire[..];
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at((cut(9000) * 7).min(rest.len()));
        raw.send(piece).await;
        tokio::task::yield_now().await;
        rest = tail;
    }
    raw.response().await.status
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn however_it_is_cut_the_object_arrives_whole(
        length in 0usize..120_000,
        cuts in proptest::collection::vec(1usize..9000, 1..30),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let gateway = Gateway::start();
            let bytes: Vec<u8> = (0..length).map(|i| (i % 241) as u8).collect();
            assert_eq!(store_in_pieces(&gateway, &bytes, &cuts).await, Some(Status::SUCCESS));
            assert_eq!(gateway.store.objects()[0].bytes, bytes);
        });
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_does_not_grow_with_the_object() {
    const GIB: u64 = 1 << 30;
    let gateway = Gateway::with(config(), Behaviour::Count);
    let request = Request::new(
        title("MODALITY"),
        title("LEADGLASS"),
        vec![Proposal::object(&uid(CT), &uid(EXPLICIT))],
    );
    let before = resident();
    let sends = (1..=4).map(|number| {
        let (address, request) = (gateway.address, request.clone());
        tokio::spawn(async move {
            let mut association = Association::request(address, &request).await.unwrap();
            let object = tokio::io::repeat(7).take(GIB / 4);
            let instance = uid(&format!("1.2.{number}"));
            association
                .store(&uid(CT), &instance, &uid(EXPLICIT), object)
                .await
                .unwrap()
                .status
        })
    });
    for send in sends.collect::<Vec<_>>() {
        assert_eq!(send.await.unwrap(), Status::SUCCESS);
    }
    assert!(
        gateway
            .store
            .objects()
            .iter()
            .all(|object| object.length == GIB / 4)
    );
    // Both sides live in this process; the other tests do too, hence the room.
    let grown = resident().saturating_sub(before);
    assert!(
        grown < 64 << 20,
        "1 GiB was sent and {grown} bytes stayed resident"
    );
}

/// Resident memory of this process in bytes; 0 where that cannot be told.
pub(crate) fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}
