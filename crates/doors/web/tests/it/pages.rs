//! What every page keeps.

use crate::gateway::{Gateway, file, head, stranger};
use axum::body::Body;
use axum::http::{Request, StatusCode};

#[tokio::test]
async fn every_answer_is_protected() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let mut answers = vec![
        gateway.check(&[("file", &file(&scan))]).await,
        gateway.check(&[]).await,
    ];
    for path in [
        "/",
        "/verify",
        "/log/",
        "/healthz",
        "/readyz",
        "/assets/none",
        "/log/none",
        "/evidence/none",
    ] {
        answers.push(gateway.get(path).await);
    }
    for answer in answers {
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{part} in {policy}");
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn pages_need_nothing_that_their_policy_forbids() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let mut pages = vec![
        gateway.check(&[("file", &file(&scan))]).await.text(),
        gateway.check(&[]).await.text(),
    ];
    for path in ["/", "/verify", "/log/"] {
        pages.push(gateway.get(path).await.text());
    }
    for page in pages {
        for forbidden in [
            "style=\"",
            "<style",
            "<script>",
            " onclick",
            " onsubmit",
            "http://",
            "https://",
            "<iframe",
        ] {
            assert!(!page.contains(forbidden), "{forbidden} in {page}");
        }
        for needed in [
            "<html lang=\"en\">",
            "<main ",
            "<h1",
            "<title>",
            "name=\"viewport\"",
            "class=\"skip\"",
        ] {
            assert!(page.contains(needed), "{needed} in {page}");
        }
        assert_eq!(page.matches("<h1").count(), 1);
        // Each id once, and each that is referred to there.
        let ids: Vec<&str> = page
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len());
        for names in ["aria-labelledby=\"", "aria-describedby=\"", " for=\""] {
            for list in page
                .split(names)
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
            {
                assert!(list.split(' ').all(|id| ids.contains(&id)), "{names}{list}");
            }
        }
    }
}

#[tokio::test]
async fn assets_are_named_by_their_content_and_kept_for_ever() {
    let gateway = Gateway::new().await;
    let page = gateway.get("/verify").await.text();
    let paths: Vec<String> = page
        .split('"')
        .filter(|text| text.starts_with("/assets/"))
        .map(str::to_owned)
        .collect();
    for (extension, media_type) in [
        (".css", "text/css; charset=utf-8"),
        (".js", "text/javascript; charset=utf-8"),
        (".svg", "image/svg+xml"),
    ] {
        let path = paths.iter().find(|path| path.ends_with(extension)).unwrap();
        let answer = gateway.get(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), media_type);
        assert!(answer.header("cache-control").contains("immutable"));
    }
}

#[tokio::test]
async fn health_is_told() {
    let gateway = Gateway::new().await;
    assert_eq!(gateway.get("/healthz").await.text(), "ok\n");
    assert_eq!(gateway.get("/readyz").await.text(), "ready\n");
    gateway.store.close().await;
    assert_eq!(gateway.get("/healthz").await.status, StatusCode::OK);
    let answer = gateway.get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "5");
}

#[tokio::test]
async fn a_method_that_a_page_does_not_take_is_told_so() {
    let gateway = Gateway::new().await;
    let answer = gateway
        .ask(Request::delete("/verify").body(Body::empty()).unwrap())
        .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.text().contains("That is not possible here"));
}

#[tokio::test]
async fn the_routes_merge_with_others_and_their_fallback() {
    let gateway = Gateway::new().await;
    let router = axum::Router::new()
        .nest("/dicom-web", axum::Router::new().fallback(|| async { "nested" }))
        .merge(web::router(gateway.state.clone()))
        .fallback(web::not_found);
    let request = Request::get("/nowhere").body(Body::empty()).unwrap();
    let response = tower::ServiceExt::oneshot(router, request).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert!(response.headers().contains_key("content-security-policy"));
}
