//! What patients decide, and what that stops at once.

use super::gather;
use super::ids::ReleaseId;
use super::operation::Operation;
use super::queue;
use super::rows::{CopyRow, CopyState, NoticeRow, ReleaseState};
use super::statement::{PERSON, state};
use crate::cipher::Context;
use crate::group::Group;
use crate::index::{DirectiveRow, FlagRow};
use crate::keys::{KeyRing, Token};
use crate::store::Store;
use crate::{Error, PatientId, PatientIdentity, Result};
use async_trait::async_trait;
use consent::{Directive, DirectiveId, Person, Says};
use model::{Timestamp, Uid};
use serde_json::json;
use tlog::Kind;

/// Somebody must be told of what happened within this time, in milliseconds.
const TOLD: i64 = 24 * 60 * 60 * 1000;

/// What a directive, a withdrawal or a flag brought about, all in one transaction.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Effect {
    /// The directive.
    pub directive: Option<DirectiveId>,
    /// The index of its log entry.
    pub log_index: u64,
    /// Releases that were stopped: queued ones are off, running ones abort when they renew their lease.
    pub stopped: Vec<ReleaseId>,
    /// Copies outside whose deletion was ordered, by number.
    pub recalled: Vec<i64>,
}

struct Direct {
    identity: PatientIdentity,
    directive: Directive,
}

#[async_trait]
impl Operation for Direct {
    type Answer = Effect;

    fn patient(&self, keys: &KeyRing) -> Option<Token> {
        Some(keys.patient_of(&self.identity))
    }

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Effect> {
        let person = group.patient_or_new(&self.identity).await?;
        let mut directive = self.directive.clone();
        directive.id = DirectiveId(group.tx.rows().next_directive().await?);
        let now = directive.made_at;
        let statement = json!({ "event": "directive", "directive": directive });
        let (sealed, log_index) = state(group, &person, Kind::Consent, now, &statement)?;
        let row = DirectiveRow {
            id: directive.id.0,
            patient: person.id,
            sealed,
            made_at: now,
            withdrawn_at: None,
            log_index,
        };
        group.tx.rows().insert_directive(&row).await?;
        let mut effect = enforce(group, person.id, &directive, directive.says == Says::No, now).await?;
        (effect.directive, effect.log_index) = (Some(directive.id), log_index);
        Ok(effect)
    }
}

struct Withdraw {
    id: DirectiveId,
    now: Timestamp,
}

#[async_trait]
impl Operation for Withdraw {
    type Answer = Option<Effect>;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Option<Effect>> {
        let Some(row) = group.tx.rows().directive(self.id.0).await? else {
            return Ok(None);
        };
        if !group.tx.rows().withdraw_directive(self.id.0, self.now).await? {
            // It was withdrawn before: what that brought about stands.
            return Ok(Some(Effect {
                directive: Some(self.id),
                log_index: row.log_index,
                ..Effect::default()
            }));
        }
        let person = group.patient(row.patient).await?;
        let directive = gather::directive(&person, &row)?;
        let statement = json!({ "event": "withdrawal", "directive": self.id, "at": self.now.to_string() });
        let (_, log_index) = state(group, &person, Kind::Consent, self.now, &statement)?;
        let mut effect = enforce(
            group,
            row.patient,
            &directive,
            directive.says == Says::Yes,
            self.now,
        )
        .await?;
        (effect.directive, effect.log_index) = (Some(self.id), log_index);
        Ok(Some(effect))
    }
}

/// Stops what is not permitted any more; where the patient said no (or took a yes back), also recalls the copies that it
/// covers.
async fn enforce(
    group: &mut Group<'_, '_>,
    patient: PatientId,
    directive: &Directive,
    recalls: bool,
    now: Timestamp,
) -> Result<Effect> {
    let people = group.tx.rows().patients_of_same_id(patient).await?;
    let mut effect = Effect::default();
    for row in people {
        for release in group.tx.rows().open_releases_of(row.id).await? {
            if queue::check(group, &release, ReleaseState::Cancelled, now).await? {
                effect.stopped.push(release.id);
            }
        }
        if !recalls {
            continue;
        }
        for copy in group.tx.rows().copies_of(row.id).await? {
            if recalled_by(&copy, directive) {
                group.tx.rows().expire_copy(copy.number, "revoked", now).await?;
                effect.recalled.push(copy.number);
            }
        }
    }
    if !effect.stopped.is_empty() || !effect.recalled.is_empty() {
        let about = format!(
            "{} stopped, {} recalled",
            effect.stopped.len(),
            effect.recalled.len()
        );
        notify(group, "patient", Some(patient), "directive", &about, now).await?;
        notify(group, "officer", Some(patient), "directive", &about, now).await?;
    }
    Ok(effect)
}

/// Whether a copy outside must come to its end by this no. One that the recipient may keep (treatment, the law) stays.
fn recalled_by(copy: &CopyRow, directive: &Directive) -> bool {
    matches!(copy.state, CopyState::Live | CopyState::Expiring)
        && copy.due_at.is_some()
        && directive.covers(copy.purpose, &copy.recipient)
}

pub(super) async fn notify(
    group: &mut Group<'_, '_>,
    audience: &str,
    patient: Option<PatientId>,
    kind: &str,
    about: &str,
    now: Timestamp,
) -> Result<()> {
    let notice = NoticeRow {
        number: 0,
        audience: audience.to_owned(),
        patient,
        kind: kind.to_owned(),
        about: about.to_owned(),
        made_at: now,
        due_at: now.plus_millis(TOLD),
        told_at: None,
    };
    group.tx.rows().insert_notice(&notice).await
}

struct SetPerson {
    identity: PatientIdentity,
    person: Person,
    now: Timestamp,
}

#[async_trait]
impl Operation for SetPerson {
    type Answer = PatientId;

    fn patient(&self, keys: &KeyRing) -> Option<Token> {
        Some(keys.patient_of(&self.identity))
    }

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<PatientId> {
        let patient = group.patient_or_new(&self.identity).await?;
        let context = Context {
            what: PERSON,
            of: &patient.id.0.to_be_bytes(),
        };
        let document =
            serde_json::to_vec(&self.person).map_err(|_| Error::Corrupt("a record of a person"))?;
        let sealed = patient
            .accounting()
            .seal(group.notary.random.as_ref(), &context, &document)?;
        group.tx.rows().put_person(patient.id, &sealed, self.now).await?;
        for release in group.tx.rows().open_releases_of(patient.id).await? {
            queue::check(group, &release, ReleaseState::Cancelled, self.now).await?;
        }
        Ok(patient.id)
    }
}

struct Flag {
    study: Uid,
    reason: String,
    by: String,
    now: Timestamp,
}

#[async_trait]
impl Operation for Flag {
    type Answer = Option<Effect>;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Option<Effect>> {
        let Some((owner, _)) = group.tx.rows().study_sealed(&self.study).await? else {
            return Ok(None);
        };
        let person = group.patient(owner).await?;
        let statement = json!({ "event": "flag", "study": self.study.as_str(), "reason": self.reason, "by": self.by,
            "at": self.now.to_string() });
        let (sealed, log_index) = state(group, &person, Kind::Consent, self.now, &statement)?;
        let row = FlagRow {
            patient: owner,
            study: self.study.clone(),
            sealed,
            made_at: self.now,
            log_index,
        };
        group.tx.rows().insert_flag(&row).await?;
        notify(
            group,
            "officer",
            Some(owner),
            "flag",
            self.study.as_str(),
            self.now,
        )
        .await?;
        let mut effect = Effect {
            log_index,
            ..Effect::default()
        };
        for release in group.tx.rows().open_releases_of(owner).await? {
            if queue::check(group, &release, ReleaseState::Cancelled, self.now).await? {
                effect.stopped.push(release.id);
            }
        }
        Ok(Some(effect))
    }
}

struct ClearFlags {
    study: Uid,
    by: String,
    now: Timestamp,
}

#[async_trait]
impl Operation for ClearFlags {
    type Answer = u64;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<u64> {
        let Some((owner, _)) = group.tx.rows().study_sealed(&self.study).await? else {
            return Ok(0);
        };
        let cleared = group.tx.rows().clear_flags(&self.study, self.now).await?;
        if cleared > 0 {
            let person = group.patient(owner).await?;
            let statement = json!({ "event": "flag-cleared", "study": self.study.as_str(), "by": self.by,
                "at": self.now.to_string() });
            state(group, &person, Kind::Consent, self.now, &statement)?;
        }
        Ok(cleared)
    }
}

impl Store {
    /// Records a directive (its `id` is given here) and, in the same transaction, stops every release that it forbids and
    /// orders the deletion of the copies that a no covers.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn record_directive(&self, identity: PatientIdentity, directive: Directive) -> Result<Effect> {
        self.perform(Direct { identity, directive }).await
    }

    /// Withdraws a directive, with the same effects. None when there is no such directive.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn withdraw_directive(&self, id: DirectiveId, now: Timestamp) -> Result<Option<Effect>> {
        self.perform(Withdraw { id, now }).await
    }

    /// What bears on decisions about a patient is recorded, in place of what was.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn set_person(
        &self,
        identity: PatientIdentity,
        person: Person,
        now: Timestamp,
    ) -> Result<PatientId> {
        self.perform(SetPerson {
            identity,
            person,
            now,
        })
        .await
    }

    /// A study is flagged as wrong, or not this patient's: releases freeze. None when it is not here.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn flag_study(
        &self,
        study: Uid,
        reason: String,
        by: String,
        now: Timestamp,
    ) -> Result<Option<Effect>> {
        self.perform(Flag {
            study,
            reason,
            by,
            now,
        })
        .await
    }

    /// An officer clears the flags of a study; gives how many.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn clear_flags(&self, study: Uid, by: String, now: Timestamp) -> Result<u64> {
        self.perform(ClearFlags { study, by, now }).await
    }
}
