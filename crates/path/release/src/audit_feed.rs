//! Audit messages leave for an audit repository: each at least once, without holding anything up.
//!
//! What was told is noted only after the repository took it. A crash in between tells the same again, with the same
//! `EventID`, and never less.

use crate::accounts::{Subject, audit_messages};
use async_trait::async_trait;
use disclosure::{Recorder, syslog};
use model::Clock;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;
use store::{PatientId, Store};
use tokio::sync::watch;

/// Events that are told in one go.
const BATCH: u32 = 64;

/// Carries audit messages to an audit repository.
#[async_trait]
pub trait AuditSink: Send {
    /// Hands over records of RFC 5424, each with its length before it (RFC 6587 3.4.1), in this order.
    ///
    /// # Errors
    /// When it is not known that the repository took all of them. They come again.
    async fn send(&mut self, frames: &[Vec<u8>]) -> Result<(), NotTaken>;
}

/// The audit repository did not take messages, or did not say so. The text holds nothing about a person.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the audit repository did not take messages: {0}")]
pub struct NotTaken(pub String);

/// Why a pass did not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FeedError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The repository did not take messages.
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

/// Finds what an audit repository was not told yet, and tells it.
pub struct AuditFeed {
    store: Store,
    clock: Arc<dyn Clock>,
    recorder: Recorder,
    origin: syslog::Origin,
}

impl AuditFeed {
    /// A feed out of an archive: `recorder` is the gateway inside the messages, `origin` the one in the records' headers.
    pub fn new(store: Store, clock: Arc<dyn Clock>, recorder: Recorder, origin: syslog::Origin) -> Self {
        Self {
            store,
            clock,
            recorder,
            origin,
        }
    }

    /// Tells what comes next, 64 events at most. Gives how many events are done with; of some there is nothing to tell.
    ///
    /// # Errors
    /// [`FeedError`]; then all of it comes again with the next pass.
    pub async fn pass(&self, sink: &mut dyn AuditSink) -> Result<usize, FeedError> {
        let events = self.store.untold(BATCH).await?;
        if events.is_empty() {
            return Ok(0);
        }
        let now = self.clock.now();
        let mut subjects: HashMap<PatientId, Subject> = HashMap::new();
        let mut frames = Vec::new();
        for untold in &events {
            let subject = match subjects.entry(untold.patient) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => unknown.insert(Subject::new(&self.store, untold.patient).await?),
            };
            let event = subject.event(&self.store, untold, now).await?;
            let messages = audit_messages(&event, &subject.patient, &self.recorder);
            frames.extend(
                messages
                    .dicom
                    .iter()
                    .map(|message| syslog::frame(&syslog::record(&self.origin, event.at, message))),
            );
        }
        if !frames.is_empty() {
            sink.send(&frames).await?;
        }
        self.store.told(&events, self.clock.now()).await?;
        Ok(events.len())
    }

    /// Looks for news again and again until `stop` changes. While the repository cannot be reached, everything waits in the
    /// store and nothing else does.
    pub async fn run(&self, mut sink: Box<dyn AuditSink>, every: Duration, mut stop: watch::Receiver<bool>) {
        let mut failing = false;
        while !*stop.borrow() {
            // A pass that is cut off was not noted: it comes again.
            let passed = tokio::select! {
                _ = stop.changed() => return,
                passed = self.pass(sink.as_mut()) => passed,
            };
            match passed {
                Ok(done) => {
                    if failing && done > 0 {
                        tracing::info!("audit messages go out again");
                        failing = false;
                    }
                    if done == BATCH as usize {
                        continue;
                    }
                }
                // One line for an outage, however long it is.
                Err(error) => {
                    if !failing {
                        tracing::warn!(%error, "audit messages wait, it will be tried again");
                    }
                    failing = true;
                }
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(every) => {}
            }
        }
    }
}
