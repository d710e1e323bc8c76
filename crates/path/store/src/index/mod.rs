//! The index: what is here, whose it is, what the log holds. One truth, whichever engine keeps it.
//!
//! An engine only stores and finds rows; what a change means is decided once, above, in `group`.

mod ledger;
mod query;
mod sqlite;

pub(crate) use ledger::{DirectiveRow, FlagRow, NewDenialRow, NewReleaseRow, Rows, Sealed};
pub(crate) use query::{Candidate, StudyFilter, Totals};
pub use query::{InstanceQuery, SeriesQuery, StudyQuery};

use crate::Result;
use crate::change::{QuarantineId, Settlement};
use crate::keys::Token;
use crate::row::{Completion, Instance, KeptBlob, OpenStudy, PatientId, Quarantined, SealStatus};
use model::{Timestamp, Uid};
use std::collections::BTreeSet;
use std::path::Path;

/// A patient's row.
pub(crate) struct PatientRow {
    pub(crate) id: PatientId,
    pub(crate) token: Token,
    /// None once erased.
    pub(crate) wrapped_key: Option<Vec<u8>>,
    pub(crate) accounting_key: Vec<u8>,
}

pub(crate) struct NewPatientRow {
    pub(crate) token: Token,
    pub(crate) id_token: Token,
    pub(crate) wrapped_key: Vec<u8>,
    pub(crate) accounting_key: Vec<u8>,
}

#[derive(Clone)]
pub(crate) struct StudyRow {
    pub(crate) id: i64,
    pub(crate) uid: Uid,
    pub(crate) patient: PatientId,
    pub(crate) revision: u64,
    pub(crate) manifest_revision: u64,
}

pub(crate) struct NewStudyRow<'a> {
    pub(crate) uid: &'a Uid,
    pub(crate) patient: PatientId,
    pub(crate) accession_token: Option<Token>,
    pub(crate) date_token: Option<Token>,
    pub(crate) sealed: Vec<u8>,
    pub(crate) received_at: Timestamp,
}

pub(crate) struct SeriesRow {
    pub(crate) id: i64,
    pub(crate) uid: Uid,
    pub(crate) study: i64,
}

pub(crate) struct NewSeriesRow<'a> {
    pub(crate) uid: &'a Uid,
    pub(crate) study: i64,
    pub(crate) modality: &'a str,
    pub(crate) sealed: Vec<u8>,
}

pub(crate) struct NewInstanceRow {
    pub(crate) series: i64,
    pub(crate) instance: Instance,
    pub(crate) sealed: Vec<u8>,
    pub(crate) pixel_token: Option<Token>,
}

/// A record about something: an amendment, completion, manifest or access.
pub(crate) struct RecordRow {
    pub(crate) sealed: Vec<u8>,
    pub(crate) made_at: Timestamp,
    pub(crate) log_index: u64,
}

pub(crate) struct ManifestRow {
    pub(crate) revision: u64,
    pub(crate) record: RecordRow,
}

/// The log's head.
pub(crate) struct HeadRow {
    pub(crate) size: u64,
    pub(crate) frontier: Vec<u8>,
    pub(crate) root: [u8; 32],
    pub(crate) checkpoint: String,
    pub(crate) made_at: Timestamp,
}

/// The names that a group of changes mentions.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) instances: BTreeSet<Uid>,
    pub(crate) studies: BTreeSet<Uid>,
    pub(crate) series: BTreeSet<Uid>,
    /// Living patients.
    pub(crate) tokens: BTreeSet<Token>,
    /// Patients, living or erased.
    pub(crate) patients: BTreeSet<PatientId>,
}

/// What is here of them; with an instance also its study, with a study also its patient.
#[derive(Default)]
pub(crate) struct Loaded {
    pub(crate) instances: Vec<Instance>,
    pub(crate) studies: Vec<StudyRow>,
    pub(crate) series: Vec<SeriesRow>,
    pub(crate) patients: Vec<PatientRow>,
    /// The frontier of the log.
    pub(crate) frontier: Vec<u8>,
}

/// Entries of one transaction.
pub(crate) struct BatchRow {
    pub(crate) first: u64,
    pub(crate) count: u64,
    pub(crate) entries: Vec<u8>,
}

/// What the archive says about itself.
pub(crate) struct ArchiveRow {
    pub(crate) key_check: Vec<u8>,
    pub(crate) log_origin: String,
}

/// A page of something that is walked through by its row number.
pub(crate) struct Page<T> {
    pub(crate) rows: Vec<T>,
    /// Where the next page starts. None after the last.
    pub(crate) next: Option<i64>,
}

/// Writes a method of an engine as one of [`Index`], [`Writer`] or [`Tx`].
macro_rules! dispatch {
    ($($(#[$doc:meta])* fn $name:ident(&$($m:ident)? ; $($arg:ident: $type:ty),*) -> $result:ty;)+) => {
        $(
            $(#[$doc])*
            pub(crate) async fn $name(&$($m)? self, $($arg: $type),*) -> Result<$result> {
                match self {
                    Self::Sqlite(engine) => engine.$name($($arg),*).await,
                }
            }
        )+
    };
}

/// Finds what is committed.
pub(crate) enum Index {
    Sqlite(sqlite::Sqlite),
}

impl Index {
    /// Opens the embedded engine, making and migrating its file. The caller holds the archive's lock.
    pub(crate) async fn open_sqlite(file: &Path) -> Result<Self> {
        sqlite::Sqlite::open(file).await.map(Self::Sqlite)
    }

    /// Whether the embedded engine's file is there.
    pub(crate) fn sqlite_exists(file: &Path) -> bool {
        file.exists()
    }

    /// The ledger's tables, to read.
    pub(crate) async fn rows(&self) -> Result<Rows<'static>> {
        match self {
            Self::Sqlite(engine) => engine.rows().await.map(Rows::Sqlite),
        }
    }

    /// The one way to write.
    pub(crate) fn writer(&self) -> Writer {
        match self {
            Self::Sqlite(engine) => Writer::Sqlite(engine.writer()),
        }
    }

    dispatch! {
        fn close(&;) -> ();
        fn archive(&;) -> Option<ArchiveRow>;
        fn found(&; archive: &ArchiveRow, head: &HeadRow) -> ();
        fn patient(&; id: PatientId) -> Option<PatientRow>;
        fn patients_by_token(&; token: &Token) -> Vec<PatientRow>;
        fn instance(&; uid: &Uid) -> Option<Instance>;
        fn instances_of_study(&; study: &Uid) -> Vec<Instance>;
        fn instances_of_series(&; series: &Uid) -> Vec<Instance>;
        fn instances_by_pixels(&; token: &Token) -> Vec<Instance>;
        fn instances_page(&; after: i64) -> Page<Instance>;
        fn pending_completions(&; limit: u32) -> Vec<Instance>;
        fn completion(&; instance: &Uid) -> Option<(RecordRow, Option<KeptBlob>)>;
        fn completion_blobs(&; after: i64) -> Page<KeptBlob>;
        fn amendments(&; instance: &Uid) -> Vec<RecordRow>;
        fn study(&; uid: &Uid) -> Option<StudyRow>;
        fn manifest(&; study: i64) -> Option<ManifestRow>;
        fn open_studies(&; quiet_before: Timestamp) -> Vec<OpenStudy>;
        fn accesses(&; patient: PatientId) -> Vec<RecordRow>;
        fn quarantined(&; id: &QuarantineId) -> Option<Quarantined>;
        fn quarantine(&; waiting_only: bool) -> Vec<Quarantined>;
        fn blob_names(&;) -> Vec<[u8; 16]>;
        fn head(&;) -> HeadRow;
        fn batches(&; from: u64, to: u64) -> Vec<BatchRow>;
        /// The root of the log when it had this size, if one of its heads had.
        fn root_at(&; size: u64) -> Option<[u8; 32]>;
        fn issue(&; size: u64, root: &[u8; 32]) -> ();
        fn issued(&;) -> Vec<(u64, [u8; 32])>;
        fn find_studies(&; filter: &StudyFilter, before: i64) -> Page<Candidate>;
        fn find_series(&; query: &SeriesQuery, after: i64) -> Page<Candidate>;
        fn find_instances(&; query: &InstanceQuery, after: i64) -> Page<Candidate>;
        fn study_totals(&; study: i64) -> Totals;
        fn series_instances(&; series: i64) -> u64;
    }
}

/// Holds the connection that writes.
pub(crate) enum Writer {
    Sqlite(sqlite::Writer),
}

impl Writer {
    /// Begins a transaction; waits for other processes that write.
    pub(crate) async fn begin(&mut self) -> Result<Tx<'_>> {
        match self {
            Self::Sqlite(engine) => engine.begin().await.map(Tx::Sqlite),
        }
    }

    dispatch! {
        /// Removes from the index's files what was deleted from its tables.
        fn scrub(&mut;) -> ();
        fn close(&mut;) -> ();
    }
}

/// A transaction that sees nothing but what is committed and what it wrote itself, and that nobody writes beside.
/// Dropped, it leaves no trace.
pub(crate) enum Tx<'a> {
    Sqlite(sqlite::Tx<'a>),
}

impl Tx<'_> {
    dispatch! {
        /// Reads what is here of all that is named.
        fn load(&mut; names: &Names) -> Loaded;
        fn insert_patient(&mut; patient: &NewPatientRow) -> PatientId;
        fn insert_study(&mut; study: &NewStudyRow<'_>) -> i64;
        fn insert_series(&mut; series: &NewSeriesRow<'_>) -> i64;
        fn insert_instances(&mut; instances: &[NewInstanceRow]) -> ();
        fn touch_study(&mut; study: i64, changes: u64, at: Timestamp) -> ();
        fn insert_quarantined(&mut; quarantined: &Quarantined) -> ();
        /// The blob that is not needed any more, or None when nothing of this name waits.
        fn settle(&mut; settlement: &Settlement, decision: crate::Decision, at: Timestamp) -> Option<Option<crate::BlobId>>;
        fn insert_amendment(&mut; instance: &Uid, record: &RecordRow, status: SealStatus) -> ();
        fn insert_completion(&mut; instance: &Uid, record: &RecordRow, blob: Option<&KeptBlob>, pixels: Option<Token>, completion: Completion) -> ();
        fn insert_manifest(&mut; study: i64, manifest: &ManifestRow) -> ();
        fn insert_access(&mut; patient: PatientId, record: &RecordRow) -> ();
        fn erase_patient(&mut; patient: PatientId, at: Timestamp) -> ();
        /// Adds entries to the log, whose size must still be what this batch starts at.
        fn append_log(&mut; batch: &BatchRow, head: &HeadRow) -> ();
    }

    /// The ledger's tables, to read and write.
    pub(crate) fn rows(&mut self) -> Rows<'_> {
        match self {
            Self::Sqlite(tx) => Rows::Sqlite(tx.rows()),
        }
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// Whether it became durable is not known then, except for [`Error::OutOfSpace`](crate::Error::OutOfSpace).
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
        }
    }
}
