//! What patients decided, and what is known of them.

use super::super::decode::{self, timestamp};
use super::super::{from_sql, to_sql};
use super::Rows;
use crate::index::{DirectiveRow, FlagRow, PatientRow, Sealed};
use crate::ledger::SuspensionRow;
use crate::row::PatientId;
use crate::{Error, Result};
use model::{Timestamp, Uid};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

fn directive(row: &SqliteRow) -> Result<DirectiveRow> {
    let withdrawn: Option<i64> = row.try_get(4)?;
    Ok(DirectiveRow {
        id: row.try_get(0)?,
        patient: PatientId(row.try_get(1)?),
        sealed: row.try_get(2)?,
        made_at: timestamp(row, 3)?,
        withdrawn_at: withdrawn.map(Timestamp::from_millis),
        log_index: from_sql(row.try_get(5)?)?,
    })
}

impl Rows<'_> {
    pub(crate) async fn patient_row(&mut self, id: PatientId) -> Result<Option<PatientRow>> {
        let row = sqlx::query("SELECT id, token, wrapped_key, accounting_key FROM patient WHERE id = ?")
            .bind(id.0)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(decode::patient).transpose()
    }

    /// All rows of whoever has the Patient ID of this row, from whichever issuer, erased or not.
    pub(crate) async fn patients_of_same_id(&mut self, id: PatientId) -> Result<Vec<PatientRow>> {
        let rows = sqlx::query(
            "SELECT id, token, wrapped_key, accounting_key FROM patient \
             WHERE id_token = (SELECT id_token FROM patient WHERE id = ?1) OR id = ?1 ORDER BY id",
        )
        .bind(id.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(decode::patient).collect()
    }

    pub(crate) async fn person(&mut self, patient: PatientId) -> Result<Option<Vec<u8>>> {
        let row = sqlx::query("SELECT sealed FROM person WHERE patient = ?")
            .bind(patient.0)
            .fetch_optional(self.connection())
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    pub(crate) async fn put_person(
        &mut self,
        patient: PatientId,
        sealed: &[u8],
        at: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO person (patient, sealed, changed_at) VALUES (?1, ?2, ?3) \
             ON CONFLICT (patient) DO UPDATE SET sealed = ?2, changed_at = ?3",
        )
        .bind(patient.0)
        .bind(sealed)
        .bind(at.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    pub(crate) async fn directives(&mut self, patient: PatientId) -> Result<Vec<DirectiveRow>> {
        let rows = sqlx::query(
            "SELECT id, patient, sealed, made_at, withdrawn_at, log_index FROM directive WHERE patient = ? ORDER BY id",
        )
        .bind(patient.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(directive).collect()
    }

    pub(crate) async fn directive(&mut self, id: i64) -> Result<Option<DirectiveRow>> {
        let row = sqlx::query(
            "SELECT id, patient, sealed, made_at, withdrawn_at, log_index FROM directive WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(self.connection())
        .await?;
        row.as_ref().map(directive).transpose()
    }

    /// The number of the next directive: what is sealed with it must name it.
    pub(crate) async fn next_directive(&mut self) -> Result<i64> {
        let row = sqlx::query("SELECT coalesce(max(id), 0) + 1 FROM directive")
            .fetch_one(self.connection())
            .await?;
        Ok(row.try_get(0)?)
    }

    pub(crate) async fn insert_directive(&mut self, new: &DirectiveRow) -> Result<()> {
        sqlx::query("INSERT INTO directive (id, patient, sealed, made_at, log_index) VALUES (?, ?, ?, ?, ?)")
            .bind(new.id)
            .bind(new.patient.0)
            .bind(new.sealed.as_slice())
            .bind(new.made_at.millis())
            .bind(to_sql(new.log_index))
            .execute(self.connection())
            .await?;
        self.owe_audit(&format!("directive {}", new.id), new.made_at)
            .await
    }

    pub(crate) async fn withdraw_directive(&mut self, id: i64, at: Timestamp) -> Result<bool> {
        let done =
            sqlx::query("UPDATE directive SET withdrawn_at = ?2 WHERE id = ?1 AND withdrawn_at IS NULL")
                .bind(id)
                .bind(at.millis())
                .execute(self.connection())
                .await?;
        let withdrawn = done.rows_affected() > 0;
        if withdrawn {
            self.owe_audit(&format!("withdrawal {id}"), at).await?;
        }
        Ok(withdrawn)
    }

    pub(crate) async fn is_flagged(&mut self, study: &Uid) -> Result<bool> {
        let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM flag WHERE study = ? AND cleared_at IS NULL)")
            .bind(study.as_str())
            .fetch_one(self.connection())
            .await?;
        Ok(row.try_get(0)?)
    }

    pub(crate) async fn insert_flag(&mut self, new: &FlagRow) -> Result<i64> {
        let row = sqlx::query(
            "INSERT INTO flag (patient, study, sealed, made_at, log_index) VALUES (?, ?, ?, ?, ?) RETURNING id",
        )
        .bind(new.patient.0)
        .bind(new.study.as_str())
        .bind(new.sealed.as_slice())
        .bind(new.made_at.millis())
        .bind(to_sql(new.log_index))
        .fetch_one(self.connection())
        .await?;
        Ok(row.try_get(0)?)
    }

    pub(crate) async fn clear_flags(&mut self, study: &Uid, at: Timestamp) -> Result<u64> {
        let done = sqlx::query("UPDATE flag SET cleared_at = ?2 WHERE study = ?1 AND cleared_at IS NULL")
            .bind(study.as_str())
            .bind(at.millis())
            .execute(self.connection())
            .await?;
        Ok(done.rows_affected())
    }

    /// The sealed attributes of a patient's newest study, under the data key.
    pub(crate) async fn newest_study(&mut self, patient: PatientId) -> Result<Option<(Uid, Sealed)>> {
        let row = sqlx::query("SELECT uid, sealed FROM study WHERE patient = ? ORDER BY id DESC LIMIT 1")
            .bind(patient.0)
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| Ok((decode::uid(&row, 0)?, row.try_get(1)?)))
            .transpose()
    }

    pub(crate) async fn study_sealed(&mut self, study: &Uid) -> Result<Option<(PatientId, Sealed)>> {
        let row = sqlx::query("SELECT patient, sealed FROM study WHERE uid = ?")
            .bind(study.as_str())
            .fetch_optional(self.connection())
            .await?;
        row.map(|row| Ok((PatientId(row.try_get(0)?), row.try_get(1)?)))
            .transpose()
    }

    pub(crate) async fn insert_suspension(&mut self, patient: PatientId, new: &SuspensionRow) -> Result<()> {
        sqlx::query(
            "INSERT INTO suspension (patient, recipient, agency, written, made_at, until) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(patient.0)
        .bind(new.recipient.as_str())
        .bind(new.agency.as_str())
        .bind(new.written)
        .bind(new.made_at.millis())
        .bind(new.until.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    pub(crate) async fn suspensions(&mut self, patient: PatientId) -> Result<Vec<SuspensionRow>> {
        let rows = sqlx::query(
            "SELECT recipient, agency, written, made_at, until FROM suspension WHERE patient = ? ORDER BY id",
        )
        .bind(patient.0)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SuspensionRow {
                    recipient: row.try_get(0)?,
                    agency: row.try_get(1)?,
                    written: row.try_get(2)?,
                    made_at: timestamp(row, 3)?,
                    until: timestamp(row, 4)?,
                })
            })
            .collect::<Result<_, Error>>()
    }
}
