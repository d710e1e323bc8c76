//! The end of copies outside: deletion is requested when their time has come, and receipts are judged.

use crate::receipts::{Receipts, Refusal, Taken};
use crate::releaser::{Inner, Releaser};
use async_trait::async_trait;
use consent::Recipient;
use deletion::{Expected, Kind, PublicKey, Reason, Request};
use model::{Digest, Timestamp, Uid};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use store::{CopyRow, CopyState, ReceiptRow};
use tokio::sync::{Semaphore, watch};

/// Copies that are looked at in one go.
const BATCH: u32 = 256;
/// Recipients that are asked at a time.
const COURIERS: usize = 32;
/// The shortest wait before a request is carried again.
const AGAIN: Duration = Duration::from_secs(20);
/// The longest.
const AGAIN_AT_MOST: Duration = Duration::from_hours(24);

impl Releaser {
    /// Looks after copies outside until `stop` changes: marks what is expiring or overdue, requests deletions, carries them.
    pub async fn look_after_copies(&self, mut stop: watch::Receiver<bool>) {
        let couriers = Arc::new(Semaphore::new(COURIERS));
        let mut swept: Option<Timestamp> = None;
        while !*stop.borrow() {
            let now = self.inner.clock.now();
            if let Err(error) = self.inner.request_due(now).await {
                tracing::warn!(%error, "deletions could not be requested, it will be tried again");
            }
            if let Err(error) = Inner::carry_due(&self.inner, &couriers, now).await {
                tracing::warn!(%error, "deletion requests could not be carried, it will be tried again");
            }
            // What is late is seen by every decision at once; the sweep writes it down and tells the officer.
            let again = self.inner.timing.answer_within.min(Duration::from_secs(30)) / 2;
            if swept.is_none_or(|last| now >= last.plus_millis(again.as_millis() as i64)) {
                swept = Some(now);
                match self.inner.store.sweep_copies(now).await {
                    Ok(late) => {
                        for copy in late {
                            tracing::warn!(copy = copy.number, recipient = %copy.recipient, "a deletion is overdue");
                        }
                    }
                    Err(error) => tracing::warn!(%error, "copies could not be swept, it will be tried again"),
                }
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = tokio::time::sleep(self.inner.timing.copies) => {}
            }
        }
    }
}

fn reason(copy: &CopyRow) -> Reason {
    let named = copy.reason.as_deref().unwrap_or_default();
    Reason::ALL
        .into_iter()
        .find(|reason| reason.as_str() == named)
        .unwrap_or(Reason::RetentionExpired)
}

impl Inner {
    /// Signs a request for every copy whose time has come.
    async fn request_due(&self, now: Timestamp) -> store::Result<()> {
        for mut copy in self.store.copies_due(now, BATCH).await? {
            let manifest = self.store.copy_manifest(copy.release).await?;
            let instances: Vec<(Uid, Digest)> = manifest
                .into_iter()
                .map(|(uid, digest)| (uid, Digest(digest)))
                .collect();
            let root = deletion::manifest_root(&instances);
            let mut jti = [0; 16];
            self.random.fill(&mut jti)?;
            let due = now.plus_millis(self.timing.answer_within.as_millis() as i64);
            let request = Request {
                jti: hex::encode(jti),
                iss: self.store.log().origin().to_owned(),
                aud: copy.recipient.clone(),
                iat: now,
                copy: copy
                    .copy_study
                    .as_ref()
                    .map_or_else(|| copy.number.to_string(), Uid::to_string),
                manifest_root: root,
                instances: instances.len() as u64,
                reason: reason(&copy),
                due,
            };
            copy.document = Some(deletion::sign(&request, &self.store.deletion_seed()));
            copy.request = Some(request.jti);
            copy.manifest_root = Some(root.0);
            copy.instances = instances.len() as u64;
            copy.answer_due = Some(due);
            self.store.request_deletion(copy, now).await?;
        }
        Ok(())
    }

    /// Carries requests that have no final answer. Whoever hangs delays nobody else.
    async fn carry_due(inner: &Arc<Self>, couriers: &Arc<Semaphore>, now: Timestamp) -> store::Result<()> {
        for copy in inner.store.copies_to_ask(now, BATCH).await? {
            let Ok(place) = Arc::clone(couriers).try_acquire_owned() else {
                return Ok(());
            };
            let wait = AGAIN.saturating_mul(1 << copy.tries.min(16)).min(AGAIN_AT_MOST);
            // Before it is carried, so that no other node carries it as well.
            let next_at = now.plus_millis(wait.as_millis() as i64);
            inner.store.deletion_carried(copy.number, next_at).await?;
            let inner = Arc::clone(inner);
            tokio::spawn(async move {
                let _place = place;
                inner.carry(&copy).await;
            });
        }
        Ok(())
    }

    async fn carry(&self, copy: &CopyRow) {
        let (Ok(Some(recipient)), Some(document)) =
            (self.store.recipient(&copy.recipient).await, &copy.document)
        else {
            return;
        };
        match self.courier.carry(&recipient, document).await {
            Ok(receipts) => {
                for receipt in receipts {
                    if let Err(error) = self.judge(&receipt).await {
                        tracing::warn!(copy = copy.number, recipient = %copy.recipient, %error, "a receipt does not count");
                    }
                }
            }
            Err(error) => {
                tracing::info!(copy = copy.number, recipient = %copy.recipient, %error, "a deletion request was not carried");
            }
        }
    }

    /// Judges a receipt and notes what it changes.
    async fn judge(&self, jws: &str) -> Result<Taken, Refusal> {
        let unavailable = |error: store::Error| {
            tracing::warn!(%error, "a receipt could not be judged");
            Refusal::Unavailable
        };
        let reference = deletion::reference_of(jws)?;
        let copy = self
            .store
            .copy_by_request(&reference)
            .await
            .map_err(unavailable)?;
        let copy = copy.ok_or(Refusal::UnknownRequest)?;
        let recipient = self.store.recipient(&copy.recipient).await.map_err(unavailable)?;
        let key = recipient
            .as_ref()
            .and_then(receipt_key)
            .ok_or(Refusal::UnknownRequest)?;
        let own = PublicKey::of_seed(&self.store.deletion_seed());
        let request = copy
            .document
            .as_deref()
            .and_then(|document| deletion::verify_request(document, &own).ok())
            .ok_or(Refusal::UnknownRequest)?;
        let before = self.store.receipts_of(copy.number).await.map_err(unavailable)?;
        let seen: HashSet<String> = before.iter().map(|receipt| receipt.jti.clone()).collect();
        let previous = before
            .iter()
            .filter_map(|receipt| Kind::ALL.into_iter().find(|kind| kind.as_str() == receipt.kind))
            .fold(None, |previous, kind: Kind| Some(kind.after(previous)));
        let now = self.clock.now();
        let expected = Expected {
            request: &request,
            recipient_key: &key,
            now,
            seen: &seen,
            previous,
        };
        let accepted = deletion::judge(jws, &expected)?;
        let row = ReceiptRow {
            jti: accepted.receipt.jti.clone(),
            kind: accepted.kind.as_str().to_owned(),
            document: jws.to_owned(),
            received_at: now,
        };
        let state = match accepted.standing {
            // An acknowledgement that comes late does not make up for the deletion that is owed.
            Kind::Ack if copy.state == CopyState::Overdue => CopyState::Overdue,
            Kind::Partial if copy.state == CopyState::Overdue => CopyState::Overdue,
            Kind::Ack => CopyState::Acknowledged,
            Kind::Erased => CopyState::Erased,
            Kind::Partial => CopyState::Partial,
            Kind::Refused => CopyState::Refused,
        };
        if !self
            .store
            .receive(copy.number, row, state)
            .await
            .map_err(unavailable)?
        {
            return Err(deletion::Refused::Replayed.into());
        }
        Ok(Taken::from(&accepted))
    }
}

fn receipt_key(recipient: &Recipient) -> Option<PublicKey> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(recipient.receipt_key.as_deref()?, &mut bytes).ok()?;
    PublicKey::from_bytes(&bytes).ok()
}

#[async_trait]
impl Receipts for Releaser {
    async fn take(&self, jws: &str) -> Result<Taken, Refusal> {
        self.inner.judge(jws).await
    }
}
