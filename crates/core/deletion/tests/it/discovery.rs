//! Discovery documents, and which addresses may be asked.

use crate::{RECIPIENT, STRANGER};
use deletion::{Discovery, DiscoveryError, InvalidOrigin, MAX_BYTES, Origin, PublicKey};
use serde_json::{Value, json};

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

fn key() -> PublicKey {
    PublicKey::of_seed(&RECIPIENT)
}

fn document(endpoint: &str, keys: Value) -> Result<Discovery, DiscoveryError> {
    Discovery::parse(
        json!({"endpoint": endpoint, "jwks": {"keys": keys}})
            .to_string()
            .as_bytes(),
    )
}

#[test]
fn a_document_that_fits_gives_the_endpoint() {
    let keys = json!([{"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}, PublicKey::of_seed(&STRANGER).jwk(), key().jwk()]);
    let found = document("https://acme.example/imaging/deletion?v=1", keys).unwrap();
    assert_eq!(found.jwks.len(), 2);
    assert_eq!(
        found.endpoint_for(&origin("https://acme.example"), &key()),
        Ok("https://acme.example/imaging/deletion?v=1")
    );
}

#[test]
fn the_endpoint_lies_under_the_origin_on_record() {
    let acme = origin("https://acme.example");
    for elsewhere in [
        "https://evil.example/deletion",
        "https://acme.example.evil.example/deletion",
        "https://deletion.acme.example/",
        "https://acme.example:8443/deletion",
        "https://127.0.0.1/deletion",
        "http://127.0.0.1/deletion",
    ] {
        let found = document(elsewhere, json!([key().jwk()])).unwrap();
        assert_eq!(
            found.endpoint_for(&acme, &key()),
            Err(DiscoveryError::OtherOrigin),
            "{elsewhere}"
        );
    }
    for unusable in [
        "http://acme.example/deletion",
        "https://acme.example@evil.example/",
        "https://evil.example\\@acme.example/",
        "https://acme.example#@evil.example/",
        "https:///acme.example/",
        "https://acme.example/a b",
        "https://acme.example/\n",
        "https://аcme.example/",
        "//acme.example/",
        "/deletion",
        "ftp://acme.example/",
        "file:///etc/passwd",
    ] {
        let found = document(unusable, json!([key().jwk()])).unwrap();
        let refused = found.endpoint_for(&acme, &key()).unwrap_err();
        assert!(
            matches!(refused, DiscoveryError::Endpoint(_)),
            "{unusable}: {refused:?}"
        );
    }
    assert!(
        document("https://ACME.example:443/d", json!([key().jwk()]))
            .unwrap()
            .endpoint_for(&acme, &key())
            .is_ok()
    );
}

#[test]
fn the_pinned_key_must_be_there_and_fit_for_signatures() {
    let acme = origin("https://acme.example");
    let with = |change: fn(&mut Value)| {
        let mut jwk = key().jwk();
        change(&mut jwk);
        document("https://acme.example/d", json!([jwk]))
            .map(|found| found.endpoint_for(&acme, &key()).map(drop))
    };
    assert_eq!(with(|_| {}), Ok(Ok(())));
    let missing = Ok(Err(DiscoveryError::KeyMissing));
    assert_eq!(with(|jwk| *jwk = PublicKey::of_seed(&STRANGER).jwk()), missing);
    assert_eq!(with(|jwk| jwk["use"] = json!("enc")), missing);
    assert_eq!(with(|jwk| jwk["crv"] = json!("X25519")), missing);
    assert_eq!(with(|jwk| jwk["alg"] = json!("ES256")), missing);
    assert_eq!(with(|jwk| jwk["x"] = json!("AAAA")), missing);
    assert_eq!(
        with(|jwk| jwk["d"] = json!("AAAA")),
        Err(DiscoveryError::PrivateKey)
    );
}

#[test]
fn what_is_no_document_is_refused() {
    for text in [
        "",
        "[]",
        "{}",
        r#"{"jwks":{}}"#,
        r#"{"endpoint":1,"jwks":{"keys":[]}}"#,
        r#"{"jwks":{"keys":[]},"jwks":{"keys":[]}}"#,
    ] {
        assert_eq!(
            Discovery::parse(text.as_bytes()),
            Err(DiscoveryError::Unreadable),
            "{text}"
        );
    }
    assert_eq!(
        Discovery::parse(&vec![b' '; MAX_BYTES + 1]),
        Err(DiscoveryError::TooLarge)
    );
    let none = Discovery::parse(br#"{"jwks":{"keys":[]}}"#).unwrap();
    assert_eq!(
        none.endpoint_for(&origin("https://acme.example"), &key()),
        Err(DiscoveryError::NoEndpoint)
    );
}

#[test]
fn a_document_that_was_written_is_read_back() {
    let document = Discovery {
        endpoint: None,
        receipts: Some("https://gateway.example/deletion/receipts".into()),
        jwks: vec![key()],
    };
    assert_eq!(Discovery::parse(document.to_json().as_bytes()), Ok(document));
}

#[test]
fn http_is_for_this_machine_alone() {
    for here in [
        "http://127.0.0.1:8080",
        "http://localhost",
        "http://[::1]:9",
        "http://127.9.9.9/",
    ] {
        assert!(Origin::parse(here).is_ok(), "{here}");
    }
    for away in [
        "http://acme.example",
        "http://10.0.0.1",
        "http://[fe80::1]",
        "http://localhost.evil.example",
        "http://0.0.0.0",
    ] {
        assert_eq!(Origin::parse(away), Err(InvalidOrigin::Plain), "{away}");
    }
    for none in [
        "",
        "acme.example",
        "https://",
        "https://:443",
        "https://acme.example:0",
        "https://acme.example:65536",
        "https://acme.example:+1",
        "https://acme.example/path",
        "https://acme.example?q",
        "https://127.1",
        "https://0x7f.0.0.1x",
        "https://1.2.3.4.5",
        "https://[::1",
        "https://[acme.example]",
        "https://a..example",
        "https://a%2eexample",
    ] {
        assert_eq!(Origin::parse(none), Err(InvalidOrigin::Address), "{none}");
    }
    assert_eq!(
        origin("HTTPS://Acme.Example:443/").well_known(),
        "https://acme.example/.well-known/imaging-deletion.json"
    );
    assert_eq!(
        origin("https://[2001:db8::1]:8443").to_string(),
        "https://[2001:db8::1]:8443"
    );
}
