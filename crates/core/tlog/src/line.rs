//! The lines that C2SP texts are made of.

use crate::hash::Hash;
use base64::prelude::{BASE64_STANDARD, Engine as _};

/// A number in decimal, spelt in the one way allowed: no sign, no leading zero.
pub(crate) fn decimal(line: &str) -> Option<u64> {
    let number: u64 = line.parse().ok()?;
    (number.to_string() == line).then_some(number)
}

/// Bytes in base64 (RFC 4648, section 4), padded, without stray bits.
pub(crate) fn base64(line: &str) -> Option<Vec<u8>> {
    BASE64_STANDARD.decode(line).ok()
}

/// A hash in base64.
pub(crate) fn hash(line: &str) -> Option<Hash> {
    base64(line)?.try_into().ok()
}

/// Bytes as base64.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// True for a line that a checkpoint may hold: not empty, no control character.
pub(crate) fn is_plain(line: &str) -> bool {
    !line.is_empty() && !line.bytes().any(|byte| byte < 0x20)
}
