//! The document under `/.well-known/imaging-deletion.json`: where to send requests or receipts, and who signs.

use crate::{InvalidOrigin, MAX_BYTES, Origin, PublicKey, strict_json};
use serde_json::{Map, Value, json};

/// At most so many keys are looked at.
const MAX_KEYS: usize = 64;

/// A discovery document. A recipient publishes `endpoint`, a gateway `receipts`; both publish their keys.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Discovery {
    /// Where requests are posted.
    pub endpoint: Option<String>,
    /// Where receipts are posted.
    pub receipts: Option<String>,
    /// The Ed25519 keys of its JWK set (RFC 7517 section 5); others are passed over.
    pub jwks: Vec<PublicKey>,
}

/// A discovery document cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// Too large to be read.
    #[error("the discovery document is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// No such document.
    #[error(
        "the discovery document cannot be read: endpoint and receipts must be strings, jwks a JWK set, no name twice"
    )]
    Unreadable,
    /// It publishes a private key.
    #[error(
        "the discovery document publishes a private key (d): that key can no longer be trusted, replace it"
    )]
    PrivateKey,
    /// It says not where to ask.
    #[error("the discovery document names no endpoint")]
    NoEndpoint,
    /// The endpoint is no address that may be asked.
    #[error("the endpoint of the discovery document cannot be used: {0}")]
    Endpoint(InvalidOrigin),
    /// The endpoint is somewhere else.
    #[error(
        "the endpoint of the discovery document lies under another origin than the recipient's record names"
    )]
    OtherOrigin,
    /// The pinned key is not there.
    #[error(
        "the receipt key of the recipient's record is not among the keys of the discovery document: ask the recipient which holds"
    )]
    KeyMissing,
}

impl Discovery {
    /// Reads a document. Names that are not known are passed over.
    ///
    /// # Errors
    /// [`DiscoveryError::TooLarge`], [`DiscoveryError::Unreadable`], [`DiscoveryError::PrivateKey`].
    pub fn parse(json: &[u8]) -> Result<Self, DiscoveryError> {
        if json.len() > MAX_BYTES {
            return Err(DiscoveryError::TooLarge);
        }
        let Some(Value::Object(members)) = strict_json::parse(json) else {
            return Err(DiscoveryError::Unreadable);
        };
        let keys = members.get("jwks").and_then(|set| set.get("keys"));
        let keys = keys.and_then(Value::as_array).ok_or(DiscoveryError::Unreadable)?;
        if keys.iter().any(|key| key.get("d").is_some()) {
            return Err(DiscoveryError::PrivateKey);
        }
        Ok(Self {
            endpoint: text(&members, "endpoint")?,
            receipts: text(&members, "receipts")?,
            jwks: keys
                .iter()
                .take(MAX_KEYS)
                .filter_map(PublicKey::from_jwk)
                .collect(),
        })
    }

    /// The address to which requests go, once the document was checked: it lies under the origin of the recipient's record, and the
    /// document has the key that the record pins. The document alone is never a reason to believe a key.
    ///
    /// # Errors
    /// [`DiscoveryError`], for what does not fit.
    pub fn endpoint_for(&self, origin: &Origin, pinned: &PublicKey) -> Result<&str, DiscoveryError> {
        let endpoint = self.endpoint.as_deref().ok_or(DiscoveryError::NoEndpoint)?;
        if Origin::of(endpoint).map_err(DiscoveryError::Endpoint)? != *origin {
            return Err(DiscoveryError::OtherOrigin);
        }
        if !self.jwks.contains(pinned) {
            return Err(DiscoveryError::KeyMissing);
        }
        Ok(endpoint)
    }

    /// The document as JSON.
    pub fn to_json(&self) -> String {
        let keys: Vec<Value> = self.jwks.iter().map(PublicKey::jwk).collect();
        let addresses = [("endpoint", &self.endpoint), ("receipts", &self.receipts)];
        let mut members: Map<String, Value> = addresses
            .into_iter()
            .filter_map(|(name, address)| Some((name.to_owned(), Value::String(address.clone()?))))
            .collect();
        members.insert("jwks".to_owned(), json!({ "keys": keys }));
        Value::Object(members).to_string()
    }
}

fn text(members: &Map<String, Value>, name: &str) -> Result<Option<String>, DiscoveryError> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(DiscoveryError::Unreadable),
    }
}
