//! The transparency log as static files ([C2SP tlog-tiles](https://c2sp.org/tlog-tiles)), and a page about it.

use crate::problem::{Answer, Problem, page as render};
use crate::state::Web;
use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName};
use axum::response::{IntoResponse, Redirect, Response};
use std::io::ErrorKind;
use std::sync::Arc;

const FRESH: &str = "no-cache";
/// What a tile holds never changes; a partial one may go when the full one is there.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

#[derive(Template)]
#[template(path = "log.html")]
struct LogPage {
    origin: String,
    vkey: String,
    size: u64,
}

/// A page about the log, for people.
pub(crate) async fn page(State(web): State<Arc<Web>>, headers: HeaderMap) -> Response {
    let log = web.state.store.log();
    match log.size().await {
        Ok(size) => render(&LogPage {
            origin: log.origin().to_owned(),
            vkey: log.verifier().vkey(),
            size,
        }),
        Err(error) => {
            tracing::error!(%error, "the log could not be read");
            Problem::Failed.answer(Answer::wanted(&headers))
        }
    }
}

/// `/log` is `/log/`.
pub(crate) async fn to_page() -> Redirect {
    Redirect::permanent("/log/")
}

/// The checkpoint, a tile or an entry bundle.
pub(crate) async fn file(State(web): State<Arc<Web>>, uri: Uri, headers: HeaderMap) -> Response {
    // The path as it was sent, not percent-decoded: each file has exactly one spelling.
    let path = uri.path().strip_prefix("/log/").unwrap_or_default();
    let (media_type, caching) = if path == "checkpoint" {
        ("text/plain; charset=utf-8", FRESH)
    } else if tlog::tile::parse(path).is_ok() {
        ("application/octet-stream", FOR_EVER)
    } else {
        return Problem::NotFound.answer(Answer::wanted(&headers));
    };
    match tokio::fs::read(web.state.store.log().folder().join(path)).await {
        Ok(content) => {
            // Anyone may watch the log, also from a page of their own.
            let open = (ACCESS_CONTROL_ALLOW_ORIGIN, "*");
            let loaded = (
                HeaderName::from_static("cross-origin-resource-policy"),
                "cross-origin",
            );
            let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, caching), open, loaded];
            (headers, content).into_response()
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Problem::NotFound.answer(Answer::wanted(&headers))
        }
        Err(error) => {
            tracing::error!(%error, "a file of the log could not be read");
            Problem::Failed.answer(Answer::wanted(&headers))
        }
    }
}
