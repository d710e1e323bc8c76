//! Discovery and endpoints that are not as they should be.

use crate::{carry, client, record, record_of, serve};
use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use axum::routing::{any, get, post};
use deletion::{MAX_BYTES, PublicKey, WELL_KNOWN};
use release::CourierError;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::vendor::{Behaviour, Vendor};
use vendor::{InvalidOptions, Options, VendorClient};

fn key() -> PublicKey {
    PublicKey::of_seed(&[2; 32])
}

/// A recipient whose discovery document names `/deletion` of its own origin, and what it answers there.
async fn recipient(
    discovered: Arc<AtomicUsize>,
    endpoint: axum::routing::MethodRouter,
) -> consent::Recipient {
    let document = move |headers: axum::http::HeaderMap| async move {
        discovered.fetch_add(1, Ordering::SeqCst);
        let host = headers["host"].to_str().unwrap().to_owned();
        let jwks = json!({"keys": [key().jwk()]});
        json!({"endpoint": format!("http://{host}/deletion"), "jwks": jwks}).to_string()
    };
    let origin = serve(
        Router::new()
            .route(WELL_KNOWN, get(document))
            .route("/deletion", endpoint),
    )
    .await;
    record("some-ai", &origin, &key().to_string())
}

/// What carrying to such an endpoint brings.
async fn answer(endpoint: axum::routing::MethodRouter) -> Result<Vec<String>, CourierError> {
    carry(&client(), &recipient(Arc::default(), endpoint).await).await
}

/// Someone who must not be asked, and how often that happened.
async fn elsewhere() -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let origin = serve(Router::new().fallback(any(move || async move {
        counter.fetch_add(1, Ordering::SeqCst);
        "a.b.c"
    })));
    (origin.await, asked)
}

fn protocol(answer: &Result<Vec<String>, CourierError>) -> &str {
    match answer {
        Err(CourierError::Protocol(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn receipts_come_as_lines_or_as_an_array() {
    let two = vec!["a.b.c".to_owned(), "d.e.f".to_owned()];
    assert_eq!(answer(post(|| async { "a.b.c\nd.e.f\n" })).await, Ok(two.clone()));
    assert_eq!(answer(post(|| async { r#"["a.b.c","d.e.f"]"# })).await, Ok(two));
    assert_eq!(
        answer(post(|| async { StatusCode::NO_CONTENT })).await,
        Ok(vec![])
    );
}

#[tokio::test]
async fn other_statuses_are_failures() {
    for status in [
        StatusCode::PARTIAL_CONTENT,
        StatusCode::UNAUTHORIZED,
        StatusCode::NOT_FOUND,
        StatusCode::BAD_GATEWAY,
    ] {
        let answered = answer(post(move || async move { (status, "a.b.c") })).await;
        assert!(protocol(&answered).contains(status.as_str()), "{answered:?}");
    }
}

#[tokio::test]
async fn nothing_is_read_beyond_the_limit() {
    let receipt = format!("a.b.{}", "c".repeat(MAX_BYTES - 4));
    assert_eq!(answer(post(|| async { receipt })).await.unwrap().len(), 1);
    let more = format!("a.b.{}", "c".repeat(MAX_BYTES));
    assert!(protocol(&answer(post(|| async { more })).await).contains("larger"));

    let endless = || async {
        let parts = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'A'; 8192]));
        Body::from_stream(parts).into_response()
    };
    assert!(protocol(&answer(post(endless)).await).contains("larger"));

    let document = Router::new().route(WELL_KNOWN, get(endless));
    let record = record("some-ai", &serve(document).await, &key().to_string());
    assert!(protocol(&carry(&client(), &record).await).contains("larger"));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (origin, asked) = elsewhere().await;
    for status in [
        StatusCode::FOUND,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ] {
        let to = format!("{origin}/private");
        let moved = move || async move { (status, [(LOCATION, to)]) };
        let answered = answer(post(moved.clone())).await;
        assert!(protocol(&answered).contains(status.as_str()), "{answered:?}");

        let document = Router::new().route(WELL_KNOWN, get(moved));
        let record = record("some-ai", &serve(document).await, &key().to_string());
        let answered = carry(&client(), &record).await;
        assert!(protocol(&answered).contains(status.as_str()), "{answered:?}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_document_cannot_send_requests_elsewhere() {
    let (origin, asked) = elsewhere().await;
    let jwks = json!({"keys": [key().jwk()]});
    let document = json!({"endpoint": format!("{origin}/deletion"), "jwks": jwks}).to_string();
    let own = serve(Router::new().route(WELL_KNOWN, get(|| async { document }))).await;
    let answered = carry(&client(), &record("some-ai", &own, &key().to_string())).await;
    assert!(protocol(&answered).contains("another origin"), "{answered:?}");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_document_without_the_pinned_key_is_not_believed() {
    let vendor = Vendor::start(Behaviour::Honest, 1).unwrap();
    let other = record("some-ai", vendor.origin(), &key().to_string());
    let answered = carry(&client(), &other).await;
    assert!(protocol(&answered).contains("receipt key"), "{answered:?}");
    assert!(vendor.requests().is_empty());
}

#[tokio::test]
async fn the_document_is_kept_a_while_and_asked_for_anew_after_a_failure() {
    let (discovered, failing) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let fails = failing.clone();
    let endpoint = post(move || async move {
        if fails.load(Ordering::SeqCst) == 0 {
            StatusCode::ACCEPTED
        } else {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    });
    let record = recipient(discovered.clone(), endpoint).await;
    let client = client();
    for _ in 0..3 {
        assert_eq!(carry(&client, &record).await, Ok(vec![]));
    }
    assert_eq!(discovered.load(Ordering::SeqCst), 1);
    failing.store(1, Ordering::SeqCst);
    assert!(carry(&client, &record).await.is_err());
    failing.store(0, Ordering::SeqCst);
    assert_eq!(carry(&client, &record).await, Ok(vec![]));
    assert_eq!(discovered.load(Ordering::SeqCst), 2);

    // Another key in the record: what was found for the old one does not count.
    let mut changed = record.clone();
    changed.receipt_key = Some(PublicKey::of_seed(&[3; 32]).to_string());
    assert!(protocol(&carry(&client, &changed).await).contains("receipt key"));
}

#[tokio::test]
async fn an_endpoint_that_moved_is_found_in_the_same_attempt() {
    let vendor = Vendor::start(Behaviour::OnlyAcks, 1).unwrap();
    let client = client();
    carry(&client, &record_of(&vendor)).await.unwrap();
    vendor.move_endpoint("v2");
    assert_eq!(carry(&client, &record_of(&vendor)).await.unwrap().len(), 1);
    assert_eq!(vendor.requests().len(), 2);
}

#[tokio::test]
async fn a_record_that_cannot_be_used_is_named() {
    let mut none = record("some-ai", "https://acme.example", &key().to_string());
    none.deletion = None;
    let gateway = crate::Gateway::default();
    let request = gateway.request(&none, 1);
    let client = client();
    let carried = |record: consent::Recipient| {
        let (client, request) = (&client, &request);
        async move {
            release::Courier::carry(client, &record, request)
                .await
                .unwrap_err()
        }
    };
    assert_eq!(carried(none.clone()).await, CourierError::NoEndpoint);
    for (origin, key, why) in [
        ("http://acme.example", Some("00"), "use https"),
        ("https://acme.example/deletion", Some("00"), "not an address"),
        ("https://acme.example", Some("00"), "64 hex digits"),
        ("https://acme.example", None, "receipt_key is missing"),
    ] {
        let mut record = none.clone();
        record.deletion = Some(origin.into());
        record.receipt_key = key.map(str::to_owned);
        let error = carried(record).await.to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn options_that_cannot_be_used_are_named() {
    let with = |change: fn(&mut Options)| {
        let mut options = Options::default();
        change(&mut options);
        VendorClient::new(&options).map(drop)
    };
    assert_eq!(with(|_| {}), Ok(()));
    assert_eq!(
        with(|options| options.extra_roots = vec![b"no PEM".to_vec()]),
        Err(InvalidOptions::Root)
    );
    assert_eq!(
        with(|options| options.proxy = Some("::".into())),
        Err(InvalidOptions::Proxy)
    );
    assert_eq!(
        with(|options| options.proxy = Some("http://proxy.example:3128".into())),
        Ok(())
    );
}
