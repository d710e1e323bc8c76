//! What is found in the store.

use crate::blobs::BlobRef;
use crate::change::QuarantineId;
use model::{Digest, Source, Timestamp, Uid};
use std::fmt;

/// A patient's row: a number of this archive, which is not the Patient ID.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct PatientId(pub(crate) i64);

/// How an object was wrapped when it came. What is kept is its data set in either case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Form {
    /// A bare data set, as C-STORE carries it.
    DataSet,
    /// A DICOM file with preamble and file meta information.
    Part10,
}

/// Whether compressed pixels have their digest.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Completion {
    /// The seal was complete at once.
    NotNeeded,
    /// The pixels are still to be decoded.
    Pending,
    /// There is a completion.
    Done,
}

/// Whether a seal stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SealStatus {
    /// It stands.
    Sealed,
    /// It was withdrawn by an amendment.
    Revoked,
}

/// What became of a quarantined object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Decision {
    /// It was sealed after all.
    Accepted,
    /// It was thrown away.
    Discarded,
}

/// Gives an enum the names that the index keeps.
macro_rules! named {
    ($type:ident { $($variant:ident = $name:literal),+ }) => {
        impl $type {
            /// The name that the index keeps.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Reads [`as_str`](Self::as_str) back.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use named;

named!(Form { DataSet = "data-set", Part10 = "part10" });
named!(Completion { NotNeeded = "not-needed", Pending = "pending", Done = "done" });
named!(SealStatus { Sealed = "sealed", Revoked = "revoked" });
named!(Decision { Accepted = "accepted", Discarded = "discarded" });

/// A blob's key, wrapped under a key of the patient.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct WrappedKey(pub(crate) Vec<u8>);

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[wrapped]")
    }
}

/// A blob and what opens it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptBlob {
    pub(crate) blob: BlobRef,
    pub(crate) key: WrappedKey,
    pub(crate) patient: PatientId,
}

impl KeptBlob {
    /// Where it is, and how long.
    pub fn blob(&self) -> BlobRef {
        self.blob
    }
}

/// An instance that is here, sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Instance {
    /// SOP Instance UID.
    pub sop_instance_uid: Uid,
    /// SOP Class UID.
    pub sop_class_uid: Uid,
    /// Study Instance UID.
    pub study_instance_uid: Uid,
    /// Series Instance UID.
    pub series_instance_uid: Uid,
    /// Whose it is.
    pub patient: PatientId,
    /// The transfer syntax of its data.
    pub transfer_syntax: Uid,
    /// How it was wrapped when it came.
    pub form: Form,
    /// Its bytes and its seal record: see [`Store::open_blob`](crate::Store::open_blob).
    pub blob: KeptBlob,
    /// The digest of its seal statement.
    pub statement_digest: Digest,
    /// Whether compressed pixels have their digest.
    pub completion: Completion,
    /// Whether the seal stands.
    pub status: SealStatus,
    /// Who brought it.
    pub source: Source,
    /// When it was complete here.
    pub received_at: Timestamp,
    /// The index of its SEAL entry.
    pub log_index: u64,
}

/// An amendment, completion or manifest that is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The signed record.
    pub record: Vec<u8>,
    /// When it was made.
    pub made_at: Timestamp,
    /// The index of its log entry.
    pub log_index: u64,
}

/// The completion of a seal that is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompletionRecord {
    /// The record.
    pub record: Record,
    /// Its larger parts, if it has any.
    pub blob: Option<KeptBlob>,
}

/// The manifest of a study that is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ManifestRecord {
    /// The record.
    pub record: Record,
    /// The revision of the study that it lists.
    pub revision: u64,
    /// False when something was added to the study since.
    pub current: bool,
}

/// A study with something that no manifest lists yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenStudy {
    /// Study Instance UID.
    pub study_instance_uid: Uid,
    /// Counts changes: a manifest made from what is listed now must name this revision.
    pub revision: u64,
    /// When something was last added.
    pub changed_at: Timestamp,
}

/// An object that was kept apart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quarantined {
    /// Its name.
    pub id: QuarantineId,
    /// Under whose key it is kept.
    pub patient: PatientId,
    /// One word for the class of reason.
    pub reason: String,
    /// A sentence without PHI.
    pub detail: String,
    /// Its SOP Instance UID, where one could be read.
    pub sop_instance_uid: Option<Uid>,
    /// The transfer syntax of its data, where known.
    pub transfer_syntax: Option<Uid>,
    /// How it was wrapped when it came.
    pub form: Form,
    /// Its bytes. None when there were none, or they were thrown away.
    pub blob: Option<KeptBlob>,
    /// Who brought it.
    pub source: Source,
    /// When.
    pub received_at: Timestamp,
    /// The index of its log entry.
    pub log_index: u64,
    /// What became of it, by whom. None while it waits.
    pub decision: Option<(Decision, String)>,
    pub(crate) sealed: WrappedKey,
}
