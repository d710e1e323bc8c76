//! Application Entity titles (PS3.5 6.2, VR AE).

use std::fmt;

/// An AE title: 1 to 16 printable ASCII characters without backslash, outer spaces removed.
///
/// An AE title is a name, never a credential.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct AeTitle(String);

/// The text is no AE title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an AE title: 1 to 16 printable ASCII characters without backslash are needed")]
pub struct InvalidAeTitle;

impl AeTitle {
    /// Reads an AE title, ignoring the outer spaces that pad it on the wire.
    ///
    /// # Errors
    /// When it is empty, longer than 16 characters, or holds control, non-ASCII characters or a backslash.
    pub fn new(text: &str) -> Result<Self, InvalidAeTitle> {
        let text = text.trim_matches(' ');
        let legal = |b: u8| (0x20..0x7f).contains(&b) && b != b'\\';
        if text.is_empty() || text.len() > 16 || !text.bytes().all(legal) {
            return Err(InvalidAeTitle);
        }
        Ok(Self(text.to_owned()))
    }

    /// The title without padding.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AeTitle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
