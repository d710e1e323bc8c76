//! The request to delete a copy.

use crate::{PublicKey, REQUEST_TYPE, Refused, jws, numeric_date, words};
use model::{Digest, RecipientId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;

/// A request to delete a copy, as the gateway signs it. It holds nothing of a patient.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Request {
    /// The request's own name, never used twice: 1 to 256 visible ASCII characters, best 128 random bits.
    pub jti: String,
    /// Who asks: the gateway's name with this recipient, best its origin.
    pub iss: String,
    /// Who is asked.
    pub aud: RecipientId,
    /// When it was issued; whole seconds on the wire.
    #[serde(with = "numeric_date")]
    pub iat: Timestamp,
    /// The copy's name in the gateway; says nothing to others.
    pub copy: String,
    /// What is to be deleted, see [`manifest_root`](crate::manifest_root).
    pub manifest_root: Digest,
    /// Instances in the manifest.
    pub instances: u64,
    /// Why.
    pub reason: Reason,
    /// Until when; whole seconds on the wire.
    #[serde(with = "numeric_date")]
    pub due: Timestamp,
}

/// Why a copy must be deleted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The agreed time is over.
    RetentionExpired,
    /// The patient withdrew the permission.
    Revoked,
    /// The patient or a law asks for erasure (GDPR art. 17).
    Erasure,
    /// The recipient is not trusted any more.
    Breach,
    /// It should not have been sent.
    Mistake,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::RetentionExpired,
        Self::Revoked,
        Self::Erasure,
        Self::Breach,
        Self::Mistake,
    ];

    /// As on the wire, such as `retention-expired`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RetentionExpired => "retention-expired",
            Self::Revoked => "revoked",
            Self::Erasure => "erasure",
            Self::Breach => "breach",
            Self::Mistake => "mistake",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Signs a request with the gateway's key, which is the 32-byte seed of RFC 8032. The result is a compact JWS.
pub fn sign(request: &Request, seed: &[u8; 32]) -> String {
    let claims = json!({
        "jti": request.jti,
        "iss": request.iss,
        "aud": request.aud.as_str(),
        "iat": request.iat.seconds(),
        "copy": request.copy,
        "manifest_root": request.manifest_root.to_string(),
        "instances": request.instances,
        "reason": request.reason.as_str(),
        "due": request.due.seconds(),
    });
    jws::sign_compact(REQUEST_TYPE, claims.to_string().as_bytes(), seed)
}

/// Reads a request and checks that the gateway with this key signed it. Whether it is for the reader (`aud`) and new (`jti`) is
/// the reader's to check.
///
/// # Errors
/// [`Refused`] when it is forged, unreadable, or not a request.
pub fn verify_request(jws: &str, key: &PublicKey) -> Result<Request, Refused> {
    let claims = jws::claims(jws, key, REQUEST_TYPE)?;
    let request: Request = serde_json::from_value(Value::Object(claims))
        .map_err(|_| Refused::Unreadable("the payload is not that of a deletion request"))?;
    let ids = [&request.jti, &request.iss, &request.copy];
    if !ids.into_iter().all(|id| words::is_id(id)) {
        return Err(Refused::Unreadable(
            "jti, iss and copy must be 1 to 256 visible ASCII characters",
        ));
    }
    Ok(request)
}
