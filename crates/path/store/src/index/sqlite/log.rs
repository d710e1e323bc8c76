//! The log's rows.

use super::{Sqlite, decode, to_sql};
use crate::index::{BatchRow, HeadRow};
use crate::{Error, Result};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

impl Sqlite {
    pub(crate) async fn head(&self) -> Result<HeadRow> {
        let row = sqlx::query("SELECT size, frontier, root, checkpoint, made_at FROM log_head")
            .fetch_optional(&self.readers)
            .await?;
        let row = row.ok_or(Error::Corrupt("the log's head"))?;
        Ok(HeadRow {
            size: decode::number(&row, 0)?,
            frontier: row.try_get(1)?,
            root: decode::hash(&row, 2)?,
            checkpoint: row.try_get(3)?,
            made_at: decode::timestamp(&row, 4)?,
        })
    }

    /// The batches that hold entries of `[from, to)`, a bounded number of them.
    pub(crate) async fn batches(&self, from: u64, to: u64) -> Result<Vec<BatchRow>> {
        // The batch that holds `from` starts at or before it.
        let rows = sqlx::query(
            "SELECT first, count, entries FROM log_batch \
             WHERE first >= ifnull((SELECT max(first) FROM log_batch WHERE first <= ?1), ?1) AND first < ?2 \
             ORDER BY first LIMIT 1024",
        )
        .bind(to_sql(from))
        .bind(to_sql(to))
        .fetch_all(&self.readers)
        .await?;
        let read = |row: &SqliteRow| {
            Ok(BatchRow {
                first: decode::number(row, 0)?,
                count: decode::number(row, 1)?,
                entries: row.try_get(2)?,
            })
        };
        rows.iter().map(read).collect()
    }

    pub(crate) async fn root_at(&self, size: u64) -> Result<Option<[u8; 32]>> {
        let row = sqlx::query(
            "SELECT first + count, root FROM log_batch WHERE first < ? ORDER BY first DESC LIMIT 1",
        )
        .bind(to_sql(size))
        .fetch_optional(&self.readers)
        .await?;
        match row {
            Some(row) if decode::number(&row, 0)? == size => Ok(Some(decode::hash(&row, 1)?)),
            _ => Ok(None),
        }
    }

    pub(crate) async fn issue(&self, size: u64, root: &[u8; 32]) -> Result<()> {
        let mut writer = self.writer();
        let mut tx = writer.begin().await?;
        tx.issue(size, root).await?;
        tx.commit().await?;
        writer.close().await
    }

    pub(crate) async fn issued(&self) -> Result<Vec<(u64, [u8; 32])>> {
        let rows = sqlx::query("SELECT size, root FROM log_issued ORDER BY size")
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| Ok((decode::number(row, 0)?, decode::hash(row, 1)?)))
            .collect()
    }
}
