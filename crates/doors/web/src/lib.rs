//! The verify page, the evidence of released copies, the public log, health.
//!
//! [`router`] gives the public routes, to be merged at the root: they need no log-in, keep nothing that is sent to them and
//! work without JavaScript.

mod assets;
mod evidence;
mod headers;
mod health;
mod log;
mod problem;
mod start;
mod state;
mod verify;

pub use problem::not_found;
pub use state::{Limits, State};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::map_response;
use axum::routing::{get, post};
use state::Web;
use std::sync::Arc;

/// The routes `/`, `/verify`, `/evidence/`, `/log/`, `/assets/`, `/healthz` and `/readyz`.
///
/// There is no fallback among them; [`not_found`] is a page to use as one.
pub fn router(state: State) -> Router {
    // The upload counts its own bytes, against what all uploads together may hold.
    let upload = post(verify::check).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/", get(start::page))
        .route("/verify", get(verify::form).merge(upload))
        .route("/evidence/{name}", get(evidence::file))
        .route("/log", get(log::to_page))
        .route("/log/", get(log::page))
        .route("/log/{*path}", get(log::file))
        .route("/assets/{name}", get(assets::file))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(map_response(headers::protect))
        .with_state(Arc::new(Web::new(state)))
}
