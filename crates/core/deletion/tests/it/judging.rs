//! What counts, and why what does not count does not.

use crate::{Desk, RECIPIENT, STRANGER, claims, claims_with, issued, receipt, refusal, request, signed};
use deletion::{Kind, MAX_BYTES, Receipt, Refused, reference_of, sign, sign_receipt, verify_request};
use model::{Digest, RecipientId};
use serde_json::{Value, json};

#[test]
fn each_kind_counts_as_what_it_is() {
    for kind in Kind::ALL {
        let accepted = Desk::new()
            .judge(&sign_receipt(&receipt(kind), &RECIPIENT))
            .unwrap();
        assert_eq!(
            (accepted.kind, accepted.standing, accepted.changes),
            (kind, kind, true)
        );
        assert_eq!(accepted.receipt, receipt(kind));
    }
}

#[test]
fn a_bare_receipt_counts() {
    let accepted = Desk::new().judge(&signed(&claims())).unwrap();
    assert_eq!(accepted.receipt.backups_expire_on, None);
    assert_eq!(reference_of(&signed(&claims())), Ok("q-7f3a0c52".into()));
}

#[test]
fn each_claim_is_held_against_the_request() {
    let cases = [
        ("ref", json!("q-7f3a0c53"), "wrong-request"),
        ("iss", json!("other-ai"), "wrong-recipient"),
        ("aud", json!("https://gateway.other.example"), "wrong-audience"),
        ("aud", json!(["https://gateway.other.example"]), "wrong-audience"),
        ("manifest_root", json!("0a".repeat(32)), "wrong-manifest"),
        ("copies_erased", json!(4), "wrong-count"),
        ("copies_erased", json!(6), "wrong-count"),
        ("copies_erased", Value::Null, "wrong-count"),
        ("kind", json!("ACK"), "wrong-count"),
        ("kind", json!("PARTIAL"), "wrong-count"),
        ("kind", json!("REFUSED"), "wrong-count"),
        ("kind", json!("erased"), "unreadable"),
        ("kind", json!("DONE"), "unreadable"),
        ("iat", Value::Null, "unreadable"),
        ("iat", json!("2026-11-22T13:00:00Z"), "unreadable"),
        ("iat", json!(-1), "unreadable"),
        ("iat", json!(1e300), "unreadable"),
        ("exp", json!("never"), "unreadable"),
        ("jti", json!(""), "unreadable"),
        ("jti", json!("a b"), "unreadable"),
        ("jti", json!("r".repeat(257)), "unreadable"),
        ("jti", json!(7), "unreadable"),
        ("copies_erased", json!(-5), "unreadable"),
        ("copies_erased", json!("5"), "unreadable"),
        ("backups_expire_on", json!("2026-02-30"), "unreadable"),
        ("note", json!("two\nlines"), "unreadable"),
        ("note", json!("n".repeat(1001)), "unreadable"),
        ("derived", json!({"models": ["a model"]}), "unreadable"),
        ("derived", json!({"models": vec!["m"; 257]}), "unreadable"),
        ("subprocessors", json!(["no receipt"]), "subprocessor"),
    ];
    for (claim, value, slug) in cases {
        let jws = claims_with(claim, value.clone());
        assert_eq!(refusal(&jws).slug(), slug, "{claim} = {value}");
    }
}

#[test]
fn what_fits_the_request_may_be_there() {
    for (claim, value) in [
        ("aud", json!("https://gateway.hospital.example")),
        ("aud", json!(["x", "https://gateway.hospital.example"])),
        ("exp", json!(1_795_438_800)),
        ("iat", json!(1_795_352_400.25)),
        ("nonce", json!("passed over")),
        ("derived", json!({"models": ["chest-v4"]})),
    ] {
        Desk::new().judge(&claims_with(claim, value)).unwrap();
    }
}

#[test]
fn clocks_may_differ_by_five_minutes() {
    let mut desk = Desk::new();
    let at = |seconds: i64| claims_with("iat", json!(issued().seconds() + seconds));
    desk.now = issued().plus_millis(10_000);
    assert!(desk.judge(&at(310)).is_ok());
    assert_eq!(desk.judge(&at(311)).unwrap_err(), Refused::Future);
    assert!(desk.judge(&at(-300)).is_ok());
    assert_eq!(desk.judge(&at(-301)).unwrap_err(), Refused::BeforeRequest);

    let until = claims_with("exp", json!(issued().seconds() + 3600));
    desk.now = issued().plus_millis(3_600_000 + 299_000);
    assert!(desk.judge(&until).is_ok());
    desk.now = desk.now.plus_millis(1000);
    assert_eq!(desk.judge(&until).unwrap_err(), Refused::Expired);
}

#[test]
fn a_receipt_counts_once() {
    let mut desk = Desk::new();
    let jws = signed(&claims());
    let first = desk.judge(&jws).unwrap();
    desk.seen.insert(first.receipt.jti);
    desk.previous = Some(first.standing);
    assert_eq!(desk.judge(&jws), Err(Refused::Replayed));
    // The same jti in another receipt is no new receipt.
    assert_eq!(
        desk.judge(&claims_with("kind", json!("ACK"))),
        Err(Refused::Replayed)
    );
}

#[test]
fn an_old_receipt_does_not_answer_a_new_request() {
    let mut desk = Desk::new();
    desk.request.jti = "q-next".into();
    assert_eq!(desk.judge(&signed(&claims())), Err(Refused::Reference));
}

#[test]
fn a_step_backwards_changes_nothing() {
    use Kind::{Ack, Erased, Partial, Refused};
    // What stood, what came, what stands, whether that is news.
    let steps = [
        (None, Ack, Ack, true),
        (Some(Ack), Ack, Ack, false),
        (Some(Ack), Refused, Refused, true),
        (Some(Ack), Partial, Partial, true),
        (Some(Ack), Erased, Erased, true),
        (Some(Refused), Ack, Refused, false),
        (Some(Refused), Erased, Erased, true),
        (Some(Partial), Ack, Partial, false),
        (Some(Partial), Partial, Partial, true),
        (Some(Partial), Erased, Erased, true),
        (Some(Erased), Ack, Erased, false),
        (Some(Erased), Partial, Erased, false),
        (Some(Erased), Refused, Erased, false),
        (Some(Erased), Erased, Erased, false),
    ];
    for (previous, came, stands, news) in steps {
        let mut desk = Desk::new();
        desk.previous = previous;
        let accepted = desk.judge(&sign_receipt(&receipt(came), &RECIPIENT)).unwrap();
        let found = (accepted.kind, accepted.standing, accepted.changes);
        assert_eq!(found, (came, stands, news), "{previous:?}, then {came}");
    }
}

#[test]
fn erased_means_that_the_subprocessors_erased_too() {
    let theirs = |kind: Kind, change: fn(&mut Receipt)| {
        let mut theirs = Receipt {
            iss: RecipientId::new("cloud-store").unwrap(),
            reference: "q-of-acme".into(),
            ..receipt(kind)
        };
        change(&mut theirs);
        sign_receipt(&theirs, &STRANGER)
    };
    let with = |kind: Kind, nested: String| {
        let mut ours = receipt(kind);
        ours.subprocessors = vec![nested];
        Desk::new().judge(&sign_receipt(&ours, &RECIPIENT))
    };

    let accepted = with(Kind::Erased, theirs(Kind::Erased, |_| {})).unwrap();
    assert_eq!(accepted.subprocessors[0].name.as_str(), "cloud-store");
    assert_eq!(accepted.subprocessors[0].kind, Kind::Erased);
    assert!(with(Kind::Partial, theirs(Kind::Ack, |_| {})).is_ok());
    for nested in [
        theirs(Kind::Ack, |_| {}),
        theirs(Kind::Refused, |_| {}),
        theirs(Kind::Erased, |receipt| receipt.manifest_root = Digest([1; 32])),
    ] {
        assert!(matches!(
            with(Kind::Erased, nested),
            Err(Refused::Subprocessor(_))
        ));
    }
}

#[test]
fn size_has_a_limit() {
    let filler = |bytes: usize| signed(&json!({"claims": claims(), "filler": "x".repeat(bytes)}));
    assert_eq!(refusal(&filler(MAX_BYTES)), Refused::TooLarge);
    assert_eq!(reference_of(&filler(MAX_BYTES)), Err(Refused::TooLarge));
    assert!(matches!(refusal(&filler(MAX_BYTES / 2)), Refused::Unreadable(_)));
}

#[test]
fn a_request_is_read_as_it_was_signed() {
    let jws = sign(&request(), &crate::GATEWAY);
    let gateway = deletion::PublicKey::of_seed(&crate::GATEWAY);
    assert_eq!(verify_request(&jws, &gateway), Ok(request()));
    assert_eq!(
        verify_request(&jws, &deletion::PublicKey::of_seed(&STRANGER)),
        Err(Refused::Signature)
    );
    // A receipt is no request, and a request no receipt, whoever signs.
    let receipt = sign_receipt(&receipt(Kind::Ack), &crate::GATEWAY);
    assert!(matches!(
        verify_request(&receipt, &gateway),
        Err(Refused::Type(_))
    ));
    assert!(matches!(refusal(&sign(&request(), &RECIPIENT)), Refused::Type(_)));
}
