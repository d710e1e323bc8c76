//! The ledger's rows, whichever engine keeps them.

use super::sqlite;
use super::{PatientRow, RecordRow};
use crate::Result;
use crate::ledger::{
    Attempt, AttemptCounts, AttemptState, CopyRow, CopyState, DenialRow, ExposedRow, GlassRow, NoticeRow,
    Piece, PieceState, ReceiptRow, Release, ReleaseId, ReleaseState, SuspensionRow,
};
use crate::row::PatientId;
use model::{Purpose, RecipientId, Timestamp, Uid};

/// A value encrypted under a patient's key.
pub(crate) type Sealed = Vec<u8>;

/// A directive's row.
pub(crate) struct DirectiveRow {
    pub(crate) id: i64,
    pub(crate) patient: PatientId,
    pub(crate) sealed: Sealed,
    pub(crate) made_at: Timestamp,
    pub(crate) withdrawn_at: Option<Timestamp>,
    pub(crate) log_index: u64,
}

/// A flag on a scan.
pub(crate) struct FlagRow {
    pub(crate) patient: PatientId,
    pub(crate) study: Uid,
    pub(crate) sealed: Sealed,
    pub(crate) made_at: Timestamp,
    pub(crate) log_index: u64,
}

pub(crate) struct NewReleaseRow<'a> {
    pub(crate) patient: PatientId,
    pub(crate) study: &'a Uid,
    pub(crate) instances: &'a [Uid],
    pub(crate) recipient: &'a RecipientId,
    pub(crate) purpose: Purpose,
    pub(crate) retention_days: Option<u32>,
    pub(crate) profile: &'a str,
    pub(crate) origin: &'a str,
    pub(crate) ordered_by: &'a str,
    pub(crate) glass: Option<i64>,
    pub(crate) made_at: Timestamp,
    pub(crate) sealed: Sealed,
    pub(crate) log_index: u64,
}

pub(crate) struct NewDenialRow<'a> {
    pub(crate) patient: PatientId,
    pub(crate) study: &'a Uid,
    pub(crate) recipient: &'a str,
    pub(crate) purpose: Purpose,
    pub(crate) release: Option<ReleaseId>,
    pub(crate) reason: &'a str,
    pub(crate) policies: &'a str,
    pub(crate) made_at: Timestamp,
    pub(crate) sealed: Sealed,
    pub(crate) log_index: u64,
}

/// The ledger's tables: read by a connection of its own, or read and written by the transaction that it came from.
pub(crate) enum Rows<'a> {
    Sqlite(sqlite::Rows<'a>),
}

/// Writes a method of every engine as one of [`Rows`].
macro_rules! dispatch {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),*) -> $result:ty;)+) => {
        impl Rows<'_> {
            $(
                $(#[$doc])*
                pub(crate) async fn $name(&mut self, $($arg: $type),*) -> Result<$result> {
                    match self {
                        Self::Sqlite(rows) => rows.$name($($arg),*).await,
                    }
                }
            )+
        }
    };
}

dispatch! {
    fn registered(kind: &str, name: &str) -> Option<String>;
    fn register_list(kind: &str) -> Vec<(String, String)>;
    /// Ends the row of this name, and adds another where there is a document. False when there was nothing to end and
    /// nothing is added.
    fn register(kind: &str, name: &str, document: Option<&str>, at: Timestamp) -> bool;
    fn patient_row(id: PatientId) -> Option<PatientRow>;
    /// All rows of whoever has the Patient ID of this row, from whichever issuer, erased or not.
    fn patients_of_same_id(id: PatientId) -> Vec<PatientRow>;
    fn person(patient: PatientId) -> Option<Vec<u8>>;
    fn put_person(patient: PatientId, sealed: &[u8], at: Timestamp) -> ();
    fn directives(patient: PatientId) -> Vec<DirectiveRow>;
    fn directive(id: i64) -> Option<DirectiveRow>;
    /// The number of the next directive: what is sealed with it must name it.
    fn next_directive() -> i64;
    fn insert_directive(new: &DirectiveRow) -> ();
    fn withdraw_directive(id: i64, at: Timestamp) -> bool;
    fn is_flagged(study: &Uid) -> bool;
    fn insert_flag(new: &FlagRow) -> i64;
    fn clear_flags(study: &Uid, at: Timestamp) -> u64;
    /// The sealed attributes of a patient's newest study, under the data key.
    fn newest_study(patient: PatientId) -> Option<(Uid, Sealed)>;
    fn study_sealed(study: &Uid) -> Option<(PatientId, Sealed)>;
    fn insert_suspension(patient: PatientId, new: &SuspensionRow) -> ();
    fn suspensions(patient: PatientId) -> Vec<SuspensionRow>;
    fn release(id: ReleaseId) -> Option<Release>;
    /// The newest first; of one state, or all.
    fn releases(state: Option<ReleaseState>, limit: u32) -> Vec<Release>;
    fn releases_of(patient: PatientId) -> Vec<Release>;
    /// Of a patient, those that wait or are under way.
    fn open_releases_of(patient: PatientId) -> Vec<Release>;
    fn insert_release(new: &NewReleaseRow<'_>) -> ReleaseId;
    /// Sets where a release stands, and lets go of it.
    fn set_release(id: ReleaseId, state: ReleaseState, reason: Option<&str>, next_at: Timestamp, at: Timestamp) -> ();
    /// Stops a release that waits or is under way. Who works on it keeps its name there until they noticed.
    fn stop_release(id: ReleaseId, state: ReleaseState, reason: &str, at: Timestamp) -> ();
    /// Releases whose worker did not renew its lease: what it was sending may have been sent.
    fn recover_releases(now: Timestamp) -> u64;
    fn has_lost_releases(now: Timestamp) -> bool;
    /// Of each destination that is not left alone and has a place free, the oldest release whose time has come.
    fn next_releases(now: Timestamp, places: u32) -> Vec<ReleaseId>;
    fn lease(id: ReleaseId, owner: &[u8; 16], now: Timestamp, until: Timestamp) -> ();
    /// Renews leases; gives those that are still held.
    fn renew(owner: &[u8; 16], releases: &[ReleaseId], now: Timestamp, until: Timestamp) -> Vec<ReleaseId>;
    fn pieces(id: ReleaseId) -> Vec<Piece>;
    fn name_copy(release: ReleaseId, instance: &Uid, copy: &Uid, digest: &[u8; 32]) -> ();
    fn set_piece(release: ReleaseId, instance: &Uid, state: PieceState, detail: Option<&str>) -> ();
    /// Failures in a row at a destination.
    fn destination_failures(recipient: &RecipientId) -> u32;
    fn set_destination(recipient: &RecipientId, failures: u32, blocked_until: Timestamp) -> ();
    /// When the oldest release that waits was ordered, by recipient.
    fn waiting_since() -> Vec<(RecipientId, u64, Timestamp)>;
    /// The instances of a study, each with whether its seal was withdrawn; and whose they are.
    fn study_instances(study: &Uid) -> Option<(PatientId, Vec<(Uid, bool)>)>;
    /// Whether the seal of an instance of a release was withdrawn.
    fn has_revoked(release: ReleaseId) -> bool;
    fn lost_releases(now: Timestamp) -> Vec<ReleaseId>;
    /// Releases to a recipient that wait or are under way.
    fn open_releases_to(recipient: &str) -> Vec<Release>;
    /// Gives the end of a release another name.
    fn rename_end(id: ReleaseId, state: ReleaseState) -> ();
    /// Closed studies that were not held against the routes, with the revision of their manifest.
    fn unrouted(limit: u32) -> Vec<(Uid, u64)>;
    /// False when somebody else did it.
    fn set_routed(study: &Uid, revision: u64) -> bool;
    /// The instances of a study that a route has ordered before.
    fn routed_before(study: &Uid, origin: &str) -> Vec<Uid>;
    fn insert_attempt(release: ReleaseId, patient: PatientId, recipient: &RecipientId, instance: &Uid, at: Timestamp) -> i64;
    fn attempt(number: i64) -> Option<Attempt>;
    fn attempts(release: ReleaseId) -> Vec<Attempt>;
    fn set_attempt(number: i64, state: AttemptState, detail: Option<&str>, at: Timestamp) -> ();
    /// Instances of a release by the best that became of any attempt.
    fn attempt_counts(release: ReleaseId) -> AttemptCounts;
    fn insert_denial(new: &NewDenialRow<'_>) -> i64;
    fn denials(patient: PatientId) -> Vec<DenialRow>;
    fn derived(copy: &Uid) -> Option<(PatientId, RecordRow)>;
    fn insert_derived(copy: &Uid, patient: PatientId, release: ReleaseId, record: &RecordRow) -> ();
    /// Who is affected: every patient and release of which a recipient has or may have something since this period.
    fn exposed(recipient: &str, from: Timestamp, to: Timestamp) -> Vec<ExposedRow>;
    /// The copies that a release has made: SOP Instance UID and digest of each that the recipient has or may have.
    fn manifest(release: ReleaseId) -> Vec<(Uid, [u8; 32])>;
    fn copies_of(patient: PatientId) -> Vec<CopyRow>;
    fn copies_at(recipient: &RecipientId) -> Vec<CopyRow>;
    fn copy(number: i64) -> Option<CopyRow>;
    fn copy_of_release(release: ReleaseId) -> Option<CopyRow>;
    fn copy_by_request(jti: &str) -> Option<CopyRow>;
    /// Copies whose deletion must be requested now.
    fn copies_due(now: Timestamp, limit: u32) -> Vec<CopyRow>;
    /// Copies whose request must be carried (again) now.
    fn copies_to_ask(now: Timestamp, limit: u32) -> Vec<CopyRow>;
    /// Copies whose answer is late; they become overdue.
    fn mark_overdue(now: Timestamp) -> Vec<CopyRow>;
    /// Live copies that end within the days that are called expiring.
    fn mark_expiring(now: Timestamp, before: Timestamp) -> u64;
    /// Copies that a recipient owes the end of: overdue, refused, or with the answer late.
    fn owed(recipient: &RecipientId, now: Timestamp) -> u64;
    /// Notes that an instance went, or may have gone. The first makes the copy's row.
    fn note_copy(release: ReleaseId, new: &CopyRow) -> ();
    /// What was thought to be there turned out not to be: counts again, and forgets a copy that never was.
    fn recount_copy(release: ReleaseId) -> ();
    /// Ends a copy before its time.
    fn expire_copy(number: i64, reason: &str, at: Timestamp) -> ();
    /// Notes the signed request for a copy's deletion. False when it was requested meanwhile.
    fn request_copy(asked: &CopyRow, at: Timestamp) -> bool;
    fn copy_carried(number: i64, next_at: Timestamp) -> ();
    fn insert_receipt(copy: i64, receipt: &ReceiptRow, state: CopyState) -> ();
    fn receipts(copy: i64) -> Vec<ReceiptRow>;
    fn has_receipt(jti: &str) -> bool;
    /// Whether an earlier use of this person waits for review; one's own number aside.
    fn has_open_glass(staff: &str, but: Option<i64>) -> bool;
    fn insert_glass(staff: &str, patient: PatientId, study: &Uid, at: Timestamp) -> i64;
    fn seal_glass(number: i64, sealed: &[u8]) -> ();
    fn glass_reason(number: i64) -> Option<(String, Vec<u8>)>;
    fn glasses(open_only: bool) -> Vec<GlassRow>;
    fn glasses_of(patient: PatientId) -> Vec<GlassRow>;
    fn review_glass(number: i64, by: &str, finding: &str, at: Timestamp) -> bool;
    fn insert_notice(new: &NoticeRow) -> ();
    /// Notices for an audience that were not told yet, or all.
    fn notices(audience: &str, open_only: bool) -> Vec<NoticeRow>;
    /// What an audit repository must still be told of what waits in the register: number, name, since when.
    fn audit_due(limit: u32) -> Vec<(i64, String, Timestamp)>;
    fn end_audit_due(numbers: &[i64]) -> ();
    /// Replaces a document of the register without leaving a history.
    fn overwrite(kind: &str, name: &str, document: &str, at: Timestamp) -> ();
    fn denials_after(number: i64, limit: u32) -> Vec<(PatientId, DenialRow)>;
    fn glasses_after(number: i64, limit: u32) -> Vec<GlassRow>;
    fn accesses_after(number: i64, limit: u32) -> Vec<(i64, PatientId, RecordRow)>;
    fn tell_notices(numbers: &[i64], at: Timestamp) -> ();
}
