//! Copies outside, and the receipts for their deletion.

use super::super::decode::{named, number, timestamp, uid};
use super::super::{from_sql, to_sql};
use super::Rows;
use super::releases::{DAMAGED, moment, recipient};
use crate::Result;
use crate::ledger::{CopyRow, CopyState, ReceiptRow, ReleaseId};
use crate::row::PatientId;
use model::{RecipientId, Timestamp, Uid};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

macro_rules! select_copies {
    ($rest:literal) => {
        concat!(
            "SELECT id, release, patient, study, copy_study, recipient, purpose, profile, released_at, due_at, state, reason, ",
            "manifest_root, instances, request, document, requested_at, answer_due, receipt_at, tries FROM copy ",
            $rest
        )
    };
}

fn copy(row: &SqliteRow) -> Result<CopyRow> {
    let copy_study: Option<&str> = row.try_get(4)?;
    let root: Option<&[u8]> = row.try_get(12)?;
    Ok(CopyRow {
        number: row.try_get(0)?,
        release: ReleaseId(row.try_get(1)?),
        patient: PatientId(row.try_get(2)?),
        study: uid(row, 3)?,
        copy_study: copy_study
            .map(|text| Uid::new(text).map_err(|_| DAMAGED))
            .transpose()?,
        recipient: recipient(row, 5)?,
        purpose: named(row, 6, |name| name.parse().ok())?,
        profile: row.try_get(7)?,
        released_at: timestamp(row, 8)?,
        due_at: moment(row, 9)?,
        state: named(row, 10, CopyState::from_name)?,
        reason: row.try_get(11)?,
        manifest_root: root
            .map(|bytes| bytes.try_into().map_err(|_| DAMAGED))
            .transpose()?,
        instances: number(row, 13)?,
        request: row.try_get(14)?,
        document: row.try_get(15)?,
        requested_at: moment(row, 16)?,
        answer_due: moment(row, 17)?,
        receipt_at: moment(row, 18)?,
        tries: u32::try_from(from_sql(row.try_get(19)?)?).map_err(|_| DAMAGED)?,
    })
}

impl Rows<'_> {
    pub(crate) async fn copies_of(&mut self, patient: PatientId) -> Result<Vec<CopyRow>> {
        let rows = sqlx::query(select_copies!("WHERE patient = ? ORDER BY id"))
            .bind(patient.0)
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(copy).collect()
    }

    pub(crate) async fn copies_at(&mut self, recipient: &RecipientId) -> Result<Vec<CopyRow>> {
        let rows = sqlx::query(select_copies!("WHERE recipient = ? ORDER BY id"))
            .bind(recipient.as_str())
            .fetch_all(self.connection())
            .await?;
        rows.iter().map(copy).collect()
    }

    pub(crate) async fn copy(&mut self, number: i64) -> Result<Option<CopyRow>> {
        let row = sqlx::query(select_copies!("WHERE id = ?"))
            .bind(number)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(copy).transpose()
    }

    pub(crate) async fn copy_of_release(&mut self, release: ReleaseId) -> Result<Option<CopyRow>> {
        let row = sqlx::query(select_copies!("WHERE release = ?"))
            .bind(release.0)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(copy).transpose()
    }

    pub(crate) async fn copy_by_request(&mut self, jti: &str) -> Result<Option<CopyRow>> {
        let row = sqlx::query(select_copies!("WHERE request = ?"))
            .bind(jti)
            .fetch_optional(self.connection())
            .await?;
        row.as_ref().map(copy).transpose()
    }

    /// Copies whose deletion must be requested now. One that is still being added to waits: the request must name all of it.
    pub(crate) async fn copies_due(&mut self, now: Timestamp, limit: u32) -> Result<Vec<CopyRow>> {
        let rows = sqlx::query(select_copies!(
            "WHERE state IN ('live', 'expiring') AND due_at <= ? AND NOT EXISTS ( \
                SELECT 1 FROM release r WHERE r.id = copy.release AND r.owner IS NOT NULL) ORDER BY due_at LIMIT ?"
        ))
        .bind(now.millis())
        .bind(limit)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(copy).collect()
    }

    /// Copies whose request must be carried (again) now.
    pub(crate) async fn copies_to_ask(&mut self, now: Timestamp, limit: u32) -> Result<Vec<CopyRow>> {
        let rows = sqlx::query(select_copies!(
            "WHERE state IN ('requested', 'acknowledged', 'overdue', 'partial') AND next_at <= ? ORDER BY next_at LIMIT ?"
        ))
        .bind(now.millis())
        .bind(limit)
        .fetch_all(self.connection())
        .await?;
        rows.iter().map(copy).collect()
    }

    /// Copies whose answer is late; they become overdue.
    pub(crate) async fn mark_overdue(&mut self, now: Timestamp) -> Result<Vec<CopyRow>> {
        let late = sqlx::query(select_copies!(
            "WHERE state IN ('requested', 'acknowledged', 'partial') AND answer_due < ?"
        ))
        .bind(now.millis())
        .fetch_all(self.connection())
        .await?;
        let late: Vec<CopyRow> = late.iter().map(copy).collect::<Result<_>>()?;
        sqlx::query(
            "UPDATE copy SET state = 'overdue', changed_at = ?1 \
             WHERE state IN ('requested', 'acknowledged', 'partial') AND answer_due < ?1",
        )
        .bind(now.millis())
        .execute(self.connection())
        .await?;
        Ok(late)
    }

    /// Live copies that end within the days that are called expiring.
    pub(crate) async fn mark_expiring(&mut self, now: Timestamp, before: Timestamp) -> Result<u64> {
        let done = sqlx::query(
            "UPDATE copy SET state = 'expiring', changed_at = ?1 WHERE state = 'live' AND due_at < ?2",
        )
        .bind(now.millis())
        .bind(before.millis())
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected())
    }

    /// Copies that a recipient owes the end of: overdue, refused, or with the answer late.
    pub(crate) async fn owed(&mut self, recipient: &RecipientId, now: Timestamp) -> Result<u64> {
        let row = sqlx::query(
            // Two counts, so that each walks the index by state and not all that the recipient ever had.
            "SELECT (SELECT count(*) FROM copy WHERE recipient = ?1 AND state IN ('overdue', 'refused')) \
             + (SELECT count(*) FROM copy WHERE recipient = ?1 AND state IN ('requested', 'acknowledged', 'partial') \
                AND answer_due < ?2)",
        )
        .bind(recipient.as_str())
        .bind(now.millis())
        .fetch_one(self.connection())
        .await?;
        number(&row, 0)
    }

    /// Notes that an instance went, or may have gone. The first makes the copy's row.
    pub(crate) async fn note_copy(&mut self, release: ReleaseId, new: &CopyRow) -> Result<()> {
        sqlx::query(
            "INSERT INTO copy (release, patient, study, copy_study, recipient, purpose, profile, released_at, due_at, state, \
             changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'live', ?8) ON CONFLICT (release) DO NOTHING",
        )
        .bind(release.0)
        .bind(new.patient.0)
        .bind(new.study.as_str())
        .bind(new.copy_study.as_ref().map(Uid::as_str))
        .bind(new.recipient.as_str())
        .bind(new.purpose.code())
        .bind(new.profile.as_str())
        .bind(new.released_at.millis())
        .bind(new.due_at.map(Timestamp::millis))
        .execute(self.connection())
        .await?;
        // What comes after its deletion was requested is a copy again, whose time has come when it comes.
        sqlx::query(
            "UPDATE copy SET state = 'live', request = NULL, document = NULL, answer_due = NULL, changed_at = ?2 \
             WHERE release = ?1 AND state NOT IN ('live', 'expiring')",
        )
        .bind(release.0)
        .bind(new.released_at.millis())
        .execute(self.connection())
        .await?;
        sqlx::query(
            "UPDATE copy SET instances = (SELECT count(DISTINCT instance) FROM disclosure \
             WHERE release = ?1 AND state IN ('sent', 'unknown')) WHERE release = ?1",
        )
        .bind(release.0)
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// What was thought to be there turned out not to be: counts again, and forgets a copy that never was.
    pub(crate) async fn recount_copy(&mut self, release: ReleaseId) -> Result<()> {
        sqlx::query(
            "UPDATE copy SET instances = (SELECT count(DISTINCT instance) FROM disclosure \
             WHERE release = ?1 AND state IN ('sent', 'unknown')) WHERE release = ?1",
        )
        .bind(release.0)
        .execute(self.connection())
        .await?;
        sqlx::query("DELETE FROM copy WHERE release = ? AND instances = 0 AND state IN ('live', 'expiring')")
            .bind(release.0)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Ends a copy before its time.
    pub(crate) async fn expire_copy(&mut self, number: i64, reason: &str, at: Timestamp) -> Result<()> {
        sqlx::query(
            "UPDATE copy SET state = 'expiring', reason = ?2, due_at = ?3, changed_at = ?3 \
             WHERE id = ?1 AND state IN ('live', 'expiring')",
        )
        .bind(number)
        .bind(reason)
        .bind(at.millis())
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Notes the signed request for a copy's deletion. False when it was requested meanwhile.
    pub(crate) async fn request_copy(&mut self, asked: &CopyRow, at: Timestamp) -> Result<bool> {
        let done = sqlx::query(
            "UPDATE copy SET state = 'requested', request = ?2, document = ?3, manifest_root = ?4, instances = ?5, \
             requested_at = ?6, answer_due = ?7, next_at = ?6, tries = 0, changed_at = ?6 \
             WHERE id = ?1 AND state IN ('live', 'expiring')",
        )
        .bind(asked.number)
        .bind(asked.request.as_deref())
        .bind(asked.document.as_deref())
        .bind(asked.manifest_root.as_ref().map(<[u8; 32]>::as_slice))
        .bind(to_sql(asked.instances))
        .bind(at.millis())
        .bind(asked.answer_due.map(Timestamp::millis))
        .execute(self.connection())
        .await?;
        Ok(done.rows_affected() > 0)
    }

    pub(crate) async fn copy_carried(&mut self, number: i64, next_at: Timestamp) -> Result<()> {
        sqlx::query("UPDATE copy SET tries = tries + 1, next_at = ?2 WHERE id = ?1")
            .bind(number)
            .bind(next_at.millis())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    pub(crate) async fn insert_receipt(
        &mut self,
        copy: i64,
        receipt: &ReceiptRow,
        state: CopyState,
    ) -> Result<()> {
        sqlx::query("INSERT INTO receipt (jti, copy, kind, document, received_at) VALUES (?, ?, ?, ?, ?)")
            .bind(receipt.jti.as_str())
            .bind(copy)
            .bind(receipt.kind.as_str())
            .bind(receipt.document.as_str())
            .bind(receipt.received_at.millis())
            .execute(self.connection())
            .await?;
        sqlx::query("UPDATE copy SET state = ?2, receipt_at = ?3, changed_at = ?3 WHERE id = ?1")
            .bind(copy)
            .bind(state.as_str())
            .bind(receipt.received_at.millis())
            .execute(self.connection())
            .await?;
        Ok(())
    }

    pub(crate) async fn receipts(&mut self, copy: i64) -> Result<Vec<ReceiptRow>> {
        let rows = sqlx::query(
            "SELECT jti, kind, document, received_at FROM receipt WHERE copy = ? ORDER BY received_at, jti",
        )
        .bind(copy)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ReceiptRow {
                    jti: row.try_get(0)?,
                    kind: row.try_get(1)?,
                    document: row.try_get(2)?,
                    received_at: timestamp(row, 3)?,
                })
            })
            .collect()
    }

    pub(crate) async fn has_receipt(&mut self, jti: &str) -> Result<bool> {
        let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM receipt WHERE jti = ?)")
            .bind(jti)
            .fetch_one(self.connection())
            .await?;
        Ok(row.try_get(0)?)
    }
}
