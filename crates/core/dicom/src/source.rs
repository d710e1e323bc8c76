//! Bytes that can be read more than once, from anywhere: a file on disk, a blob, a buffer.

use std::io;

/// Bytes at rest. What reads a whole object through it needs memory for what it keeps, not for the object.
pub trait Source {
    /// How many bytes there are.
    fn size(&self) -> u64;

    /// Fills `into` with the bytes from `at` on.
    ///
    /// # Errors
    /// When they cannot be read, or end too early.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()>;

    /// All bytes, where they are in memory anyway.
    fn in_memory(&self) -> Option<&[u8]> {
        None
    }
}

impl Source for [u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(at)
            .ok()
            .and_then(|at| self.get(at..))
            .and_then(|rest| rest.get(..into.len()))
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        into.copy_from_slice(from);
        Ok(())
    }

    fn in_memory(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl Source for Vec<u8> {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        self.as_slice().read_at(at, into)
    }

    fn in_memory(&self) -> Option<&[u8]> {
        Some(self)
    }
}
