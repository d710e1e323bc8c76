//! The name of a de-identification profile.

use serde::Serialize;

/// The name of a de-identification profile: 1 to 32 lower-case letters, digits and hyphens. `original` is none at all.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct ProfileName(String);

/// The text is no profile's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a profile's name: 1 to 32 lower-case letters, digits and hyphens are needed, such as vendor")]
pub struct InvalidProfileName;

impl ProfileName {
    /// Reads a name. Nothing is trimmed or folded: `Original` must not pass for a profile that de-identifies.
    ///
    /// # Errors
    /// When it has other characters or another length than the type allows.
    pub fn new(text: &str) -> Result<Self, InvalidProfileName> {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if !(1..=32).contains(&text.len()) || !text.bytes().all(legal) {
            return Err(InvalidProfileName);
        }
        Ok(Self(text.to_owned()))
    }

    /// None at all: an identified copy.
    pub(crate) fn original() -> Self {
        Self("original".to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for identified copies.
    pub fn is_original(&self) -> bool {
        self.0 == "original"
    }
}
