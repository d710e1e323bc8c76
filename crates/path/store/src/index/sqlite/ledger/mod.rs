//! The ledger's rows.

mod audit;
mod copies;
mod disclosures;
mod notices;
mod people;
mod register;
mod releases;

use super::{Sqlite, Tx};
use crate::Result;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::SqliteConnection;

/// A connection that reads, or the transaction that writes.
pub(crate) enum Rows<'a> {
    Reader(PoolConnection<sqlx::Sqlite>),
    Writer(&'a mut SqliteConnection),
}

impl Rows<'_> {
    fn connection(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Reader(connection) => connection,
            Self::Writer(connection) => connection,
        }
    }
}

impl Sqlite {
    pub(crate) async fn rows(&self) -> Result<Rows<'static>> {
        Ok(Rows::Reader(self.readers.acquire().await?))
    }
}

impl Tx<'_> {
    pub(crate) fn rows(&mut self) -> Rows<'_> {
        Rows::Writer(&mut self.0)
    }
}
