//! How receipts come in that a recipient sends of its own accord.

use async_trait::async_trait;
use deletion::{Accepted, Kind, Refused};
use serde::Serialize;

/// Takes receipts. The door that hears them knows nothing of the requests they answer.
#[async_trait]
pub trait Receipts: Send + Sync {
    /// Finds the request that a receipt (compact JWS, at most [`deletion::MAX_BYTES`]) answers, judges it and notes it. What is
    /// returned is durable.
    ///
    /// # Errors
    /// When it does not count, or cannot be judged now.
    async fn take(&self, jws: &str) -> Result<Taken, Refusal>;
}

/// A receipt was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Taken {
    /// What it says.
    pub kind: Kind,
    /// What stands now for the request.
    pub standing: Kind,
    /// False for a step backwards, which is noted and changes nothing.
    pub changes: bool,
}

impl From<&Accepted> for Taken {
    fn from(accepted: &Accepted) -> Self {
        Self {
            kind: accepted.kind,
            standing: accepted.standing,
            changes: accepted.changes,
        }
    }
}

/// A receipt was not taken. The texts go to whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It does not count.
    #[error(transparent)]
    NotTaken(#[from] Refused),
    /// No such request was sent, or not to a recipient whose receipts can be checked.
    #[error("no request with this ref waits for an answer: write the jti of the request")]
    UnknownRequest,
    /// It cannot be judged now.
    #[error("the receipt cannot be taken now: send it again later")]
    Unavailable,
}
