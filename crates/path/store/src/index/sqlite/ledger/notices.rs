//! Emergency access, and what somebody must be told.

use super::super::decode::{timestamp, uid};
use super::Rows;
use super::releases::moment;
use crate::Result;
use crate::ledger::{GlassRow, NoticeRow};
use crate::row::PatientId;
use model::{Timestamp, Uid};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

pub(super) fn glass(row: &SqliteRow) -> Result<GlassRow> {
    let by: Option<String> = row.try_get(5)?;
    let finding: Option<String> = row.try_get(7)?;
    let review = by
        .zip(moment(row, 6)?)
        .map(|(by, at)| (by, at, finding.unwrap_or_default()));
    Ok(GlassRow {
        number: row.try_get(0)?,
        staff: row.try_get(1)?,
        patient: PatientId(row.try_get(2)?),
        study: uid(row, 3)?,
        made_at: timestamp(row, 4)?,
        review,
    })
}

fn notice(row: &SqliteRow) -> Result<NoticeRow> {
    Ok(NoticeRow {
        number: row.try_get(0)?,
        audience: row.try_get(1)?,
        patient: row.try_get::<Option<i64>, _>(2)?.map(PatientId),
        kind: row.try_get(3)?,
        about: row.try_get(4)?,
        made_at: timestamp(row, 5)?,
        due_at: timestamp(row, 6)?,
        told_at: moment(row, 7)?,
    })
}

impl Rows<'_> {
    /// Whether an earlier use of this person waits for review; one's own number aside.
    pub(crate) async fn has_open_glass(&mut self, staff: &str, but: Option<i64>) -> Result<bool> {
        let row = sqlx::query(
            "SELECT EXISTS (SELECT 1 FROM break_glass WHERE staff = ? AND reviewed_at IS NULL AND id <> ?)",
        )
        .bind(staff)
        .bind(but.unwrap_or(0))
        .fetch_one(self.connection())
        .await?;
        Ok(row.try_get(0)?)
    }

    pub(crate) async fn insert_glass(
        &mut self,
        staff: &str,
        patient: PatientId,
        study: &Uid,
        at: Timestamp,
    ) -> Result<i64> {
        let row = sqlx::query(
            "INSERT INTO break_glass (staff, patient, study, sealed, made_at) VALUES (?, ?, ?, x'', ?) RETURNING id",
        )
        .bind(staff)
        .bind(patient.0)
        .bind(study.as_str())
        .bind(at.millis())
        .fetch_one(self.connection())
        .await?;
        Ok(row.try_get(0)?)
    }

    pub(crate) async fn seal_glass(&mut self, number: i64, sealed: &[u8]) -> Result<()> {
        sqlx::query("UPDATE break_glass SET sealed = ?2 WHERE id = ?1")
            .bind(number)
            .bind(sealed)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    pub(crate) async fn glass_reason(&mut self, number: i64) -> Result<Option<(String, Vec<u8>)>> {
        let row = sqlx::query("SELECT staff, sealed FROM break_glass WHERE id = ?")
            .bind(number)
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    pub(crate) async fn glasses(&mut self, open_only: bool) -> Result<Vec<GlassRow>> {
        let rows = sqlx::query(
            "SELECT id, staff, patient, study, made_at, reviewed_by, reviewed_at, finding FROM break_glass \
             WHERE reviewed_at IS NULL OR NOT ? ORDER BY id",
        )
        .bind(open_only)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(glass).collect()
    }

    pub(crate) async fn glasses_of(&mut self, patient: PatientId) -> Result<Vec<GlassRow>> {
        let rows = sqlx::query(
            "SELECT id, staff, patient, study, made_at, reviewed_by, reviewed_at, finding FROM break_glass \
             WHERE patient = ? ORDER BY id",
        )
        .bind(patient.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(glass).collect()
    }

    pub(crate) async fn review_glass(
        &mut self,
        number: i64,
        by: &str,
        finding: &str,
        at: Timestamp,
    ) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE break_glass SET reviewed_at = ?2, reviewed_by = ?3, finding = ?4 WHERE id = ?1 AND reviewed_at IS NULL",
        )
        .bind(number)
        .bind(at.millis())
        .bind(by)
        .bind(finding)
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() > 0)
    }

    pub(crate) async fn insert_notice(&mut self, new: &NoticeRow) -> Result<()> {
        sqlx::query(
            "INSERT INTO notice (audience, patient, kind, about, made_at, due_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(new.audience.as_str())
        .bind(new.patient.map(|patient| patient.0))
        .bind(new.kind.as_str())
        .bind(new.about.as_str())
        .bind(new.made_at.millis())
        .bind(new.due_at.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Notices for an audience that were not told yet, or all.
    pub(crate) async fn notices(&mut self, audience: &str, open_only: bool) -> Result<Vec<NoticeRow>> {
        let rows = sqlx::query(
            "SELECT id, audience, patient, kind, about, made_at, due_at, told_at FROM notice \
             WHERE audience = ? AND (told_at IS NULL OR NOT ?) ORDER BY due_at, id",
        )
        .bind(audience)
        .bind(open_only)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(notice).collect()
    }

    pub(crate) async fn tell_notices(&mut self, numbers: &[i64], at: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE notice SET told_at = ?2 WHERE told_at IS NULL AND id IN (SELECT value FROM json_each(?1))",
        )
        .bind(serde_json::to_string(numbers).unwrap_or_default())
        .bind(at.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
