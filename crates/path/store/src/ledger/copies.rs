//! Copies outside: their end, and the receipts for it.

use super::directives::notify;
use super::operation::Operation;
use super::queue::DAY;
use super::rows::{CopyRow, CopyState, ReceiptRow};
use crate::Result;
use crate::group::Group;
use crate::store::Store;
use async_trait::async_trait;
use model::{RecipientId, Timestamp, Uid};

/// Copies are called expiring this long before their end, in milliseconds.
const EXPIRING: i64 = 7 * DAY;

struct Sweep {
    now: Timestamp,
}

#[async_trait]
impl Operation for Sweep {
    type Answer = Vec<CopyRow>;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Vec<CopyRow>> {
        let mut rows = group.tx.rows();
        rows.mark_expiring(self.now, self.now.plus_millis(EXPIRING))
            .await?;
        let late = rows.mark_overdue(self.now).await?;
        for copy in &late {
            notify(
                group,
                "officer",
                Some(copy.patient),
                "overdue",
                copy.recipient.as_str(),
                self.now,
            )
            .await?;
        }
        Ok(late)
    }
}

struct Ask {
    copy: CopyRow,
    now: Timestamp,
}

#[async_trait]
impl Operation for Ask {
    type Answer = bool;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<bool> {
        group.tx.rows().request_copy(&self.copy, self.now).await
    }
}

struct Carried {
    number: i64,
    next_at: Timestamp,
}

#[async_trait]
impl Operation for Carried {
    type Answer = ();

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<()> {
        group.tx.rows().copy_carried(self.number, self.next_at).await
    }
}

struct Receive {
    copy: i64,
    receipt: ReceiptRow,
    state: CopyState,
}

#[async_trait]
impl Operation for Receive {
    type Answer = bool;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<bool> {
        let mut rows = group.tx.rows();
        // A receipt counts once, whoever sends it again.
        if rows.has_receipt(&self.receipt.jti).await? {
            return Ok(false);
        }
        let Some(copy) = rows.copy(self.copy).await? else {
            return Ok(false);
        };
        // Another receipt may have come since this one was judged: what it brought about is not undone.
        let state = match (copy.state, self.state) {
            (CopyState::Erased, _) => CopyState::Erased,
            (
                stands @ (CopyState::Overdue | CopyState::Partial | CopyState::Refused),
                CopyState::Acknowledged,
            ) => stands,
            (CopyState::Overdue, CopyState::Partial) => CopyState::Overdue,
            (_, new) => new,
        };
        rows.insert_receipt(self.copy, &self.receipt, state).await?;
        if matches!(self.state, CopyState::Refused | CopyState::Partial) {
            let (kind, about) = (self.state.as_str(), copy.recipient.as_str());
            notify(
                group,
                "officer",
                Some(copy.patient),
                kind,
                about,
                self.receipt.received_at,
            )
            .await?;
        }
        Ok(true)
    }
}

struct Recall {
    recipient: RecipientId,
    reason: String,
    now: Timestamp,
}

#[async_trait]
impl Operation for Recall {
    type Answer = u64;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<u64> {
        let mut rows = group.tx.rows();
        let mut recalled = 0;
        for copy in rows.copies_at(&self.recipient).await? {
            if matches!(copy.state, CopyState::Live | CopyState::Expiring) {
                rows.expire_copy(copy.number, &self.reason, self.now).await?;
                recalled += 1;
            }
        }
        Ok(recalled)
    }
}

impl Store {
    /// Looks after copies whose time is near or past: they become expiring or overdue. Gives those that became overdue.
    ///
    /// # Errors
    /// As [`seal`](Self::seal), and so for every method here that changes something.
    pub async fn sweep_copies(&self, now: Timestamp) -> Result<Vec<CopyRow>> {
        self.perform(Sweep { now }).await
    }

    /// Copies whose deletion must be requested now, at most `limit`.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database), and so for every method here that reads.
    pub async fn copies_due(&self, now: Timestamp, limit: u32) -> Result<Vec<CopyRow>> {
        self.index().rows().await?.copies_due(now, limit).await
    }

    /// Copies whose request must be carried (again) now, at most `limit`.
    pub async fn copies_to_ask(&self, now: Timestamp, limit: u32) -> Result<Vec<CopyRow>> {
        self.index().rows().await?.copies_to_ask(now, limit).await
    }

    /// What a deletion request must name: SOP Instance UID and SHA-256 of the data set of each instance that the recipient
    /// has or may have.
    pub async fn copy_manifest(&self, release: super::ReleaseId) -> Result<Vec<(Uid, [u8; 32])>> {
        self.index().rows().await?.manifest(release).await
    }

    /// Notes the signed request for a copy's deletion: `request`, `document`, `manifest_root`, `instances` and `answer_due` of
    /// `copy` count. False when it was requested meanwhile.
    pub async fn request_deletion(&self, copy: CopyRow, now: Timestamp) -> Result<bool> {
        self.perform(Ask { copy, now }).await
    }

    /// The request was carried, or not; it is carried again at `next_at` unless a receipt ends it.
    pub async fn deletion_carried(&self, number: i64, next_at: Timestamp) -> Result<()> {
        self.perform(Carried { number, next_at }).await
    }

    /// Notes a receipt that was judged. False when it is here already.
    pub async fn receive(&self, copy: i64, receipt: ReceiptRow, state: CopyState) -> Result<bool> {
        self.perform(Receive { copy, receipt, state }).await
    }

    /// Orders the deletion of everything that a recipient has. Gives the number of copies.
    pub async fn recall(&self, recipient: &RecipientId, reason: &str, now: Timestamp) -> Result<u64> {
        let (recipient, reason) = (recipient.clone(), reason.to_owned());
        self.perform(Recall {
            recipient,
            reason,
            now,
        })
        .await
    }
}
