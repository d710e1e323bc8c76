//! Ed25519 public keys, as hex in records and as JWK (RFC 8037 section 2) on the wire.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// An Ed25519 public key. Shown as 64 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// The bytes or the text are no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 public key: 64 hex digits of a key that is not weak are needed")]
pub struct InvalidKey;

impl PublicKey {
    /// Reads a key from its 32 bytes (RFC 8032 section 5.1.5).
    ///
    /// # Errors
    /// When they are no point of the curve, or a weak key: one under which a signature fits many texts.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, InvalidKey> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| InvalidKey)?;
        if key.is_weak() {
            Err(InvalidKey)
        } else {
            Ok(Self(key))
        }
    }

    /// The public half of a private key, which is the 32-byte seed of RFC 8032.
    pub fn of_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed).verifying_key())
    }

    /// The 32 bytes.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The thumbprint of the key's JWK (RFC 7638, RFC 8037 appendix A.3), 43 characters. Requests carry it as `kid`.
    pub fn thumbprint(&self) -> String {
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        BASE64.encode(Sha256::digest(canonical))
    }

    /// The key as a JWK for signatures.
    pub fn jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.thumbprint(), "x": self.x()})
    }

    /// Reads a JWK. None for a key of another kind or use, which RFC 7517 section 5 says to pass over, and for a bad one.
    pub(crate) fn from_jwk(jwk: &Value) -> Option<Self> {
        let is = |name: &str, wanted: &str| jwk.get(name).is_some_and(|value| value == wanted);
        let may_be = |name: &str, wanted: &str| jwk.get(name).is_none_or(|value| value == wanted);
        if !is("kty", "OKP") || !is("crv", "Ed25519") || !may_be("use", "sig") || !may_be("alg", "EdDSA") {
            return None;
        }
        let x = BASE64.decode(jwk.get("x")?.as_str()?).ok()?;
        Self::from_bytes(x.as_slice().try_into().ok()?).ok()
    }

    fn x(&self) -> String {
        BASE64.encode(self.0.as_bytes())
    }

    /// True when the signature is of this key, checked strictly: one text has one signature that passes.
    pub(crate) fn has_signed(&self, text: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify_strict(text, &signature).is_ok())
    }
}

impl std::str::FromStr for PublicKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| InvalidKey)?;
        Self::from_bytes(&bytes)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}
