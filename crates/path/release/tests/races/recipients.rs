//! Recipients in this process: fast, slow and unreliable ones. Each notes what it got, and when.

use async_trait::async_trait;
use consent::{Destination, Permit};
use model::Uid;
use release::{Consignment, Cut, Deliver, Delivery, Failure, Finished, Outcome, Outgoing};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use store::{DisclosureId, ReleaseId};
use testkit::Random;

/// An instance that got there whole.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) attempt: i64,
    pub(crate) release: ReleaseId,
    /// When its last byte was taken.
    pub(crate) at: Instant,
}

/// How a recipient behaves, in percent and milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) cannot_be_reached: u64,
    pub(crate) refuses: u64,
    pub(crate) dies_before: u64,
    /// After the last byte, before its answer.
    pub(crate) falls_silent: u64,
    pub(crate) answers_late: u64,
    pub(crate) quickest: u64,
    pub(crate) slowest: u64,
}

/// What a recipient knows.
#[derive(Clone, Default)]
pub(crate) struct Notes {
    pub(crate) arrivals: Vec<Arrival>,
    /// Which worker made an attempt.
    pub(crate) begun: HashMap<i64, u64>,
    /// Which workers came for a release.
    pub(crate) visits: HashSet<(ReleaseId, u64)>,
    /// Attempts that were never answered after their last byte.
    pub(crate) silent: HashSet<i64>,
}

/// A recipient.
pub(crate) struct Recipient {
    manner: Manner,
    calm: AtomicBool,
    random: Mutex<Random>,
    notes: Mutex<Notes>,
}

impl Recipient {
    pub(crate) fn new(manner: Manner, random: Random) -> Self {
        Self {
            manner,
            calm: AtomicBool::new(false),
            random: Mutex::new(random),
            notes: Mutex::default(),
        }
    }

    /// From now on everything is taken at once.
    pub(crate) fn calm_down(&self) {
        self.calm.store(true, Ordering::Relaxed);
    }

    pub(crate) fn notes(&self) -> Notes {
        self.notes.lock().unwrap().clone()
    }

    fn note<T>(&self, what: impl FnOnce(&mut Notes) -> T) -> T {
        what(&mut self.notes.lock().unwrap())
    }

    fn happens(&self, percent: u64) -> bool {
        !self.calm.load(Ordering::Relaxed) && self.random.lock().unwrap().below(100) < percent
    }

    async fn pass(&self, quickest: u64, slowest: u64) {
        let wait = quickest + self.random.lock().unwrap().below(slowest - quickest + 1);
        let wait = if self.calm.load(Ordering::Relaxed) {
            1
        } else {
            wait
        };
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

/// The recipients of a store, by name.
#[derive(Clone, Default)]
pub(crate) struct Town(Arc<Mutex<HashMap<String, Arc<Recipient>>>>);

impl Town {
    pub(crate) fn settle(&self, name: &str, recipient: Arc<Recipient>) {
        self.0.lock().unwrap().insert(name.to_owned(), recipient);
    }

    fn find(&self, name: &str) -> Option<Arc<Recipient>> {
        self.0.lock().unwrap().get(name).cloned()
    }
}

/// The way of one worker to all of them.
pub(crate) struct Road {
    pub(crate) town: Town,
    pub(crate) worker: u64,
}

#[async_trait]
impl Deliver for Road {
    async fn begin(&self, _: &Destination, about: &Consignment) -> Result<Box<dyn Delivery>, Failure> {
        let recipient = self.town.find(about.recipient.as_str()).ok_or(Failure::NoDoor)?;
        recipient.note(|notes| notes.visits.insert((about.release, self.worker)));
        if recipient.happens(recipient.manner.cannot_be_reached) {
            return Err(Failure::Unreachable("nobody there".to_owned()));
        }
        Ok(Box::new(Visit {
            recipient,
            worker: self.worker,
            release: about.release,
            classes: about.classes.clone(),
            unanswered: None,
        }))
    }
}

struct Visit {
    recipient: Arc<Recipient>,
    worker: u64,
    release: ReleaseId,
    classes: Vec<(Uid, Vec<Uid>)>,
    /// The attempt whose last byte was taken and that was not answered.
    unanswered: Option<i64>,
}

#[async_trait]
impl Delivery for Visit {
    fn takes(&self, class: &Uid) -> Vec<Uid> {
        let of = self.classes.iter().find(|(known, _)| known == class);
        of.map(|(_, syntaxes)| syntaxes.clone()).unwrap_or_default()
    }

    async fn deliver(&mut self, _: Outgoing, _: Permit, disclosure: DisclosureId) -> Outcome {
        let attempt = disclosure.number();
        let recipient = Arc::clone(&self.recipient);
        let manner = recipient.manner;
        recipient.note(|notes| notes.begun.insert(attempt, self.worker));
        recipient.pass(manner.quickest, manner.slowest).await;
        if recipient.happens(manner.refuses) {
            return Outcome::Refused("0xC000".to_owned());
        }
        if recipient.happens(manner.dies_before) {
            return Outcome::NotSent("it died".to_owned());
        }
        let arrival = Arrival {
            attempt,
            release: self.release,
            at: Instant::now(),
        };
        recipient.note(|notes| notes.arrivals.push(arrival));
        self.unanswered = Some(attempt);
        if recipient.happens(manner.falls_silent) {
            recipient.note(|notes| notes.silent.insert(attempt));
            recipient.pass(0, 40).await;
            return Outcome::Unknown("no answer".to_owned());
        }
        if recipient.happens(manner.answers_late) {
            recipient.pass(20, 250).await;
        }
        self.unanswered = None;
        Outcome::Delivered
    }

    async fn finish(self: Box<Self>) -> Result<Finished, Failure> {
        Ok(Finished::default())
    }

    async fn abort(self: Box<Self>) -> Cut {
        match self.unanswered {
            None => Cut::BeforeEnd,
            Some(attempt) => {
                self.recipient.note(|notes| notes.silent.insert(attempt));
                Cut::Perhaps
            }
        }
    }
}
