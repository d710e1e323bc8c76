//! Where recipients post receipts, and where they find the gateway's key.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use deletion::{Discovery, MAX_BYTES, Refused, WELL_KNOWN};
use release::{Receipts, Refusal};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Where receipts are posted.
pub const RECEIPTS_PATH: &str = "/deletion/receipts";
/// For the body of a receipt to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many receipts are judged at a time: anyone may post, and each costs a look into the index and a signature.
const AT_A_TIME: usize = 32;

struct Desk {
    receipts: Arc<dyn Receipts>,
    places: Semaphore,
}

/// `POST /deletion/receipts`, and `GET /.well-known/imaging-deletion.json` with the gateway's own document.
pub fn router(receipts: Arc<dyn Receipts>, own: &Discovery) -> Router {
    let document = own.to_json();
    let own = move || async move {
        let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "max-age=300")];
        (headers, document)
    };
    let places = Semaphore::new(AT_A_TIME);
    Router::new()
        .route(RECEIPTS_PATH, post(take))
        .layer(DefaultBodyLimit::max(MAX_BYTES))
        .with_state(Arc::new(Desk { receipts, places }))
        .route(WELL_KNOWN, get(own))
}

async fn take(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let body = match tokio::time::timeout(PATIENCE, Bytes::from_request(request, &())).await {
        Ok(Ok(body)) => body,
        Ok(Err(rejected)) if rejected.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return refuse(&Refused::TooLarge.into());
        }
        Ok(Err(_)) => return refuse(&Refused::Unreadable("the body was cut off").into()),
        Err(_) => {
            return answer(
                StatusCode::REQUEST_TIMEOUT,
                "the body took too long: send it again",
            );
        }
    };
    let Ok(jws) = std::str::from_utf8(&body) else {
        return refuse(&Refused::Unreadable("the body is not text: send one compact JWS").into());
    };
    let Ok(_place) = desk.places.try_acquire() else {
        return refuse(&Refusal::Unavailable);
    };
    match desk.receipts.take(jws.trim_ascii()).await {
        Ok(taken) => (StatusCode::ACCEPTED, Json(taken)).into_response(),
        Err(refusal) => {
            if let Refusal::NotTaken(refused) = &refusal {
                tracing::warn!(reason = refused.slug(), "a deletion receipt was not taken");
            }
            refuse(&refusal)
        }
    }
}

fn refuse(refusal: &Refusal) -> Response {
    let status = match refusal {
        Refusal::NotTaken(Refused::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
        Refusal::NotTaken(Refused::Replayed) => StatusCode::CONFLICT,
        Refusal::NotTaken(_) | Refusal::UnknownRequest => StatusCode::BAD_REQUEST,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    answer(status, &refusal.to_string())
}

fn answer(status: StatusCode, why: &str) -> Response {
    let mut response = (status, Json(serde_json::json!({ "error": why }))).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(RETRY_AFTER, axum::http::HeaderValue::from_static("5"));
    }
    response
}
