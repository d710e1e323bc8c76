//! A change on its way through the group commit, and the answer to it.

use crate::blobs::{BlobId, StagedBlob};
use crate::change::{
    NewAccess, NewAmendment, NewCompletion, NewDiscard, NewErasure, NewInstance, NewManifest, NewQuarantined,
    Quarantining, Recording, Sealing,
};
use crate::ledger::Pending;
use crate::{Error, Result};
use tlog::Entry;
use tokio::sync::oneshot;

/// Who waits for the answer, and the answer that becomes true when the group is durable.
pub(crate) struct Reply<T> {
    to: oneshot::Sender<Result<T>>,
    answer: Option<T>,
}

impl<T> Reply<T> {
    pub(crate) fn new() -> (Self, oneshot::Receiver<Result<T>>) {
        let (to, from) = oneshot::channel();
        (Self { to, answer: None }, from)
    }

    pub(crate) fn set(&mut self, answer: T) {
        self.answer = Some(answer);
    }

    pub(crate) fn confirm(self) {
        // Whoever asked may have gone; what was done is done.
        let _ = self.to.send(self.answer.ok_or(Error::Closed));
    }

    pub(crate) fn fail(self, error: Error) {
        let _ = self.to.send(Err(error));
    }
}

/// One change of what is kept.
pub(crate) enum Change {
    Seal {
        new: Box<NewInstance>,
        blob: StagedBlob,
        obsolete: Option<BlobId>,
        reply: Reply<(Sealing, Option<StagedBlob>)>,
    },
    Quarantine {
        new: Box<NewQuarantined>,
        blob: Option<StagedBlob>,
        reply: Reply<Quarantining>,
    },
    Discard {
        new: NewDiscard,
        obsolete: Option<BlobId>,
        reply: Reply<Recording>,
    },
    Amend {
        new: NewAmendment,
        reply: Reply<Recording>,
    },
    Complete {
        new: NewCompletion,
        blob: Option<StagedBlob>,
        reply: Reply<Recording>,
    },
    Manifest {
        new: NewManifest,
        reply: Reply<Recording>,
    },
    Access {
        new: NewAccess,
        reply: Reply<Recording>,
    },
    Erase {
        new: NewErasure,
        reply: Reply<Recording>,
    },
    Append {
        entries: Vec<Entry>,
        reply: Reply<u64>,
    },
    Ledger(Box<dyn Pending>),
}

impl Change {
    /// The blob that must be durable before the change is.
    pub(crate) fn blob(&self) -> Option<&StagedBlob> {
        match self {
            Self::Seal { blob, .. } => Some(blob),
            Self::Quarantine { blob, .. } | Self::Complete { blob, .. } => blob.as_ref(),
            _ => None,
        }
    }

    /// Log entries that it brings at most.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Append { entries, .. } => entries.len().max(1),
            _ => 1,
        }
    }

    /// True when it deletes a key, whose traces must go from the index's files.
    pub(crate) fn erases(&self) -> bool {
        matches!(
            self,
            Self::Erase {
                reply: Reply {
                    answer: Some(Recording::Recorded { .. }),
                    ..
                },
                ..
            }
        )
    }

    /// The group is durable: the blobs that it speaks for stay, who asked is told. Gives the blob that nothing speaks
    /// for any more.
    pub(crate) fn confirm(mut self) -> Option<BlobId> {
        self.settle_blob();
        match self {
            Self::Seal {
                blob,
                obsolete,
                mut reply,
                ..
            } => {
                if let Some((sealing, back)) = &mut reply.answer
                    && !matches!(sealing, Sealing::Sealed { .. })
                {
                    *back = Some(blob);
                }
                reply.confirm();
                return obsolete;
            }
            Self::Discard { obsolete, reply, .. } => {
                reply.confirm();
                return obsolete;
            }
            Self::Quarantine { reply, .. } => reply.confirm(),
            Self::Amend { reply, .. }
            | Self::Complete { reply, .. }
            | Self::Manifest { reply, .. }
            | Self::Access { reply, .. }
            | Self::Erase { reply, .. } => reply.confirm(),
            Self::Append { reply, .. } => reply.confirm(),
            Self::Ledger(pending) => pending.confirm(),
        }
        None
    }

    fn settle_blob(&mut self) {
        match self {
            Self::Seal { blob, reply, .. } if matches!(reply.answer, Some((Sealing::Sealed { .. }, _))) => {
                blob.keep();
            }
            Self::Quarantine { blob: Some(blob), .. } => blob.keep(),
            Self::Complete {
                blob: Some(blob),
                reply,
                ..
            } if matches!(reply.answer, Some(Recording::Recorded { .. })) => {
                blob.keep();
            }
            _ => {}
        }
    }

    /// The change did not happen: its blob goes, who asked is told.
    pub(crate) fn fail(self, error: Error) {
        match self {
            Self::Seal { reply, .. } => reply.fail(error),
            Self::Quarantine { reply, .. } => reply.fail(error),
            Self::Discard { reply, .. }
            | Self::Amend { reply, .. }
            | Self::Complete { reply, .. }
            | Self::Manifest { reply, .. }
            | Self::Access { reply, .. }
            | Self::Erase { reply, .. } => reply.fail(error),
            Self::Append { reply, .. } => reply.fail(error),
            Self::Ledger(pending) => pending.fail(error),
        }
    }

    /// Nobody knows whether the change happened: its blob stays, since a row may speak for it after recovery. If none
    /// does, fsck finds an orphan.
    pub(crate) fn fail_in_doubt(mut self, error: Error) {
        self.settle_blob();
        self.fail(error);
    }
}
