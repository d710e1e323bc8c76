//! Requests by those who may not, and by those who mean harm.

use crate::service::{STOW, Service, TOKEN, multipart, objects, study};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};

#[tokio::test]
async fn nothing_without_the_token() {
    let study = study(1, 1, 1, 1);
    let service = Service::holding(&objects(&study)).await;
    let i = study.instances().next().unwrap();
    let instance = format!(
        "/studies/{}/series/{}/instances/{}",
        i.study, i.series, i.sop_instance
    );
    let longer = format!("Bearer {TOKEN}0");
    let shorter = format!("Bearer {}", &TOKEN[1..]);
    let basic = format!("Basic {TOKEN}");
    let credentials = [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some(TOKEN),
        Some(&longer),
        Some(&shorter),
        Some(&basic),
    ];
    for path in [
        "/studies",
        "/series",
        "/instances",
        "/nothing",
        &format!("/studies/{}", i.study),
        &instance,
        &format!("{instance}/metadata"),
        &format!("{instance}/frames/1"),
        &format!("{instance}/bulkdata/7fe00010"),
    ] {
        for credential in credentials {
            let mut request = Request::get(format!("/dicom-web{path}"));
            if let Some(credential) = credential {
                request = request.header(header::AUTHORIZATION, credential);
            }
            let answer = service.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path} {credential:?}");
            assert!(
                answer.headers[header::WWW_AUTHENTICATE]
                    .to_str()
                    .unwrap()
                    .starts_with("Bearer")
            );
        }
    }
    let request = Request::post("/dicom-web/studies").header(header::CONTENT_TYPE, STOW);
    let request = request
        .body(Body::from(multipart(&[objects(&study)[0].part10()])))
        .unwrap();
    assert_eq!(service.send(request).await.status, StatusCode::UNAUTHORIZED);
    let request =
        Request::get("/dicom-web/studies").header(header::AUTHORIZATION, format!("bearer  {TOKEN} "));
    assert_eq!(
        service.send(request.body(Body::empty()).unwrap()).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn hostile_uids() {
    let service = Service::new().await;
    let long = "1.".repeat(40);
    for uid in [
        "..%2f..%2fetc%2fpasswd",
        "1.2'%20or%201=1",
        "%00",
        "1.2%0d%0aSet-Cookie:x",
        "<script>",
        "1.2%20",
        &long,
        "%F0%9F%98%80",
        "*",
        "%2e%2e",
    ] {
        for path in [
            format!("/studies/{uid}"),
            format!("/studies/{uid}/metadata"),
            format!("/studies/1.2/series/{uid}"),
            format!("/studies/1.2/series/1.2/instances/{uid}/frames/1"),
        ] {
            let answer = service
                .send(
                    match Request::get(format!("/dicom-web{path}"))
                        .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
                        .body(Body::empty())
                    {
                        Ok(request) => request,
                        Err(_) => continue,
                    },
                )
                .await;
            assert!(
                matches!(answer.status.as_u16(), 400 | 404),
                "{path}: {}",
                answer.status
            );
            assert!(
                !String::from_utf8_lossy(&answer.body).contains("script"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn a_strange_host_does_not_get_into_urls() {
    let study = study(1, 1, 1, 1);
    let service = Service::holding(&objects(&study)).await;
    let request = Request::get("/dicom-web/studies")
        .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
        .header(header::HOST, "evil.test/\"><script>")
        .body(Body::empty())
        .unwrap();
    let answer = service.send(request).await;
    assert!(
        answer.json()[0]["00081190"]["Value"][0]
            .as_str()
            .unwrap()
            .starts_with("http://localhost/dicom-web/studies/")
    );
    let local = Service::with(|config| config.port = Some(8042)).await;
    local.stow(&[objects(&study)[0].part10()]).await;
    for (host, url) in [
        ("127.0.0.1", "http://127.0.0.1:8042/dicom-web/"),
        ("127.0.0.1:9", "http://127.0.0.1:9/"),
        ("pacs.test", "http://pacs.test/"),
    ] {
        let request =
            Request::get("/dicom-web/studies").header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
        let answer = local
            .send(request.header(header::HOST, host).body(Body::empty()).unwrap())
            .await;
        assert!(
            answer.json()[0]["00081190"]["Value"][0]
                .as_str()
                .unwrap()
                .starts_with(url),
            "{host}"
        );
    }
    let fixed = Service::with(|config| config.base_url = Some("https://pacs.test/dw/".to_owned())).await;
    fixed.stow(&[objects(&study)[0].part10()]).await;
    let answer = fixed.get("/studies", None).await;
    assert!(
        answer.json()[0]["00081190"]["Value"][0]
            .as_str()
            .unwrap()
            .starts_with("https://pacs.test/dw/studies/")
    );
}

#[tokio::test]
async fn methods_that_are_not_there() {
    let service = Service::new().await;
    for method in ["DELETE", "PUT", "PATCH"] {
        let request = Request::builder()
            .method(method)
            .uri("/dicom-web/studies/1.2.3")
            .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
        let answer = service.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
}
