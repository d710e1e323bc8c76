//! Where chance comes from: the operating system, or a test's seed.

use crate::Result;
use std::io;
use zeroize::Zeroizing;

/// A source of unpredictable bytes.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    ///
    /// # Errors
    /// When the source has failed; nothing may be encrypted then.
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()>;
}

/// The operating system's generator.
#[derive(Clone, Copy, Default, Debug)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        getrandom::fill(bytes).map_err(|error| io::Error::other(error.to_string()))
    }
}

/// So many fresh bytes.
pub(crate) fn array<const N: usize>(random: &dyn Random) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    random.fill(&mut bytes)?;
    Ok(bytes)
}

/// A fresh key.
pub(crate) fn secret(random: &dyn Random) -> Result<Secret> {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(bytes.as_mut_slice())?;
    Ok(bytes)
}

/// 256 bits that are wiped from memory when dropped.
pub(crate) type Secret = Zeroizing<[u8; 32]>;
