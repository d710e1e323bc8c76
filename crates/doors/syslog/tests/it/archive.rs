//! An archive with a drawn scan, and a recipient that takes everything.

use async_trait::async_trait;
use consent::{Agreement, AgreementKind, Destination, Permit, Recipient};
use decode::Decoder;
use intake::{Arrival, Form, Intake, Parts as IntakeParts};
use model::{Clock, Door, Purpose, Redacted, Source, Timestamp, Uid};
use release::{
    AuditFeed, Consignment, Courier, CourierError, Cut, Deliver, Delivery, Doors, Failure, Finished, Outcome,
    Outgoing, Parts, Releaser, Timing,
};
use std::sync::Arc;
use std::time::Duration;
use store::{DisclosureId, NewRelease, Options, Ordered, OsRandom, ReleaseState, Store};
use tempfile::TempDir;
use testkit::{Encoding, Modality, Patient, Study};
use tokio::sync::watch;

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

struct Taker(Vec<(Uid, Vec<Uid>)>);
struct Nobody;

#[async_trait]
impl Courier for Nobody {
    async fn carry(&self, _: &Recipient, _: &str) -> Result<Vec<String>, CourierError> {
        Err(CourierError::NoEndpoint)
    }
}

#[async_trait]
impl Deliver for Nobody {
    async fn begin(&self, _: &Destination, about: &Consignment) -> Result<Box<dyn Delivery>, Failure> {
        Ok(Box::new(Taker(about.classes.clone())))
    }
}

#[async_trait]
impl Delivery for Taker {
    fn takes(&self, class: &Uid) -> Vec<Uid> {
        let of = self.0.iter().find(|(known, _)| known == class);
        of.map(|(_, syntaxes)| syntaxes.clone()).unwrap_or_default()
    }

    async fn deliver(&mut self, _: Outgoing, _: Permit, _: DisclosureId) -> Outcome {
        Outcome::Delivered
    }

    async fn finish(self: Box<Self>) -> Result<Finished, Failure> {
        Ok(Finished::default())
    }

    async fn abort(self: Box<Self>) -> Cut {
        Cut::BeforeEnd
    }
}

pub(crate) struct Archive {
    pub(crate) store: Store,
    pub(crate) study: Uid,
    dir: TempDir,
}

impl Archive {
    /// With one study of two instances, and `acme-ai`, which may analyse.
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), Options::new(Arc::new(Machine)))
            .await
            .unwrap();
        let intake = Intake::new(IntakeParts {
            store: store.clone(),
            decoder: Decoder::new("/nonexistent".into()),
            clock: Arc::new(Machine),
            random: Arc::new(OsRandom),
            max_object: 1 << 30,
        });
        let taken = Timestamp::from_millis(1_790_000_000_000);
        let mut study = Study::new(1, Patient::number(1), Modality::Ct, taken);
        (study.slices, study.matrix) = (2, 64);
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
            let mut reception = intake.begin(arrival).unwrap();
            reception
                .write(&scan.object(Encoding::ExplicitLe).part10())
                .unwrap();
            let receipt = reception.finish().await;
            assert!(receipt.reason.is_none(), "{:?}", receipt.reason);
        }
        let recipient = Recipient {
            id: "acme-ai".parse().unwrap(),
            name: "Acme AI Ltd".to_owned(),
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
                purposes: vec![Purpose::AiAnalysis],
                retention_days: Some(30),
                may_train: false,
                paid: false,
                storage_place: "Ireland".to_owned(),
                subprocessors: Vec::new(),
                profile: "vendor".to_owned(),
                breach_notice_hours: None,
            }),
        };
        store.set_recipient(&recipient, now()).await.unwrap();
        Self {
            store,
            study: study.uid(),
            dir,
        }
    }

    pub(crate) fn feed(&self) -> AuditFeed {
        let recorder = disclosure::Recorder {
            device: "gateway".into(),
            host: "gw.example".into(),
            ae_title: "LEADGLASS".into(),
            ..disclosure::Recorder::default()
        };
        let origin = disclosure::syslog::Origin {
            host: "gw.example".into(),
            program: "leadglass".into(),
            process: "1".into(),
        };
        AuditFeed::new(self.store.clone(), Arc::new(Machine), recorder, origin)
    }

    pub(crate) async fn order(&self, recipient: &str, purpose: Purpose) -> Ordered {
        let order = NewRelease {
            study: self.study.clone(),
            instances: Vec::new(),
            recipient: recipient.to_owned(),
            purpose,
            retention_days: None,
            origin: "cli".to_owned(),
            ordered_by: "operator".to_owned(),
            emergency: None,
            at: now(),
        };
        self.store.order(order).await.unwrap()
    }

    /// Orders an analysis, and delivers it.
    pub(crate) async fn deliver(&self) {
        let Ordered::Queued { release, .. } = self.order("acme-ai", Purpose::AiAnalysis).await else {
            panic!("it is permitted");
        };
        let door: Arc<dyn Deliver> = Arc::new(Nobody);
        let releaser = Releaser::new(Parts {
            store: self.store.clone(),
            clock: Arc::new(Machine),
            random: Arc::new(OsRandom),
            decoder: Decoder::new("/nonexistent".into()),
            key: Arc::new(seal::SealKey::from_seed(self.store.seal_seed())),
            doors: Doors {
                dicom: Arc::clone(&door),
                stow: Arc::clone(&door),
                folder: door,
            },
            courier: Arc::new(Nobody),
            timing: Timing {
                poll: Duration::from_millis(20),
                ..Timing::default()
            },
            scratch: self.dir.path().join("scratch"),
            profiles: self.dir.path().join("profiles"),
        })
        .unwrap();
        let (stop, stopped) = watch::channel(false);
        let worker = tokio::spawn(async move { releaser.work(stopped).await });
        for _ in 0..1500 {
            let row = self.store.release(release).await.unwrap().unwrap();
            if row.state == ReleaseState::Done {
                stop.send(true).unwrap();
                return worker.await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the release is not over");
    }

    /// Somebody inside reads the study.
    pub(crate) async fn read(&self) {
        let retrieve = retrieve::Retrieve::new(self.store.clone(), Arc::new(Machine));
        let reader = retrieve::Reader {
            who: "dr-phantom".to_owned(),
            via: "dicomweb",
            purpose: "TREAT".to_owned(),
        };
        let target = retrieve::Target::Study(self.study.clone());
        let found = retrieve.find(&target).await.unwrap();
        retrieve.open(&reader, found).await.unwrap();
    }

    /// The patient says something about analyses.
    pub(crate) async fn says(&self, says: consent::Says) -> consent::DirectiveId {
        let identity = store::PatientIdentity {
            issuer: Redacted::new("GLASSHOUSE".to_owned()),
            id: Redacted::new(Patient::number(1).id),
        };
        let directive = consent::Directive {
            id: consent::DirectiveId(0),
            says,
            scope: consent::Scope::Purpose(Purpose::AiAnalysis),
            recipient: None,
            starts: now(),
            ends: None,
            signed_by: consent::Signer::Patient,
            covers_payment: false,
            after_death: false,
            made_at: now(),
            withdrawn_at: None,
        };
        let effect = self.store.record_directive(identity, directive).await.unwrap();
        effect.directive.unwrap()
    }
}
