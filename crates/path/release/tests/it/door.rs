//! A recipient in this process: it keeps what it gets, and behaves as a test tells it.

use async_trait::async_trait;
use consent::{Destination, Permit};
use model::{Digest, Uid};
use release::{Consignment, Cut, Deliver, Delivery, Failure, Finished, Outcome, Outgoing};
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use store::DisclosureId;

/// One instance that got there.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) uid: Uid,
    /// SHA-256 of the data set.
    pub(crate) digest: Digest,
    pub(crate) file: Vec<u8>,
    pub(crate) attempt: i64,
    pub(crate) at: Instant,
}

/// A recipient.
#[derive(Clone, Default)]
pub(crate) struct Shelf(Arc<Inner>);

#[derive(Default)]
struct Inner {
    received: Mutex<Vec<Received>>,
    /// Milliseconds that each instance takes.
    slow: AtomicU64,
    dead: AtomicBool,
    /// Instances whose UID ends like this are refused.
    refuses: Mutex<Option<String>>,
}

impl Shelf {
    pub(crate) fn received(&self) -> Vec<Received> {
        self.0.received.lock().unwrap().clone()
    }

    pub(crate) fn takes_millis(&self, millis: u64) {
        self.0.slow.store(millis, Ordering::Relaxed);
    }

    pub(crate) fn is_dead(&self, dead: bool) {
        self.0.dead.store(dead, Ordering::Relaxed);
    }

    pub(crate) fn refuses(&self, ending: &str) {
        *self.0.refuses.lock().unwrap() = Some(ending.to_owned());
    }
}

#[async_trait]
impl Deliver for Shelf {
    async fn begin(&self, _: &Destination, about: &Consignment) -> Result<Box<dyn Delivery>, Failure> {
        if self.0.dead.load(Ordering::Relaxed) {
            return Err(Failure::Unreachable("nobody there".to_owned()));
        }
        Ok(Box::new(Visit {
            shelf: self.clone(),
            classes: about.classes.clone(),
            ended: false,
        }))
    }
}

struct Visit {
    shelf: Shelf,
    classes: Vec<(Uid, Vec<Uid>)>,
    /// The last byte of the copy under way was taken.
    ended: bool,
}

#[async_trait]
impl Delivery for Visit {
    fn takes(&self, class: &Uid) -> Vec<Uid> {
        let of = self.classes.iter().find(|(known, _)| known == class);
        of.map(|(_, syntaxes)| syntaxes.clone()).unwrap_or_default()
    }

    async fn deliver(&mut self, copy: Outgoing, permit: Permit, disclosure: DisclosureId) -> Outcome {
        self.ended = false;
        assert!(!permit.recipient().as_str().is_empty());
        tokio::time::sleep(Duration::from_millis(self.shelf.0.slow.load(Ordering::Relaxed))).await;
        if self.shelf.0.dead.load(Ordering::Relaxed) {
            return Outcome::NotSent("it died".to_owned());
        }
        let uid = copy.sop_instance_uid().clone();
        if let Some(ending) = &*self.shelf.0.refuses.lock().unwrap()
            && uid.as_str().ends_with(ending.as_str())
        {
            return Outcome::Refused("0xC000".to_owned());
        }
        let mut file = Vec::new();
        copy.file().read_to_end(&mut file).unwrap();
        let mut data_set = Vec::new();
        tokio::io::AsyncReadExt::read_to_end(&mut copy.data_set().unwrap(), &mut data_set)
            .await
            .unwrap();
        self.shelf.0.received.lock().unwrap().push(Received {
            uid,
            digest: Digest(Sha256::digest(&data_set).into()),
            file,
            attempt: disclosure.number(),
            at: Instant::now(),
        });
        self.ended = true;
        Outcome::Delivered
    }

    async fn finish(self: Box<Self>) -> Result<Finished, Failure> {
        Ok(Finished::default())
    }

    async fn abort(self: Box<Self>) -> Cut {
        if self.ended { Cut::Perhaps } else { Cut::BeforeEnd }
    }
}
