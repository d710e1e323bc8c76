//! The start page.

use askama::Template;
use axum::response::Response;

#[derive(Template)]
#[template(path = "start.html")]
struct Start;

/// What Leadglass is, and where to go.
pub(crate) async fn page() -> Response {
    crate::problem::page(&Start)
}
