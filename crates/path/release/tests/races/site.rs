//! A gateway with a real store in memory or a temporary folder.

use crate::recipients::{Road, Town};
use async_trait::async_trait;
use consent::Recipient;
use decode::Decoder;
use intake::{Arrival, Form, Intake, Parts as IntakeParts, Status};
use model::{Clock, Door, Source, Timestamp, Uid};
use release::{Courier, CourierError, Doors, Parts, Releaser, Timing};
use seal::SealKey;
use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::{Options, OsRandom, Store};
use tempfile::TempDir;
use testkit::{Encoding, Modality, Patient, Study};

struct Machine;

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

pub(crate) struct Site {
    pub(crate) store: Store,
    pub(crate) town: Town,
    intake: Intake,
    decoder: Decoder,
    /// Workers that crashed.
    fallen: Mutex<HashSet<u64>>,
    dir: TempDir,
}

impl Site {
    pub(crate) async fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() {
            tempfile::tempdir_in(memory).unwrap()
        } else {
            tempfile::tempdir().unwrap()
        };
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
        Self {
            store,
            town: Town::default(),
            intake,
            decoder,
            fallen: Mutex::default(),
            dir,
        }
    }

    /// A worker of its own, as another process would be.
    pub(crate) fn releaser(&self, worker: u64) -> Releaser {
        let road = || {
            Arc::new(Road {
                town: self.town.clone(),
                worker,
            })
        };
        let parts = Parts {
            store: self.store.clone(),
            clock: Arc::new(Machine),
            random: Arc::new(OsRandom),
            decoder: self.decoder.clone(),
            key: Arc::new(SealKey::from_seed(self.store.seal_seed())),
            doors: Doors {
                dicom: road(),
                stow: road(),
                folder: road(),
            },
            courier: Arc::new(NoCourier),
            timing: Timing {
                first_retry: Duration::from_millis(50),
                longest_retry: Duration::from_millis(400),
                poll: Duration::from_millis(40),
                ..Timing::default()
            },
            scratch: self.dir.path().join("scratch"),
            profiles: self.dir.path().join("profiles"),
        };
        Releaser::new(parts).unwrap()
    }

    pub(crate) fn fell(&self, worker: u64) {
        self.fallen.lock().unwrap().insert(worker);
    }

    pub(crate) fn has_fallen(&self, worker: u64) -> bool {
        self.fallen.lock().unwrap().contains(&worker)
    }

    /// A study arrives.
    pub(crate) async fn study(&self, seed: u64, patient: &Patient, slices: u32) -> Uid {
        let taken = Timestamp::from_millis(now().millis() - 86_400_000);
        let mut study = Study::new(seed, patient.clone(), Modality::Ct, taken);
        (study.slices, study.matrix) = (slices, 16);
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
            assert_eq!(receipt.status, Status::Sealed, "{:?}", receipt.reason);
        }
        study.uid()
    }
}
