//! JWS in compact form (RFC 7515 section 7.1), with Ed25519 alone (RFC 8037 section 3.1).

use crate::{MAX_BYTES, PublicKey, Refused, strict_json};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Map, Value, json};

/// A JWS whose signature was checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opened {
    /// `typ`, where it is there.
    pub typ: Option<String>,
    /// `kid`, where it is there. It names a key to its owner; nothing is believed for it.
    pub kid: Option<String>,
    /// What was signed.
    pub payload: Vec<u8>,
}

/// The three parts, read and not checked.
struct Parts<'a> {
    header: Map<String, Value>,
    payload: Vec<u8>,
    signature: Vec<u8>,
    signed: &'a str,
}

/// Signs a payload. The key is the 32-byte seed of RFC 8032; `kid` is its thumbprint.
pub fn sign_compact(typ: &str, payload: &[u8], seed: &[u8; 32]) -> String {
    let kid = PublicKey::of_seed(seed).thumbprint();
    let header = json!({"alg": "EdDSA", "kid": kid, "typ": typ}).to_string();
    let signed = format!("{}.{}", BASE64.encode(header), BASE64.encode(payload));
    let signature = SigningKey::from_bytes(seed).sign(signed.as_bytes());
    format!("{signed}.{}", BASE64.encode(signature.to_bytes()))
}

/// Checks a JWS against a key that is known beforehand. Keys that the header names or holds are never looked at.
///
/// # Errors
/// [`Refused::TooLarge`], [`Refused::Unreadable`], [`Refused::Algorithm`] for any `alg` but `EdDSA`, [`Refused::Critical`],
/// [`Refused::Signature`].
pub fn open(jws: &str, key: &PublicKey) -> Result<Opened, Refused> {
    let parts = split(jws)?;
    if !key.has_signed(parts.signed.as_bytes(), &parts.signature) {
        return Err(Refused::Signature);
    }
    let text = |name: &str| match parts.header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refused::Unreadable("typ and kid of the header must be strings")),
    };
    Ok(Opened {
        typ: text("typ")?,
        kid: text("kid")?,
        payload: parts.payload,
    })
}

/// The claims of a JWS of this type.
pub(crate) fn claims(jws: &str, key: &PublicKey, typ: &'static str) -> Result<Map<String, Value>, Refused> {
    let opened = open(jws, key)?;
    if !opened.typ.is_some_and(|found| is_type(&found, typ)) {
        return Err(Refused::Type(typ));
    }
    object(&opened.payload)
}

/// The claims of a JWS of this type, by whomever it is signed.
pub(crate) fn claims_unverified(jws: &str, typ: &'static str) -> Result<Map<String, Value>, Refused> {
    let parts = split(jws)?;
    let found = parts.header.get("typ").and_then(Value::as_str);
    if !found.is_some_and(|found| is_type(found, typ)) {
        return Err(Refused::Type(typ));
    }
    object(&parts.payload)
}

/// RFC 7515 section 4.1.9: a media type whose `application/` may be left out; RFC 2045: its case does not count.
fn is_type(found: &str, wanted: &str) -> bool {
    let (prefix, rest) = found
        .split_at_checked("application/".len())
        .unwrap_or(("", found));
    let short = if prefix.eq_ignore_ascii_case("application/") {
        rest
    } else {
        found
    };
    short.eq_ignore_ascii_case(wanted)
}

fn object(json: &[u8]) -> Result<Map<String, Value>, Refused> {
    match strict_json::parse(json) {
        Some(Value::Object(members)) => Ok(members),
        _ => Err(Refused::Unreadable(
            "header and payload must be JSON objects in which no name stands twice",
        )),
    }
}

fn split(jws: &str) -> Result<Parts<'_>, Refused> {
    if jws.len() > MAX_BYTES {
        return Err(Refused::TooLarge);
    }
    let parts = || {
        let (signed, signature) = jws.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        let decode = |part: &str| BASE64.decode(part).ok();
        // A third dot is in none of the parts: it is no character of base64url.
        Some((signed, decode(header)?, decode(payload)?, decode(signature)?))
    };
    let (signed, header, payload, signature) = parts().ok_or(Refused::Unreadable(
        "not a compact JWS: three parts in base64url without padding, a dot between",
    ))?;
    let header = object(&header)?;
    if header.contains_key("crit") || header.contains_key("b64") {
        return Err(Refused::Critical);
    }
    if header.get("alg").and_then(Value::as_str) != Some("EdDSA") {
        return Err(Refused::Algorithm);
    }
    Ok(Parts {
        header,
        payload,
        signature,
        signed,
    })
}
