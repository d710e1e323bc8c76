//! The bearer token (RFC 6750).

use crate::State;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::Json;
use axum::extract::{self, Request};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderValue, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

/// Lets a request through only with the right token.
pub(crate) async fn require(
    extract::State(state): extract::State<State>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = if has_token(request.headers(), state.token.reveal()) {
        next.run(request).await
    } else {
        let words = json!({ "error": "the token of this gateway is needed: Authorization: Bearer ..." });
        let mut refused = (StatusCode::UNAUTHORIZED, Json(words)).into_response();
        let challenge = HeaderValue::from_static("Bearer realm=\"leadglass\"");
        refused.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        refused
    };
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}

/// Compares in a time that does not depend on where a wrong token differs.
fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let given = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.as_bytes().split_at_checked(7));
    given.is_some_and(|(scheme, given)| {
        scheme.eq_ignore_ascii_case(b"Bearer ")
            && !token.is_empty()
            && verify_slices_are_equal(given.trim_ascii(), token.as_bytes()).is_ok()
    })
}
