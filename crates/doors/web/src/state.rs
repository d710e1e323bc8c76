//! What the pages work with.

use crate::evidence::Desk;
use crate::problem::Problem;
use decode::Decoder;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use verify::{Trust, Verifier};

/// What the pages work with.
#[derive(Clone)]
pub struct State {
    /// Where seals are looked up, and the log that is shown.
    pub store: Store,
    /// Decodes compressed pixels.
    pub decoder: Decoder,
    /// The public key that signs seals here.
    pub own_key: [u8; 32],
    /// What is believed beyond the store's own keys and log; `None` for those alone.
    pub trust: Option<Trust>,
    /// How much is taken at once.
    pub limits: Limits,
}

/// How much the verify page takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// The largest DICOM file, in bytes.
    pub max_file: u64,
    /// The largest evidence bundle, in bytes.
    pub max_bundle: u64,
    /// What all uploads together may hold in memory, in bytes.
    pub max_held: u64,
    /// Files that are examined at the same time. Each may need its own size in memory again.
    pub checks: usize,
    /// How long an upload may take.
    pub upload: Duration,
    /// How long an examination may take, waiting for its turn included.
    pub check: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file: 256 << 20,
            max_bundle: 16 << 20,
            max_held: 640 << 20,
            checks: 2,
            upload: Duration::from_mins(3),
            check: Duration::from_mins(1),
        }
    }
}

/// The state with what requests share.
pub(crate) struct Web {
    pub(crate) state: State,
    /// One permit for each byte that uploads may hold.
    pub(crate) memory: Arc<Semaphore>,
    /// Where evidence of copies is put together.
    pub(crate) desk: Desk,
    checks: Arc<Semaphore>,
}

impl Web {
    pub(crate) fn new(state: State) -> Self {
        let Limits { max_held, checks, .. } = state.limits;
        let held = usize::try_from(max_held)
            .unwrap_or(usize::MAX)
            .min(Semaphore::MAX_PERMITS);
        Self {
            state,
            memory: Arc::new(Semaphore::new(held)),
            desk: Desk::default(),
            checks: Arc::new(Semaphore::new(checks.max(1))),
        }
    }

    /// The turn to examine a file.
    pub(crate) async fn turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let turn = Arc::clone(&self.checks).acquire_owned();
        match tokio::time::timeout(self.state.limits.check / 4, turn).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Problem::Busy),
        }
    }

    pub(crate) fn verifier(&self) -> Verifier {
        let State {
            store,
            decoder,
            own_key,
            trust,
            ..
        } = &self.state;
        Verifier::with_store(store.clone(), *own_key, trust.clone(), decoder.clone())
    }
}
