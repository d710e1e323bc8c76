//! What can change in the store. Each change carries its log entry and is durable whole or not at all.

use crate::row::{Form, Instance, PatientId};
use model::{Digest, Redacted, Source, Timestamp, Uid};
use std::fmt;
use tlog::Entry;

/// Whose scan it is, as the data set says it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct PatientIdentity {
    /// Issuer of Patient ID (0010,0021), empty when absent.
    pub issuer: Redacted<String>,
    /// Patient ID (0010,0020), empty when absent.
    pub id: Redacted<String>,
}

/// What a query can match on, beside the UIDs.
#[derive(Clone, Debug, Default)]
pub struct MatchKeys {
    /// Patient's Name (0010,0010), decoded.
    pub patient_name: Redacted<String>,
    /// Accession Number (0008,0050), empty when absent.
    pub accession_number: Redacted<String>,
    /// Study Date (0008,0020) as YYYYMMDD, empty when absent.
    pub study_date: Redacted<String>,
    /// Modality (0008,0060).
    pub modality: String,
}

/// The attributes that a query returns, as JSON text that the store does not read. A study keeps what the first of its
/// instances says, and so does a series.
#[derive(Clone, Debug, Default)]
pub struct Attributes {
    /// Patient level.
    pub patient: Redacted<String>,
    /// Study level.
    pub study: Redacted<String>,
    /// Series level.
    pub series: Redacted<String>,
    /// Instance level.
    pub instance: Redacted<String>,
}

/// A sealed instance on its way in; its bytes and its seal record are in the staged blob beside it.
#[derive(Clone, Debug)]
pub struct NewInstance {
    /// SOP Instance UID.
    pub sop_instance_uid: Uid,
    /// SOP Class UID.
    pub sop_class_uid: Uid,
    /// Study Instance UID.
    pub study_instance_uid: Uid,
    /// Series Instance UID.
    pub series_instance_uid: Uid,
    /// Whose it is.
    pub patient: PatientIdentity,
    /// The transfer syntax of the blob's data.
    pub transfer_syntax: Uid,
    /// How it was wrapped when it came.
    pub form: Form,
    /// Who brought it.
    pub source: Source,
    /// When it was complete here.
    pub received_at: Timestamp,
    /// What queries match on.
    pub keys: MatchKeys,
    /// What queries return.
    pub attributes: Attributes,
    /// The unsalted root over the decoded samples, for the private index. None while the pixels are compressed.
    pub pixel_root: Option<[u8; 32]>,
    /// The digest of the seal statement, by which a re-send is known.
    pub statement_digest: Digest,
    /// True when compressed pixels are still to be decoded and their digest to be signed.
    pub needs_completion: bool,
    /// The quarantined object that is accepted by this.
    pub settles: Option<Settlement>,
    /// The SEAL entry.
    pub entry: Entry,
}

/// Who accepted what from quarantine.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The quarantined object.
    pub quarantine: QuarantineId,
    /// The officer, by account name.
    pub decided_by: String,
}

/// The answer to sealing an instance.
#[derive(Debug)]
pub enum Sealing {
    /// It is durable, under this index of the log.
    Sealed {
        /// The index of its SEAL entry.
        log_index: u64,
    },
    /// The SOP Instance UID is here already; nothing was written. Whether the content is the same is for the caller to find.
    Exists(Box<Instance>),
    /// It contradicts what is here; nothing was written.
    Contradiction(Contradiction),
}

/// How an instance contradicts what is here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Contradiction {
    /// The study is here under another patient.
    #[error("the study is here under another patient")]
    StudyOfAnotherPatient,
    /// The series is here in another study.
    #[error("the series is here in another study")]
    SeriesOfAnotherStudy,
}

/// Names a quarantined object: 128 random bits, shown as 32 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QuarantineId(pub(crate) [u8; 16]);

/// The text names no quarantined object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a quarantine id: 32 hex digits are needed")]
pub struct InvalidQuarantineId;

impl std::str::FromStr for QuarantineId {
    type Err = InvalidQuarantineId;

    fn from_str(text: &str) -> Result<Self, InvalidQuarantineId> {
        let mut id = [0; 16];
        hex::decode_to_slice(text, &mut id).map_err(|_| InvalidQuarantineId)?;
        Ok(Self(id))
    }
}

impl fmt::Display for QuarantineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for QuarantineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QuarantineId({self})")
    }
}

/// An object to be kept apart.
#[derive(Clone, Debug)]
pub struct NewQuarantined {
    /// Whose it is, where that could be read. Its bytes are encrypted under that patient's key.
    pub patient: Option<PatientIdentity>,
    /// One word for the class of reason, such as `conflict`.
    pub reason: String,
    /// A sentence without PHI.
    pub detail: String,
    /// Its SOP Instance UID, where one could be read.
    pub sop_instance_uid: Option<Uid>,
    /// Its Study Instance UID, where one could be read.
    pub study_instance_uid: Option<Uid>,
    /// The transfer syntax of the blob's data, where known.
    pub transfer_syntax: Option<Uid>,
    /// How it was wrapped when it came.
    pub form: Form,
    /// Who brought it.
    pub source: Source,
    /// When.
    pub received_at: Timestamp,
    /// What the officer sees of it, as JSON text that the store does not read.
    pub attributes: Redacted<String>,
    /// The CONFLICT entry, or another.
    pub entry: Entry,
}

/// A quarantined object is durable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quarantining {
    /// Its name.
    pub id: QuarantineId,
    /// The index of its log entry.
    pub log_index: u64,
}

/// A quarantined object is thrown away. (It is accepted by sealing it: [`NewInstance::settles`].)
#[derive(Clone, Debug)]
pub struct NewDiscard {
    /// The quarantined object.
    pub quarantine: QuarantineId,
    /// The officer, by account name.
    pub decided_by: String,
    /// When.
    pub decided_at: Timestamp,
    /// Its log entry.
    pub entry: Entry,
}

/// A signed amendment to a seal.
#[derive(Clone, Debug)]
pub struct NewAmendment {
    /// The instance whose seal it amends.
    pub sop_instance_uid: Uid,
    /// The signed record, opaque.
    pub record: Vec<u8>,
    /// True when the seal is withdrawn by it.
    pub revokes: bool,
    /// When.
    pub made_at: Timestamp,
    /// The AMEND entry.
    pub entry: Entry,
}

/// The signed completion of a seal, after compressed pixels were decoded (or proved undecodable).
#[derive(Clone, Debug)]
pub struct NewCompletion {
    /// The instance whose seal it completes.
    pub sop_instance_uid: Uid,
    /// The signed record, opaque. Larger parts (tile digests) go into a staged blob beside it.
    pub record: Vec<u8>,
    /// The unsalted root over the decoded samples, if they decode.
    pub pixel_root: Option<[u8; 32]>,
    /// When.
    pub made_at: Timestamp,
    /// The COMPLETE entry.
    pub entry: Entry,
}

/// A signed list of a study's instances.
#[derive(Clone, Debug)]
pub struct NewManifest {
    /// The study.
    pub study_instance_uid: Uid,
    /// The revision of the study that it lists: see [`OpenStudy`](crate::OpenStudy).
    pub revision: u64,
    /// The signed record, opaque.
    pub record: Vec<u8>,
    /// When.
    pub made_at: Timestamp,
    /// The MANIFEST entry.
    pub entry: Entry,
}

/// Somebody inside reads a patient's scans.
#[derive(Clone, Debug)]
pub struct NewAccess {
    /// Whose.
    pub patient: PatientId,
    /// Who, what and why, as JSON text that the store does not read.
    pub record: Redacted<String>,
    /// When.
    pub made_at: Timestamp,
    /// The READ entry.
    pub entry: Entry,
}

/// A patient's keys are deleted.
#[derive(Clone, Debug)]
pub struct NewErasure {
    /// Whose.
    pub patient: PatientId,
    /// When.
    pub made_at: Timestamp,
    /// The ERASE entry.
    pub entry: Entry,
}

/// The answer to a change of something that must be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Recording {
    /// It is durable, under this index of the log.
    Recorded {
        /// The index of its log entry.
        log_index: u64,
    },
    /// What it is about is not here; nothing was written.
    NotFound,
    /// What it is about has changed meanwhile, or was decided before; nothing was written. Look again.
    Superseded,
}
