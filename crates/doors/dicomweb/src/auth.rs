//! The bearer token (RFC 6750), and the headers that every answer carries.

use crate::Config;
use crate::refusal::Refusal;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, HeaderMap, HeaderValue, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Lets a request through only with the right token.
pub(crate) async fn require_token(
    State(config): State<Arc<Config>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = if has_token(request.headers(), config.token.reveal()) {
        next.run(request).await
    } else {
        let mut response = Refusal::Unauthorized.into_response();
        response.headers_mut().insert(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer realm=\"leadglass\""),
        );
        response
    };
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Compares in a time that does not depend on where a wrong token differs.
fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let Some(given) = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.as_bytes().split_at_checked(7))
    else {
        return false;
    };
    let (scheme, given) = given;
    scheme.eq_ignore_ascii_case(b"Bearer ")
        && !token.is_empty()
        && verify_slices_are_equal(given.trim_ascii(), token.as_bytes()).is_ok()
}
