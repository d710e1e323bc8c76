//! An order to release: decided, accounted for and queued in one transaction, or refused and accounted for.

use super::gather::{self, Glass, Question};
use super::ids::ReleaseId;
use super::operation::Operation;
use super::rows::NoticeRow;
use super::statement::state;
use crate::cipher::Context;
use crate::group::Group;
use crate::index::{NewDenialRow, NewReleaseRow};
use crate::store::Store;
use crate::{PatientId, Result};
use async_trait::async_trait;
use consent::{Decision, Denial, Reason, Request};
use model::{Purpose, RecipientId, Timestamp, Uid};
use serde_json::json;
use tlog::Kind;

/// The privacy officer must see a use of break-glass within this time, in milliseconds.
const OFFICER_TOLD: i64 = 60 * 1000;
/// And the patient within this (24 hours).
const PATIENT_TOLD: i64 = 24 * 60 * 60 * 1000;

pub(crate) const GLASS: &str = "break-glass";

/// What is to go, to whom, what for.
#[derive(Clone, Debug)]
pub struct NewRelease {
    /// Study Instance UID.
    pub study: Uid,
    /// Only these instances of it; empty: all.
    pub instances: Vec<Uid>,
    /// To whom, as it was asked: it may name nobody.
    pub recipient: String,
    /// What for.
    pub purpose: Purpose,
    /// Days that the recipient wants to keep it. None: as agreed.
    pub retention_days: Option<u32>,
    /// What ordered it: `route:NAME`, `cli`, `api`.
    pub origin: String,
    /// Who ordered it, by account name.
    pub ordered_by: String,
    /// Why the glass is broken, in the words of who ordered it. For BTG alone.
    pub emergency: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// The answer to an order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ordered {
    /// It is permitted as of now, accounted for and waits for its turn.
    Queued {
        /// The release.
        release: ReleaseId,
        /// Instances in it.
        instances: u64,
        /// The de-identification profile.
        profile: String,
        /// Why it is permitted.
        reasons: Vec<Reason>,
        /// What the recipient must be told of the scan.
        banner: Option<Reason>,
    },
    /// It is not permitted; the refusal is accounted for.
    Denied(Denial),
    /// No such study is here, or no such instance in it.
    NotFound,
}

pub(super) struct Order(pub(super) NewRelease);

#[async_trait]
impl Operation for Order {
    type Answer = Ordered;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Ordered> {
        let new = &self.0;
        let Some((patient, found)) = group.tx.rows().study_instances(&new.study).await? else {
            return Ok(Ordered::NotFound);
        };
        let wanted: Vec<_> = found
            .into_iter()
            .filter(|(uid, _)| new.instances.is_empty() || new.instances.contains(uid))
            .collect();
        if wanted.is_empty() || (!new.instances.is_empty() && wanted.len() < new.instances.len()) {
            return Ok(Ordered::NotFound);
        }
        let glass = new.emergency.as_deref().map(|reason| Glass {
            staff: &new.ordered_by,
            reason,
            number: None,
        });
        let question = Question {
            patient,
            study: &new.study,
            recipient: &new.recipient,
            request: Request {
                purpose: new.purpose,
                retention_days: new.retention_days,
            },
            seal_broken: wanted.iter().any(|(_, revoked)| *revoked),
            glass,
        };
        match gather::decide(group, &question, new.at).await? {
            Decision::Deny(denial) => {
                let refused = Refused {
                    patient,
                    study: &new.study,
                    recipient: &new.recipient,
                    purpose: new.purpose,
                    release: None,
                    by: &new.ordered_by,
                    at: new.at,
                };
                deny(group, &refused, &denial).await?;
                Ok(Ordered::Denied(denial))
            }
            Decision::Permit(permit) => {
                let person = group.patient(patient).await?;
                let glass = match &question.glass {
                    Some(used) => Some(break_glass(group, patient, new, used.reason).await?),
                    None => None,
                };
                let instances: Vec<Uid> = wanted.into_iter().map(|(uid, _)| uid).collect();
                let policies: Vec<&str> = permit.reasons().iter().map(|r| r.policy.as_str()).collect();
                let statement = json!({
                    "event": "release", "study": new.study.as_str(), "recipient": permit.recipient().as_str(),
                    "purpose": new.purpose.code(), "profile": permit.profile().as_str(),
                    "retention_days": permit.retention_days(), "instances": instances.len(),
                    "origin": new.origin, "by": new.ordered_by, "policies": policies, "at": new.at.to_string(),
                });
                let (sealed, log_index) = state(group, &person, Kind::Release, new.at, &statement)?;
                let recipient: &RecipientId = permit.recipient();
                let row = NewReleaseRow {
                    patient,
                    study: &new.study,
                    instances: &instances,
                    recipient,
                    purpose: new.purpose,
                    retention_days: new.retention_days,
                    profile: permit.profile().as_str(),
                    origin: &new.origin,
                    ordered_by: &new.ordered_by,
                    glass,
                    made_at: new.at,
                    sealed,
                    log_index,
                };
                let release = group.tx.rows().insert_release(&row).await?;
                Ok(Ordered::Queued {
                    release,
                    instances: instances.len() as u64,
                    profile: permit.profile().as_str().to_owned(),
                    reasons: permit.reasons().to_vec(),
                    banner: permit.banner().cloned(),
                })
            }
        }
    }
}

/// Records the use, and whom it must be told.
async fn break_glass(
    group: &mut Group<'_, '_>,
    patient: PatientId,
    new: &NewRelease,
    reason: &str,
) -> Result<i64> {
    let person = group.patient(patient).await?;
    let number = group
        .tx
        .rows()
        .insert_glass(&new.ordered_by, patient, &new.study, new.at)
        .await?;
    let context = Context {
        what: GLASS,
        of: &number.to_be_bytes(),
    };
    let sealed = person
        .accounting()
        .seal(group.notary.random.as_ref(), &context, reason.as_bytes())?;
    group.tx.rows().seal_glass(number, &sealed).await?;
    for (audience, within) in [("officer", OFFICER_TOLD), ("patient", PATIENT_TOLD)] {
        let notice = NoticeRow {
            number: 0,
            audience: audience.to_owned(),
            patient: Some(patient),
            kind: GLASS.to_owned(),
            about: number.to_string(),
            made_at: new.at,
            due_at: new.at.plus_millis(within),
            told_at: None,
        };
        group.tx.rows().insert_notice(&notice).await?;
    }
    Ok(number)
}

/// What was refused.
pub(crate) struct Refused<'a> {
    pub(crate) patient: PatientId,
    pub(crate) study: &'a Uid,
    pub(crate) recipient: &'a str,
    pub(crate) purpose: Purpose,
    pub(crate) release: Option<ReleaseId>,
    pub(crate) by: &'a str,
    pub(crate) at: Timestamp,
}

/// Accounts for a refusal.
pub(crate) async fn deny(group: &mut Group<'_, '_>, refused: &Refused<'_>, denial: &Denial) -> Result<()> {
    let person = group.patient(refused.patient).await?;
    let policies: Vec<&str> = denial
        .reasons
        .iter()
        .map(|reason| reason.policy.as_str())
        .collect();
    let statement = json!({
        "event": "denial", "study": refused.study.as_str(), "recipient": refused.recipient,
        "purpose": refused.purpose.code(), "reason": denial.plain(), "policies": policies, "by": refused.by,
        "release": refused.release.map(ReleaseId::number), "at": refused.at.to_string(),
    });
    let (sealed, log_index) = state(group, &person, Kind::Deny, refused.at, &statement)?;
    let row = NewDenialRow {
        patient: refused.patient,
        study: refused.study,
        recipient: refused.recipient,
        purpose: refused.purpose,
        release: refused.release,
        reason: denial.plain(),
        policies: &policies.join(","),
        made_at: refused.at,
        sealed,
        log_index,
    };
    group.tx.rows().insert_denial(&row).await?;
    Ok(())
}

impl Store {
    /// Decides on an order and, when it is permitted, queues it: decision, account, log entry and job commit together.
    ///
    /// # Errors
    /// As [`seal`](Self::seal); nothing is queued then.
    pub async fn order(&self, new: NewRelease) -> Result<Ordered> {
        self.perform(Order(new)).await
    }
}
