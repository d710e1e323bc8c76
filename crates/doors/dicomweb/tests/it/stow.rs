//! Storing.

use crate::service::{STOW, Service, multipart, objects, study};
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use futures_util::stream::{self, StreamExt as _};
use serde_json::json;
use std::time::{Duration, Instant};
use testkit::{Encoding, Vr};

#[tokio::test]
async fn what_is_stored_is_listed_with_where_to_get_it() {
    let service = Service::new().await;
    let study = study(1, 1, 1, 2);
    let objects = objects(&study);
    let files: Vec<_> = objects.iter().map(testkit::Object::part10).collect();
    let answer = service.stow(&files).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.content_type, "application/dicom+json");
    let base = format!("http://gateway.test:8080/dicom-web/studies/{}", study.uid());
    let json = answer.json();
    assert_eq!(json["00081190"], json!({"vr": "UR", "Value": [base]}));
    assert!(json.get("00081198").is_none());
    let items = json["00081199"]["Value"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(
        items[0]["00081150"],
        json!({"vr": "UI", "Value": [objects[0].sop_class.as_str()]})
    );
    assert_eq!(
        items[0]["00081155"],
        json!({"vr": "UI", "Value": [objects[0].sop_instance.as_str()]})
    );
    let series = study.instances().next().unwrap().series;
    let url = format!("{base}/series/{series}/instances/{}", objects[0].sop_instance);
    assert_eq!(items[0]["00081190"], json!({"vr": "UR", "Value": [url]}));

    let source = service
        .store
        .instance(&objects[0].sop_instance)
        .await
        .unwrap()
        .unwrap()
        .source;
    assert_eq!(
        (source.door, source.ae, source.authenticated),
        (model::Door::Dicomweb, None, true)
    );
    assert_eq!(
        service.stow(&files).await.status,
        StatusCode::OK,
        "the same again is success"
    );
    assert_eq!(service.files(), 2);
}

#[tokio::test]
async fn one_object_without_multipart_and_a_type_without_quotes() {
    let service = Service::new().await;
    let objects = objects(&study(1, 1, 1, 2));
    let answer = service
        .post("/studies", "application/dicom", objects[0].part10())
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    let unquoted = "multipart/related; type=application/dicom; boundary=\"xx\"";
    let answer = service
        .post("/studies", unquoted, multipart(&[objects[1].part10()]))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn some_fail_and_say_why() {
    let service = Service::new().await;
    let good = study(1, 1, 1, 1).instances().next().unwrap();
    let mut other = good.clone();
    other.data_set.text(0x0010_0020, Vr::LO, "SOMEBODY-ELSE");
    let files = [
        good.object(Encoding::ExplicitLe).part10(),
        b"no DICOM at all".to_vec(),
    ];
    let answer = service.stow(&files).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(
        answer.json()["0008119A"]["Value"],
        json!([{"00081197": {"vr": "US", "Value": [0xC000]}}])
    );
    assert_eq!(answer.json()["00081199"]["Value"].as_array().unwrap().len(), 1);

    let conflict = service.stow(&[other.object(Encoding::ExplicitLe).part10()]).await;
    assert_eq!(
        conflict.status,
        StatusCode::CONFLICT,
        "the same UID with another patient"
    );
    let item = &conflict.json()["00081198"]["Value"][0];
    assert_eq!(item["00081197"]["Value"], json!([0xA900]));
    assert_eq!(item["00081155"]["Value"], json!([good.sop_instance.as_str()]));
    assert!(!String::from_utf8_lossy(&conflict.body).contains("SOMEBODY"));
}

#[tokio::test]
async fn the_study_in_the_path_binds() {
    let service = Service::new().await;
    let study = study(1, 1, 1, 1);
    let file = objects(&study)[0].part10();
    let answer = service
        .post("/studies/1.2.3", STOW, multipart(std::slice::from_ref(&file)))
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(
        answer.json()["00081198"]["Value"][0]["00081197"]["Value"],
        json!([0xA900])
    );
    let answer = service
        .post(&format!("/studies/{}", study.uid()), STOW, multipart(&[file]))
        .await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_asked_for_rightly_is_refused() {
    let service = Service::new().await;
    let file = objects(&study(1, 1, 1, 1))[0].part10();
    let body = multipart(std::slice::from_ref(&file));
    for (content_type, body, status) in [
        ("multipart/form-data; boundary=xx", body.clone(), 415),
        ("application/json", body.clone(), 415),
        ("nonsense", body.clone(), 415),
        (
            r#"multipart/related; type="application/dicom+json"; boundary=xx"#,
            body.clone(),
            415,
        ),
        (
            r#"multipart/related; type="application/dicom""#,
            body.clone(),
            400,
        ),
        (
            r#"multipart/related; type="application/dicom"; boundary=yy"#,
            body.clone(),
            400,
        ),
        (STOW, Vec::new(), 400),
        (STOW, b"--xx--".to_vec(), 400),
        (STOW, b"--xx\r\n\r\nDICM".to_vec(), 400),
        (
            STOW,
            b"--xx\r\nContent-Type: text/plain\r\n\r\nhello\r\n--xx--".to_vec(),
            415,
        ),
        (STOW, body[..body.len() - 10].to_vec(), 400),
    ] {
        let answer = service.post("/studies", content_type, body).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{content_type}: {}",
            String::from_utf8_lossy(&answer.body)
        );
    }
    let request = |name: header::HeaderName, value: &str| {
        Request::post("/dicom-web/studies")
            .header(header::AUTHORIZATION, format!("Bearer {}", crate::service::TOKEN))
            .header(header::CONTENT_TYPE, STOW)
            .header(name, value)
            .body(Body::from(body.clone()))
            .unwrap()
    };
    assert_eq!(
        service
            .send(request(header::ACCEPT, "application/dicom+xml"))
            .await
            .status
            .as_u16(),
        406
    );
    assert_eq!(
        service
            .send(request(header::CONTENT_ENCODING, "gzip"))
            .await
            .status
            .as_u16(),
        415
    );
    assert_eq!(service.files(), 0, "nothing of it is left");
}

#[tokio::test]
async fn a_sender_that_breaks_off_leaves_nothing_of_the_object_it_was_sending() {
    let service = Service::new().await;
    let objects = objects(&study(1, 1, 1, 2));
    let body = multipart(&[objects[0].part10(), objects[1].part10()]);
    let cut = body.len() - 200;
    let pieces: Vec<Result<Bytes, std::io::Error>> = vec![
        Ok(Bytes::from(body[..cut].to_vec())),
        Err(std::io::ErrorKind::ConnectionReset.into()),
    ];
    let answer = service
        .post("/studies", STOW, Body::from_stream(stream::iter(pieces)))
        .await;
    assert_eq!(
        answer.status,
        StatusCode::ACCEPTED,
        "the first was whole, and the sender is told"
    );
    assert!(
        service
            .store
            .instance(&objects[0].sop_instance)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        service
            .store
            .instance(&objects[1].sop_instance)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(service.files(), 1);
}

#[tokio::test]
async fn limits() {
    let file = objects(&study(1, 1, 1, 1))[0].part10();
    let small = Service::with(|config| config.limits.object_bytes = 1000).await;
    assert_eq!(
        small.stow(std::slice::from_ref(&file)).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(small.files(), 0);
    let short = Service::with(|config| config.limits.request_bytes = 1000).await;
    assert_eq!(
        short.stow(std::slice::from_ref(&file)).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let few = Service::with(|config| config.limits.parts = 1).await;
    assert_eq!(few.stow(&[file.clone(), file]).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_sender_that_stalls_or_trickles_is_not_waited_for() {
    let service = Service::with(|config| config.limits.idle = Duration::from_millis(300)).await;
    let started = Instant::now();
    let stalled = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"--xx\r\n\r\n"))]);
    let answer = service
        .post(
            "/studies",
            STOW,
            Body::from_stream(stalled.chain(stream::pending())),
        )
        .await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    let trickle = stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Some((Ok::<_, std::io::Error>(Bytes::from_static(b"x")), ()))
    });
    let answer = service
        .post("/studies", "application/dicom", Body::from_stream(trickle))
        .await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert!(started.elapsed().as_secs() < 5);
    assert_eq!(service.files(), 0);
}

#[tokio::test]
async fn hundreds_of_objects_in_one_request_share_their_commits() {
    let service = Service::new().await;
    let objects = objects(&study(1, 1, 2, 60));
    let files: Vec<_> = objects.iter().map(testkit::Object::part10).collect();
    let answer = service.stow(&files).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["00081199"]["Value"].as_array().unwrap().len(), 120);
}
