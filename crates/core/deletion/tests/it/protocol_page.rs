//! The examples of docs/deletion-protocol.md, which another library made, hold as the page says.

use crate::{GATEWAY, RECIPIENT};
use deletion::{
    Discovery, Expected, Kind, Origin, PublicKey, Reason, Refused, judge, manifest_root, verify_request,
};
use model::{Digest, Uid};
use serde_json::Value;
use std::collections::HashSet;

const PAGE: &str = include_str!("../../../../../docs/deletion-protocol.md");

/// The fenced example of this name.
fn example(name: &str) -> &'static str {
    let mut found = PAGE.split("\n```").filter_map(|block| {
        let (info, text) = block.split_once('\n')?;
        let (_, label) = info.split_once(' ')?;
        (label == name).then_some(text)
    });
    found.next().unwrap()
}

fn claims_of(jws: &str, seed: &[u8; 32]) -> Value {
    let opened = deletion::open(jws, &PublicKey::of_seed(seed)).unwrap();
    serde_json::from_slice(&opened.payload).unwrap()
}

#[test]
fn the_request_is_signed_by_the_gateway_and_says_what_is_shown() {
    let request = verify_request(example("request-jws"), &PublicKey::of_seed(&GATEWAY)).unwrap();
    assert_eq!(request.reason, Reason::RetentionExpired);
    assert_eq!(request.instances, 3);
    let shown: Value = serde_json::from_str(example("request")).unwrap();
    assert_eq!(shown, claims_of(example("request-jws"), &GATEWAY));
    // What the gateway itself writes of this request is the same, claim by claim.
    assert_eq!(shown, claims_of(&deletion::sign(&request, &GATEWAY), &GATEWAY));
}

#[test]
fn the_root_is_that_of_the_manifest_shown() {
    let instances: Vec<(Uid, Digest)> = example("manifest")
        .lines()
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(words[0], "imaging-deletion-instance/1");
            (Uid::new(words[1]).unwrap(), words[2].parse().unwrap())
        })
        .collect();
    assert_eq!(instances.len(), 3);
    assert_eq!(manifest_root(&instances).to_string(), example("manifest-root"));
    let request = verify_request(example("request-jws"), &PublicKey::of_seed(&GATEWAY)).unwrap();
    assert_eq!(request.manifest_root.to_string(), example("manifest-root"));
}

#[test]
fn the_receipts_count_in_their_order() {
    let request = verify_request(example("request-jws"), &PublicKey::of_seed(&GATEWAY)).unwrap();
    let key = PublicKey::of_seed(&RECIPIENT);
    let none = HashSet::new();
    let mut expected = Expected {
        request: &request,
        recipient_key: &key,
        now: request.iat.plus_millis(2 * 3_600_000),
        seen: &none,
        previous: None,
    };
    let ack = judge(example("ack-jws"), &expected).unwrap();
    assert_eq!(ack.standing, Kind::Ack);
    expected.previous = Some(ack.standing);
    let erased = judge(example("receipt-jws"), &expected).unwrap();
    assert_eq!(erased.standing, Kind::Erased);
    assert_eq!(erased.receipt.derived.datasets, ["chest-2026-q3"]);
    let shown: Value = serde_json::from_str(example("receipt")).unwrap();
    assert_eq!(shown, claims_of(example("receipt-jws"), &RECIPIENT));

    let seen = HashSet::from([erased.receipt.jti]);
    let again = Expected {
        seen: &seen,
        ..expected
    };
    assert_eq!(judge(example("receipt-jws"), &again), Err(Refused::Replayed));
}

#[test]
fn the_discovery_documents_hold() {
    let recipient = Discovery::parse(example("discovery").as_bytes()).unwrap();
    let origin = Origin::parse("https://acme.example").unwrap();
    assert!(
        recipient
            .endpoint_for(&origin, &PublicKey::of_seed(&RECIPIENT))
            .is_ok()
    );

    let gateway = Discovery::parse(example("gateway-discovery").as_bytes()).unwrap();
    assert_eq!(gateway.jwks, [PublicKey::of_seed(&GATEWAY)]);
    let shown: Value = serde_json::from_str(example("gateway-discovery")).unwrap();
    assert_eq!(shown, serde_json::from_str::<Value>(&gateway.to_json()).unwrap());
}

#[test]
fn the_page_names_every_reason() {
    let refusals = [
        Refused::TooLarge,
        Refused::Unreadable(""),
        Refused::Algorithm,
        Refused::Critical,
        Refused::Type(""),
        Refused::Signature,
        Refused::Replayed,
        Refused::Recipient,
        Refused::Audience,
        Refused::Reference,
        Refused::Manifest,
        Refused::Future,
        Refused::BeforeRequest,
        Refused::Expired,
        Refused::Count {
            kind: Kind::Erased,
            instances: 1,
        },
        Refused::Subprocessor(""),
    ];
    for refused in refusals {
        assert!(PAGE.contains(&format!("`{}`", refused.slug())), "{refused:?}");
    }
    for reason in Reason::ALL {
        assert!(PAGE.contains(&format!("`{reason}`")), "{reason}");
    }
}
