//! Unique identifiers (PS3.5 section 9).

use std::fmt;

/// A DICOM UID, padding removed, so that two UIDs that differ in padding alone are one.
///
/// The standard allows 1 to 64 digits and dots without leading zeros in a component. Real scans also have UIDs
/// with leading zeros and, from de-identification tools, hexadecimal digests: letters, `-` and `_` are accepted, since
/// such a scan must not be lost. Nothing here can be part of a path to elsewhere.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Uid(String);

/// The bytes are no UID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a UID: 1 to 64 digits and dots (letters, - and _ are borne with) are needed")]
pub struct InvalidUid;

impl Uid {
    /// Reads a UID, ignoring trailing NUL and outer space padding.
    ///
    /// # Errors
    /// When it is empty, longer than 64 characters, or holds other characters than the type allows.
    pub fn new(text: &str) -> Result<Self, InvalidUid> {
        let text = text.trim_matches(|c| c == '\0' || c == ' ');
        let legal = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if text.is_empty() || text.len() > 64 || !text.bytes().all(legal) {
            return Err(InvalidUid);
        }
        Ok(Self(text.to_owned()))
    }

    /// Reads a UID from the bytes of a data element.
    ///
    /// # Errors
    /// As [`Uid::new`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidUid> {
        std::str::from_utf8(bytes)
            .map_err(|_| InvalidUid)
            .and_then(Self::new)
    }

    /// The UID without padding.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for Uid {
    type Err = InvalidUid;

    fn from_str(text: &str) -> Result<Self, InvalidUid> {
        Self::new(text)
    }
}

impl AsRef<str> for Uid {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
