//! Finding what is committed, by what it is like.

use super::Sqlite;
use super::decode::{self, page};
use crate::Result;
use crate::index::query::Totals;
use crate::index::{Candidate, InstanceQuery, Page, SeriesQuery, StudyFilter};
use model::Uid;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

/// Rows to a page.
const PAGE: usize = 256;

type Query = QueryBuilder<sqlx::Sqlite>;

/// Adds `AND column IN (...)` unless there is nothing to be in.
fn any_uid(query: &mut Query, column: &'static str, uids: &[Uid]) {
    if !uids.is_empty() {
        query.push(" AND ").push(column).push(" IN (");
        let mut list = query.separated(", ");
        for uid in uids {
            list.push_bind(uid.as_str());
        }
        query.push(")");
    }
}

impl Sqlite {
    /// Newest first: rows before `before`.
    pub(crate) async fn find_studies(&self, filter: &StudyFilter, before: i64) -> Result<Page<Candidate>> {
        let mut query = Query::new(
            "SELECT t.id, t.uid, t.uid, '', NULL, t.sealed, t.received_at, p.id, p.token, p.wrapped_key, p.accounting_key \
             FROM study t JOIN patient p ON p.id = t.patient WHERE p.wrapped_key IS NOT NULL AND t.id < ",
        );
        query.push_bind(before);
        any_uid(&mut query, "t.uid", &filter.uids);
        if let Some(patient) = filter.patient {
            query.push(" AND t.patient = ").push_bind(patient);
        }
        if let Some(token) = &filter.id_token {
            query.push(" AND p.id_token = ").push_bind(token.as_slice());
        }
        if let Some(token) = &filter.accession_token {
            query
                .push(" AND t.accession_token = ")
                .push_bind(token.as_slice());
        }
        if let Some(tokens) = &filter.date_tokens {
            query.push(" AND t.date_token IN (SELECT unhex(value) FROM json_each(");
            let hex: Vec<String> = tokens.iter().map(hex::encode).collect();
            query
                .push_bind(serde_json::Value::from(hex).to_string())
                .push("))");
        }
        if let Some(modality) = &filter.modality {
            query.push(" AND EXISTS (SELECT 1 FROM series s WHERE s.study = t.id AND s.modality = ");
            query.push_bind(modality.as_str()).push(")");
        }
        query.push(" ORDER BY t.id DESC LIMIT ").push_bind(PAGE as i64);
        self.candidates(query).await
    }

    pub(crate) async fn find_series(&self, filter: &SeriesQuery, after: i64) -> Result<Page<Candidate>> {
        let mut query = Query::new(
            "SELECT s.id, s.uid, t.uid, s.modality, NULL, s.sealed, t.received_at, p.id, p.token, p.wrapped_key, p.accounting_key \
             FROM series s JOIN study t ON t.id = s.study JOIN patient p ON p.id = t.patient \
             WHERE p.wrapped_key IS NOT NULL AND s.id > ",
        );
        query.push_bind(after);
        any_uid(&mut query, "t.uid", filter.study_instance_uid.as_slice());
        any_uid(&mut query, "s.uid", &filter.series_instance_uids);
        if let Some(modality) = &filter.modality {
            query.push(" AND s.modality = ").push_bind(modality.as_str());
        }
        query.push(" ORDER BY s.id LIMIT ").push_bind(PAGE as i64);
        self.candidates(query).await
    }

    pub(crate) async fn find_instances(&self, filter: &InstanceQuery, after: i64) -> Result<Page<Candidate>> {
        let mut query = Query::new(
            "SELECT i.id, i.uid, t.uid, s.uid, i.sop_class, i.sealed, i.received_at, p.id, p.token, p.wrapped_key, p.accounting_key \
             FROM instance i JOIN series s ON s.id = i.series JOIN study t ON t.id = s.study \
             JOIN patient p ON p.id = t.patient WHERE p.wrapped_key IS NOT NULL AND i.id > ",
        );
        query.push_bind(after);
        any_uid(&mut query, "t.uid", filter.study_instance_uid.as_slice());
        any_uid(&mut query, "s.uid", filter.series_instance_uid.as_slice());
        any_uid(&mut query, "i.uid", &filter.sop_instance_uids);
        any_uid(&mut query, "i.sop_class", filter.sop_class_uid.as_slice());
        query.push(" ORDER BY i.id LIMIT ").push_bind(PAGE as i64);
        self.candidates(query).await
    }

    async fn candidates(&self, mut query: Query) -> Result<Page<Candidate>> {
        let rows = query.build().fetch_all(&self.readers).await?;
        page(&rows, PAGE, 0, candidate)
    }

    pub(crate) async fn study_totals(&self, study: i64) -> Result<Totals> {
        let rows = sqlx::query(
            "SELECT s.modality, (SELECT count(*) FROM instance i WHERE i.series = s.id) FROM series s WHERE s.study = ?",
        )
        .bind(study)
        .fetch_all(&self.readers)
        .await?;
        let mut totals = Totals {
            modalities: Vec::new(),
            series: rows.len() as u64,
            instances: 0,
        };
        for row in &rows {
            let modality: String = row.try_get(0)?;
            if !totals.modalities.contains(&modality) {
                totals.modalities.push(modality);
            }
            totals.instances += decode::number(row, 1)?;
        }
        Ok(totals)
    }

    pub(crate) async fn series_instances(&self, series: i64) -> Result<u64> {
        let row = sqlx::query("SELECT count(*) FROM instance WHERE series = ?")
            .bind(series)
            .fetch_one(&self.readers)
            .await?;
        decode::number(&row, 0)
    }

    /// Whether any row speaks for a blob. The tables have no index on blob names, since only fsck asks.
    pub(crate) async fn blob_names(&self) -> Result<Vec<[u8; 16]>> {
        let rows = sqlx::query(
            "SELECT blob FROM instance UNION ALL SELECT blob FROM completion WHERE blob IS NOT NULL \
             UNION ALL SELECT blob FROM quarantine WHERE blob IS NOT NULL",
        )
        .fetch_all(&self.readers)
        .await?;
        let read = |row: &SqliteRow| {
            let name: &[u8] = row.try_get(0)?;
            name.try_into()
                .map_err(|_| crate::Error::Corrupt("a row of the index"))
        };
        rows.iter().map(read).collect()
    }
}

fn candidate(row: &SqliteRow) -> Result<Candidate> {
    Ok(Candidate {
        id: row.try_get(0)?,
        uid: decode::uid(row, 1)?,
        study_uid: decode::uid(row, 2)?,
        detail: row.try_get(3)?,
        sop_class: match row.try_get::<Option<&str>, _>(4)? {
            Some(_) => Some(decode::uid(row, 4)?),
            None => None,
        },
        sealed: row.try_get(5)?,
        received_at: decode::timestamp(row, 6)?,
        patient: decode::patient_at(row, 7)?,
    })
}
