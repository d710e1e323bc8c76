//! What an audit repository must still be told.

use super::super::decode;
use super::Rows;
use super::notices::glass;
use crate::Result;
use crate::index::RecordRow;
use crate::ledger::{DenialRow, GlassRow, ReleaseId};
use crate::row::PatientId;
use model::Timestamp;
use sqlx::Row;

/// Names the rows of the register that wait to be told.
const DUE: &str = "audit-due";

impl Rows<'_> {
    /// Notes, in the transaction that brings it about, that something must be told.
    pub(super) async fn owe_audit(&mut self, name: &str, at: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO register (kind, name, document, made_at) VALUES (?, ?, '{}', ?) ON CONFLICT DO NOTHING",
        )
        .bind(DUE)
        .bind(name)
        .bind(at.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Notes that a release must be told, if it is over and nobody works on it any more.
    pub(super) async fn owe_release(&mut self, id: ReleaseId, at: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO register (kind, name, document, made_at) SELECT ?1, 'release ' || id, '{}', ?3 FROM release \
             WHERE id = ?2 AND owner IS NULL AND state NOT IN ('queued', 'running') ON CONFLICT DO NOTHING",
        )
        .bind(DUE)
        .bind(id.0)
        .bind(at.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Notes releases that were stopped while a worker had them, and that it lost since. To be called before it is let go.
    pub(super) async fn owe_lost_releases(&mut self, now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO register (kind, name, document, made_at) SELECT ?1, 'release ' || id, '{}', ?2 FROM release \
             WHERE owner IS NOT NULL AND lease_until < ?2 AND state NOT IN ('queued', 'running') ORDER BY id \
             ON CONFLICT DO NOTHING",
        )
        .bind(DUE)
        .bind(now.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// What waits in the register, oldest first: number, name, since when.
    pub(crate) async fn audit_due(&mut self, limit: u32) -> Result<Vec<(i64, String, Timestamp)>> {
        let rows = sqlx::query(
            "SELECT id, name, made_at FROM register WHERE kind = ? AND ended_at IS NULL ORDER BY id LIMIT ?",
        )
        .bind(DUE)
        .bind(limit)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, decode::timestamp(row, 2)?)))
            .collect()
    }

    pub(crate) async fn end_audit_due(&mut self, numbers: &[i64]) -> Result<()> {
        sqlx::query("DELETE FROM register WHERE kind = ? AND id IN (SELECT value FROM json_each(?))")
            .bind(DUE)
            .bind(serde_json::to_string(numbers).unwrap_or_default())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Replaces the document of a row of the register, without the history that an officer's change leaves.
    pub(crate) async fn overwrite(
        &mut self,
        kind: &str,
        name: &str,
        document: &str,
        at: Timestamp,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO register (kind, name, document, made_at) VALUES (?1, ?2, ?3, ?4) \
             ON CONFLICT (kind, name) WHERE ended_at IS NULL DO UPDATE SET document = ?3, made_at = ?4",
        )
        .bind(kind)
        .bind(name)
        .bind(document)
        .bind(at.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Denials with a higher number, in order.
    pub(crate) async fn denials_after(
        &mut self,
        number: i64,
        limit: u32,
    ) -> Result<Vec<(PatientId, DenialRow)>> {
        let rows = sqlx::query(
            "SELECT id, study, recipient, purpose, release, reason, policies, made_at, log_index, patient FROM denial \
             WHERE id > ? ORDER BY id LIMIT ?",
        )
        .bind(number)
        .bind(limit)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| Ok((PatientId(row.try_get(9)?), super::disclosures::denial(row)?)))
            .collect()
    }

    /// Uses of break-glass with a higher number, in order.
    pub(crate) async fn glasses_after(&mut self, number: i64, limit: u32) -> Result<Vec<GlassRow>> {
        let rows = sqlx::query(
            "SELECT id, staff, patient, study, made_at, reviewed_by, reviewed_at, finding FROM break_glass \
             WHERE id > ? ORDER BY id LIMIT ?",
        )
        .bind(number)
        .bind(limit)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(glass).collect()
    }

    /// Reads with a higher number, in order.
    pub(crate) async fn accesses_after(
        &mut self,
        number: i64,
        limit: u32,
    ) -> Result<Vec<(i64, PatientId, RecordRow)>> {
        let rows = sqlx::query(
            "SELECT sealed, made_at, log_index, id, patient FROM access WHERE id > ? ORDER BY id LIMIT ?",
        )
        .bind(number)
        .bind(limit)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                Ok((
                    row.try_get(3)?,
                    PatientId(row.try_get(4)?),
                    decode::record(row, 0)?,
                ))
            })
            .collect()
    }
}
