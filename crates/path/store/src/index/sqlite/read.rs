//! Finding what is committed, by name.

use super::Sqlite;
use super::decode::{self, page, select_instances};
use crate::change::QuarantineId;
use crate::index::{ManifestRow, Page, PatientRow, RecordRow, StudyRow};
use crate::keys::Token;
use crate::row::{Instance, KeptBlob, OpenStudy, PatientId, Quarantined};
use crate::{Error, Result};
use model::{Timestamp, Uid};
use sqlx::Row;

/// Rows to a page.
const PAGE: usize = 512;

/// Selects what [`decode::quarantined`] reads.
macro_rules! select_quarantined {
    ($rest:literal) => {
        concat!(
            "SELECT id, patient, reason, detail, instance_uid, transfer_syntax, form, sealed, blob, data_len, ",
            "record_len, wrapped_key, door, ae, authenticated, received_at, log_index, decision, decided_by ",
            "FROM quarantine ",
            $rest
        )
    };
}

impl Sqlite {
    pub(crate) async fn patient(&self, id: PatientId) -> Result<Option<PatientRow>> {
        let row = sqlx::query("SELECT id, token, wrapped_key, accounting_key FROM patient WHERE id = ?")
            .bind(id.0)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(decode::patient).transpose()
    }

    pub(crate) async fn patients_by_token(&self, token: &Token) -> Result<Vec<PatientRow>> {
        let rows = sqlx::query(
            "SELECT id, token, wrapped_key, accounting_key FROM patient WHERE token = ?1 OR id_token = ?1 ORDER BY id",
        )
        .bind(token.as_slice())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(decode::patient).collect()
    }

    pub(crate) async fn instance(&self, uid: &Uid) -> Result<Option<Instance>> {
        let row = sqlx::query(select_instances!("WHERE i.uid = ?"))
            .bind(uid.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(decode::instance).transpose()
    }

    pub(crate) async fn instances_of_study(&self, study: &Uid) -> Result<Vec<Instance>> {
        self.instances(select_instances!("WHERE t.uid = ? ORDER BY i.id"), study.as_str())
            .await
    }

    pub(crate) async fn instances_of_series(&self, series: &Uid) -> Result<Vec<Instance>> {
        self.instances(
            select_instances!("WHERE s.uid = ? ORDER BY i.id"),
            series.as_str(),
        )
        .await
    }

    async fn instances(&self, sql: &'static str, uid: &str) -> Result<Vec<Instance>> {
        let rows = sqlx::query(sql).bind(uid).fetch_all(&self.readers).await?;
        rows.iter().map(decode::instance).collect()
    }

    pub(crate) async fn instances_by_pixels(&self, token: &Token) -> Result<Vec<Instance>> {
        let rows = sqlx::query(select_instances!(
            "WHERE i.pixel_token = ? ORDER BY i.id LIMIT 1000"
        ))
        .bind(token.as_slice())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(decode::instance).collect()
    }

    pub(crate) async fn instances_page(&self, after: i64) -> Result<Page<Instance>> {
        let rows = sqlx::query(select_instances!("WHERE i.id > ? ORDER BY i.id LIMIT ?"))
            .bind(after)
            .bind(PAGE as i64)
            .fetch_all(&self.readers)
            .await?;
        page(&rows, PAGE, 19, decode::instance)
    }

    pub(crate) async fn pending_completions(&self, limit: u32) -> Result<Vec<Instance>> {
        let rows = sqlx::query(select_instances!(
            "WHERE i.completion = 'pending' ORDER BY i.id LIMIT ?"
        ))
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(decode::instance).collect()
    }

    pub(crate) async fn completion(&self, instance: &Uid) -> Result<Option<(RecordRow, Option<KeptBlob>)>> {
        let row = sqlx::query(
            "SELECT c.sealed, c.made_at, c.log_index, c.blob, c.data_len, c.record_len, c.wrapped_key, t.patient \
             FROM completion c JOIN instance i ON i.id = c.instance \
             JOIN series s ON s.id = i.series JOIN study t ON t.id = s.study WHERE i.uid = ?",
        )
        .bind(instance.as_str())
        .fetch_optional(&self.readers)
        .await?;
        let read = |row| {
            Ok((
                decode::record(row, 0)?,
                decode::kept_blob(row, 3, PatientId(row.try_get(7)?))?,
            ))
        };
        row.as_ref().map(read).transpose()
    }

    pub(crate) async fn completion_blobs(&self, after: i64) -> Result<Page<KeptBlob>> {
        let rows = sqlx::query(
            "SELECT c.blob, c.data_len, c.record_len, c.wrapped_key, t.patient, c.instance \
             FROM completion c JOIN instance i ON i.id = c.instance \
             JOIN series s ON s.id = i.series JOIN study t ON t.id = s.study \
             WHERE c.instance > ? AND c.blob IS NOT NULL ORDER BY c.instance LIMIT ?",
        )
        .bind(after)
        .bind(PAGE as i64)
        .fetch_all(&self.readers)
        .await?;
        page(&rows, PAGE, 5, |row| {
            decode::kept_blob(row, 0, PatientId(row.try_get(4)?))?.ok_or(Error::Corrupt("a row of the index"))
        })
    }

    pub(crate) async fn amendments(&self, instance: &Uid) -> Result<Vec<RecordRow>> {
        let rows = sqlx::query(
            "SELECT a.sealed, a.made_at, a.log_index FROM amendment a JOIN instance i ON i.id = a.instance \
             WHERE i.uid = ? ORDER BY a.id",
        )
        .bind(instance.as_str())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| decode::record(row, 0)).collect()
    }

    pub(crate) async fn study(&self, uid: &Uid) -> Result<Option<StudyRow>> {
        let row =
            sqlx::query("SELECT id, uid, patient, revision, manifest_revision FROM study WHERE uid = ?")
                .bind(uid.as_str())
                .fetch_optional(&self.readers)
                .await?;
        row.as_ref().map(|row| decode::study(row, 0)).transpose()
    }

    pub(crate) async fn manifest(&self, study: i64) -> Result<Option<ManifestRow>> {
        let row = sqlx::query(
            "SELECT sealed, made_at, log_index, revision FROM manifest WHERE study = ? ORDER BY id DESC LIMIT 1",
        )
        .bind(study)
        .fetch_optional(&self.readers)
        .await?;
        let read = |row| {
            Ok(ManifestRow {
                record: decode::record(row, 0)?,
                revision: decode::number(row, 3)?,
            })
        };
        row.as_ref().map(read).transpose()
    }

    pub(crate) async fn open_studies(&self, quiet_before: Timestamp) -> Result<Vec<OpenStudy>> {
        let rows = sqlx::query(
            "SELECT uid, revision, changed_at FROM study \
             WHERE manifest_revision < revision AND changed_at < ? ORDER BY id LIMIT 1000",
        )
        .bind(quiet_before.millis())
        .fetch_all(&self.readers)
        .await?;
        let read = |row| {
            Ok(OpenStudy {
                study_instance_uid: decode::uid(row, 0)?,
                revision: decode::number(row, 1)?,
                changed_at: decode::timestamp(row, 2)?,
            })
        };
        rows.iter().map(read).collect()
    }

    pub(crate) async fn accesses(&self, patient: PatientId) -> Result<Vec<RecordRow>> {
        let rows = sqlx::query("SELECT sealed, made_at, log_index FROM access WHERE patient = ? ORDER BY id")
            .bind(patient.0)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| decode::record(row, 0)).collect()
    }

    pub(crate) async fn quarantined(&self, id: &QuarantineId) -> Result<Option<Quarantined>> {
        let row = sqlx::query(select_quarantined!("WHERE id = ?"))
            .bind(id.0.as_slice())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(decode::quarantined).transpose()
    }

    pub(crate) async fn quarantine(&self, waiting_only: bool) -> Result<Vec<Quarantined>> {
        let sql = if waiting_only {
            select_quarantined!("WHERE decision IS NULL ORDER BY received_at")
        } else {
            select_quarantined!("ORDER BY received_at")
        };
        let rows = sqlx::query(sql).fetch_all(&self.readers).await?;
        rows.iter().map(decode::quarantined).collect()
    }
}
