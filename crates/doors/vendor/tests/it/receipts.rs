//! The route on which receipts arrive.

use crate::gateway::Gateway;
use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use deletion::{Discovery, Kind, MAX_BYTES, Refused, WELL_KNOWN};
use release::{Receipts, Refusal, Taken};
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt as _;

/// Says the same whatever comes.
struct Says(Result<Taken, Refusal>);

#[async_trait]
impl Receipts for Says {
    async fn take(&self, jws: &str) -> Result<Taken, Refusal> {
        assert_eq!(jws, "a.b.c");
        self.0.clone()
    }
}

fn own() -> Discovery {
    Discovery {
        endpoint: None,
        receipts: Some("https://gateway.hospital.example/deletion/receipts".into()),
        jwks: vec![Gateway::public_key()],
    }
}

async fn posted(desk: impl Receipts + 'static, body: impl Into<Body>) -> (StatusCode, Value) {
    let request = Request::post(vendor::RECEIPTS_PATH).body(body.into()).unwrap();
    let response = vendor::router(Arc::new(desk), &own())
        .oneshot(request)
        .await
        .unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), MAX_BYTES).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn what_becomes_of_a_receipt_is_said_by_status_and_in_words() {
    let taken = Taken {
        kind: Kind::Ack,
        standing: Kind::Erased,
        changes: false,
    };
    let (status, body) = posted(Says(Ok(taken)), "a.b.c\r\n").await;
    assert_eq!(status, StatusCode::ACCEPTED);
    assert_eq!(
        body,
        serde_json::json!({"kind": "ACK", "standing": "ERASED", "changes": false})
    );

    for (refusal, status, word) in [
        (Refusal::NotTaken(Refused::Signature), 400, "signature"),
        (Refusal::NotTaken(Refused::Manifest), 400, "manifest_root"),
        (Refusal::NotTaken(Refused::Replayed), 409, "came before"),
        (Refusal::NotTaken(Refused::TooLarge), 413, "65536"),
        (Refusal::UnknownRequest, 400, "ref"),
        (Refusal::Unavailable, 503, "later"),
    ] {
        let (found, body) = posted(Says(Err(refusal)), "a.b.c").await;
        assert_eq!(found.as_u16(), status);
        assert!(body["error"].as_str().unwrap().contains(word), "{body}");
    }
}

#[tokio::test]
async fn bodies_are_bounded_and_text() {
    let nobody = || Says(Err(Refusal::Unavailable));
    let (status, _) = posted(nobody(), vec![b'a'; MAX_BYTES + 1]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let endless = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'a'; 8192]));
    let (status, _) = posted(nobody(), Body::from_stream(endless)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let broken = futures_util::stream::once(async { Err::<Vec<u8>, _>(std::io::Error::other("gone")) });
    let (status, _) = posted(nobody(), Body::from_stream(broken)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (status, _) = posted(nobody(), vec![0xff, 0xfe]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn strangers_get_reasons_and_nothing_else() {
    let gateway = Gateway::default();
    let (status, body) = posted(gateway, "no receipt").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body["error"].as_str().unwrap().contains("compact JWS"), "{body}");
}

#[tokio::test]
async fn the_gateways_own_document_is_there() {
    let router = vendor::router(Arc::new(Gateway::default()), &own());
    let response = router
        .oneshot(Request::get(WELL_KNOWN).body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = to_bytes(response.into_body(), MAX_BYTES).await.unwrap();
    assert_eq!(Discovery::parse(&body), Ok(own()));
}
