//! A recipient that receives by C-STORE and remembers what came, and when.

use dimse::{Config, StoreObject, StoreService};
use intake::{Arrival, Reason, Receipt, Status};
use model::{AeTitle, Digest, Uid};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// An object that was received whole.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) uid: Uid,
    pub(crate) digest: Digest,
    /// When its last byte came.
    pub(crate) at: Instant,
}

/// What was received, and how.
#[derive(Clone)]
pub(crate) struct Inbox {
    received: Arc<Mutex<Vec<Received>>>,
    /// When the last byte of each object came, whole or not.
    last_bytes: Arc<Mutex<BTreeMap<Uid, Instant>>>,
    /// How long each object takes before it is answered for.
    slowness: Duration,
}

/// A receiver that listens until it is dropped.
pub(crate) struct Listening {
    pub(crate) inbox: Inbox,
    pub(crate) port: u16,
    task: JoinHandle<()>,
}

impl Listening {
    pub(crate) fn start(slowness: Duration) -> Self {
        let inbox = Inbox {
            received: Arc::default(),
            last_bytes: Arc::default(),
            slowness,
        };
        let listener = dimse::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
        let config = Config::new(AeTitle::new("INBOX").unwrap());
        let task = tokio::spawn(dimse::serve(
            listener,
            config,
            inbox.clone(),
            std::future::pending(),
        ));
        Self { inbox, port, task }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Inbox {
    /// What came so far, in the order of arrival.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// When the last byte of each object came, whole or not.
    pub(crate) fn last_bytes(&self) -> BTreeMap<Uid, Instant> {
        self.last_bytes.lock().unwrap().clone()
    }
}

/// One object on its way in.
pub(crate) struct Object {
    inbox: Inbox,
    class: Option<Uid>,
    uid: Option<Uid>,
    hash: Sha256,
}

impl StoreService for Inbox {
    type Object = Object;

    fn begin(&self, arrival: Arrival) -> Result<Object, Reason> {
        let announced = arrival.announced;
        Ok(Object {
            inbox: self.clone(),
            class: announced.as_ref().map(|it| it.sop_class_uid.clone()),
            uid: announced.map(|it| it.sop_instance_uid),
            hash: Sha256::new(),
        })
    }
}

impl StoreObject for Object {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        let uid = self.uid.clone().unwrap();
        self.inbox.last_bytes.lock().unwrap().insert(uid, Instant::now());
        self.hash.update(bytes);
        Ok(())
    }

    async fn finish(self) -> Receipt {
        let uid = self.uid.unwrap();
        self.inbox.received.lock().unwrap().push(Received {
            uid: uid.clone(),
            digest: Digest(self.hash.finalize().into()),
            at: Instant::now(),
        });
        tokio::time::sleep(self.inbox.slowness).await;
        Receipt {
            sop_instance_uid: Some(uid),
            sop_class_uid: self.class,
            study_instance_uid: None,
            status: Status::Sealed,
            reason: None,
            log_index: None,
        }
    }
}
