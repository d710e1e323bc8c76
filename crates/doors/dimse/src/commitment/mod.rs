//! Storage commitment (PS3.4 annex J, push model): a recipient says later that it keeps what it was sent.
//!
//! The request goes out on a delivery's association. The report comes back on it, or on an association that the recipient
//! requests from this gateway's SCP: [`Commitments`] is what the two have in common.

mod report;
mod request;

pub(crate) use report::{LONGEST as LONGEST_REPORT, Report};
pub(crate) use request::data_set;

use model::Uid;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Storage Commitment Push Model SOP Class.
pub(crate) const SOP_CLASS: &str = "1.2.840.10008.1.20.1";
/// Its one well-known SOP instance.
pub(crate) const SOP_INSTANCE: &str = "1.2.840.10008.1.20.1.1";

/// The transactions whose reports are awaited. Clones share them: one goes to [`StoreScu`](crate::deliver::StoreScu), another
/// to [`serve`](crate::serve()) in its [`Config`](crate::Config).
#[derive(Clone, Debug, Default)]
pub struct Commitments {
    awaited: Arc<Mutex<HashMap<Uid, oneshot::Sender<Report>>>>,
}

impl Commitments {
    /// Awaits the report of a transaction, until what this gives is dropped.
    pub(crate) fn await_report(&self, transaction: Uid) -> Awaited {
        let (tell, told) = oneshot::channel();
        self.lock().insert(transaction.clone(), tell);
        Awaited {
            commitments: self.clone(),
            transaction,
            told,
        }
    }

    /// Hands a report to who awaits it. False when nobody does: any peer may report anything.
    pub(crate) fn tell(&self, report: Report) -> bool {
        let awaiting = self.lock().remove(&report.transaction);
        awaiting.is_some_and(|tell| tell.send(report).is_ok())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uid, oneshot::Sender<Report>>> {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A report that is awaited.
pub(crate) struct Awaited {
    commitments: Commitments,
    transaction: Uid,
    told: oneshot::Receiver<Report>,
}

impl Awaited {
    /// The report. Never, when it was handed over already.
    pub(crate) async fn report(&mut self) -> Report {
        match (&mut self.told).await {
            Ok(report) => report,
            Err(_) => std::future::pending().await,
        }
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        self.commitments.lock().remove(&self.transaction);
    }
}
