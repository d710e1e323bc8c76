//! What happens to a value, in a word.

use serde::Serialize;

/// What happens to a value, in a word. Where an object's IOD demands the attribute, one that would go stays empty (type 2)
/// or as a dummy (type 1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Fate {
    /// Gone.
    Removed,
    /// Without a value.
    Empty,
    /// A value that says nothing.
    Dummy,
    /// Text without what identifies.
    Cleaned,
    /// Kept when it is a number, a term or an age that says nothing of one person.
    Checked,
    /// As it is.
    Kept,
    /// Dates moved.
    Shifted,
    /// Dates cut to their year.
    Year,
    /// Another UID in its place.
    Mapped,
    /// A sequence: each attribute in its items by its own rule.
    Items,
    /// Part of a code, which is kept when the dictionary knows it.
    Code,
    /// The patient's pseudonym in its place.
    Pseudonym,
    /// Written by the program.
    Written,
    /// A private element: kept when it is on a list of safe ones.
    Listed,
}

impl Fate {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Empty => "empty",
            Self::Dummy => "dummy",
            Self::Cleaned => "cleaned",
            Self::Checked => "checked",
            Self::Kept => "kept",
            Self::Shifted => "shifted",
            Self::Year => "year",
            Self::Mapped => "mapped",
            Self::Items => "items",
            Self::Code => "code",
            Self::Pseudonym => "pseudonym",
            Self::Written => "written",
            Self::Listed => "listed",
        }
    }
}
