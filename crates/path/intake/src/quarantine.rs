//! A person decides on what was kept apart.

use crate::Intake;
use seal::Amendment;
use store::{NewAmendment, NewDiscard, QuarantineId, Quarantined, Recording};
use tlog::Kind;
use verify::{Candidate, Evidence, examine};

/// What a decision did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decided {
    /// The attributes of the quarantined object are now a signed amendment of the sealed one.
    Amended {
        /// The index of the AMEND entry.
        log_index: u64,
    },
    /// The quarantined object is gone.
    Discarded {
        /// The index of the log entry.
        log_index: u64,
    },
}

/// Why a decision was not carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QuarantineError {
    /// There is nothing under this name, or it was decided before.
    #[error("nothing waits in quarantine under this id")]
    NotWaiting,
    /// The pixels differ: no amendment can say that they are the sealed ones.
    #[error(
        "the pixels are not those of the sealed object, so it cannot become an amendment: discard it, or have it sent under a new uid"
    )]
    OtherPixels,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A seal could not be read.
    #[error(transparent)]
    Verify(#[from] verify::Error),
    /// No randomness.
    #[error("no randomness: {0}")]
    Random(#[from] std::io::Error),
}

impl Intake {
    async fn waiting(&self, id: QuarantineId) -> Result<Quarantined, QuarantineError> {
        let object = self.inner.store.quarantined(&id).await?;
        object
            .filter(|object| object.decision.is_none())
            .ok_or(QuarantineError::NotWaiting)
    }

    /// Accepts a quarantined object as a legitimate change of the sealed one (a patient merge, a correction): its
    /// attributes become a signed amendment, its bytes go.
    ///
    /// # Errors
    /// When it does not wait, or is another image.
    pub async fn accept_as_amendment(
        &self,
        id: QuarantineId,
        reason: &str,
        by: &str,
    ) -> Result<Decided, QuarantineError> {
        let inner = &self.inner;
        let object = self.waiting(id).await?;
        let (Some(uid), Some(kept), Some(syntax)) =
            (&object.sop_instance_uid, &object.blob, &object.transfer_syntax)
        else {
            return Err(QuarantineError::NotWaiting);
        };
        let sealed = inner
            .store
            .instance(uid)
            .await?
            .ok_or(QuarantineError::OtherPixels)?;
        let candidate = Candidate::kept(&inner.store, kept, syntax).await?;
        let evidence = Evidence::stored(&inner.store, &sealed, &inner.verifier).await?;
        let (decoder, examined) = (inner.decoder.clone(), (evidence.clone(), candidate.clone()));
        let findings = tokio::task::spawn_blocking(move || examine(&examined.0, &examined.1, &decoder)).await;
        match findings {
            Ok(findings) if findings.pixels == seal::PixelFindings::Same && !findings.hidden_bits_altered => {
            }
            _ => return Err(QuarantineError::OtherPixels),
        }
        let mut salt = [0; 32];
        inner.random.fill(&mut salt)?;
        let now = inner.clock.now();
        let amendment = Amendment::attributes(
            &evidence.record,
            &candidate.observation,
            reason,
            now,
            salt,
            &inner.key,
        );
        let new = NewAmendment {
            sop_instance_uid: uid.clone(),
            record: amendment.encode(),
            revokes: false,
            made_at: now,
            entry: inner.entry(Kind::Amend, amendment.commitment()),
        };
        match inner.store.amend(new).await? {
            Recording::Recorded { log_index } => {
                self.discard(id, by).await?;
                Ok(Decided::Amended { log_index })
            }
            _ => Err(QuarantineError::NotWaiting),
        }
    }

    /// Throws a quarantined object away.
    ///
    /// # Errors
    /// When it does not wait.
    pub async fn discard(&self, id: QuarantineId, by: &str) -> Result<Decided, QuarantineError> {
        let inner = &self.inner;
        self.waiting(id).await?;
        let mut salt = [0; 32];
        inner.random.fill(&mut salt)?;
        let commitment = seal::commitment(&salt, id.to_string().as_bytes());
        let new = NewDiscard {
            quarantine: id,
            decided_by: by.to_owned(),
            decided_at: inner.clock.now(),
            entry: inner.entry(Kind::Conflict, commitment),
        };
        match inner.store.discard(new).await? {
            Recording::Recorded { log_index } => Ok(Decided::Discarded { log_index }),
            _ => Err(QuarantineError::NotWaiting),
        }
    }

    /// Withdraws a sealed object: its seal is revoked, and whoever verifies a copy is told.
    ///
    /// # Errors
    /// When there is no such object.
    pub async fn withdraw(&self, uid: &model::Uid, reason: &str) -> Result<u64, QuarantineError> {
        let inner = &self.inner;
        let sealed = inner
            .store
            .instance(uid)
            .await?
            .ok_or(QuarantineError::NotWaiting)?;
        let evidence = Evidence::stored(&inner.store, &sealed, &inner.verifier).await?;
        let mut salt = [0; 32];
        inner.random.fill(&mut salt)?;
        let now = inner.clock.now();
        let amendment = Amendment::withdrawal(&evidence.record, reason, now, salt, &inner.key);
        let new = NewAmendment {
            sop_instance_uid: uid.clone(),
            record: amendment.encode(),
            revokes: true,
            made_at: now,
            entry: inner.entry(Kind::Amend, amendment.commitment()),
        };
        match inner.store.amend(new).await? {
            Recording::Recorded { log_index } => Ok(log_index),
            _ => Err(QuarantineError::NotWaiting),
        }
    }
}
