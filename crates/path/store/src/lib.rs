//! What is kept: index, blobs, keys, log; durable in groups.
//!
//! A [`Store`] is a folder. A scan's bytes go into a [blob](BlobWriter), encrypted; [`Store::seal`] then makes blob, row and
//! log entry durable together and answers with the log index. Whatever ends the process in between, what was answered
//! is there, and what was not is there whole or not at all:
//!
//! 1. the blob's file and its folder are synced,
//! 2. one transaction of the index holds the rows, the log entries and the log's new head,
//! 3. the answer.
//!
//! A file without a row is invisible and an orphan for [`fsck`](Store::fsck); a row without its file cannot come about.
//! Many changes share steps 1 and 2 (see `commit`). Several processes may open one folder: nothing that can change is
//! held in memory, every transaction reads what it builds on.
//!
//! On disk, for a folder `DIR`:
//!
//! ```text
//! keys/master.key   32 random bytes; everything else is under it
//! keys/seal.key     Ed25519 seed that signs seals, encrypted
//! keys/log.key      Ed25519 seed that signs checkpoints, encrypted
//! admin.token       opens the HTTP interface
//! index.sqlite      rows and log entries
//! blobs/XX/YY       objects, each encrypted under a key of its own
//! log/              published checkpoint, tiles and entry bundles
//! ```

mod blobs;
mod change;
mod cipher;
mod commit;
mod disk;
mod error;
mod find;
mod fsck;
mod group;
mod index;
mod keys;
mod ledger;
mod log;
mod open;
mod random;
mod row;
mod sealed;
mod search;
mod store;
mod wildcard;

pub use blobs::{BlobId, BlobReader, BlobRef, BlobWriter, Blobs, StagedBlob};
pub use change::{
    Attributes, Contradiction, InvalidQuarantineId, MatchKeys, NewAccess, NewAmendment, NewCompletion,
    NewDiscard, NewErasure, NewInstance, NewManifest, NewQuarantined, PatientIdentity, QuarantineId,
    Quarantining, Recording, Sealing, Settlement,
};
pub use disk::{Disk, DiskFile, Failpoint, FileSystem};
pub use error::{Error, Result};
pub use fsck::{FsckOptions, FsckReport};
pub use index::{InstanceQuery, SeriesQuery, StudyQuery};
pub use ledger::{
    Attempt, AttemptCounts, AttemptState, Audited, Claim, CopyRow, CopyState, DenialRow, DisclosureId,
    Effect, Ending, ExposedRow, Flagged, GlassRow, Intended, Intent, NewRelease, NoticeRow, Ordered,
    PatientWords, Piece, PieceState, ReceiptRow, Release, ReleaseId, ReleaseState, Settled, StudyWords,
    SuspensionRow, Untold, WorkerId,
};
pub use log::{Log, LogReport};
pub use open::Options;
pub use random::{OsRandom, Random};
pub use row::{
    Completion, CompletionRecord, Decision, Form, Instance, KeptBlob, ManifestRecord, OpenStudy, PatientId,
    Quarantined, Record, SealStatus,
};
pub use search::{InstanceMatch, SeriesMatch, StudyMatch};
pub use store::Store;
