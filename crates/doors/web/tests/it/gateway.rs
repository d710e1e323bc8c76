//! A gateway with drawn scans, and people who ask it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use decode::Decoder;
use intake::{Arrival, Form, Intake, Parts, Status};
use model::{Clock, Door, Source, Timestamp};
use seal::{Amendment, Record, SealKey};
use std::sync::Arc;
use store::{NewAmendment, Options, OsRandom, Store};
use tempfile::TempDir;
use testkit::{Encoding, Instance, Modality, Patient, Study};
use tlog::{Entry, Kind};
use tower::ServiceExt as _;
use verify::Candidate;
use web::{Limits, State};

pub(crate) const PATIENT_NAME: u32 = 0x0010_0010;
pub(crate) const WINDOW_CENTER: u32 = 0x0028_1050;
pub(crate) const SOP_INSTANCE_UID: u32 = 0x0008_0018;
pub(crate) const PIXEL_DATA: u32 = 0x7FE0_0010;

/// 22 November 2026, 15:04 UTC.
pub(crate) const NOW: i64 = 1_795_359_840_000;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(NOW)
    }
}

pub(crate) struct Gateway {
    pub(crate) store: Store,
    pub(crate) state: State,
    pub(crate) router: Router,
    intake: Intake,
    pub(crate) dir: TempDir,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }
}

pub(crate) fn stranger() -> Source {
    Source {
        door: Door::Dimse,
        ae: Some("ORTHANC".into()),
        authenticated: false,
    }
}

impl Gateway {
    pub(crate) async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options {
            log_origin: Some("log.example.org/scans".into()),
            ..Options::new(Arc::new(Fixed))
        };
        let store = Store::open(dir.path(), options).await.unwrap();
        let decoder = Decoder::new("/nonexistent".into());
        let intake = Intake::new(Parts {
            store: store.clone(),
            decoder: decoder.clone(),
            clock: Arc::new(Fixed),
            random: Arc::new(OsRandom),
            max_object: 1 << 30,
        });
        let own_key = SealKey::from_seed(store.seal_seed()).public();
        let state = State {
            store: store.clone(),
            decoder,
            own_key,
            trust: None,
            limits,
        };
        Self {
            router: web::router(state.clone()),
            store,
            state,
            intake,
            dir,
        }
    }

    pub(crate) async fn seal(&self, instance: &Instance, source: Source) {
        let object = instance.object(Encoding::ExplicitLe);
        let arrival = Arrival {
            source,
            form: Form::Part10,
            announced: None,
            study_instance_uid: None,
        };
        let mut reception = self.intake.begin(arrival).unwrap();
        reception.write(&object.part10()).unwrap();
        let receipt = reception.finish().await;
        assert_eq!(receipt.status, Status::Sealed, "{:?}", receipt.reason);
    }

    async fn record(&self, instance: &Instance) -> Record {
        let kept = self
            .store
            .instance(&instance.sop_instance)
            .await
            .unwrap()
            .unwrap();
        Record::decode(&self.store.open_blob(&kept.blob).await.unwrap().record().unwrap()).unwrap()
    }

    async fn amend_with(&self, instance: &Instance, amendment: Amendment, revokes: bool) {
        let new = NewAmendment {
            sop_instance_uid: instance.sop_instance.clone(),
            record: amendment.encode(),
            revokes,
            made_at: Fixed.now(),
            entry: Entry {
                kind: Kind::Amend,
                time_s: Fixed.now().seconds() as u64,
                commitment: amendment.commitment(),
            },
        };
        self.store.amend(new).await.unwrap();
    }

    /// Signs that the instance may be what `now` is.
    pub(crate) async fn amend(&self, instance: &Instance, now: &Instance) {
        let candidate = Candidate::bytes(Arc::from(file(now))).unwrap();
        let key = SealKey::from_seed(self.store.seal_seed());
        let record = self.record(instance).await;
        let reason = "merged with the older file";
        let amendment = Amendment::attributes(
            &record,
            &candidate.observation,
            reason,
            Fixed.now(),
            [7; 32],
            &key,
        );
        self.amend_with(instance, amendment, false).await;
    }

    pub(crate) async fn withdraw(&self, instance: &Instance) {
        let key = SealKey::from_seed(self.store.seal_seed());
        let record = self.record(instance).await;
        let amendment = Amendment::withdrawal(&record, "wrong patient", Fixed.now(), [8; 32], &key);
        self.amend_with(instance, amendment, true).await;
    }

    /// The evidence bundle of an instance, as a file.
    pub(crate) async fn bundle(&self, instance: &Instance) -> Vec<u8> {
        let kept = self
            .store
            .instance(&instance.sop_instance)
            .await
            .unwrap()
            .unwrap();
        verify::bundle_instance(&self.store, &kept)
            .await
            .unwrap()
            .encode()
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap().to_vec();
        Answer {
            status,
            headers,
            bytes,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends the form as a browser does.
    pub(crate) async fn check(&self, fields: &[(&str, &[u8])]) -> Answer {
        self.ask(form(fields, "text/html,application/xhtml+xml,*/*;q=0.8"))
            .await
    }

    pub(crate) async fn check_json(&self, fields: &[(&str, &[u8])]) -> Answer {
        self.ask(form(fields, "application/json")).await
    }
}

pub(crate) fn form(fields: &[(&str, &[u8])], accept: &str) -> Request<Body> {
    let mut body = Vec::new();
    for (name, content) in fields {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"Mustermann^Erika.dcm\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--edge--\r\n");
    Request::post("/verify")
        .header("accept", accept)
        .header("content-type", "multipart/form-data; boundary=edge")
        .header("content-length", body.len())
        .body(Body::from(body))
        .unwrap()
}

/// A drawn scan.
pub(crate) fn scan(seed: u64, modality: Modality, matrix: u16) -> Instance {
    let taken = Timestamp::from_millis(NOW - 3_600_000);
    let study = Study {
        slices: 1,
        matrix,
        ..Study::new(seed, Patient::number(seed), modality, taken)
    };
    study.instances().next().unwrap()
}

/// The usual scan: a head MR of 256 x 256.
pub(crate) fn head() -> Instance {
    scan(7, Modality::Mr, 256)
}

pub(crate) fn file(instance: &Instance) -> Vec<u8> {
    instance.object(Encoding::ExplicitLe).part10()
}

/// Draws a soft round spot into 16-bit samples: what a forger of a tumour does.
pub(crate) fn forge(instance: &mut Instance, columns: usize, centre: (usize, usize), radius: usize, by: i32) {
    let samples = instance.data_set.bytes_mut(PIXEL_DATA).unwrap();
    let (cx, cy) = (centre.0 as i32, centre.1 as i32);
    for y in centre.1 - radius..=centre.1 + radius {
        for x in centre.0 - radius..=centre.0 + radius {
            let (dx, dy) = (x as i32 - cx, y as i32 - cy);
            let far = f64::from(dx * dx + dy * dy) / (radius * radius) as f64;
            if far < 1.0 {
                let at = 2 * (y * columns + x);
                let value = i32::from(i16::from_le_bytes([samples[at], samples[at + 1]]));
                let value = value + (f64::from(by) * (1.0 - far * far)) as i32;
                samples[at..at + 2].copy_from_slice(&(value as i16).to_le_bytes());
            }
        }
    }
}

pub(crate) fn renamed(instance: &Instance, name: &str) -> Instance {
    let mut renamed = instance.clone();
    renamed.data_set.text(PATIENT_NAME, testkit::Vr::PN, name);
    renamed
}

/// The same pixels under another SOP Instance UID.
pub(crate) fn relabelled(instance: &Instance) -> Instance {
    let mut relabelled = renamed(instance, "Somebody^Else");
    let uid = model::Uid::new("2.25.4711").unwrap();
    relabelled.data_set.text(SOP_INSTANCE_UID, testkit::Vr::UI, &uid);
    relabelled.sop_instance = uid;
    relabelled
}
