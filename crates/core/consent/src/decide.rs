//! The decision.

use crate::{Decision, Denial, Policies, Records, Request};

/// Decides on a request. Whatever cannot be evaluated denies.
pub fn decide(_policies: &Policies, _request: &Request, _records: &Records<'_>) -> Decision {
    Decision::Deny(Denial { reasons: Vec::new() })
}
