//! JWS as a vendor's library writes and reads it.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};
use serde_json::{Value, json};

/// Signs a receipt; its header names `named`, which for honest vendors is the key that signs.
pub(super) fn sign(claims: &Value, key: &SigningKey, named: &SigningKey) -> String {
    let kid = BASE64.encode(named.verifying_key().as_bytes());
    let header = json!({"typ": "imaging-deletion-receipt+jwt", "kid": kid, "alg": "EdDSA"});
    let signed = format!(
        "{}.{}",
        BASE64.encode(header.to_string()),
        BASE64.encode(claims.to_string())
    );
    let signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", BASE64.encode(signature.to_bytes()))
}

/// The claims of a request, checked against the gateway's key where it is known.
pub(super) fn read(jws: &str, key: Option<&VerifyingKey>) -> Option<Value> {
    let (signed, signature) = jws.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    let header: Value = serde_json::from_slice(&BASE64.decode(header).ok()?).ok()?;
    let is = |name: &str, wanted: &str| header.get(name).is_some_and(|value| value == wanted);
    if !is("alg", "EdDSA") || !is("typ", "imaging-deletion-request+jwt") {
        return None;
    }
    if let Some(key) = key {
        let signature = Signature::from_slice(&BASE64.decode(signature).ok()?).ok()?;
        key.verify(signed.as_bytes(), &signature).ok()?;
    }
    serde_json::from_slice(&BASE64.decode(payload).ok()?).ok()
}

/// The vendor's discovery document.
pub(super) fn discovery(endpoint: &str, key: &SigningKey) -> Value {
    let x = BASE64.encode(key.verifying_key().as_bytes());
    json!({"endpoint": endpoint, "jwks": {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": x, "x": x}]}})
}
