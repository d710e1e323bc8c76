//! The queue: leases, the second decision, the end of a delivery.

use super::gather::{self, Glass, Question};
use super::ids::ReleaseId;
use super::operation::Operation;
use super::order::{GLASS, Refused, deny};
use super::rows::{AttemptState, CopyRow, CopyState, PieceState, Release, ReleaseState};
use super::statement::state;
use crate::Result;
use crate::cipher::Context;
use crate::group::Group;
use crate::store::Store;
use async_trait::async_trait;
use consent::{Decision, Denial, Permit, Request};
use model::{RecipientId, Timestamp};
use serde_json::json;
use tlog::Kind;

/// Names a worker: 16 random bytes that it makes when it starts.
pub type WorkerId = [u8; 16];

/// Milliseconds of a day.
pub(crate) const DAY: i64 = 24 * 60 * 60 * 1000;

/// How many releases a worker takes at once.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Who takes them.
    pub worker: WorkerId,
    /// Releases under way to one destination at a time.
    pub per_destination: u32,
    /// Releases to take.
    pub limit: usize,
    /// Now.
    pub now: Timestamp,
    /// Until when they are held.
    pub until: Timestamp,
}

struct Claiming(Claim);

#[async_trait]
impl Operation for Claiming {
    type Answer = Vec<Release>;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Vec<Release>> {
        let claim = self.0;
        recover(group, claim.now).await?;
        let mut taken = Vec::new();
        while taken.len() < claim.limit {
            let next = group
                .tx
                .rows()
                .next_releases(claim.now, claim.per_destination)
                .await?;
            if next.is_empty() {
                break;
            }
            for id in next.into_iter().take(claim.limit - taken.len()) {
                let Some(release) = group.tx.rows().release(id).await? else {
                    continue;
                };
                match decide(group, &release, claim.now).await? {
                    Decision::Deny(denial) => refuse(group, &release, &denial, claim.now).await?,
                    Decision::Permit(_) => {
                        let mut rows = group.tx.rows();
                        rows.lease(id, &claim.worker, claim.now, claim.until).await?;
                        taken.extend(rows.release(id).await?);
                    }
                }
            }
        }
        Ok(taken)
    }
}

/// Takes back what dead workers held. What they were sending may have been sent: that is a copy too.
async fn recover(group: &mut Group<'_, '_>, now: Timestamp) -> Result<()> {
    let lost = group.tx.rows().lost_releases(now).await?;
    if lost.is_empty() {
        return Ok(());
    }
    group.tx.rows().recover_releases(now).await?;
    for id in lost {
        let mut rows = group.tx.rows();
        let Some(release) = rows.release(id).await? else {
            continue;
        };
        if rows.attempt_counts(id).await?.unknown > 0 {
            note_copy(group, &release, None, now).await?;
        }
    }
    Ok(())
}

/// Decides again on a release, as of now.
async fn decide(group: &mut Group<'_, '_>, release: &Release, now: Timestamp) -> Result<Decision> {
    let seal_broken = gather::seal_broken(group, release.id).await?;
    let mut staff = None;
    if let Some(number) = release.glass {
        let person = group.patient(release.patient).await?;
        if let Some((name, sealed)) = group.tx.rows().glass_reason(number).await? {
            let context = Context {
                what: GLASS,
                of: &number.to_be_bytes(),
            };
            let reason = person.accounting().open_text(&context, &sealed)?;
            staff = Some((name, reason));
        }
    }
    let question = Question {
        patient: release.patient,
        study: &release.study,
        recipient: release.recipient.as_str(),
        request: Request {
            purpose: release.purpose,
            retention_days: release.retention_days,
        },
        seal_broken,
        glass: staff.as_ref().map(|(staff, reason)| Glass {
            staff,
            reason,
            number: release.glass,
        }),
    };
    match gather::decide(group, &question, now).await? {
        // What was ordered under one profile must not go out under another.
        Decision::Permit(permit) if permit.profile().as_str() != release.profile => {
            Ok(Decision::Deny(Denial {
                reasons: vec![consent::Reason {
                    policy: "profile-changed".to_owned(),
                    plain: "The agreement changed after this was ordered. Order it again.".to_owned(),
                    llano: "El acuerdo cambió después del pedido. Pídalo otra vez.".to_owned(),
                }],
            }))
        }
        decided => Ok(decided),
    }
}

/// Ends a release that is not permitted any more.
pub(super) async fn refuse(
    group: &mut Group<'_, '_>,
    release: &Release,
    denial: &Denial,
    now: Timestamp,
) -> Result<()> {
    let refused = Refused {
        patient: release.patient,
        study: &release.study,
        recipient: release.recipient.as_str(),
        purpose: release.purpose,
        release: Some(release.id),
        by: &release.ordered_by,
        at: now,
    };
    deny(group, &refused, denial).await?;
    group
        .tx
        .rows()
        .stop_release(release.id, ReleaseState::Denied, denial.plain(), now)
        .await
}

/// Re-decides on a release that waits or is under way; stops it when it is not permitted any more. True when it was stopped.
pub(super) async fn check(
    group: &mut Group<'_, '_>,
    release: &Release,
    state: ReleaseState,
    now: Timestamp,
) -> Result<bool> {
    let Decision::Deny(denial) = decide(group, release, now).await? else {
        return Ok(false);
    };
    refuse(group, release, &denial, now).await?;
    if state != ReleaseState::Denied {
        // The same end under the name that says who brought it about.
        group.tx.rows().rename_end(release.id, state).await?;
    }
    Ok(true)
}

struct Renewal {
    worker: WorkerId,
    releases: Vec<ReleaseId>,
    now: Timestamp,
    until: Timestamp,
}

#[async_trait]
impl Operation for Renewal {
    type Answer = Vec<ReleaseId>;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Vec<ReleaseId>> {
        group
            .tx
            .rows()
            .renew(&self.worker, &self.releases, self.now, self.until)
            .await
    }
}

/// An instance that is ready to go.
#[derive(Clone, Debug)]
pub struct Intent {
    /// The release.
    pub release: ReleaseId,
    /// Who works on it.
    pub worker: WorkerId,
    /// The instance here.
    pub instance: model::Uid,
    /// The copy's SOP Instance UID.
    pub copy_uid: model::Uid,
    /// SHA-256 of the copy's data set.
    pub copy_digest: [u8; 32],
    /// The copy's seal, with its log entry, unless the copy is the original or was sealed by an earlier attempt.
    pub derived: Option<(Vec<u8>, tlog::Entry)>,
    /// Now.
    pub now: Timestamp,
}

/// The answer to an intent.
#[derive(PartialEq, Eq, Debug)]
pub enum Intended {
    /// It may go: its account is durable.
    Go {
        /// What must be given up to deliver it.
        permit: Permit,
        /// Its account.
        disclosure: super::DisclosureId,
    },
    /// It may not go any more; the release is over.
    Denied(Denial),
    /// The release is not this worker's any more: it was stopped, or the lease ran out.
    Lost,
}

struct Intending(Intent);

#[async_trait]
impl Operation for Intending {
    type Answer = Intended;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Intended> {
        let intent = &self.0;
        let Some(release) = group.tx.rows().release(intent.release).await? else {
            return Ok(Intended::Lost);
        };
        let held = release.state == ReleaseState::Running
            && release.owner.as_deref() == Some(intent.worker.as_slice())
            && release.lease_until.is_some_and(|until| until >= intent.now);
        if !held {
            return Ok(Intended::Lost);
        }
        let permit = match decide(group, &release, intent.now).await? {
            Decision::Permit(permit) => permit,
            Decision::Deny(denial) => {
                refuse(group, &release, &denial, intent.now).await?;
                return Ok(Intended::Denied(denial));
            }
        };
        if let Some((record, entry)) = &intent.derived
            && group.tx.rows().derived(&intent.copy_uid).await?.is_none()
        {
            let person = group.patient(release.patient).await?;
            let log_index = group.log(entry);
            let context = Context {
                what: super::DERIVED,
                of: intent.copy_uid.as_str().as_bytes(),
            };
            let sealed = person
                .accounting()
                .seal(group.notary.random.as_ref(), &context, record)?;
            let record = crate::index::RecordRow {
                sealed,
                made_at: intent.now,
                log_index,
            };
            group
                .tx
                .rows()
                .insert_derived(&intent.copy_uid, release.patient, release.id, &record)
                .await?;
        }
        let mut rows = group.tx.rows();
        rows.name_copy(
            release.id,
            &intent.instance,
            &intent.copy_uid,
            &intent.copy_digest,
        )
        .await?;
        let number = rows
            .insert_attempt(
                release.id,
                release.patient,
                &release.recipient,
                &intent.instance,
                intent.now,
            )
            .await?;
        Ok(Intended::Go {
            permit,
            disclosure: super::DisclosureId(number),
        })
    }
}

/// What became of an attempt.
#[derive(Clone, Debug)]
pub struct Settled {
    /// Its number.
    pub attempt: i64,
    /// What became of it.
    pub state: AttemptState,
    /// True when it must not be tried again: the recipient does not take this instance.
    pub refused: bool,
    /// What the door said.
    pub detail: Option<String>,
    /// The Study Instance UID that the recipient has.
    pub copy_study: Option<model::Uid>,
    /// Now.
    pub now: Timestamp,
}

struct Settling(Settled);

#[async_trait]
impl Operation for Settling {
    type Answer = ();

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<()> {
        let settled = &self.0;
        let mut rows = group.tx.rows();
        let Some(attempt) = rows.attempt(settled.attempt).await? else {
            return Ok(());
        };
        // A late answer tells more than a recovery could know; what is settled otherwise stays.
        if !matches!(attempt.state, AttemptState::Intended | AttemptState::Unknown) {
            return Ok(());
        }
        rows.set_attempt(
            settled.attempt,
            settled.state,
            settled.detail.as_deref(),
            settled.now,
        )
        .await?;
        let piece = match settled.state {
            AttemptState::Sent => Some(PieceState::Delivered),
            _ if settled.refused => Some(PieceState::Refused),
            _ => None,
        };
        if let Some(piece) = piece {
            rows.set_piece(
                attempt.release,
                &attempt.instance,
                piece,
                settled.detail.as_deref(),
            )
            .await?;
        }
        if settled.state == AttemptState::NotSent && attempt.state == AttemptState::Unknown {
            rows.recount_copy(attempt.release).await?;
        }
        if matches!(settled.state, AttemptState::Sent | AttemptState::Unknown)
            && let Some(release) = rows.release(attempt.release).await?
        {
            note_copy(group, &release, settled.copy_study.clone(), settled.now).await?;
        }
        Ok(())
    }
}

/// The recipient has, or may have, something of a release.
async fn note_copy(
    group: &mut Group<'_, '_>,
    release: &Release,
    copy_study: Option<model::Uid>,
    now: Timestamp,
) -> Result<()> {
    let days = keep_days(group, release).await?;
    let copy = CopyRow {
        number: 0,
        release: release.id,
        patient: release.patient,
        study: release.study.clone(),
        copy_study,
        recipient: release.recipient.clone(),
        purpose: release.purpose,
        profile: release.profile.clone(),
        released_at: now,
        due_at: days.map(|days| now.plus_millis(i64::from(days) * DAY)),
        state: CopyState::Live,
        reason: None,
        manifest_root: None,
        instances: 0,
        request: None,
        document: None,
        requested_at: None,
        answer_due: None,
        receipt_at: None,
        tries: 0,
    };
    group.tx.rows().note_copy(release.id, &copy).await?;
    // A release that was stopped because its permission ended must not leave a copy behind that lives on.
    if matches!(release.state, ReleaseState::Cancelled | ReleaseState::Denied)
        && copy.due_at.is_some()
        && let Some(copy) = group.tx.rows().copy_of_release(release.id).await?
    {
        group.tx.rows().expire_copy(copy.number, "revoked", now).await?;
    }
    Ok(())
}

/// Days that the recipient may keep a copy: as asked, and no longer than agreed.
async fn keep_days(group: &mut Group<'_, '_>, release: &Release) -> Result<Option<u32>> {
    let recipient = gather::recipient(&mut group.tx.rows(), release.recipient.as_str()).await?;
    let agreed = recipient
        .and_then(|recipient| recipient.agreement)
        .and_then(|agreement| agreement.retention_days);
    Ok(match (agreed, release.retention_days) {
        (Some(agreed), Some(asked)) => Some(agreed.min(asked)),
        (agreed, asked) => agreed.or(asked),
    })
}

/// How a delivery ended.
#[derive(Clone, Debug)]
pub enum Ending {
    /// Nothing of it waits any more.
    Complete,
    /// The destination failed: it is left alone until then.
    Retry {
        /// What went wrong, without PHI.
        why: String,
        /// The next try of this release.
        next_at: Timestamp,
        /// Other releases to this destination wait until then.
        blocked_until: Timestamp,
    },
    /// The destination works, and this release alone must be tried again.
    Later {
        /// What went wrong, without PHI.
        why: String,
        /// The next try.
        next_at: Timestamp,
    },
}

struct Finishing {
    release: ReleaseId,
    worker: WorkerId,
    /// Instances that could not be made safe, and why.
    withheld: Vec<(model::Uid, String)>,
    ending: Ending,
    now: Timestamp,
}

#[async_trait]
impl Operation for Finishing {
    type Answer = Option<ReleaseState>;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Option<ReleaseState>> {
        let (id, now) = (self.release, self.now);
        let Some(release) = group.tx.rows().release(id).await? else {
            return Ok(None);
        };
        if release.owner.as_deref() != Some(self.worker.as_slice()) {
            return Ok(Some(release.state));
        }
        for (instance, why) in &self.withheld {
            group
                .tx
                .rows()
                .set_piece(id, instance, PieceState::Withheld, Some(why))
                .await?;
        }
        let (state, reason, next_at) = match (&self.ending, release.state) {
            (_, stopped @ (ReleaseState::Cancelled | ReleaseState::Denied)) => {
                (stopped, release.reason.clone(), now)
            }
            (Ending::Complete, _) => {
                let counts = group.tx.rows().attempt_counts(id).await?;
                group
                    .tx
                    .rows()
                    .set_destination(&release.recipient, 0, now)
                    .await?;
                if counts.sent + counts.unknown == 0 {
                    (ReleaseState::Withheld, self.first_reason(), now)
                } else {
                    (ReleaseState::Done, self.first_reason(), now)
                }
            }
            (
                Ending::Retry {
                    why,
                    next_at,
                    blocked_until,
                },
                _,
            ) => {
                let mut rows = group.tx.rows();
                let failures = rows.destination_failures(&release.recipient).await?;
                rows.set_destination(&release.recipient, failures.saturating_add(1), *blocked_until)
                    .await?;
                (ReleaseState::Queued, Some(why.clone()), *next_at)
            }
            (Ending::Later { why, next_at }, _) => (ReleaseState::Queued, Some(why.clone()), *next_at),
        };
        group
            .tx
            .rows()
            .set_release(id, state, reason.as_deref(), next_at, now)
            .await?;
        if state == ReleaseState::Done {
            let person = group.patient(release.patient).await?;
            let counts = group.tx.rows().attempt_counts(id).await?;
            let statement = json!({
                "event": "delivered", "release": id.number(), "recipient": release.recipient.as_str(),
                "sent": counts.sent, "unknown": counts.unknown, "asked": counts.asked, "at": now.to_string(),
            });
            // The statement is for the log; the rows say the same in more detail.
            state_only(group, &person, now, &statement)?;
        }
        Ok(Some(state))
    }
}

fn state_only(
    group: &mut Group<'_, '_>,
    person: &crate::group::Patient,
    now: Timestamp,
    statement: &serde_json::Value,
) -> Result<()> {
    state(group, person, Kind::Delivered, now, statement).map(|_| ())
}

impl Finishing {
    fn first_reason(&self) -> Option<String> {
        self.withheld.first().map(|(_, why)| why.clone())
    }
}

impl Store {
    /// Takes releases whose turn has come, after deciding on each again. What workers held that did not renew in time is
    /// taken back first.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn claim(&self, claim: Claim) -> Result<Vec<Release>> {
        let mut rows = self.index().rows().await?;
        // Most of the time nothing waits: then nothing is written.
        if rows
            .next_releases(claim.now, claim.per_destination)
            .await?
            .is_empty()
            && !rows.has_lost_releases(claim.now).await?
        {
            return Ok(Vec::new());
        }
        drop(rows);
        self.perform(Claiming(claim)).await
    }

    /// Renews a worker's hold on releases; gives those that it still holds. The others must be aborted at once.
    ///
    /// # Errors
    /// As [`seal`](Self::seal): then nothing is held any more once the last lease has run out.
    pub async fn renew(
        &self,
        worker: WorkerId,
        releases: Vec<ReleaseId>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ReleaseId>> {
        self.perform(Renewal {
            worker,
            releases,
            now,
            until,
        })
        .await
    }

    /// Decides once more and, when an instance may go, accounts for it: only then does a [`DisclosureId`](super::DisclosureId)
    /// exist.
    ///
    /// # Errors
    /// As [`seal`](Self::seal): then the instance must not go.
    pub async fn intend(&self, intent: Intent) -> Result<Intended> {
        self.perform(Intending(intent)).await
    }

    /// Notes what became of an attempt.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn settle(&self, settled: Settled) -> Result<()> {
        self.perform(Settling(settled)).await
    }

    /// Ends a delivery; gives where the release stands then.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn finish(
        &self,
        release: ReleaseId,
        worker: WorkerId,
        withheld: Vec<(model::Uid, String)>,
        ending: Ending,
        now: Timestamp,
    ) -> Result<Option<ReleaseState>> {
        self.perform(Finishing {
            release,
            worker,
            withheld,
            ending,
            now,
        })
        .await
    }

    /// A release that waits or is under way is stopped by an officer. False when it was over.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn cancel_release(&self, release: ReleaseId, why: String, now: Timestamp) -> Result<bool> {
        self.perform(Cancel { release, why, now }).await
    }

    /// Failures in a row at a destination.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database).
    pub async fn destination_failures(&self, recipient: &RecipientId) -> Result<u32> {
        self.index().rows().await?.destination_failures(recipient).await
    }
}

struct Cancel {
    release: ReleaseId,
    why: String,
    now: Timestamp,
}

#[async_trait]
impl Operation for Cancel {
    type Answer = bool;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<bool> {
        let mut rows = group.tx.rows();
        let Some(release) = rows.release(self.release).await? else {
            return Ok(false);
        };
        if !matches!(release.state, ReleaseState::Queued | ReleaseState::Running) {
            return Ok(false);
        }
        rows.stop_release(release.id, ReleaseState::Cancelled, &self.why, self.now)
            .await?;
        Ok(true)
    }
}
