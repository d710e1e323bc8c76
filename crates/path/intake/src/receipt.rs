//! What the sender is told.

use model::Uid;

/// What became of one object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Durable, sealed and in the log.
    Sealed,
    /// The same object was here already: nothing was written again.
    Duplicate,
    /// The same UID with other content, or an identity that contradicts what is here: kept apart, logged.
    Conflict,
    /// Kept apart for a person to decide on.
    Quarantined,
    /// Not kept.
    Rejected,
}

impl Status {
    /// The name that `import --json` prints.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Duplicate => "duplicate",
            Self::Conflict => "conflict",
            Self::Quarantined => "quarantined",
            Self::Rejected => "rejected",
        }
    }

    /// True when the sender may forget the object: it is durable here.
    pub fn acknowledged(self) -> bool {
        matches!(self, Self::Sealed | Self::Duplicate)
    }
}

/// Why an object was not simply sealed. Says who is at fault and never what the object holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// The bytes are no DICOM object that can be read whole.
    #[error("malformed object: {0}")]
    Malformed(String),
    /// The object is DICOM and not one that this gateway keeps (a DICOMDIR, a command set).
    #[error("not a storable object: {0}")]
    NotStorable(String),
    /// The data set is another object than the one the sender announced (Affected SOP Class or Instance UID).
    #[error("the data set does not match what was announced: {0}")]
    Mismatch(String),
    /// A limit of this gateway was reached.
    #[error("over the limit: {0}")]
    TooLarge(String),
    /// The same UID is here with other content, or patient, study or series contradict what is here.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The disk is full or storage does not answer: the sender should try again later.
    #[error("out of resources: {0}")]
    OutOfResources(String),
    /// Something in this gateway failed.
    #[error("processing failed: {0}")]
    Failed(String),
}

/// The receipt for one object, the same from every door.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The SOP Instance UID, where one could be read.
    pub sop_instance_uid: Option<Uid>,
    /// The SOP Class UID, where one could be read.
    pub sop_class_uid: Option<Uid>,
    /// The Study Instance UID, where one could be read.
    pub study_instance_uid: Option<Uid>,
    /// What became of it.
    pub status: Status,
    /// Why, unless it was sealed.
    pub reason: Option<Reason>,
    /// The index of its entry in the transparency log.
    pub log_index: Option<u64>,
}

impl From<store::Error> for Reason {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::OutOfSpace => Self::OutOfResources("storage is full".into()),
            store::Error::Closed => Self::OutOfResources("the gateway is shutting down".into()),
            store::Error::Io(_) | store::Error::Database(_) => {
                tracing::error!(%error, "storage failed");
                Self::OutOfResources("storage does not answer".into())
            }
            error => {
                tracing::error!(%error, "the store failed");
                Self::Failed("storage".into())
            }
        }
    }
}
