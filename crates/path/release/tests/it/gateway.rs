//! A gateway with drawn scans, its officers, and recipients in this process.

use crate::door::Shelf;
use async_trait::async_trait;
use consent::{
    Agreement, AgreementKind, Destination, Directive, DirectiveId, Recipient, Says, Scope, Signer,
};
use decode::Decoder;
use intake::{Arrival, Form, Intake, Parts as IntakeParts, Status};
use model::{Clock, Door, Purpose, RecipientId, Redacted, Source, Timestamp, Uid};
use release::{Courier, CourierError, Deliver, Doors, Parts, Releaser, Timing};
use seal::SealKey;
use std::sync::Arc;
use std::time::Duration;
use store::{NewRelease, Options, Ordered, OsRandom, PatientIdentity, ReleaseId, ReleaseState, Store};
use tempfile::TempDir;
use testkit::{Encoding, Modality, Patient, Study};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) struct Machine;

impl Clock for Machine {
    #[expect(
        clippy::disallowed_methods,
        reason = "workers race against the machine's clock here"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Timestamp::from_millis(since.unwrap().as_millis() as i64)
    }
}

pub(crate) fn now() -> Timestamp {
    Machine.now()
}

/// Nobody carries anything.
struct NoCourier;

#[async_trait]
impl Courier for NoCourier {
    async fn carry(&self, _: &Recipient, _: &str) -> Result<Vec<String>, CourierError> {
        Err(CourierError::NoEndpoint)
    }
}

pub(crate) struct Gateway {
    pub(crate) store: Store,
    intake: Intake,
    parts: Box<dyn Fn() -> Parts>,
    _dir: TempDir,
}

/// A worker that runs until it is stopped, or killed.
pub(crate) struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(true);
        self.task.await.unwrap();
    }
}

impl Gateway {
    pub(crate) async fn new(shelf: &Shelf) -> Self {
        Self::with(Arc::new(shelf.clone())).await
    }

    pub(crate) async fn with(door: Arc<dyn Deliver>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Options::new(Arc::new(Machine)))
            .await
            .unwrap();
        let decoder = Decoder::new("/nonexistent".into());
        let intake = Intake::new(IntakeParts {
            store: store.clone(),
            decoder: decoder.clone(),
            clock: Arc::new(Machine),
            random: Arc::new(OsRandom),
            max_object: 1 << 30,
        });
        let (kept, folder) = (store.clone(), dir.path().to_owned());
        let parts = Box::new(move || Parts {
            store: kept.clone(),
            clock: Arc::new(Machine),
            random: Arc::new(OsRandom),
            decoder: decoder.clone(),
            key: Arc::new(SealKey::from_seed(kept.seal_seed())),
            doors: Doors {
                dicom: Arc::clone(&door),
                stow: Arc::clone(&door),
                folder: Arc::clone(&door),
            },
            courier: Arc::new(NoCourier),
            timing: Timing {
                first_retry: Duration::from_millis(50),
                poll: Duration::from_millis(20),
                ..Timing::default()
            },
            scratch: folder.join("scratch"),
            profiles: folder.join("profiles"),
        });
        Self {
            store,
            intake,
            parts,
            _dir: dir,
        }
    }

    pub(crate) fn releaser(&self) -> Releaser {
        Releaser::new((self.parts)()).unwrap()
    }

    /// A worker of its own, as another process would be.
    pub(crate) fn worker(&self) -> Worker {
        let (stop, stopped) = watch::channel(false);
        let releaser = self.releaser();
        let task = tokio::spawn(async move { releaser.work(stopped).await });
        Worker { stop, task }
    }

    /// A study arrives. Gives its Study Instance UID.
    pub(crate) async fn study(&self, seed: u64, patient: u32, slices: u32) -> Uid {
        self.series(seed, patient, slices, 1).await
    }

    /// A study of several series; what is here already comes again.
    pub(crate) async fn series(&self, seed: u64, patient: u32, slices: u32, series: u32) -> Uid {
        let taken = Timestamp::from_millis(1_790_000_000_000);
        let mut study = Study::new(seed, Patient::number(u64::from(patient)), Modality::Ct, taken);
        (study.slices, study.series) = (slices, series);
        study.matrix = 64;
        for scan in study.instances() {
            let arrival = Arrival {
                source: Source {
                    door: Door::Dimse,
                    ae: Some("SCANNER".to_owned()),
                    authenticated: false,
                },
                form: Form::Part10,
                announced: None,
                study_instance_uid: None,
            };
            let mut reception = self.intake.begin(arrival).unwrap();
            reception
                .write(&scan.object(Encoding::ExplicitLe).part10())
                .unwrap();
            let receipt = reception.finish().await;
            let kept = matches!(receipt.status, Status::Sealed | Status::Duplicate);
            assert!(kept, "{:?}", receipt.reason);
        }
        study.uid()
    }

    /// Every study is closed with its manifest.
    pub(crate) async fn close_studies(&self) {
        let key = SealKey::from_seed(self.store.seal_seed());
        verify::close_quiet_studies(&self.store, now().plus_millis(1000), &key, &Machine, &OsRandom)
            .await
            .unwrap();
    }

    pub(crate) async fn recipient(&self, id: &str, purposes: &[Purpose]) -> RecipientId {
        let recipient = recipient(id, purposes);
        recipient.check().unwrap();
        self.store.set_recipient(&recipient, now()).await.unwrap();
        recipient.id
    }

    pub(crate) async fn order(&self, study: &Uid, recipient: &str, purpose: Purpose) -> Ordered {
        self.store.order(order(study, recipient, purpose)).await.unwrap()
    }

    pub(crate) async fn queued(&self, study: &Uid, recipient: &str, purpose: Purpose) -> ReleaseId {
        match self.order(study, recipient, purpose).await {
            Ordered::Queued { release, .. } => release,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn say(&self, patient: u32, says: Says, purpose: Purpose) -> store::Effect {
        self.store
            .record_directive(identity(patient), directive(says, purpose))
            .await
            .unwrap()
    }

    /// Waits until a release is over.
    pub(crate) async fn over(&self, release: ReleaseId) -> store::Release {
        for _ in 0..1500 {
            let row = self.store.release(release).await.unwrap().unwrap();
            if !matches!(row.state, ReleaseState::Queued | ReleaseState::Running) {
                return row;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("release {release} is not over");
    }
}

pub(crate) fn identity(patient: u32) -> PatientIdentity {
    let patient = Patient::number(u64::from(patient));
    PatientIdentity {
        issuer: Redacted::new("GLASSHOUSE".to_owned()),
        id: Redacted::new(patient.id.clone()),
    }
}

pub(crate) fn directive(says: Says, purpose: Purpose) -> Directive {
    Directive {
        id: DirectiveId(0),
        says,
        scope: Scope::Purpose(purpose),
        recipient: None,
        starts: now(),
        ends: None,
        signed_by: Signer::Patient,
        covers_payment: false,
        after_death: false,
        made_at: now(),
        withdrawn_at: None,
    }
}

pub(crate) fn recipient(id: &str, purposes: &[Purpose]) -> Recipient {
    Recipient {
        id: id.parse().unwrap(),
        name: format!("{id} Ltd"),
        address: None,
        contact: None,
        inside: false,
        destination: Some(Destination::Folder {
            path: "/nowhere".into(),
        }),
        deletion: None,
        receipt_key: None,
        agreement: Some(Agreement {
            kind: AgreementKind::Baa,
            signed_on: "2026-01-01".parse().unwrap(),
            expires: None,
            purposes: purposes.to_vec(),
            retention_days: Some(30),
            may_train: false,
            paid: false,
            storage_place: "Ireland".to_owned(),
            subprocessors: Vec::new(),
            profile: "vendor".to_owned(),
            breach_notice_hours: None,
        }),
    }
}

pub(crate) fn order(study: &Uid, recipient: &str, purpose: Purpose) -> NewRelease {
    NewRelease {
        study: study.clone(),
        instances: Vec::new(),
        recipient: recipient.to_owned(),
        purpose,
        retention_days: None,
        origin: "cli".to_owned(),
        ordered_by: "operator".to_owned(),
        emergency: None,
        at: now(),
    }
}
