//! Is the gateway there, can it work?

use crate::state::Web;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::time::Duration;

/// How long the index may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The index answers and there is room, so that scans can be taken and looked up.
pub(crate) async fn ready(State(web): State<Arc<Web>>) -> Response {
    if !matches!(web.state.store.blobs().has_room(), Ok(true)) {
        tracing::warn!("not ready: storage is full");
        return not_ready();
    }
    match tokio::time::timeout(PATIENCE, web.state.store.log().size()).await {
        Ok(Ok(_)) => "ready\n".into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the index does not answer");
            not_ready()
        }
        Err(_) => {
            tracing::warn!("not ready: the index takes too long");
            not_ready()
        }
    }
}

fn not_ready() -> Response {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(RETRY_AFTER, "5")],
        "not ready\n",
    )
        .into_response()
}
