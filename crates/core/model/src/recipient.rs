//! The name of whoever gets copies.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A recipient's short name in this gateway: 2 to 64 lower-case letters, digits and hyphens, a letter first. It may
/// stand in file names, URLs and logs.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecipientId(String);

/// The text is no recipient's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a recipient's name: 2 to 64 lower-case letters, digits and hyphens are needed, such as acme-chest-ai"
)]
pub struct InvalidRecipientId;

impl RecipientId {
    /// Reads a name.
    ///
    /// # Errors
    /// When it has other characters or another length than the type allows.
    pub fn new(text: &str) -> Result<Self, InvalidRecipientId> {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let starts_well = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if !starts_well || !(2..=64).contains(&text.len()) || !text.bytes().all(legal) {
            return Err(InvalidRecipientId);
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RecipientId {
    type Error = InvalidRecipientId;

    fn try_from(text: String) -> Result<Self, InvalidRecipientId> {
        Self::new(&text)
    }
}

impl From<RecipientId> for String {
    fn from(id: RecipientId) -> Self {
        id.0
    }
}

impl std::str::FromStr for RecipientId {
    type Err = InvalidRecipientId;

    fn from_str(text: &str) -> Result<Self, InvalidRecipientId> {
        Self::new(text)
    }
}

impl fmt::Display for RecipientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
