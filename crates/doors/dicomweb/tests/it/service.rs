//! A service over a fresh archive, and requests to it.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use dicomweb::{Config, Dicomweb};
use http_body_util::BodyExt as _;
use intake::{Intake, Parts};
use model::{Clock, Redacted, Timestamp};
use retrieve::Retrieve;
use serde_json::Value;
use std::sync::Arc;
use store::{Options, OsRandom, Store};
use testkit::{Encoding, Modality, Object, Patient, Study};
use tower::ServiceExt as _;

pub(crate) const TOKEN: &str = "0123456789abcdef";

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000)
    }
}

pub(crate) struct Service {
    pub(crate) router: Router,
    pub(crate) store: Store,
    pub(crate) dir: tempfile::TempDir,
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The parts of a multipart answer: headers in lower case, content.
    pub(crate) fn parts(&self) -> Vec<(String, Vec<u8>)> {
        let (_, boundary) = self
            .content_type
            .split_once("boundary=")
            .expect("a multipart answer");
        let delimiter = format!("--{boundary}");
        let mut at = 0;
        let mut marks = Vec::new();
        while let Some(found) = find(&self.body[at..], delimiter.as_bytes()) {
            marks.push(at + found);
            at += found + delimiter.len();
        }
        assert!(self.body[at..].starts_with(b"--"), "the closing boundary");
        marks
            .windows(2)
            .map(|pair| {
                let part = &self.body[pair[0] + delimiter.len() + 2..pair[1] - 2];
                let end = find(part, b"\r\n\r\n").unwrap();
                (
                    String::from_utf8_lossy(&part[..end]).to_lowercase(),
                    part[end + 4..].to_vec(),
                )
            })
            .collect()
    }
}

pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

impl Service {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(Noon);
        let store = Store::open(dir.path(), Options::new(Arc::clone(&clock)))
            .await
            .unwrap();
        let intake = Intake::new(Parts {
            store: store.clone(),
            decoder: decode::Decoder::new("not-needed-here".into()),
            clock: Arc::clone(&clock),
            random: Arc::new(OsRandom),
            max_object: 8 << 30,
        });
        let mut config = Config::new(Redacted::new(TOKEN.to_owned()));
        change(&mut config);
        let state = Dicomweb::new(intake, Retrieve::new(store.clone(), clock), store.clone(), config);
        let router = Router::new().nest("/dicom-web", dicomweb::router(state));
        Self { router, store, dir }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .map(|body| body.to_bytes().to_vec())
            .unwrap_or_default();
        let content_type = head
            .headers
            .get(header::CONTENT_TYPE)
            .map(|v| v.to_str().unwrap().to_owned());
        Answer {
            status: head.status,
            content_type: content_type.unwrap_or_default(),
            headers: head.headers,
            body,
        }
    }

    pub(crate) async fn get(&self, path: &str, accept: Option<&str>) -> Answer {
        let mut request = Request::get(format!("/dicom-web{path}"))
            .header(header::HOST, "gateway.test:8080")
            .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"));
        if let Some(accept) = accept {
            request = request.header(header::ACCEPT, accept);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, content_type: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(format!("/dicom-web{path}"))
            .header(header::HOST, "gateway.test:8080")
            .header(header::AUTHORIZATION, format!("Bearer {TOKEN}"))
            .header(header::CONTENT_TYPE, content_type);
        self.send(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn stow(&self, files: &[Vec<u8>]) -> Answer {
        self.post("/studies", STOW, multipart(files)).await
    }

    /// A service that holds these objects.
    pub(crate) async fn holding(objects: &[Object]) -> Self {
        let service = Self::new().await;
        let files: Vec<_> = objects.iter().map(Object::part10).collect();
        let answer = service.stow(&files).await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        service
    }

    /// Blob files on disk.
    pub(crate) fn files(&self) -> usize {
        fn count(dir: &std::path::Path) -> usize {
            std::fs::read_dir(dir)
                .unwrap()
                .flatten()
                .map(|e| if e.path().is_dir() { count(&e.path()) } else { 1 })
                .sum()
        }
        count(&self.dir.path().join("blobs"))
    }
}

pub(crate) const STOW: &str = r#"multipart/related; type="application/dicom"; boundary=xx"#;

pub(crate) fn multipart(files: &[Vec<u8>]) -> Vec<u8> {
    let mut body = Vec::new();
    for file in files {
        body.extend_from_slice(b"--xx\r\nContent-Type: application/dicom\r\n\r\n");
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xx--\r\n");
    body
}

/// A small MR study of a patient.
pub(crate) fn study(seed: u64, patient: u64, series: u32, slices: u32) -> Study {
    let mut study = Study::new(
        seed,
        Patient::number(patient),
        Modality::Mr,
        Timestamp::from_millis(1_650_000_000_000),
    );
    (study.series, study.slices, study.matrix) = (series, slices, 16);
    study
}

pub(crate) fn objects(study: &Study) -> Vec<Object> {
    study
        .instances()
        .map(|instance| instance.object(Encoding::ExplicitLe))
        .collect()
}
