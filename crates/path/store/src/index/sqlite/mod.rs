//! The embedded engine: SQLite in WAL mode, every commit synced.

mod decode;
mod ledger;
mod load;
mod log;
mod query;
mod read;
mod write;

pub(crate) use ledger::Rows;
pub(crate) use write::{Tx, Writer};

use super::{ArchiveRow, HeadRow};
use crate::{Error, Result};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row, SqlitePool};
use std::path::Path;
use std::time::Duration;

/// How long to wait for another process that writes. Also its recovery after a crash is such a wait.
const BUSY: Duration = Duration::from_secs(10);
const BETWEEN_TRIES: Duration = Duration::from_millis(20);
const READERS: u32 = 4;
/// Text of the statements that stay prepared: those of this engine, and inserts of several lengths.
const STATEMENTS: usize = 128;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");

/// The index in a file.
pub(crate) struct Sqlite {
    options: SqliteConnectOptions,
    readers: SqlitePool,
}

impl Sqlite {
    pub(crate) async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .statement_cache_capacity(STATEMENTS)
            // A deleted key must not stay readable in a free page.
            .pragma("secure_delete", "ON")
            .pragma("cache_size", "-16384");
        let mut writer = Writer::new(options.clone());
        let deadline = tokio::time::Instant::now() + BUSY;
        loop {
            // Switching to WAL and recovering after a crash do not wait by themselves.
            match writer.migrate(&MIGRATIONS).await {
                Err(error) if error.is_busy() && tokio::time::Instant::now() < deadline => {
                    tokio::time::sleep(BETWEEN_TRIES).await;
                }
                done => break done?,
            }
        }
        writer.close().await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_lazy_with(options.clone().pragma("query_only", "ON"));
        Ok(Self { options, readers })
    }

    pub(crate) fn writer(&self) -> Writer {
        Writer::new(self.options.clone())
    }

    pub(crate) async fn close(&self) -> Result<()> {
        self.readers.close().await;
        Ok(())
    }

    pub(crate) async fn archive(&self) -> Result<Option<ArchiveRow>> {
        let row = sqlx::query("SELECT key_check, log_origin FROM archive")
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| {
            Ok(ArchiveRow {
                key_check: row.try_get(0)?,
                log_origin: row.try_get(1)?,
            })
        })
        .transpose()
    }

    pub(crate) async fn found(&self, archive: &ArchiveRow, head: &HeadRow) -> Result<()> {
        let mut writer = self.writer();
        let mut tx = writer.begin().await?;
        tx.found(archive, head).await?;
        tx.commit().await?;
        writer.close().await
    }
}

/// Sizes and log indexes are below 2^63: blobs are files, and a log of 2^63 entries has no frontier.
fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn from_sql(number: i64) -> Result<u64> {
    u64::try_from(number).map_err(|_| Error::Corrupt("a row of the index"))
}
