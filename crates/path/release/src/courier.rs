//! How a recipient is asked to delete.

use async_trait::async_trait;
use consent::Recipient;

/// Carries a signed deletion request to a recipient. A door implements it.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Carries the request (a compact JWS, see the crate `deletion`) to the endpoint that the recipient's discovery document
    /// names, and gives the receipts (compact JWS) that came back at once: none, when they will be posted later.
    ///
    /// # Errors
    /// When it did not get there; it is tried again later.
    async fn carry(&self, recipient: &Recipient, request: &str) -> Result<Vec<String>, CourierError>;
}

/// A request did not get there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CourierError {
    /// The recipient's record does not say where to ask.
    #[error("the recipient's record names no origin for deletion requests: add deletion = \"https://...\"")]
    NoEndpoint,
    /// Nobody answers, or not in time.
    #[error("the recipient cannot be reached: {0}")]
    Unreachable(String),
    /// It answers with what the protocol does not allow.
    #[error("the recipient's answer is not one: {0}")]
    Protocol(String),
}
