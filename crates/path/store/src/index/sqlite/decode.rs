//! Rows of the index as values.

use super::from_sql;
use crate::blobs::{BlobId, BlobRef};
use crate::change::QuarantineId;
use crate::index::{Page, PatientRow, RecordRow, StudyRow};
use crate::row::{
    Completion, Decision, Form, Instance, KeptBlob, PatientId, Quarantined, SealStatus, WrappedKey,
};
use crate::{Error, Result};
use model::{Digest, Door, Source, Timestamp, Uid};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

const DAMAGED: Error = Error::Corrupt("a row of the index");

/// Selects what [`instance`] reads.
macro_rules! select_instances {
    ($rest:literal) => {
        concat!(
            "SELECT i.uid, i.sop_class, t.uid AS study_uid, s.uid AS series_uid, t.patient, i.transfer_syntax, i.form, ",
            "i.blob, i.data_len, i.record_len, i.wrapped_key, i.statement_digest, i.completion, i.status, ",
            "i.door, i.ae, i.authenticated, i.received_at, i.log_index, i.id ",
            "FROM instance i JOIN series s ON s.id = i.series JOIN study t ON t.id = s.study ",
            $rest
        )
    };
}
pub(super) use select_instances;

pub(super) fn instance(row: &SqliteRow) -> Result<Instance> {
    Ok(Instance {
        sop_instance_uid: uid(row, 0)?,
        sop_class_uid: uid(row, 1)?,
        study_instance_uid: uid(row, 2)?,
        series_instance_uid: uid(row, 3)?,
        patient: PatientId(row.try_get(4)?),
        transfer_syntax: uid(row, 5)?,
        form: named(row, 6, Form::from_name)?,
        blob: kept_blob(row, 7, PatientId(row.try_get(4)?))?.ok_or(DAMAGED)?,
        statement_digest: Digest::from_slice(row.try_get(11)?).map_err(|_| DAMAGED)?,
        completion: named(row, 12, Completion::from_name)?,
        status: named(row, 13, SealStatus::from_name)?,
        source: source(row, 14)?,
        received_at: timestamp(row, 17)?,
        log_index: number(row, 18)?,
    })
}

/// Columns blob, data_len, record_len, wrapped_key.
pub(super) fn kept_blob(row: &SqliteRow, at: usize, patient: PatientId) -> Result<Option<KeptBlob>> {
    let Some(id) = row.try_get::<Option<&[u8]>, _>(at)? else {
        return Ok(None);
    };
    let id = BlobId(id.try_into().map_err(|_| DAMAGED)?);
    Ok(Some(KeptBlob {
        blob: BlobRef::new(id, number(row, at + 1)?, number(row, at + 2)?),
        key: WrappedKey(row.try_get(at + 3)?),
        patient,
    }))
}

/// Columns door, ae, authenticated.
fn source(row: &SqliteRow, at: usize) -> Result<Source> {
    Ok(Source {
        door: named(row, at, Door::from_name)?,
        ae: row.try_get(at + 1)?,
        authenticated: row.try_get(at + 2)?,
    })
}

pub(super) fn quarantined(row: &SqliteRow) -> Result<Quarantined> {
    let patient = PatientId(row.try_get(1)?);
    let optional = |at| row.try_get::<Option<&str>, _>(at).map_err(Error::from);
    Ok(Quarantined {
        id: QuarantineId(row.try_get::<&[u8], _>(0)?.try_into().map_err(|_| DAMAGED)?),
        patient,
        reason: row.try_get(2)?,
        detail: row.try_get(3)?,
        sop_instance_uid: optional(4)?.map(Uid::new).transpose().map_err(|_| DAMAGED)?,
        transfer_syntax: optional(5)?.map(Uid::new).transpose().map_err(|_| DAMAGED)?,
        form: named(row, 6, Form::from_name)?,
        sealed: WrappedKey(row.try_get(7)?),
        blob: kept_blob(row, 8, patient)?,
        source: source(row, 12)?,
        received_at: timestamp(row, 15)?,
        log_index: number(row, 16)?,
        decision: match optional(17)? {
            Some(name) => Some((Decision::from_name(name).ok_or(DAMAGED)?, row.try_get(18)?)),
            None => None,
        },
    })
}

/// Columns sealed, made_at, log_index.
pub(super) fn record(row: &SqliteRow, at: usize) -> Result<RecordRow> {
    Ok(RecordRow {
        sealed: row.try_get(at)?,
        made_at: timestamp(row, at + 1)?,
        log_index: number(row, at + 2)?,
    })
}

pub(super) fn patient(row: &SqliteRow) -> Result<PatientRow> {
    patient_at(row, 0)
}

/// Columns id, token, wrapped_key, accounting_key.
pub(super) fn patient_at(row: &SqliteRow, at: usize) -> Result<PatientRow> {
    patient_of(row, at, at + 1)
}

/// Column id; columns token, wrapped_key, accounting_key.
pub(super) fn patient_of(row: &SqliteRow, id: usize, at: usize) -> Result<PatientRow> {
    Ok(PatientRow {
        id: PatientId(row.try_get(id)?),
        token: hash(row, at)?,
        wrapped_key: row.try_get(at + 1)?,
        accounting_key: row.try_get(at + 2)?,
    })
}

/// Columns id, uid, patient, revision, manifest_revision.
pub(super) fn study(row: &SqliteRow, at: usize) -> Result<StudyRow> {
    Ok(StudyRow {
        id: row.try_get(at)?,
        uid: uid(row, at + 1)?,
        patient: PatientId(row.try_get(at + 2)?),
        revision: number(row, at + 3)?,
        manifest_revision: number(row, at + 4)?,
    })
}

pub(super) fn uid(row: &SqliteRow, at: usize) -> Result<Uid> {
    Uid::new(row.try_get(at)?).map_err(|_| DAMAGED)
}

pub(super) fn number(row: &SqliteRow, at: usize) -> Result<u64> {
    from_sql(row.try_get(at)?)
}

pub(super) fn timestamp(row: &SqliteRow, at: usize) -> Result<Timestamp> {
    Ok(Timestamp::from_millis(row.try_get(at)?))
}

pub(super) fn hash(row: &SqliteRow, at: usize) -> Result<[u8; 32]> {
    row.try_get::<&[u8], _>(at)?.try_into().map_err(|_| DAMAGED)
}

pub(super) fn named<T>(row: &SqliteRow, at: usize, read: impl Fn(&str) -> Option<T>) -> Result<T> {
    read(row.try_get(at)?).ok_or(DAMAGED)
}

/// A page whose rows have their number in column `id`.
pub(super) fn page<T>(
    rows: &[SqliteRow],
    limit: usize,
    id: usize,
    read: impl Fn(&SqliteRow) -> Result<T>,
) -> Result<Page<T>> {
    let next = match rows.last() {
        Some(last) if rows.len() == limit => Some(last.try_get(id)?),
        _ => None,
    };
    Ok(Page {
        rows: rows.iter().map(read).collect::<Result<_>>()?,
        next,
    })
}
