//! What officers set up.

use super::Rows;
use crate::Result;
use model::Timestamp;
use sqlx::Row;

impl Rows<'_> {
    pub(crate) async fn registered(&mut self, kind: &str, name: &str) -> Result<Option<String>> {
        let row =
            sqlx::query("SELECT document FROM register WHERE kind = ? AND name = ? AND ended_at IS NULL")
                .bind(kind)
                .bind(name)
                .fetch_optional(self.connection())
                .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    pub(crate) async fn register_list(&mut self, kind: &str) -> Result<Vec<(String, String)>> {
        let rows = sqlx::query(
            "SELECT name, document FROM register WHERE kind = ? AND ended_at IS NULL ORDER BY name",
        )
        .bind(kind)
        .fetch_all(self.connection())
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect()
    }

    /// Ends the row of this name, and adds another where there is a document. False when there was nothing to end and
    /// nothing is added.
    pub(crate) async fn register(
        &mut self,
        kind: &str,
        name: &str,
        document: Option<&str>,
        at: Timestamp,
    ) -> Result<bool> {
        let ended = sqlx::query(
            "UPDATE register SET ended_at = ?3 WHERE kind = ?1 AND name = ?2 AND ended_at IS NULL",
        )
        .bind(kind)
        .bind(name)
        .bind(at.millis())
        .execute(self.connection())
        .await?
        .rows_affected();
        if let Some(document) = document {
            sqlx::query("INSERT INTO register (kind, name, document, made_at) VALUES (?, ?, ?, ?)")
                .bind(kind)
                .bind(name)
                .bind(document)
                .bind(at.millis())
                .execute(self.connection())
                .await?;
        }
        Ok(ended > 0 || document.is_some())
    }
}
