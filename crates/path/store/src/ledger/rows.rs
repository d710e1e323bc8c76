//! What is found in the ledger.

use super::ids::ReleaseId;
use crate::PatientId;
use crate::row::named;
use model::{Purpose, RecipientId, Timestamp, Uid};
use std::fmt;

/// Where a release stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReleaseState {
    /// It waits for its turn, or for another try.
    Queued,
    /// A node works on it.
    Running,
    /// All that could go went.
    Done,
    /// A directive or an officer stopped it.
    Cancelled,
    /// It was permitted when it was ordered, and is not any more.
    Denied,
    /// Nothing of it could be de-identified, or the recipient takes none of it.
    Withheld,
}

/// Where one instance of a release stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PieceState {
    /// Still to be delivered.
    Waiting,
    /// The recipient said that it has it.
    Delivered,
    /// The recipient said that it does not take it.
    Refused,
    /// It could not be made safe.
    Withheld,
}

/// What became of one attempt to hand over an instance.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum AttemptState {
    /// It is about to be sent, or being sent.
    Intended,
    /// The recipient said that it has it.
    Sent,
    /// The recipient does not have it.
    NotSent,
    /// It may have been sent: the attempt was cut off and nobody can say.
    Unknown,
}

/// Where a copy outside stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CopyState {
    /// The recipient has it, and may.
    Live,
    /// Its end is near, or was ordered.
    Expiring,
    /// Its deletion was requested.
    Requested,
    /// The recipient says that it got the request. It is not erased by that.
    Acknowledged,
    /// The recipient says that it erased it: a promise.
    Erased,
    /// The recipient says that it erased a part.
    Partial,
    /// The recipient refuses to erase it.
    Refused,
    /// No answer that ends it came in time.
    Overdue,
}

named!(ReleaseState { Queued = "queued", Running = "running", Done = "done", Cancelled = "cancelled", Denied = "denied", Withheld = "withheld" });
named!(PieceState { Waiting = "waiting", Delivered = "delivered", Refused = "refused", Withheld = "withheld" });
named!(AttemptState { Intended = "intended", Sent = "sent", NotSent = "not-sent", Unknown = "unknown" });
named!(CopyState { Live = "live", Expiring = "expiring", Requested = "requested", Acknowledged = "acknowledged", Erased = "erased", Partial = "partial", Refused = "refused", Overdue = "overdue" });

/// A release that is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    /// Its number.
    pub id: ReleaseId,
    /// Whose scan.
    pub patient: PatientId,
    /// The Study Instance UID here.
    pub study: Uid,
    /// To whom.
    pub recipient: RecipientId,
    /// What for.
    pub purpose: Purpose,
    /// Days that the recipient asked to keep it. None: as agreed.
    pub retention_days: Option<u32>,
    /// The de-identification profile.
    pub profile: String,
    /// What ordered it: `route:NAME`, `cli`, `api`.
    pub origin: String,
    /// Who ordered it, by account name.
    pub ordered_by: String,
    /// Where it stands.
    pub state: ReleaseState,
    /// Why it stands there, where a sentence says it.
    pub reason: Option<String>,
    /// When it was ordered.
    pub made_at: Timestamp,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// Deliveries begun.
    pub attempts: u32,
    /// When it may be tried next.
    pub next_at: Timestamp,
    /// The index of its RELEASE entry.
    pub log_index: u64,
    pub(crate) glass: Option<i64>,
    pub(crate) owner: Option<Vec<u8>>,
    pub(crate) lease_until: Option<Timestamp>,
}

/// One instance of a release.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece {
    /// The SOP Instance UID here.
    pub instance: Uid,
    /// Where it stands.
    pub state: PieceState,
    /// Why, where it was refused or withheld.
    pub detail: Option<String>,
    /// The copy's SOP Instance UID, once there was one.
    pub copy_uid: Option<Uid>,
    /// SHA-256 of the copy's data set.
    pub copy_digest: Option<[u8; 32]>,
}

/// One attempt to hand over an instance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// Its number in the accounting.
    pub number: i64,
    /// The release that it belongs to.
    pub release: ReleaseId,
    /// The SOP Instance UID here.
    pub instance: Uid,
    /// What became of it.
    pub state: AttemptState,
    /// When it was accounted for, before its first byte left.
    pub began_at: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// What the door said.
    pub detail: Option<String>,
}

/// How the attempts of a release went, instance by instance: an instance that got there once counts as sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AttemptCounts {
    /// Instances that were to go.
    pub asked: u64,
    /// Confirmed by the recipient.
    pub sent: u64,
    /// May have been sent.
    pub unknown: u64,
    /// Being sent now.
    pub intended: u64,
}

/// A refusal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DenialRow {
    /// Its number.
    pub number: i64,
    /// The study.
    pub study: Uid,
    /// Who was to get it, as it was asked.
    pub recipient: String,
    /// What for.
    pub purpose: Purpose,
    /// The release that was stopped. None when it did not come to one.
    pub release: Option<ReleaseId>,
    /// The sentence.
    pub reason: String,
    /// The policies' names, by commas.
    pub policies: String,
    /// When.
    pub made_at: Timestamp,
    /// The index of its DENY entry.
    pub log_index: u64,
}

/// What a recipient has of us.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CopyRow {
    /// Its number.
    pub number: i64,
    /// The release that it came by.
    pub release: ReleaseId,
    /// Whose scan.
    pub patient: PatientId,
    /// The Study Instance UID here.
    pub study: Uid,
    /// The Study Instance UID that the recipient has.
    pub copy_study: Option<Uid>,
    /// Who has it.
    pub recipient: RecipientId,
    /// What for.
    pub purpose: Purpose,
    /// Under which profile.
    pub profile: String,
    /// When the first instance went.
    pub released_at: Timestamp,
    /// When it must be deleted. None when the recipient may keep it.
    pub due_at: Option<Timestamp>,
    /// Where it stands.
    pub state: CopyState,
    /// Why its deletion was requested before its time.
    pub reason: Option<String>,
    /// The root over its instances, as the deletion request names it.
    pub manifest_root: Option<[u8; 32]>,
    /// Instances that the recipient has or may have.
    pub instances: u64,
    /// The name (`jti`) of the deletion request.
    pub request: Option<String>,
    /// The signed deletion request.
    pub document: Option<String>,
    /// When deletion was requested.
    pub requested_at: Option<Timestamp>,
    /// When an answer that ends it must be here.
    pub answer_due: Option<Timestamp>,
    /// When the last receipt came.
    pub receipt_at: Option<Timestamp>,
    /// How often the request was carried.
    pub tries: u32,
}

/// A receipt that was accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReceiptRow {
    /// Its own name.
    pub jti: String,
    /// ACK, ERASED, PARTIAL or REFUSED.
    pub kind: String,
    /// The signed receipt.
    pub document: String,
    /// When it came.
    pub received_at: Timestamp,
}

/// Emergency access.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GlassRow {
    /// Its number.
    pub number: i64,
    /// Who, by the name on the list of staff.
    pub staff: String,
    /// Whose scans.
    pub patient: PatientId,
    /// Which study.
    pub study: Uid,
    /// When.
    pub made_at: Timestamp,
    /// Who reviewed it, when, and what they found. None while it is open.
    pub review: Option<(String, Timestamp, String)>,
}

/// Something somebody must be told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoticeRow {
    /// Its number.
    pub number: i64,
    /// `officer` or `patient`.
    pub audience: String,
    /// Whom it concerns.
    pub patient: Option<PatientId>,
    /// What it is about, by one word.
    pub kind: String,
    /// The number of what it is about.
    pub about: String,
    /// Since when.
    pub made_at: Timestamp,
    /// Until when it must be told.
    pub due_at: Timestamp,
    /// When it was.
    pub told_at: Option<Timestamp>,
}

/// An account held back from the patient on behalf of law enforcement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SuspensionRow {
    /// To which recipient.
    pub recipient: String,
    /// The agency that asked.
    pub agency: String,
    /// In writing.
    pub written: bool,
    /// From when.
    pub made_at: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Who is affected by a recipient's breach: a patient, a study, and how much of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExposedRow {
    /// Whose scans.
    pub patient: PatientId,
    /// By which release.
    pub release: ReleaseId,
    /// Instances confirmed by the recipient.
    pub sent: u64,
    /// Instances that it may have.
    pub unknown: u64,
    /// The first of them.
    pub first_at: Timestamp,
    /// The last.
    pub last_at: Timestamp,
}
