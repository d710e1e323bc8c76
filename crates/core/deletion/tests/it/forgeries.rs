//! Receipts that were altered, signed by others, or written so that two readers could read two things.

use crate::{BASE64, Desk, RECIPIENT, STRANGER, claims, raw_jws, receipt, refusal, signed};
use base64::Engine as _;
use deletion::{Kind, PublicKey, RECEIPT_TYPE, Refused, open, sign_receipt};
use proptest::prelude::*;
use serde_json::{Value, json};

const HEADER: &str = r#"{"alg":"EdDSA","typ":"imaging-deletion-receipt+jwt"}"#;

fn unsigned(header: &str, signature: &str) -> String {
    format!(
        "{}.{}.{signature}",
        BASE64.encode(header),
        BASE64.encode(claims().to_string())
    )
}

#[test]
fn another_key_does_not_count() {
    assert_eq!(
        refusal(&sign_receipt(&receipt(Kind::Erased), &STRANGER)),
        Refused::Signature
    );
    // A key that comes along is not looked at.
    let header = json!({"alg": "EdDSA", "typ": RECEIPT_TYPE, "jwk": PublicKey::of_seed(&STRANGER).jwk()});
    let own = raw_jws(&header.to_string(), &claims().to_string());
    assert!(Desk::new().judge(&own).is_ok());
    assert_eq!(
        open(&own, &PublicKey::of_seed(&STRANGER)),
        Err(Refused::Signature)
    );
}

#[test]
fn no_algorithm_but_eddsa() {
    for alg in [
        r#""none""#,
        r#""None""#,
        r#""HS256""#,
        r#""ES256""#,
        r#""RS256""#,
        r#""eddsa""#,
        "null",
        "1",
    ] {
        let header = format!(r#"{{"alg":{alg},"typ":"{RECEIPT_TYPE}"}}"#);
        assert_eq!(refusal(&unsigned(&header, "")), Refused::Algorithm, "{alg}");
        assert_eq!(
            refusal(&raw_jws(&header, &claims().to_string())),
            Refused::Algorithm,
            "{alg}"
        );
    }
    assert_eq!(
        refusal(&raw_jws(r"{}", &claims().to_string())),
        Refused::Algorithm
    );
    assert_eq!(refusal(&unsigned(HEADER, "")), Refused::Signature);
}

#[test]
fn headers_say_what_they_say_once() {
    let payload = claims().to_string();
    assert!(Desk::new().judge(&raw_jws(HEADER, &payload)).is_ok());
    let typ = format!(r#""typ":"{RECEIPT_TYPE}""#);
    let cases = [
        (
            format!(r#"{{"alg":"EdDSA",{typ},"crit":["exp"],"exp":1}}"#),
            "critical-header",
        ),
        (format!(r#"{{"alg":"EdDSA",{typ},"crit":[]}}"#), "critical-header"),
        (
            format!(r#"{{"alg":"EdDSA",{typ},"b64":false}}"#),
            "critical-header",
        ),
        (format!(r#"{{"alg":"none","alg":"EdDSA",{typ}}}"#), "unreadable"),
        (format!(r#"{{"alg":"EdDSA",{typ},{typ}}}"#), "unreadable"),
        (format!(r#"["EdDSA",{{{typ}}}]"#), "unreadable"),
        (r#"{"alg":"EdDSA"}"#.to_owned(), "wrong-type"),
        (r#"{"alg":"EdDSA","typ":"JWT"}"#.to_owned(), "wrong-type"),
        (
            r#"{"alg":"EdDSA","typ":"imaging-deletion-request+jwt"}"#.to_owned(),
            "wrong-type",
        ),
        (r#"{"alg":"EdDSA","typ":1}"#.to_owned(), "unreadable"),
    ];
    for (header, slug) in cases {
        assert_eq!(refusal(&raw_jws(&header, &payload)).slug(), slug, "{header}");
    }
    let long = r#"{"alg":"EdDSA","typ":"application/Imaging-Deletion-Receipt+JWT"}"#;
    assert!(Desk::new().judge(&raw_jws(long, &payload)).is_ok());
}

#[test]
fn a_claim_stands_once() {
    let twice = claims().to_string().replacen('{', r#"{"kind":"ACK","#, 1);
    assert!(matches!(
        refusal(&raw_jws(HEADER, &twice)),
        Refused::Unreadable(_)
    ));
}

#[test]
fn there_is_one_way_to_write_the_parts() {
    let jws = signed(&claims());
    let (rest, signature) = jws.rsplit_once('.').unwrap();
    let (header, payload) = rest.split_once('.').unwrap();
    let mut spellings = vec![
        String::new(),
        ".".into(),
        "..".into(),
        rest.to_owned(),
        format!("{jws}."),
        format!("{jws}.{signature}"),
        format!(" {jws}"),
        format!("{jws}\n"),
        format!("{header}.{payload}.{signature}=="),
        format!("{header}=.{payload}.{signature}"),
        format!("{header}.{}\n{}.{signature}", &payload[..8], &payload[8..]),
        format!("{header}.{payload}.{}", signature.replace(['-', '_'], "+")),
    ];
    // The last character of 64 bytes in base64 holds four bits that mean nothing and must be zero.
    let last = signature.chars().last().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let value = alphabet.find(last).unwrap();
    assert_eq!(value % 16, 0);
    for bits in 1..16 {
        let other = &alphabet[value + bits..=value + bits];
        spellings.push(format!("{rest}.{}{other}", &signature[..signature.len() - 1]));
    }
    for spelling in spellings {
        // A signature without - and _ has one spelling less.
        if spelling != jws {
            assert!(Desk::new().judge(&spelling).is_err(), "{spelling}");
        }
    }
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_altered_character_is_noticed(kind in any_kind(), at: prop::sample::Index, with in 0u8..128) {
        let mut bytes = sign_receipt(&receipt(kind), &RECIPIENT).into_bytes();
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != with);
        bytes[at] = with;
        prop_assert!(Desk::new().judge(std::str::from_utf8(&bytes).unwrap()).is_err());
    }

    #[test]
    fn any_altered_bit_of_what_is_signed_is_noticed(kind in any_kind(), part in 0usize..3, at: prop::sample::Index, bit in 0u8..8) {
        let jws = sign_receipt(&receipt(kind), &RECIPIENT);
        let mut parts: Vec<Vec<u8>> = jws.split('.').map(|part| BASE64.decode(part).unwrap()).collect();
        let at = at.index(parts[part].len());
        parts[part][at] ^= 1 << bit;
        let altered: Vec<String> = parts.iter().map(|part| BASE64.encode(part)).collect();
        prop_assert!(Desk::new().judge(&altered.join(".")).is_err());
    }

    #[test]
    fn a_changed_claim_under_the_old_signature_is_a_forgery(kind in any_kind(), claim in 0usize..11, word in "[a-z]{1,12}") {
        let jws = sign_receipt(&receipt(kind), &RECIPIENT);
        let parts: Vec<&str> = jws.split('.').collect();
        let mut claims: Value = serde_json::from_slice(&BASE64.decode(parts[1]).unwrap()).unwrap();
        let name = claims.as_object().unwrap().keys().nth(claim).unwrap().clone();
        claims[&name] = json!(word);
        let altered = format!("{}.{}.{}", parts[0], BASE64.encode(claims.to_string()), parts[2]);
        prop_assert_eq!(refusal(&altered), Refused::Signature);
    }

    #[test]
    fn no_text_makes_it_fail(text in "\\PC{0,200}") {
        prop_assert!(Desk::new().judge(&text).is_err());
    }

    #[test]
    fn no_signed_payload_makes_it_fail(payload in "[{}\\[\\]\",:a-z0-9 .eE-]{0,80}") {
        prop_assert!(Desk::new().judge(&raw_jws(HEADER, &payload)).is_err());
    }
}
