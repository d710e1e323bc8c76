//! Requests that are not answered with what they asked for.

use axum::http::StatusCode;
use axum::http::header::{CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};

/// Seconds after which a sender may try again when resources were short.
const RETRY_SECONDS: &str = "30";

/// Why a request is refused. Its texts name what the requester can change, and nothing that is stored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("a bearer token is needed")]
    Unauthorized,
    #[error("{0}")]
    BadRequest(String),
    #[error("nothing of that name is here")]
    NotFound,
    #[error("this method is not allowed here")]
    MethodNotAllowed,
    #[error("not available as what the request accepts: {0}")]
    NotAcceptable(&'static str),
    #[error("the request came too slowly: send at least {0} bytes a second")]
    TooSlow(u64),
    #[error("too large: {0}")]
    TooLarge(String),
    #[error("not a media type that can be stored: {0}")]
    UnsupportedMediaType(&'static str),
    #[error("out of resources: try again later")]
    OutOfResources,
    #[error("the request could not be processed: look into the log of the service")]
    Failed,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable(_) => StatusCode::NOT_ACCEPTABLE,
            Self::TooSlow(_) => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::OutOfResources => StatusCode::SERVICE_UNAVAILABLE,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "error": self.to_string() }).to_string();
        let mut response = (self.status(), [(CONTENT_TYPE, "application/json")], body).into_response();
        match self {
            Self::OutOfResources => {
                response
                    .headers_mut()
                    .insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
            }
            Self::TooSlow(_) => {
                response
                    .headers_mut()
                    .insert(CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response
    }
}

impl From<retrieve::Error> for Refusal {
    fn from(error: retrieve::Error) -> Self {
        match error {
            // What was erased is answered as if it had never been here.
            retrieve::Error::NotFound | retrieve::Error::Store(store::Error::Erased) => Self::NotFound,
            retrieve::Error::Store(error) => error.into(),
            retrieve::Error::Frames(why) => {
                Self::BadRequest(format!("its frames cannot be told apart: {why}"))
            }
            error => {
                tracing::error!(%error, "a stored object could not be read");
                Self::Failed
            }
        }
    }
}

impl From<store::Error> for Refusal {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::OutOfSpace | store::Error::Closed => Self::OutOfResources,
            error => {
                tracing::error!(%error, "storage failed");
                Self::Failed
            }
        }
    }
}

pub(crate) async fn not_found() -> Refusal {
    Refusal::NotFound
}

pub(crate) async fn method_not_allowed() -> Refusal {
    Refusal::MethodNotAllowed
}
