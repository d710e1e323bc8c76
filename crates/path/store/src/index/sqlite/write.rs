//! Writing: one connection, one transaction at a time.

use super::to_sql;
use crate::blobs::BlobId;
use crate::change::Settlement;
use crate::index::{
    ArchiveRow, BatchRow, HeadRow, ManifestRow, NewInstanceRow, NewPatientRow, NewSeriesRow, NewStudyRow,
    RecordRow,
};
use crate::keys::Token;
use crate::row::{Completion, Decision, KeptBlob, PatientId, Quarantined, SealStatus};
use crate::{Error, Result};
use model::{Timestamp, Uid};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, QueryBuilder, Row, Sqlite, Transaction};

/// Instances to an insert: SQLite binds at most 32766 values.
const ROWS: usize = 64;

/// The connection that writes, made when it is needed.
pub(crate) struct Writer {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
}

impl Writer {
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        Self {
            options,
            connection: None,
        }
    }

    async fn connection(&mut self) -> Result<&mut SqliteConnection> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        Ok(self.connection.insert(connection))
    }

    pub(super) async fn migrate(&mut self, migrations: &Migrator) -> Result<()> {
        Ok(migrations
            .run_direct(None, self.connection().await?, false)
            .await?)
    }

    pub(crate) async fn begin(&mut self) -> Result<Tx<'_>> {
        // SQLite rolls back by itself when the disk is full or broken. sqlx goes on counting that transaction, and its
        // connection would never begin another one.
        self.connection
            .take_if(|connection| connection.is_in_transaction());
        Ok(Tx(self.connection().await?.begin_with("BEGIN IMMEDIATE").await?))
    }

    pub(crate) async fn scrub(&mut self) -> Result<()> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(self.connection().await?)
            .await?;
        Ok(())
    }

    pub(crate) async fn close(&mut self) -> Result<()> {
        if let Some(connection) = self.connection.take() {
            connection.close().await?;
        }
        Ok(())
    }
}

/// A transaction of the writer.
pub(crate) struct Tx<'a>(pub(super) Transaction<'a, Sqlite>);

impl Tx<'_> {
    pub(crate) async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }

    pub(super) async fn found(&mut self, archive: &ArchiveRow, head: &HeadRow) -> Result<()> {
        sqlx::query("INSERT INTO archive (one, key_check, log_origin, created_at) VALUES (1, ?, ?, ?)")
            .bind(archive.key_check.as_slice())
            .bind(archive.log_origin.as_str())
            .bind(head.made_at.millis())
            .execute(&mut *self.0)
            .await?;
        sqlx::query(
            "INSERT INTO log_head (one, size, frontier, root, checkpoint, made_at) VALUES (1, ?, ?, ?, ?, ?)",
        )
        .bind(to_sql(head.size))
        .bind(head.frontier.as_slice())
        .bind(head.root.as_slice())
        .bind(head.checkpoint.as_str())
        .bind(head.made_at.millis())
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    pub(super) async fn issue(&mut self, size: u64, root: &[u8; 32]) -> Result<()> {
        sqlx::query("INSERT INTO log_issued (size, root) VALUES (?, ?) ON CONFLICT (size) DO NOTHING")
            .bind(to_sql(size))
            .bind(root.as_slice())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn insert_patient(&mut self, patient: &NewPatientRow) -> Result<PatientId> {
        let row = sqlx::query(
            "INSERT INTO patient (token, id_token, wrapped_key, accounting_key) VALUES (?, ?, ?, ?) RETURNING id",
        )
        .bind(patient.token.as_slice())
        .bind(patient.id_token.as_slice())
        .bind(patient.wrapped_key.as_slice())
        .bind(patient.accounting_key.as_slice())
        .fetch_one(&mut *self.0)
        .await?;
        Ok(PatientId(row.try_get(0)?))
    }

    pub(crate) async fn insert_study(&mut self, study: &NewStudyRow<'_>) -> Result<i64> {
        let row = sqlx::query(
            "INSERT INTO study (uid, patient, accession_token, date_token, sealed, received_at, changed_at, revision) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, 0) RETURNING id",
        )
        .bind(study.uid.as_str())
        .bind(study.patient.0)
        .bind(study.accession_token.map(|token| token.to_vec()))
        .bind(study.date_token.map(|token| token.to_vec()))
        .bind(study.sealed.as_slice())
        .bind(study.received_at.millis())
        .fetch_one(&mut *self.0)
        .await?;
        Ok(row.try_get(0)?)
    }

    pub(crate) async fn insert_series(&mut self, series: &NewSeriesRow<'_>) -> Result<i64> {
        let row =
            sqlx::query("INSERT INTO series (uid, study, modality, sealed) VALUES (?, ?, ?, ?) RETURNING id")
                .bind(series.uid.as_str())
                .bind(series.study)
                .bind(series.modality)
                .bind(series.sealed.as_slice())
                .fetch_one(&mut *self.0)
                .await?;
        Ok(row.try_get(0)?)
    }

    pub(crate) async fn insert_instances(&mut self, instances: &[NewInstanceRow]) -> Result<()> {
        for rows in instances.chunks(ROWS) {
            let mut insert = QueryBuilder::<Sqlite>::new(
                "INSERT INTO instance (uid, series, sop_class, transfer_syntax, form, blob, data_len, record_len, \
                 wrapped_key, sealed, statement_digest, pixel_token, completion, status, door, ae, authenticated, \
                 received_at, log_index) ",
            );
            insert.push_values(rows, |mut row, new| {
                let NewInstanceRow {
                    series,
                    instance,
                    sealed,
                    pixel_token,
                } = new;
                row.push_bind(instance.sop_instance_uid.as_str())
                    .push_bind(*series)
                    .push_bind(instance.sop_class_uid.as_str())
                    .push_bind(instance.transfer_syntax.as_str())
                    .push_bind(instance.form.as_str())
                    .push_bind(instance.blob.blob.id.0.as_slice())
                    .push_bind(to_sql(instance.blob.blob.data_len()))
                    .push_bind(to_sql(instance.blob.blob.record_len()))
                    .push_bind(instance.blob.key.0.as_slice())
                    .push_bind(sealed.as_slice())
                    .push_bind(instance.statement_digest.as_bytes().as_slice())
                    .push_bind(pixel_token.as_ref().map(<[u8; 32]>::as_slice))
                    .push_bind(instance.completion.as_str())
                    .push_bind(instance.status.as_str())
                    .push_bind(instance.source.door.as_str())
                    .push_bind(instance.source.ae.as_deref())
                    .push_bind(instance.source.authenticated)
                    .push_bind(instance.received_at.millis())
                    .push_bind(to_sql(instance.log_index));
            });
            insert.build().execute(&mut *self.0).await?;
        }
        Ok(())
    }

    pub(crate) async fn touch_study(&mut self, study: i64, changes: u64, at: Timestamp) -> Result<()> {
        sqlx::query("UPDATE study SET revision = revision + ?2, changed_at = ?3 WHERE id = ?1")
            .bind(study)
            .bind(to_sql(changes))
            .bind(at.millis())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn insert_quarantined(&mut self, new: &Quarantined) -> Result<()> {
        let blob = new.blob.as_ref();
        sqlx::query(
            "INSERT INTO quarantine (id, patient, reason, detail, instance_uid, transfer_syntax, form, sealed, blob, \
             data_len, record_len, wrapped_key, door, ae, authenticated, received_at, log_index) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(new.id.0.as_slice())
        .bind(new.patient.0)
        .bind(new.reason.as_str())
        .bind(new.detail.as_str())
        .bind(new.sop_instance_uid.as_ref().map(Uid::as_str))
        .bind(new.transfer_syntax.as_ref().map(Uid::as_str))
        .bind(new.form.as_str())
        .bind(new.sealed.0.as_slice())
        .bind(blob.map(|kept| kept.blob.id.0.to_vec()))
        .bind(blob.map(|kept| to_sql(kept.blob.data_len())))
        .bind(blob.map(|kept| to_sql(kept.blob.record_len())))
        .bind(blob.map(|kept| kept.key.0.as_slice()))
        .bind(new.source.door.as_str())
        .bind(new.source.ae.as_deref())
        .bind(new.source.authenticated)
        .bind(new.received_at.millis())
        .bind(to_sql(new.log_index))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    pub(crate) async fn settle(
        &mut self,
        settlement: &Settlement,
        decision: Decision,
        at: Timestamp,
    ) -> Result<Option<Option<BlobId>>> {
        let id = settlement.quarantine.0.as_slice();
        let waiting = sqlx::query("SELECT blob FROM quarantine WHERE id = ? AND decision IS NULL")
            .bind(id)
            .fetch_optional(&mut *self.0)
            .await?;
        let Some(waiting) = waiting else { return Ok(None) };
        sqlx::query(
            "UPDATE quarantine SET decision = ?2, decided_by = ?3, decided_at = ?4, \
             blob = NULL, data_len = NULL, record_len = NULL, wrapped_key = NULL WHERE id = ?1",
        )
        .bind(id)
        .bind(decision.as_str())
        .bind(settlement.decided_by.as_str())
        .bind(at.millis())
        .execute(&mut *self.0)
        .await?;
        let blob: Option<&[u8]> = waiting.try_get(0)?;
        let blob = blob.map(<[u8; 16]>::try_from).transpose();
        Ok(Some(
            blob.map_err(|_| Error::Corrupt("a row of the index"))?
                .map(BlobId),
        ))
    }

    pub(crate) async fn insert_amendment(
        &mut self,
        instance: &Uid,
        record: &RecordRow,
        status: SealStatus,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO amendment (instance, sealed, made_at, log_index) SELECT id, ?2, ?3, ?4 FROM instance WHERE uid = ?1",
        )
        .bind(instance.as_str())
        .bind(record.sealed.as_slice())
        .bind(record.made_at.millis())
        .bind(to_sql(record.log_index))
        .execute(&mut *self.0)
        .await?;
        sqlx::query("UPDATE instance SET status = ?2 WHERE uid = ?1 AND status <> ?2")
            .bind(instance.as_str())
            .bind(status.as_str())
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn insert_completion(
        &mut self,
        instance: &Uid,
        record: &RecordRow,
        blob: Option<&KeptBlob>,
        pixels: Option<Token>,
        completion: Completion,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO completion (instance, sealed, made_at, log_index, blob, data_len, record_len, wrapped_key) \
             SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM instance WHERE uid = ?1",
        )
        .bind(instance.as_str())
        .bind(record.sealed.as_slice())
        .bind(record.made_at.millis())
        .bind(to_sql(record.log_index))
        .bind(blob.map(|kept| kept.blob.id.0.to_vec()))
        .bind(blob.map(|kept| to_sql(kept.blob.data_len())))
        .bind(blob.map(|kept| to_sql(kept.blob.record_len())))
        .bind(blob.map(|kept| kept.key.0.as_slice()))
        .execute(&mut *self.0)
        .await?;
        sqlx::query(
            "UPDATE instance SET completion = ?2, pixel_token = ifnull(?3, pixel_token) WHERE uid = ?1",
        )
        .bind(instance.as_str())
        .bind(completion.as_str())
        .bind(pixels.map(|token| token.to_vec()))
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    pub(crate) async fn insert_manifest(&mut self, study: i64, manifest: &ManifestRow) -> Result<()> {
        sqlx::query(
            "INSERT INTO manifest (study, revision, sealed, made_at, log_index) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(study)
        .bind(to_sql(manifest.revision))
        .bind(manifest.record.sealed.as_slice())
        .bind(manifest.record.made_at.millis())
        .bind(to_sql(manifest.record.log_index))
        .execute(&mut *self.0)
        .await?;
        sqlx::query("UPDATE study SET manifest_revision = ?2 WHERE id = ?1")
            .bind(study)
            .bind(to_sql(manifest.revision))
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn insert_access(&mut self, patient: PatientId, record: &RecordRow) -> Result<()> {
        sqlx::query("INSERT INTO access (patient, sealed, made_at, log_index) VALUES (?, ?, ?, ?)")
            .bind(patient.0)
            .bind(record.sealed.as_slice())
            .bind(record.made_at.millis())
            .bind(to_sql(record.log_index))
            .execute(&mut *self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn erase_patient(&mut self, patient: PatientId, at: Timestamp) -> Result<()> {
        sqlx::query("UPDATE patient SET wrapped_key = NULL, erased_at = ?2 WHERE id = ?1")
            .bind(patient.0)
            .bind(at.millis())
            .execute(&mut *self.0)
            .await?;
        sqlx::query("UPDATE study SET accession_token = NULL, date_token = NULL WHERE patient = ?")
            .bind(patient.0)
            .execute(&mut *self.0)
            .await?;
        sqlx::query(
            "UPDATE instance SET pixel_token = NULL WHERE series IN \
             (SELECT s.id FROM series s JOIN study t ON t.id = s.study WHERE t.patient = ?)",
        )
        .bind(patient.0)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    pub(crate) async fn append_log(&mut self, batch: &BatchRow, head: &HeadRow) -> Result<()> {
        sqlx::query("INSERT INTO log_batch (first, count, root, entries) VALUES (?, ?, ?, ?)")
            .bind(to_sql(batch.first))
            .bind(to_sql(batch.count))
            .bind(head.root.as_slice())
            .bind(batch.entries.as_slice())
            .execute(&mut *self.0)
            .await?;
        let replaced = sqlx::query(
            "UPDATE log_head SET size = ?1, frontier = ?2, root = ?3, checkpoint = ?4, made_at = ?5 WHERE size = ?6",
        )
        .bind(to_sql(head.size))
        .bind(head.frontier.as_slice())
        .bind(head.root.as_slice())
        .bind(head.checkpoint.as_str())
        .bind(head.made_at.millis())
        .bind(to_sql(batch.first))
        .execute(&mut *self.0)
        .await?;
        if replaced.rows_affected() == 1 {
            Ok(())
        } else {
            Err(Error::Corrupt("the log's head"))
        }
    }
}
