//! The JSON API for machines inside: order a release, see what became of it.
//!
//! ```text
//! POST /api/v1/releases        {"study", "recipient", "purpose", "instances"?, "retention_days"?, "by"?, "reason"?}
//!                              202 queued · 403 not permitted, with one sentence why · 404 no such study · 400, 401
//! GET  /api/v1/releases/{id}   where it stands
//! ```
//! A request says what is asked and nothing else: whose scan it is, what the patient decided and what was agreed come from the
//! gateway's own records.

mod releases;
mod token;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use model::{Clock, Redacted};
use release::Releaser;
use std::sync::Arc;
use store::Store;

/// The longest body of a request, in bytes.
const BODY: usize = 256 * 1024;

/// What the API works with.
#[derive(Clone)]
pub struct State {
    /// The archive.
    pub store: Store,
    /// The exit.
    pub releaser: Releaser,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// The bearer token (RFC 6750) that opens it.
    pub token: Arc<Redacted<String>>,
}

/// The routes below `/api/v1`.
pub fn router(state: State) -> Router {
    Router::new()
        .route("/releases", post(releases::order))
        .route("/releases/{id}", get(releases::find))
        .layer(DefaultBodyLimit::max(BODY))
        .route_layer(from_fn_with_state(state.clone(), token::require))
        .with_state(state)
}
