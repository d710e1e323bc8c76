//! COSE_Sign1 with Ed25519 (RFC 9052, RFC 9053 2.2).

use crate::SealError;
use coset::{CborSerializable, CoseSign1, CoseSign1Builder, HeaderBuilder, iana};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// The key that signs seals, amendments and manifests.
pub struct SealKey {
    key: SigningKey,
}

/// The first 8 bytes of SHA-256 over the public key: which key signed.
pub fn key_id(public: &[u8; 32]) -> [u8; 8] {
    let digest: [u8; 32] = Sha256::digest(public).into();
    let mut id = [0; 8];
    id.copy_from_slice(digest.first_chunk::<8>().unwrap_or(&[0; 8]));
    id
}

impl SealKey {
    /// The key of this 32-byte seed.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self {
            key: SigningKey::from_bytes(seed),
        }
    }

    /// The public key.
    pub fn public(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// Signs `payload` as a document of the kind `what`.
    pub(crate) fn sign(&self, what: &'static str, payload: Vec<u8>) -> Vec<u8> {
        let protected = HeaderBuilder::new()
            .algorithm(iana::Algorithm::EdDSA)
            .key_id(key_id(&self.public()).to_vec())
            .content_type(format!("application/vnd.leadglass.{what}+cbor"))
            .build();
        let signed = CoseSign1Builder::new()
            .protected(protected)
            .payload(payload)
            .create_signature(b"", |message| self.key.sign(message).to_bytes().to_vec())
            .build();
        // Serialising what was just built cannot fail.
        signed.to_vec().unwrap_or_default()
    }
}

/// The keys whose seals are believed.
#[derive(Clone, Debug, Default)]
pub struct SealVerifier {
    keys: Vec<VerifyingKey>,
}

impl SealVerifier {
    /// Believes these public keys; what is no key is left out.
    pub fn new(keys: impl IntoIterator<Item = [u8; 32]>) -> Self {
        Self {
            keys: keys
                .into_iter()
                .filter_map(|key| VerifyingKey::from_bytes(&key).ok())
                .collect(),
        }
    }

    /// The payload and the id of the key that signed it, if a believed key signed it as a document of the kind `what`.
    pub(crate) fn open(&self, what: &'static str, signed: &[u8]) -> Result<(Vec<u8>, [u8; 8]), SealError> {
        let unreadable = || SealError::Unreadable { what };
        let document = CoseSign1::from_slice(signed).map_err(|_| unreadable())?;
        // One encoding only, and nothing that no signature covers.
        if document.clone().to_vec().map_err(|_| unreadable())? != signed || !document.unprotected.is_empty()
        {
            return Err(unreadable());
        }
        let header = &document.protected.header;
        let kind = coset::ContentType::Text(format!("application/vnd.leadglass.{what}+cbor"));
        let algorithm = coset::Algorithm::Assigned(iana::Algorithm::EdDSA);
        if header.content_type.as_ref() != Some(&kind) || header.alg.as_ref() != Some(&algorithm) {
            return Err(unreadable());
        }
        for key in &self.keys {
            let id = key_id(key.as_bytes());
            let genuine = |signature: &[u8], message: &[u8]| {
                let signature =
                    Signature::from_slice(signature).map_err(|_| SealError::Signature { what })?;
                key.verify_strict(message, &signature)
                    .map_err(|_| SealError::Signature { what })
            };
            if header.key_id == id && document.verify_signature(b"", genuine).is_ok() {
                return Ok((document.payload.clone().ok_or_else(unreadable)?, id));
            }
        }
        Err(SealError::Signature { what })
    }
}

/// The payload without looking at the signature: only for what the gateway signed and kept itself.
pub(crate) fn payload_unverified(what: &'static str, signed: &[u8]) -> Result<Vec<u8>, SealError> {
    let unreadable = || SealError::Unreadable { what };
    CoseSign1::from_slice(signed)
        .map_err(|_| unreadable())?
        .payload
        .ok_or_else(unreadable)
}
