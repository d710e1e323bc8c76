//! What the log records: the kind of an event, its coarse time, and a salted commitment to it.

use crate::Error;
use crate::hash::{Hash, leaf_hash};
use std::fmt;

/// Bytes of an encoded [`Entry`].
pub const LEN: usize = 41;

/// What happened. The codes are in the log for ever: a code is never given to another meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A scan was sealed on arrival.
    Seal = 1,
    /// A seal was amended: patient merged, attribute coerced.
    Amend = 2,
    /// A study's list of instances was closed.
    Manifest = 3,
    /// Something arrived under a UID that has other content already.
    Conflict = 4,
    /// A patient's directive or its withdrawal.
    Consent = 5,
    /// A copy was permitted to leave.
    Release = 6,
    /// A copy was refused.
    Deny = 7,
    /// A recipient confirmed a copy.
    Delivered = 8,
    /// Somebody inside read a scan.
    Read = 9,
    /// Keys were deleted: what they protected is unreadable from here on.
    Erase = 10,
    /// A signing key was introduced or retired.
    Key = 11,
    /// The signed completion of a seal, once compressed pixels were decoded.
    Complete = 12,
}

impl Kind {
    /// Every kind, by rising code.
    pub const ALL: [Self; 12] = [
        Self::Seal,
        Self::Amend,
        Self::Manifest,
        Self::Conflict,
        Self::Consent,
        Self::Release,
        Self::Deny,
        Self::Delivered,
        Self::Read,
        Self::Erase,
        Self::Key,
        Self::Complete,
    ];

    /// The first byte of an entry of this kind.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The kind with this code.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The kind's name as documents write it, such as `SEAL`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seal => "SEAL",
            Self::Amend => "AMEND",
            Self::Manifest => "MANIFEST",
            Self::Conflict => "CONFLICT",
            Self::Consent => "CONSENT",
            Self::Release => "RELEASE",
            Self::Deny => "DENY",
            Self::Delivered => "DELIVERED",
            Self::Read => "READ",
            Self::Erase => "ERASE",
            Self::Key => "KEY",
            Self::Complete => "COMPLETE",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One entry of the log. Everyone may read it, so it holds nothing of a patient: what happened is behind a commitment,
/// which must be salted (UIDs and patient IDs can be guessed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    /// What happened.
    pub kind: Kind,
    /// When, in whole seconds since 1970-01-01 UTC; as coarse as the writer chooses.
    pub time_s: u64,
    /// `SHA-256(salt | record)`, or the root of a batch of such.
    pub commitment: [u8; 32],
}

impl Entry {
    /// Kind (1 byte), time (8 bytes, big endian), commitment (32 bytes).
    pub fn encode(&self) -> [u8; LEN] {
        let mut bytes = [self.kind.code(); LEN];
        let (_, rest) = bytes.split_at_mut(1);
        let (time, commitment) = rest.split_at_mut(8);
        time.copy_from_slice(&self.time_s.to_be_bytes());
        commitment.copy_from_slice(&self.commitment);
        bytes
    }

    /// Reads what [`encode`](Self::encode) wrote.
    ///
    /// # Errors
    /// [`Error::Entry`] for another length or an unknown kind.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let (code, rest) = bytes.split_first().ok_or(Error::Entry)?;
        let (time, commitment) = rest.split_first_chunk().ok_or(Error::Entry)?;
        Ok(Self {
            kind: Kind::from_code(*code).ok_or(Error::Entry)?,
            time_s: u64::from_be_bytes(*time),
            commitment: commitment.try_into().map_err(|_| Error::Entry)?,
        })
    }

    /// The entry's hash in the tree.
    pub fn leaf_hash(&self) -> Hash {
        leaf_hash(&self.encode())
    }
}
