//! Objects on their way into the intake.

use super::response::{self, Outcome};
use crate::Dicomweb;
use bytes::Bytes;
use intake::{Arrival, Form, Intake, Reason, Receipt, Reception};
use model::{Door, Source, Uid};
use std::collections::VecDeque;
use tokio::task::{JoinHandle, spawn_blocking};

/// Bytes that are gathered before a thread that may block takes them.
const GATHERED: usize = 256 << 10;
/// Complete objects that may wait for their durability while the next ones stream in: a group for the commit.
const IN_FLIGHT: usize = 32;

/// One object while it streams in. Dropped unfinished, it leaves nothing behind.
pub(super) struct Upload {
    intake: Intake,
    arrival: Arrival,
    limit: u64,
    size: u64,
    gathered: Vec<Bytes>,
    waiting: usize,
    state: State,
}

enum State {
    New,
    Receiving(Box<Reception>),
    /// The intake has refused it and holds the receipt: no more bytes are needed.
    Refused(Box<Reception>),
    /// There is nothing that could give a receipt.
    Failed(Reason),
}

impl Upload {
    /// Takes the next bytes.
    pub(super) async fn write(&mut self, bytes: Bytes) {
        self.size += bytes.len() as u64;
        if self.size > self.limit {
            self.gathered.clear();
            self.state = State::Failed(Reason::TooLarge(format!(
                "an object may have {} bytes",
                self.limit
            )));
        }
        if matches!(self.state, State::Refused(_) | State::Failed(_)) {
            return;
        }
        self.waiting += bytes.len();
        self.gathered.push(bytes);
        if self.waiting >= GATHERED {
            self.flush().await;
        }
    }

    async fn flush(&mut self) {
        self.waiting = 0;
        let gathered = std::mem::take(&mut self.gathered);
        let (intake, arrival) = (self.intake.clone(), self.arrival.clone());
        let lost = || State::Failed(Reason::Failed("the object was given up".to_owned()));
        let state = std::mem::replace(&mut self.state, lost());
        let receive = move || {
            let mut reception = match state {
                State::New => match intake.begin(arrival) {
                    Ok(reception) => Box::new(reception),
                    Err(reason) => return State::Failed(reason),
                },
                State::Receiving(reception) => reception,
                ended => return ended,
            };
            for bytes in gathered {
                if reception.write(&bytes).is_err() {
                    return State::Refused(reception);
                }
            }
            State::Receiving(reception)
        };
        self.state = spawn_blocking(receive).await.unwrap_or_else(|_| lost());
    }

    async fn finish(mut self) -> Outcome {
        if matches!(self.state, State::New | State::Receiving(_)) {
            self.flush().await;
        }
        match self.state {
            State::Receiving(reception) | State::Refused(reception) => outcome(reception.finish().await),
            State::Failed(reason) => failed(None, None, Some(&reason)),
            State::New => failed(None, None, Some(&Reason::Failed(String::new()))),
        }
    }
}

fn outcome(receipt: Receipt) -> Outcome {
    match (receipt.sop_class_uid, receipt.sop_instance_uid) {
        (Some(sop_class_uid), Some(sop_instance_uid)) if receipt.status.acknowledged() => Outcome::Stored {
            sop_class_uid,
            sop_instance_uid,
        },
        (class, instance) => failed(class, instance, receipt.reason.as_ref()),
    }
}

fn failed(sop_class_uid: Option<Uid>, sop_instance_uid: Option<Uid>, reason: Option<&Reason>) -> Outcome {
    let reason = match reason {
        Some(Reason::OutOfResources(_)) => response::OUT_OF_RESOURCES,
        Some(Reason::TooLarge(_)) => response::TOO_LARGE,
        Some(Reason::Mismatch(_) | Reason::Conflict(_)) => response::MISMATCH,
        Some(Reason::Malformed(_)) => response::CANNOT_UNDERSTAND,
        Some(Reason::NotStorable(_)) => response::NOT_SUPPORTED,
        None => response::KEPT_APART,
        Some(_) => response::PROCESSING_FAILURE,
    };
    Outcome::Failed {
        sop_class_uid,
        sop_instance_uid,
        reason,
    }
}

/// The objects of one request: those that are complete become durable while the next ones stream in.
pub(super) struct Pending {
    intake: Intake,
    arrival: Arrival,
    limit: u64,
    in_flight: VecDeque<JoinHandle<Outcome>>,
    outcomes: Vec<Outcome>,
}

impl Pending {
    pub(super) fn new(state: &Dicomweb, study_instance_uid: Option<Uid>) -> Self {
        let source = Source {
            door: Door::Dicomweb,
            ae: None,
            authenticated: true,
        };
        let arrival = Arrival {
            source,
            form: Form::Part10,
            announced: None,
            study_instance_uid,
        };
        let limit = state.config.limits.object_bytes;
        Self {
            intake: state.intake.clone(),
            arrival,
            limit,
            in_flight: VecDeque::new(),
            outcomes: Vec::new(),
        }
    }

    pub(super) fn begin(&self) -> Upload {
        Upload {
            intake: self.intake.clone(),
            arrival: self.arrival.clone(),
            limit: self.limit,
            size: 0,
            gathered: Vec::new(),
            waiting: 0,
            state: State::New,
        }
    }

    /// A part that is no DICOM object.
    pub(super) fn refuse_media_type(&mut self) {
        let reason = response::UNSUPPORTED_MEDIA_TYPE;
        self.outcomes.push(Outcome::Failed {
            sop_class_uid: None,
            sop_instance_uid: None,
            reason,
        });
    }

    /// An object is complete.
    pub(super) async fn finish(&mut self, upload: Upload) {
        self.in_flight.push_back(tokio::spawn(upload.finish()));
        if self.in_flight.len() >= IN_FLIGHT {
            self.settle_one().await;
        }
    }

    async fn settle_one(&mut self) {
        if let Some(task) = self.in_flight.pop_front() {
            let outcome = task
                .await
                .unwrap_or_else(|_| failed(None, None, Some(&Reason::Failed(String::new()))));
            self.outcomes.push(outcome);
        }
    }

    /// What became of each object, once all of it is decided.
    pub(super) async fn outcomes(mut self) -> Vec<Outcome> {
        while !self.in_flight.is_empty() {
            self.settle_one().await;
        }
        self.outcomes
    }
}
