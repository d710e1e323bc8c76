//! Requests and receipts: what counts, what does not, and what others publish.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod discovery;
mod forgeries;
mod judging;
mod manifest;
mod protocol_page;
mod rfc8037;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use deletion::{
    Accepted, Derived, Expected, Kind, PublicKey, RECEIPT_TYPE, Reason, Receipt, Refused, Request, judge,
    sign_compact,
};
use ed25519_dalek::{Signer as _, SigningKey};
use model::{Digest, RecipientId, Timestamp};
use serde_json::{Value, json};
use std::collections::HashSet;

const GATEWAY: [u8; 32] = [1; 32];
const RECIPIENT: [u8; 32] = [2; 32];
const STRANGER: [u8; 32] = [3; 32];

/// 2026-11-22T12:00:00Z.
fn issued() -> Timestamp {
    Timestamp::from_millis(1_795_348_800_000)
}

fn request() -> Request {
    Request {
        jti: "q-7f3a0c52".into(),
        iss: "https://gateway.hospital.example".into(),
        aud: RecipientId::new("acme-chest-ai").unwrap(),
        iat: issued(),
        copy: "copy-1041".into(),
        manifest_root: Digest([9; 32]),
        instances: 5,
        reason: Reason::Revoked,
        due: issued().plus_millis(3 * 86_400_000),
    }
}

/// A receipt that counts, an hour after the request.
fn receipt(kind: Kind) -> Receipt {
    let copies_erased = match kind {
        Kind::Ack | Kind::Refused => 0,
        Kind::Partial => 2,
        Kind::Erased => 5,
    };
    Receipt {
        jti: "r-1".into(),
        reference: request().jti,
        iss: request().aud,
        iat: issued().plus_millis(3_600_000),
        kind,
        manifest_root: request().manifest_root,
        copies_erased,
        backups_expire_on: Some("2026-12-24".parse().unwrap()),
        derived: Derived {
            datasets: vec!["chest-2026-q3".into()],
            models: vec![],
        },
        subprocessors: vec![],
        note: Some("erased from the archive".into()),
    }
}

/// The claims of a receipt that counts.
fn claims() -> Value {
    json!({
        "jti": "r-1", "ref": "q-7f3a0c52", "iss": "acme-chest-ai", "iat": 1_795_352_400, "kind": "ERASED",
        "manifest_root": "09".repeat(32), "copies_erased": 5,
    })
}

/// The same with one claim replaced; null takes it away.
fn claims_with(name: &str, value: Value) -> String {
    let mut claims = claims();
    let members = claims.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.into(), value);
    }
    signed(&claims)
}

fn signed(claims: &Value) -> String {
    sign_compact(RECEIPT_TYPE, claims.to_string().as_bytes(), &RECIPIENT)
}

/// A JWS with this very header and payload, signed by the recipient.
fn raw_jws(header: &str, payload: &str) -> String {
    let signed = format!("{}.{}", BASE64.encode(header), BASE64.encode(payload));
    let signature = SigningKey::from_bytes(&RECIPIENT).sign(signed.as_bytes());
    format!("{signed}.{}", BASE64.encode(signature.to_bytes()))
}

struct Desk {
    request: Request,
    key: PublicKey,
    now: Timestamp,
    seen: HashSet<String>,
    previous: Option<Kind>,
}

impl Desk {
    /// Two hours after the request; nothing came yet.
    fn new() -> Self {
        Self {
            request: request(),
            key: PublicKey::of_seed(&RECIPIENT),
            now: issued().plus_millis(7_200_000),
            seen: HashSet::new(),
            previous: None,
        }
    }

    fn judge(&self, jws: &str) -> Result<Accepted, Refused> {
        let expected = Expected {
            request: &self.request,
            recipient_key: &self.key,
            now: self.now,
            seen: &self.seen,
            previous: self.previous,
        };
        judge(jws, &expected)
    }
}

fn refusal(jws: &str) -> Refused {
    Desk::new().judge(jws).unwrap_err()
}
