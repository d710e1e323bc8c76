//! A serving door with a store that remembers what it was handed.

use dimse::{Config, StoreObject, StoreService, bind, serve};
use intake::{Arrival, Reason, Receipt, Status};
use model::AeTitle;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What one object came to.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) arrival: Arrival,
    /// What was written, unless the store only counts.
    pub(crate) bytes: Vec<u8>,
    pub(crate) length: u64,
    pub(crate) finished: bool,
}

/// How the store behaves.
#[derive(Clone, Debug, Default)]
pub(crate) enum Behaviour {
    #[default]
    Keep,
    /// Keep no bytes, only count them.
    Count,
    RefuseAtOnce(Reason),
    RefuseAfter(usize, Reason),
    Answer(Status, Option<Reason>),
    /// Take this long to become durable.
    Slow(Duration),
}

#[derive(Clone, Default)]
pub(crate) struct Store {
    behaviour: Behaviour,
    objects: Arc<Mutex<Vec<Recorded>>>,
}

impl Store {
    pub(crate) fn new(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            objects: Arc::default(),
        }
    }

    pub(crate) fn objects(&self) -> Vec<Recorded> {
        self.objects.lock().unwrap().clone()
    }

    pub(crate) fn finished(&self) -> usize {
        self.objects
            .lock()
            .unwrap()
            .iter()
            .filter(|object| object.finished)
            .count()
    }
}

pub(crate) struct Object {
    store: Store,
    recorded: Recorded,
    refused: Option<Reason>,
}

impl StoreService for Store {
    type Object = Object;

    fn begin(&self, arrival: Arrival) -> Result<Object, Reason> {
        if let Behaviour::RefuseAtOnce(reason) = &self.behaviour {
            return Err(reason.clone());
        }
        let recorded = Recorded {
            arrival,
            bytes: Vec::new(),
            length: 0,
            finished: false,
        };
        Ok(Object {
            store: self.clone(),
            recorded,
            refused: None,
        })
    }
}

impl StoreObject for Object {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        assert!(self.refused.is_none(), "written to after a refusal");
        self.recorded.length += bytes.len() as u64;
        if !matches!(self.store.behaviour, Behaviour::Count) {
            self.recorded.bytes.extend_from_slice(bytes);
        }
        match &self.store.behaviour {
            Behaviour::RefuseAfter(limit, reason) if self.recorded.bytes.len() > *limit => {
                self.refused = Some(reason.clone());
                Err(reason.clone())
            }
            _ => Ok(()),
        }
    }

    async fn finish(mut self) -> Receipt {
        self.recorded.finished = true;
        let (status, reason) = match (&self.store.behaviour, self.refused.take()) {
            (_, Some(reason)) => (Status::Rejected, Some(reason)),
            (Behaviour::Answer(status, reason), None) => (*status, reason.clone()),
            _ => (Status::Sealed, None),
        };
        if let Behaviour::Slow(time) = self.store.behaviour {
            tokio::time::sleep(time).await;
        }
        let announced = self.recorded.arrival.announced.clone();
        Receipt {
            sop_instance_uid: announced.as_ref().map(|a| a.sop_instance_uid.clone()),
            sop_class_uid: announced.map(|a| a.sop_class_uid),
            study_instance_uid: None,
            status,
            reason,
            log_index: None,
        }
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        self.store.objects.lock().unwrap().push(self.recorded.clone());
    }
}

/// A door that serves until it is told to stop.
pub(crate) struct Gateway {
    pub(crate) address: SocketAddr,
    pub(crate) store: Store,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Gateway {
    pub(crate) fn start() -> Self {
        Self::with(config(), Behaviour::Keep)
    }

    pub(crate) fn with(config: Config, behaviour: Behaviour) -> Self {
        let store = Store::new(behaviour);
        let listener = bind(([127, 0, 0, 1], 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async {
            let _ = stopped.await;
        };
        let serving = tokio::spawn(serve(listener, config, store.clone(), shutdown));
        Self {
            address,
            store,
            stop,
            serving,
        }
    }

    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.serving.await.unwrap();
    }
}

pub(crate) fn config() -> Config {
    Config::new(title("LEADGLASS"))
}

pub(crate) fn title(text: &str) -> AeTitle {
    AeTitle::new(text).unwrap()
}

pub(crate) fn uid(text: &str) -> model::Uid {
    model::Uid::new(text).unwrap()
}

pub(crate) const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
pub(crate) const IMPLICIT: &str = "1.2.840.10008.1.2";
pub(crate) const EXPLICIT: &str = "1.2.840.10008.1.2.1";
pub(crate) const J2K: &str = "1.2.840.10008.1.2.4.90";
