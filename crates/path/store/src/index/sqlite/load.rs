//! Reading all that a group touches.
//!
//! A statement costs two changes of thread, which is more than its own work here: so instances are one statement, and
//! everything above them another. The names come as JSON arrays, so that the text of a statement is always the same.

use super::decode::{self, select_instances};
use super::write::Tx;
use crate::index::{Loaded, Names, SeriesRow};
use crate::{Error, Result};
use model::Uid;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// The rows of several tables under one set of columns. The first tells them apart.
const PARENTS: &str = "\
    WITH found AS ( \
        SELECT id, uid, patient, revision, manifest_revision FROM study \
        WHERE uid IN (SELECT value FROM json_each(?1)) OR id IN ( \
            SELECT s.study FROM instance i JOIN series s ON s.id = i.series \
            WHERE i.uid IN (SELECT value FROM json_each(?2)))) \
    SELECT 'log' AS kind, size AS a, NULL AS b, NULL AS c, NULL AS d, frontier AS e, NULL AS f, NULL AS g FROM log_head \
    UNION ALL SELECT 'study', id, uid, patient, revision, manifest_revision, NULL, NULL FROM found \
    UNION ALL SELECT 'series', id, uid, study, NULL, NULL, NULL, NULL FROM series \
        WHERE uid IN (SELECT value FROM json_each(?3)) \
    UNION ALL SELECT 'patient', id, NULL, NULL, NULL, token, wrapped_key, accounting_key FROM patient \
        WHERE id IN ( \
            SELECT id FROM patient WHERE token IN (SELECT unhex(value) FROM json_each(?4)) AND wrapped_key IS NOT NULL \
            UNION SELECT value FROM json_each(?5) \
            UNION SELECT patient FROM found)";

impl Tx<'_> {
    pub(crate) async fn load(&mut self, names: &Names) -> Result<Loaded> {
        let mut loaded = Loaded::default();
        let instances = json(names.instances.iter().map(Uid::as_str));
        if !names.instances.is_empty() {
            let rows = sqlx::query(select_instances!(
                "WHERE i.uid IN (SELECT value FROM json_each(?))"
            ))
            .bind(instances.as_str())
            .fetch_all(&mut *self.0)
            .await?;
            loaded.instances = rows.iter().map(decode::instance).collect::<Result<_>>()?;
        }
        // Without a found instance there is no study to find by one.
        let instances = if loaded.instances.is_empty() {
            "[]"
        } else {
            &instances
        };
        let rows = sqlx::query(PARENTS)
            .bind(json(names.studies.iter().map(Uid::as_str)))
            .bind(instances)
            .bind(json(names.series.iter().map(Uid::as_str)))
            .bind(json(names.tokens.iter().map(hex::encode)))
            .bind(json(names.patients.iter().map(|patient| patient.0)))
            .fetch_all(&mut *self.0)
            .await?;
        for row in &rows {
            match row.try_get(0)? {
                "log" => loaded.frontier = row.try_get(5)?,
                "study" => loaded.studies.push(decode::study(row, 1)?),
                "series" => loaded.series.push(series(row)?),
                _ => loaded.patients.push(decode::patient_of(row, 1, 5)?),
            }
        }
        if loaded.frontier.is_empty() {
            Err(Error::Corrupt("the log's head"))
        } else {
            Ok(loaded)
        }
    }
}

fn series(row: &SqliteRow) -> Result<SeriesRow> {
    Ok(SeriesRow {
        id: row.try_get(1)?,
        uid: decode::uid(row, 2)?,
        study: row.try_get(3)?,
    })
}

fn json<T: Into<serde_json::Value>>(values: impl Iterator<Item = T>) -> String {
    values.collect::<serde_json::Value>().to_string()
}
