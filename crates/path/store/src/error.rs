//! What can go wrong in storage, by who can mend it.

use std::io;
use std::sync::Arc;

/// Why the store could not do something. Cheap to clone: a whole group fails with one error.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The disk or the quota is full.
    #[error("storage is full: free space and send again")]
    OutOfSpace,
    /// The file system failed.
    #[error("storage failed: {0}")]
    Io(#[source] Arc<io::Error>),
    /// The index failed.
    #[error("the index failed: {0}")]
    Database(#[source] Arc<sqlx::Error>),
    /// The index is of another version of this program, or could not be brought up to date.
    #[error("the index could not be migrated: {0}")]
    Migration(#[source] Arc<sqlx::migrate::MigrateError>),
    /// What is stored is not what was written.
    #[error("{0} is damaged: run fsck and restore it from a copy")]
    Corrupt(&'static str),
    /// The key was deleted on purpose.
    #[error("the patient was erased here: the key is gone, and with it what it protected")]
    Erased,
    /// A key file is not there, although the index is.
    #[error("{0} is missing: restore it, without it nothing here can be read")]
    KeyMissing(&'static str),
    /// The master key is that of another archive.
    #[error("the master key does not open this archive: restore the right keys/master.key")]
    WrongKey,
    /// The cipher refused its input, which it has no reason to.
    #[error("encryption failed: this is a fault of this program, report it")]
    Encryption,
    /// The transparency log refused.
    #[error("the log failed: {0}")]
    Log(#[from] tlog::Error),
    /// The store was closed or its runtime has ended.
    #[error("the store is closed")]
    Closed,
}

/// A result of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::OutOfSpace,
            _ => Self::Io(Arc::new(error)),
        }
    }
}

/// SQLITE_FULL, of which SQLite says: the transaction was rolled back.
const SQLITE_FULL: i32 = 13;
/// SQLITE_BUSY and SQLITE_LOCKED.
const SQLITE_BUSY: [i32; 2] = [5, 6];

/// The primary result code (the low byte of an extended one).
fn sqlite_code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error {
            error if sqlite_code(&error) == Some(SQLITE_FULL) => Self::OutOfSpace,
            sqlx::Error::PoolClosed => Self::Closed,
            error => Self::Database(Arc::new(error)),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(Arc::new(error))
    }
}

impl Error {
    /// True when another process holds the index and asking again may help.
    pub(crate) fn is_busy(&self) -> bool {
        match self {
            Self::Database(error) => sqlite_code(error).is_some_and(|code| SQLITE_BUSY.contains(&code)),
            _ => false,
        }
    }

    /// As an error of `std::io`, for readers and writers that speak it.
    pub(crate) fn into_io(self) -> io::Error {
        let kind = match self {
            Self::OutOfSpace => io::ErrorKind::StorageFull,
            Self::Corrupt(_) => io::ErrorKind::InvalidData,
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, self)
    }
}
