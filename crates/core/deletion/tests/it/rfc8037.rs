//! RFC 8037 appendix A: key, thumbprint, signature.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use deletion::{PublicKey, Refused, open};

const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const JWS: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
    hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

fn bytes(text: &str) -> [u8; 32] {
    BASE64.decode(text).unwrap().try_into().unwrap()
}

#[test]
fn the_public_key_and_its_thumbprint() {
    let key = PublicKey::of_seed(&bytes(SEED));
    assert_eq!(key, PublicKey::from_bytes(&bytes(X)).unwrap());
    assert_eq!(key.jwk()["x"], X);
    assert_eq!(key.thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

#[test]
fn the_signature_holds_and_no_other_does() {
    let key = PublicKey::from_bytes(&bytes(X)).unwrap();
    let opened = open(JWS, &key).unwrap();
    assert_eq!(opened.payload, b"Example of Ed25519 signing");
    assert_eq!((opened.typ, opened.kid), (None, None));

    assert_eq!(open(JWS, &PublicKey::of_seed(&[7; 32])), Err(Refused::Signature));
    let other = JWS.replace(
        "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
        &BASE64.encode("Example of Ed25519 singing"),
    );
    assert_eq!(open(&other, &key), Err(Refused::Signature));
}

#[test]
fn weak_keys_are_none() {
    // The neutral point, under which a signature of zeros fits every text (RFC 8032 section 5.1.7 without the check of order).
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert!(PublicKey::from_bytes(&neutral).is_err());
    assert!("00".repeat(32).parse::<PublicKey>().is_err());
    assert!("8139".parse::<PublicKey>().is_err());
}
