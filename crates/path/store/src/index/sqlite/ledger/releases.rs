//! Releases: the orders, and the queue that they are.

use super::super::decode::{named, number, timestamp, uid};
use super::super::{from_sql, to_sql};
use super::Rows;
use crate::index::NewReleaseRow;
use crate::ledger::{Piece, PieceState, Release, ReleaseId, ReleaseState};
use crate::row::PatientId;
use crate::{Error, Result};
use model::{RecipientId, Timestamp, Uid};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

pub(super) const DAMAGED: Error = Error::Corrupt("a row of the ledger");

macro_rules! select_releases {
    ($rest:literal) => {
        concat!(
            "SELECT id, patient, study, recipient, purpose, retention_days, profile, origin, ordered_by, glass, state, ",
            "reason, made_at, changed_at, attempts, next_at, owner, lease_until, log_index FROM release ",
            $rest
        )
    };
}

pub(super) fn moment(row: &SqliteRow, at: usize) -> Result<Option<Timestamp>> {
    Ok(row.try_get::<Option<i64>, _>(at)?.map(Timestamp::from_millis))
}

pub(super) fn recipient(row: &SqliteRow, at: usize) -> Result<RecipientId> {
    RecipientId::new(row.try_get(at)?).map_err(|_| DAMAGED)
}

fn release(row: &SqliteRow) -> Result<Release> {
    let retention: Option<i64> = row.try_get(5)?;
    Ok(Release {
        id: ReleaseId(row.try_get(0)?),
        patient: PatientId(row.try_get(1)?),
        study: uid(row, 2)?,
        recipient: recipient(row, 3)?,
        purpose: named(row, 4, |name| name.parse().ok())?,
        retention_days: retention
            .map(|days| u32::try_from(days).map_err(|_| DAMAGED))
            .transpose()?,
        profile: row.try_get(6)?,
        origin: row.try_get(7)?,
        ordered_by: row.try_get(8)?,
        glass: row.try_get(9)?,
        state: named(row, 10, ReleaseState::from_name)?,
        reason: row.try_get(11)?,
        made_at: timestamp(row, 12)?,
        changed_at: timestamp(row, 13)?,
        attempts: u32::try_from(from_sql(row.try_get(14)?)?).map_err(|_| DAMAGED)?,
        next_at: timestamp(row, 15)?,
        owner: row.try_get(16)?,
        lease_until: moment(row, 17)?,
        log_index: number(row, 18)?,
    })
}

fn piece(row: &SqliteRow) -> Result<Piece> {
    let copy_uid: Option<&str> = row.try_get(3)?;
    let digest: Option<&[u8]> = row.try_get(4)?;
    Ok(Piece {
        instance: uid(row, 0)?,
        state: named(row, 1, PieceState::from_name)?,
        detail: row.try_get(2)?,
        copy_uid: copy_uid
            .map(|text| Uid::new(text).map_err(|_| DAMAGED))
            .transpose()?,
        copy_digest: digest
            .map(|bytes| bytes.try_into().map_err(|_| DAMAGED))
            .transpose()?,
    })
}

impl Rows<'_> {
    pub(crate) async fn release(&mut self, id: ReleaseId) -> Result<Option<Release>> {
        let row = sqlx::query(select_releases!("WHERE id = ?"))
            .bind(id.0)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(release).transpose()
    }

    /// The newest first; of one state, or all.
    pub(crate) async fn releases(&mut self, state: Option<ReleaseState>, limit: u32) -> Result<Vec<Release>> {
        let rows = match state {
            Some(state) => {
                sqlx::query(select_releases!("WHERE state = ? ORDER BY id DESC LIMIT ?"))
                    .bind(state.as_str())
                    .bind(limit)
                    .fetch_all(self.connection())
                    .await?
            }
            None => {
                sqlx::query(select_releases!("ORDER BY id DESC LIMIT ?"))
                    .bind(limit)
                    .fetch_all(self.connection())
                    .await?
            }
        };
        rows.iter().map(release).collect()
    }

    pub(crate) async fn releases_of(&mut self, patient: PatientId) -> Result<Vec<Release>> {
        let rows = sqlx::query(select_releases!("WHERE patient = ? ORDER BY id"))
            .bind(patient.0)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(release).collect()
    }

    /// Of a patient, those that wait or are under way.
    pub(crate) async fn open_releases_of(&mut self, patient: PatientId) -> Result<Vec<Release>> {
        let rows = sqlx::query(select_releases!(
            "WHERE patient = ? AND state IN ('queued', 'running') ORDER BY id"
        ))
        .bind(patient.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(release).collect()
    }

    pub(crate) async fn insert_release(&mut self, new: &NewReleaseRow<'_>) -> Result<ReleaseId> {
        let row = sqlx::query(
            "INSERT INTO release (patient, study, recipient, purpose, retention_days, profile, origin, ordered_by, glass, \
             state, made_at, changed_at, next_at, sealed, log_index) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'queued', ?10, ?10, ?10, ?11, ?12) RETURNING id",
        )
        .bind(new.patient.0)
        .bind(new.study.as_str())
        .bind(new.recipient.as_str())
        .bind(new.purpose.code())
        .bind(new.retention_days)
        .bind(new.profile)
        .bind(new.origin)
        .bind(new.ordered_by)
        .bind(new.glass)
        .bind(new.made_at.millis())
        .bind(new.sealed.as_slice())
        .bind(to_sql(new.log_index))
        .fetch_one(self.connection())
        .await?;
        let id = ReleaseId(row.try_get(0)?);
        let instances: Vec<&str> = new.instances.iter().map(Uid::as_str).collect();
        sqlx::query(
            "INSERT INTO release_instance (release, instance, state) SELECT ?1, value, 'waiting' FROM json_each(?2)",
        )
        .bind(id.0)
        .bind(serde_json::to_string(&instances).unwrap_or_default())
        .execute(self.connection())
        .await?;
        sqlx::query("INSERT INTO destination (recipient) VALUES (?) ON CONFLICT DO NOTHING")
            .bind(new.recipient.as_str())
            .execute(self.connection())
            .await?;
        Ok(id)
    }

    /// Sets where a release stands, and lets go of it.
    pub(crate) async fn set_release(
        &mut self,
        id: ReleaseId,
        state: ReleaseState,
        reason: Option<&str>,
        next_at: Timestamp,
        at: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE release SET state = ?2, reason = ?3, next_at = ?4, changed_at = ?5, owner = NULL, lease_until = NULL \
             WHERE id = ?1",
        )
        .bind(id.0)
        .bind(state.as_str())
        .bind(reason)
        .bind(next_at.millis())
        .bind(at.millis())
        .execute(self.connection())
        .await?;
        self.owe_release(id, at).await
    }

    /// Stops a release that waits or is under way. Who works on it keeps its name there until they noticed.
    pub(crate) async fn stop_release(
        &mut self,
        id: ReleaseId,
        state: ReleaseState,
        reason: &str,
        at: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE release SET state = ?2, reason = ?3, changed_at = ?4 WHERE id = ?1 AND state IN ('queued', 'running')",
        )
        .bind(id.0)
        .bind(state.as_str())
        .bind(reason)
        .bind(at.millis())
        .execute(self.connection())
        .await?;
        self.owe_release(id, at).await
    }

    /// Releases whose worker did not renew its lease: what it was sending may have been sent. Each time it happens to a release
    /// it waits longer, since nodes that are too slow to renew would otherwise pass it around for ever.
    pub(crate) async fn recover_releases(&mut self, now: Timestamp) -> Result<u64> {
        sqlx::query(
            "UPDATE disclosure SET state = 'unknown', ended_at = ?1, detail = 'the sender ended in mid-send' \
             WHERE state = 'intended' AND release IN \
             (SELECT id FROM release WHERE owner IS NOT NULL AND lease_until < ?1)",
        )
        .bind(now.millis())
        .execute(self.connection())
        .await?;
        self.owe_lost_releases(now).await?;
        let lost = sqlx::query(
            "UPDATE release SET owner = NULL, lease_until = NULL, \
             state = CASE state WHEN 'running' THEN 'queued' ELSE state END, \
             next_at = max(next_at, ?1 + 250 * (min(attempts, 50) - 1)) \
             WHERE owner IS NOT NULL AND lease_until < ?1",
        )
        .bind(now.millis())
        .execute(self.connection())
        .await?;
        Ok(lost.rows_affected())
    }

    pub(crate) async fn has_lost_releases(&mut self, now: Timestamp) -> Result<bool> {
        let row =
            sqlx::query("SELECT EXISTS (SELECT 1 FROM release WHERE owner IS NOT NULL AND lease_until < ?)")
                .bind(now.millis())
                .fetch_one(self.connection())
                .await?;
        Ok(row.try_get(0)?)
    }

    /// Of each destination that is not left alone and has a place free, the oldest release whose time has come.
    pub(crate) async fn next_releases(&mut self, now: Timestamp, places: u32) -> Result<Vec<ReleaseId>> {
        let rows = sqlx::query(
            "SELECT (SELECT r.id FROM release r WHERE r.recipient = d.recipient AND r.state = 'queued' \
                     AND r.next_at <= ?1 ORDER BY r.id LIMIT 1) AS next \
             FROM destination d WHERE d.blocked_until <= ?1 AND next IS NOT NULL \
             AND (SELECT count(*) FROM release w WHERE w.owner IS NOT NULL AND w.recipient = d.recipient) < ?2 \
             ORDER BY next",
        )
        .bind(now.millis())
        .bind(places)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|row| Ok(ReleaseId(row.try_get(0)?))).collect()
    }

    pub(crate) async fn lease(
        &mut self,
        id: ReleaseId,
        owner: &[u8; 16],
        now: Timestamp,
        until: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE release SET state = 'running', owner = ?2, lease_until = ?4, attempts = attempts + 1, changed_at = ?3 \
             WHERE id = ?1",
        )
        .bind(id.0)
        .bind(owner.as_slice())
        .bind(now.millis())
        .bind(until.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Renews leases; gives those that are still held.
    pub(crate) async fn renew(
        &mut self,
        owner: &[u8; 16],
        releases: &[ReleaseId],
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<ReleaseId>> {
        let ids: Vec<i64> = releases.iter().map(|id| id.0).collect();
        let rows = sqlx::query(
            "UPDATE release SET lease_until = ?4 WHERE id IN (SELECT value FROM json_each(?2)) AND owner = ?1 \
             AND state = 'running' AND lease_until >= ?3 RETURNING id",
        )
        .bind(owner.as_slice())
        .bind(serde_json::to_string(&ids).unwrap_or_default())
        .bind(now.millis())
        .bind(until.millis())
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|row| Ok(ReleaseId(row.try_get(0)?))).collect()
    }

    pub(crate) async fn pieces(&mut self, id: ReleaseId) -> Result<Vec<Piece>> {
        let rows = sqlx::query(
            "SELECT instance, state, detail, copy_uid, copy_digest FROM release_instance WHERE release = ? ORDER BY instance",
        )
        .bind(id.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(piece).collect()
    }

    pub(crate) async fn name_copy(
        &mut self,
        release: ReleaseId,
        instance: &Uid,
        copy: &Uid,
        digest: &[u8; 32],
    ) -> Result<()> {
        sqlx::query(
            "UPDATE release_instance SET copy_uid = ?3, copy_digest = ?4 WHERE release = ?1 AND instance = ?2",
        )
        .bind(release.0)
        .bind(instance.as_str())
        .bind(copy.as_str())
        .bind(digest.as_slice())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    pub(crate) async fn set_piece(
        &mut self,
        release: ReleaseId,
        instance: &Uid,
        state: PieceState,
        detail: Option<&str>,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE release_instance SET state = ?3, detail = ?4 WHERE release = ?1 AND instance = ?2",
        )
        .bind(release.0)
        .bind(instance.as_str())
        .bind(state.as_str())
        .bind(detail)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Failures in a row at a destination.
    pub(crate) async fn destination_failures(&mut self, recipient: &RecipientId) -> Result<u32> {
        let row = sqlx::query("SELECT failures FROM destination WHERE recipient = ?")
            .bind(recipient.as_str())
            .fetch_optional(self.connection())
            .await?;
        row.map_or(Ok(0), |row| {
            u32::try_from(from_sql(row.try_get(0)?)?).map_err(|_| DAMAGED)
        })
    }

    pub(crate) async fn set_destination(
        &mut self,
        recipient: &RecipientId,
        failures: u32,
        blocked_until: Timestamp,
    ) -> Result<()> {
        sqlx::query("UPDATE destination SET failures = ?2, blocked_until = ?3 WHERE recipient = ?1")
            .bind(recipient.as_str())
            .bind(failures)
            .bind(blocked_until.millis())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// When the oldest release that waits was ordered, by recipient.
    pub(crate) async fn waiting_since(&mut self) -> Result<Vec<(RecipientId, u64, Timestamp)>> {
        let rows = sqlx::query(
            "SELECT recipient, count(*), min(made_at) FROM release WHERE state = 'queued' GROUP BY recipient",
        )
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| Ok((recipient(row, 0)?, number(row, 1)?, timestamp(row, 2)?)))
            .collect()
    }

    /// The instances of a study, each with whether its seal was withdrawn; and whose they are.
    pub(crate) async fn study_instances(
        &mut self,
        study: &Uid,
    ) -> Result<Option<(PatientId, Vec<(Uid, bool)>)>> {
        let rows = sqlx::query(
            "SELECT t.patient, i.uid, i.status = 'revoked' FROM study t JOIN series s ON s.study = t.id \
             JOIN instance i ON i.series = s.id WHERE t.uid = ? ORDER BY i.id",
        )
        .bind(study.as_str())
        .fetch_all(self.connection())
        .await?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let patient = PatientId(first.try_get(0)?);
        let instances = rows.iter().map(|row| Ok((uid(row, 1)?, row.try_get(2)?)));
        Ok(Some((patient, instances.collect::<Result<_>>()?)))
    }

    /// Whether the seal of an instance of a release was withdrawn.
    pub(crate) async fn has_revoked(&mut self, release: ReleaseId) -> Result<bool> {
        let row = sqlx::query(
            "SELECT EXISTS (SELECT 1 FROM release_instance r JOIN instance i ON i.uid = r.instance \
             WHERE r.release = ? AND i.status = 'revoked')",
        )
        .bind(release.0)
        .fetch_one(self.connection())
        .await?;
        Ok(row.try_get(0)?)
    }

    pub(crate) async fn lost_releases(&mut self, now: Timestamp) -> Result<Vec<ReleaseId>> {
        let rows = sqlx::query("SELECT id FROM release WHERE owner IS NOT NULL AND lease_until < ?")
            .bind(now.millis())
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(|row| Ok(ReleaseId(row.try_get(0)?))).collect()
    }

    /// Releases to a recipient that wait or are under way.
    pub(crate) async fn open_releases_to(&mut self, recipient: &str) -> Result<Vec<Release>> {
        let rows = sqlx::query(select_releases!(
            "WHERE recipient = ? AND state IN ('queued', 'running') ORDER BY id"
        ))
        .bind(recipient)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(release).collect()
    }

    /// Gives the end of a release another name.
    pub(crate) async fn rename_end(&mut self, id: ReleaseId, state: ReleaseState) -> Result<()> {
        sqlx::query("UPDATE release SET state = ?2 WHERE id = ?1 AND state = 'denied'")
            .bind(id.0)
            .bind(state.as_str())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Closed studies that were not held against the routes, with the revision of their manifest.
    pub(crate) async fn unrouted(&mut self, limit: u32) -> Result<Vec<(Uid, u64)>> {
        let rows = sqlx::query(
            "SELECT uid, manifest_revision FROM study WHERE routed_revision < manifest_revision ORDER BY id LIMIT ?",
        )
        .bind(limit)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| Ok((uid(row, 0)?, number(row, 1)?)))
            .collect()
    }

    /// False when somebody else did it.
    pub(crate) async fn set_routed(&mut self, study: &Uid, revision: u64) -> Result<bool> {
        let done =
            sqlx::query("UPDATE study SET routed_revision = ?2 WHERE uid = ?1 AND routed_revision < ?2")
                .bind(study.as_str())
                .bind(to_sql(revision))
                .execute(self.connection())
                .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The instances of a study that a route has ordered before.
    pub(crate) async fn routed_before(&mut self, study: &Uid, origin: &str) -> Result<Vec<Uid>> {
        let rows = sqlx::query(
            "SELECT DISTINCT i.instance FROM release r JOIN release_instance i ON i.release = r.id \
             WHERE r.study = ? AND r.origin = ? AND r.patient = (SELECT patient FROM study WHERE uid = r.study)",
        )
        .bind(study.as_str())
        .bind(origin)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(|row| uid(row, 0)).collect()
    }
}
