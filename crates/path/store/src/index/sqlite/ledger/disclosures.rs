//! The accounting: attempts, denials, seals of copies; and who is affected by a breach.

use super::super::decode::{named, number, timestamp, uid};
use super::super::to_sql;
use super::Rows;
use super::releases::{DAMAGED, moment};
use crate::Result;
use crate::index::{NewDenialRow, RecordRow};
use crate::ledger::{Attempt, AttemptCounts, AttemptState, DenialRow, ExposedRow, ReleaseId};
use crate::row::PatientId;
use model::{RecipientId, Timestamp, Uid};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

fn attempt(row: &SqliteRow) -> Result<Attempt> {
    Ok(Attempt {
        number: row.try_get(0)?,
        release: ReleaseId(row.try_get(1)?),
        instance: uid(row, 2)?,
        state: named(row, 3, AttemptState::from_name)?,
        began_at: timestamp(row, 4)?,
        ended_at: moment(row, 5)?,
        detail: row.try_get(6)?,
    })
}

/// A denial, out of its first nine columns.
pub(super) fn denial(row: &SqliteRow) -> Result<DenialRow> {
    Ok(DenialRow {
        number: row.try_get(0)?,
        study: uid(row, 1)?,
        recipient: row.try_get(2)?,
        purpose: named(row, 3, |name| name.parse().ok())?,
        release: row.try_get::<Option<i64>, _>(4)?.map(ReleaseId),
        reason: row.try_get(5)?,
        policies: row.try_get(6)?,
        made_at: timestamp(row, 7)?,
        log_index: number(row, 8)?,
    })
}

impl Rows<'_> {
    pub(crate) async fn insert_attempt(
        &mut self,
        release: ReleaseId,
        patient: PatientId,
        recipient: &RecipientId,
        instance: &Uid,
        at: Timestamp,
    ) -> Result<i64> {
        let row = sqlx::query(
            "INSERT INTO disclosure (release, patient, recipient, instance, state, began_at) \
             VALUES (?, ?, ?, ?, 'intended', ?) RETURNING id",
        )
        .bind(release.0)
        .bind(patient.0)
        .bind(recipient.as_str())
        .bind(instance.as_str())
        .bind(at.millis())
        .fetch_one(self.connection())
        .await?;
        Ok(row.try_get(0)?)
    }

    pub(crate) async fn attempt(&mut self, number: i64) -> Result<Option<Attempt>> {
        let row = sqlx::query(
            "SELECT id, release, instance, state, began_at, ended_at, detail FROM disclosure WHERE id = ?",
        )
        .bind(number)
        .fetch_optional(self.connection())
        .await?;
        row.as_ref().map(attempt).transpose()
    }

    pub(crate) async fn attempts(&mut self, release: ReleaseId) -> Result<Vec<Attempt>> {
        let rows = sqlx::query(
            "SELECT id, release, instance, state, began_at, ended_at, detail FROM disclosure WHERE release = ? ORDER BY id",
        )
        .bind(release.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(attempt).collect()
    }

    pub(crate) async fn set_attempt(
        &mut self,
        number: i64,
        state: AttemptState,
        detail: Option<&str>,
        at: Timestamp,
    ) -> Result<()> {
        sqlx::query("UPDATE disclosure SET state = ?2, detail = ?3, ended_at = ?4 WHERE id = ?1")
            .bind(number)
            .bind(state.as_str())
            .bind(detail)
            .bind(at.millis())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Instances of a release by the best that became of any attempt.
    pub(crate) async fn attempt_counts(&mut self, release: ReleaseId) -> Result<AttemptCounts> {
        let row = sqlx::query(
            "SELECT (SELECT count(*) FROM release_instance WHERE release = ?1), \
             coalesce(sum(best = 3), 0), coalesce(sum(best = 2), 0), coalesce(sum(best = 1), 0) FROM ( \
                SELECT max(CASE state WHEN 'sent' THEN 3 WHEN 'unknown' THEN 2 WHEN 'intended' THEN 1 ELSE 0 END) AS best \
                FROM disclosure WHERE release = ?1 GROUP BY instance)",
        )
        .bind(release.0)
        .fetch_one(self.connection())
        .await?;
        Ok(AttemptCounts {
            asked: number(&row, 0)?,
            sent: number(&row, 1)?,
            unknown: number(&row, 2)?,
            intended: number(&row, 3)?,
        })
    }

    pub(crate) async fn insert_denial(&mut self, new: &NewDenialRow<'_>) -> Result<i64> {
        let row = sqlx::query(
            "INSERT INTO denial (patient, study, recipient, purpose, release, reason, policies, sealed, made_at, log_index) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(new.patient.0)
        .bind(new.study.as_str())
        .bind(new.recipient)
        .bind(new.purpose.code())
        .bind(new.release.map(|release| release.0))
        .bind(new.reason)
        .bind(new.policies)
        .bind(new.sealed.as_slice())
        .bind(new.made_at.millis())
        .bind(to_sql(new.log_index))
        .fetch_one(self.connection())
        .await?;
        Ok(row.try_get(0)?)
    }

    pub(crate) async fn denials(&mut self, patient: PatientId) -> Result<Vec<DenialRow>> {
        let rows = sqlx::query(
            "SELECT id, study, recipient, purpose, release, reason, policies, made_at, log_index FROM denial \
             WHERE patient = ? ORDER BY id",
        )
        .bind(patient.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(denial).collect()
    }

    pub(crate) async fn derived(&mut self, copy: &Uid) -> Result<Option<(PatientId, RecordRow)>> {
        let row = sqlx::query("SELECT patient, sealed, made_at, log_index FROM derived WHERE uid = ?")
            .bind(copy.as_str())
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| {
            let record = RecordRow {
                sealed: row.try_get(1)?,
                made_at: timestamp(&row, 2)?,
                log_index: number(&row, 3)?,
            };
            Ok((PatientId(row.try_get(0)?), record))
        })
        .transpose()
    }

    pub(crate) async fn insert_derived(
        &mut self,
        copy: &Uid,
        patient: PatientId,
        release: ReleaseId,
        record: &RecordRow,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO derived (uid, patient, release, sealed, made_at, log_index) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(copy.as_str())
        .bind(patient.0)
        .bind(release.0)
        .bind(record.sealed.as_slice())
        .bind(record.made_at.millis())
        .bind(to_sql(record.log_index))
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Who is affected: every patient and release of which a recipient has or may have something since this period.
    pub(crate) async fn exposed(
        &mut self,
        recipient: &str,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<ExposedRow>> {
        let rows = sqlx::query(
            "SELECT patient, release, sum(state = 'sent'), sum(state <> 'sent'), min(began_at), max(began_at) \
             FROM disclosure WHERE recipient = ? AND began_at >= ? AND began_at < ? \
             AND state IN ('sent', 'unknown', 'intended') GROUP BY patient, release ORDER BY patient, release",
        )
        .bind(recipient)
        .bind(from.millis())
        .bind(to.millis())
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ExposedRow {
                    patient: PatientId(row.try_get(0)?),
                    release: ReleaseId(row.try_get(1)?),
                    sent: number(row, 2)?,
                    unknown: number(row, 3)?,
                    first_at: timestamp(row, 4)?,
                    last_at: timestamp(row, 5)?,
                })
            })
            .collect()
    }

    /// The copies that a release has made: SOP Instance UID and digest of each that the recipient has or may have.
    pub(crate) async fn manifest(&mut self, release: ReleaseId) -> Result<Vec<(Uid, [u8; 32])>> {
        let rows = sqlx::query(
            "SELECT copy_uid, copy_digest FROM release_instance i WHERE release = ? AND copy_uid IS NOT NULL AND EXISTS ( \
                SELECT 1 FROM disclosure d WHERE d.release = i.release AND d.instance = i.instance \
                AND d.state IN ('sent', 'unknown', 'intended')) ORDER BY copy_uid",
        )
        .bind(release.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                let digest: &[u8] = row.try_get(1)?;
                Ok((uid(row, 0)?, digest.try_into().map_err(|_| DAMAGED)?))
            })
            .collect()
    }
}
