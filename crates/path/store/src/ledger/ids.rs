//! Names of what the ledger keeps.

use std::fmt;

/// An attempt to hand one instance to one recipient, whose account is durable: the store makes it once the row is
/// committed, and nobody else does.
#[derive(PartialEq, Eq, Debug)]
pub struct DisclosureId(pub(crate) i64);

impl DisclosureId {
    /// Its number in the accounting.
    pub fn number(&self) -> i64 {
        self.0
    }

    /// One without an account behind it, for tests of doors. What ships is built without this feature.
    #[cfg(feature = "testing")]
    pub fn for_tests(number: i64) -> Self {
        Self(number)
    }
}

/// A release: one study, or a part of it, to one recipient for one purpose.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ReleaseId(pub(crate) i64);

impl ReleaseId {
    /// Its number.
    pub fn number(self) -> i64 {
        self.0
    }

    /// The release with this number, if there is one.
    pub fn from_number(number: i64) -> Self {
        Self(number)
    }
}

impl fmt::Display for ReleaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
