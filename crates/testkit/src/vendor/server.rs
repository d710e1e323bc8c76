//! The vendor's server, and its way to the gateway.

use super::{Behaviour, Heard, Posted, jose, key, lock};
use crate::Random;
use axum::Router;
use axum::extract::{Path, State as Of};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use ed25519_dalek::{SigningKey, VerifyingKey};
use model::{Digest, Uid};
use serde_json::Value;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long a vendor hangs.
const HANG: Duration = Duration::from_mins(1);

/// All that a vendor knows.
pub(super) struct State {
    pub(super) behaviour: Behaviour,
    pub(super) seed: u64,
    pub(super) key: SigningKey,
    pub(super) names: Mutex<Random>,
    pub(super) origin: Mutex<String>,
    pub(super) path: Mutex<String>,
    pub(super) gateway_key: Mutex<Option<VerifyingKey>>,
    pub(super) receipts_url: Mutex<Option<String>>,
    pub(super) requests: Mutex<Vec<Heard>>,
    pub(super) posted: Mutex<Vec<Posted>>,
    pub(super) received: Mutex<Vec<(Uid, Digest)>>,
    /// Requests that a slow vendor has not erased for.
    pub(super) open: Mutex<Vec<Value>>,
    /// The receipt that a replaying vendor sends again.
    pub(super) first: Mutex<Option<String>>,
    http: reqwest::Client,
}

impl State {
    pub(super) fn new(behaviour: Behaviour, seed: u64, origin: &str) -> io::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            // Gateways under test speak plain HTTP: reading the machine's roots would only cost time.
            .tls_certs_only([])
            .timeout(Duration::from_secs(20))
            .build();
        Ok(Self {
            behaviour,
            seed,
            key: key(&mut Random::new(seed, &[behaviour as u64, 1])),
            names: Mutex::new(Random::new(seed, &[behaviour as u64, 3])),
            origin: Mutex::new(origin.to_owned()),
            path: Mutex::new("deletion".to_owned()),
            gateway_key: Mutex::default(),
            receipts_url: Mutex::default(),
            requests: Mutex::default(),
            posted: Mutex::default(),
            received: Mutex::default(),
            open: Mutex::default(),
            first: Mutex::default(),
            http: http.map_err(io::Error::other)?,
        })
    }

    /// Posts a receipt to the gateway, if one is set, and remembers it.
    pub(super) async fn post(&self, jws: String) -> Posted {
        let url = lock(&self.receipts_url).clone();
        let (mut status, mut answer) = (None, String::new());
        if let Some(url) = url {
            let sent = self
                .http
                .post(url)
                .header(CONTENT_TYPE, "application/jose")
                .body(jws.clone())
                .send();
            if let Ok(response) = sent.await {
                status = Some(response.status().as_u16());
                answer = response.text().await.unwrap_or_default();
            }
        }
        let posted = Posted { jws, status, answer };
        lock(&self.posted).push(posted.clone());
        posted
    }
}

pub(super) fn router(state: &Arc<State>) -> Router {
    Router::new()
        .route("/.well-known/imaging-deletion.json", get(discovery))
        .route("/{path}", post(endpoint))
        .with_state(Arc::clone(state))
}

async fn discovery(Of(state): Of<Arc<State>>) -> Response {
    let endpoint = format!("{}/{}", lock(&state.origin), lock(&state.path));
    let document = jose::discovery(&endpoint, &state.key).to_string();
    ([(CONTENT_TYPE, "application/json")], document).into_response()
}

async fn endpoint(Of(state): Of<Arc<State>>, Path(path): Path<String>, jws: String) -> Response {
    if *lock(&state.path) != path {
        return StatusCode::NOT_FOUND.into_response();
    }
    let gateway = *lock(&state.gateway_key);
    let Some(claims) = jose::read(&jws, gateway.as_ref()) else {
        return (StatusCode::BAD_REQUEST, "not a request of the gateway\n").into_response();
    };
    lock(&state.requests).push(Heard {
        jws,
        claims: claims.clone(),
    });
    match state.behaviour {
        Behaviour::Garbage => {
            return Html("<!doctype html><title>Welcome</title><p>Your request matters to us.")
                .into_response();
        }
        Behaviour::Hangs => tokio::time::sleep(HANG).await,
        _ => {}
    }
    let answer = state.answer(&claims);
    if !answer.later.is_empty() {
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            for receipt in answer.later {
                state.post(receipt).await;
            }
        });
    }
    let lines = answer.now.join("\n");
    (StatusCode::ACCEPTED, [(CONTENT_TYPE, "application/jose")], lines).into_response()
}
