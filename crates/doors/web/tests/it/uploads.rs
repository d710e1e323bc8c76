//! Forms that do not hold what they should.

use crate::gateway::{Answer, Gateway, file, form, head, stranger};
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use std::time::Duration;
use tokio::sync::mpsc;
use web::Limits;

/// A page that says what to do, in the status that fits.
fn is_problem(answer: &Answer, status: StatusCode, words: &str) {
    let page = answer.text();
    assert_eq!(answer.status, status, "{page}");
    assert!(page.contains(words), "{page}");
    assert!(page.contains("What to do:"), "{page}");
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn what_is_no_dicom_file_is_told_so() {
    let gateway = Gateway::new().await;
    for sent in [
        b"%PDF-1.7".as_slice(),
        &[0xFF; 5000],
        b"x",
        b"\xFF\xD8\xFF\xE0JFIF",
    ] {
        let answer = gateway.check(&[("file", sent)]).await;
        is_problem(
            &answer,
            StatusCode::UNPROCESSABLE_ENTITY,
            "This is not a DICOM file",
        );
    }
}

#[tokio::test]
async fn a_truncated_file_is_damaged_wherever_it_is_cut() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let whole = file(&scan);
    for cut in [133, 200, 400, whole.len() / 2, whole.len() - 1] {
        let answer = gateway.check(&[("file", &whole[..cut])]).await;
        is_problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, "This file is damaged");
    }
}

#[tokio::test]
async fn a_form_without_a_file_is_told_so() {
    let gateway = Gateway::new().await;
    let whole = file(&head());
    for fields in [
        vec![],
        vec![("file", [].as_slice())],
        vec![("scan", whole.as_slice())],
    ] {
        is_problem(
            &gateway.check(&fields).await,
            StatusCode::BAD_REQUEST,
            "No file came with the form",
        );
    }
    let two: [(&str, &[u8]); 2] = [("file", &whole), ("file", &whole)];
    is_problem(
        &gateway.check(&two).await,
        StatusCode::BAD_REQUEST,
        "more than one file",
    );
}

#[tokio::test]
async fn an_empty_bundle_is_none() {
    let gateway = Gateway::new().await;
    let answer = gateway.check(&[("file", &file(&head())), ("bundle", b"")]).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn garbage_for_a_bundle_is_told_apart_from_a_damaged_one() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let whole = file(&scan);
    for garbage in [b"LGSEAL1\n".as_slice(), b"garbage", &whole] {
        let answer = gateway.check(&[("file", &whole), ("bundle", garbage)]).await;
        is_problem(
            &answer,
            StatusCode::UNPROCESSABLE_ENTITY,
            "The second file is not a seal file",
        );
    }
    let mut damaged = gateway.bundle(&scan).await;
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    let answer = gateway.check(&[("file", &whole), ("bundle", &damaged)]).await;
    is_problem(
        &answer,
        StatusCode::UNPROCESSABLE_ENTITY,
        "The seal file is damaged",
    );
}

#[tokio::test]
async fn what_is_no_form_is_told_so() {
    let gateway = Gateway::new().await;
    for (media_type, body) in [
        ("application/dicom", "x"),
        ("multipart/form-data", "x"),
        ("multipart/form-data; boundary=edge", "--other\r\n\r\n"),
        (
            "multipart/form-data; boundary=edge",
            "--edge\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ncut",
        ),
    ] {
        let request = Request::post("/verify")
            .header("content-type", media_type)
            .body(Body::from(body))
            .unwrap();
        is_problem(
            &gateway.ask(request).await,
            StatusCode::BAD_REQUEST,
            "We could not read the form",
        );
    }
}

#[tokio::test]
async fn problems_are_json_for_those_who_ask_for_it() {
    let gateway = Gateway::new().await;
    let answer = gateway.check_json(&[("file", b"no")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.json()["error"]
            .as_str()
            .unwrap()
            .contains("not a DICOM file")
    );
}

fn small() -> Limits {
    Limits {
        max_file: 100_000,
        max_bundle: 1000,
        max_held: 1 << 20,
        ..Limits::default()
    }
}

#[tokio::test]
async fn too_large_a_file_or_bundle_is_refused_with_its_limit() {
    let gateway = Gateway::with(Limits {
        max_file: 2 << 20,
        max_bundle: 1 << 20,
        max_held: 64 << 20,
        ..small()
    })
    .await;
    let scan = file(&head());
    let answer = gateway.check(&[("file", &vec![0; (2 << 20) + 1])]).await;
    is_problem(
        &answer,
        StatusCode::PAYLOAD_TOO_LARGE,
        "The scan file may have up to 2 MB.",
    );
    let answer = gateway
        .check(&[("file", &scan), ("bundle", &vec![0; (1 << 20) + 1])])
        .await;
    is_problem(
        &answer,
        StatusCode::PAYLOAD_TOO_LARGE,
        "The seal file may have up to 1 MB.",
    );
    let answer = gateway.check(&[("file", &vec![0; 30 << 20])]).await;
    is_problem(
        &answer,
        StatusCode::PAYLOAD_TOO_LARGE,
        "The scan file may have up to 2 MB.",
    );
    let answer = gateway.check(&[("nonsense", &vec![0; 30 << 20])]).await;
    is_problem(&answer, StatusCode::PAYLOAD_TOO_LARGE, "too big");
    // Nothing of it is still held.
    assert_eq!(gateway.check(&[("file", &scan)]).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_too_much_over_the_network_can_read_why() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let gateway = Gateway::with(small()).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = gateway.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut peer = tokio::net::TcpStream::connect(address).await.unwrap();
    let length = 40 << 20;
    let head = format!(
        "POST /verify HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=edge\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    peer.write_all(head.as_bytes()).await.unwrap();
    peer.write_all(HEAD).await.unwrap();
    // As browsers do: the whole form first, then the answer is read.
    peer.write_all(&vec![0; length - HEAD.len()]).await.unwrap();
    let mut answer = String::new();
    peer.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("This file is too big for this page"));
}

/// A body that is still being sent.
fn sending() -> (mpsc::Sender<Bytes>, Body) {
    let (sender, receiver) = mpsc::channel::<Bytes>(1);
    let stream = futures_util::stream::unfold(receiver, |mut receiver| async move {
        let chunk = receiver.recv().await?;
        Some((Ok::<_, std::io::Error>(chunk), receiver))
    });
    (sender, Body::from_stream(stream))
}

fn slow_form(body: Body) -> Request<Body> {
    Request::post("/verify")
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(body)
        .unwrap()
}

const HEAD: &[u8] = b"--edge\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";

#[tokio::test]
async fn uploads_together_hold_no_more_than_they_may() {
    let limits = Limits {
        max_file: 600_000,
        max_held: 700_000,
        ..small()
    };
    let gateway = Gateway::with(limits).await;
    let (sender, body) = sending();
    let first = tokio::spawn(tower::ServiceExt::oneshot(
        gateway.router.clone(),
        slow_form(body),
    ));
    sender.send(Bytes::from_static(HEAD)).await.unwrap();
    sender.send(Bytes::from(vec![0; 590_000])).await.unwrap();
    sender.send(Bytes::from_static(b"00")).await.unwrap();
    tokio::task::yield_now().await;

    let scan = file(&head());
    let answer = gateway.check(&[("file", &scan)]).await;
    is_problem(&answer, StatusCode::SERVICE_UNAVAILABLE, "We are busy right now");
    assert_eq!(answer.header("retry-after"), "20");

    sender
        .send(Bytes::from_static(b"\r\n--edge--\r\n"))
        .await
        .unwrap();
    drop(sender);
    assert_eq!(
        first.await.unwrap().unwrap().status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(gateway.check(&[("file", &scan)]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_upload_that_stands_still_is_ended() {
    let gateway = Gateway::with(Limits {
        upload: Duration::from_millis(50),
        ..small()
    })
    .await;
    let (sender, body) = sending();
    sender.send(Bytes::from_static(HEAD)).await.unwrap();
    let answer = gateway.ask(slow_form(body)).await;
    is_problem(&answer, StatusCode::REQUEST_TIMEOUT, "The upload took too long");
    assert_eq!(answer.header("connection"), "close");
}

#[tokio::test]
async fn nothing_that_was_uploaded_is_kept() {
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let before = files(gateway.dir.path());
    gateway
        .check(&[("file", &file(&crate::gateway::renamed(&scan, "Only^Uploaded")))])
        .await;
    gateway
        .check(&[(
            "file",
            &file(&crate::gateway::scan(9, testkit::Modality::Ct, 128)),
        )])
        .await;
    assert_eq!(files(gateway.dir.path()), before);
    assert_eq!(gateway.store.log().size().await.unwrap(), 1);
}

fn files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        }
        // The log is published a moment after a scan was sealed.
        else if !path.components().any(|part| part.as_os_str() == "log") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_hostile_name_of_a_field_or_file_is_not_repeated() {
    let gateway = Gateway::new().await;
    let answer = gateway
        .ask(form(&[("<script>alert(1)</script>", b"x")], "text/html"))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(!answer.text().contains("alert"));
}
