//! Big-endian fields and items: the one place that turns positions into slices.

use super::{DecodeError, TooLong};
use model::Uid;

/// What is left to read of a PDU or an item.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (head, tail) = self.0.split_at_checked(length).ok_or(DecodeError::Overrun)?;
        self.0 = tail;
        Ok(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        self.take(N)?.try_into().map_err(|_| DecodeError::Overrun)
    }

    pub(super) fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Result<u16, DecodeError> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_be_bytes)
    }

    /// A value with its length in two bytes before it.
    pub(super) fn counted(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = self.u16()?;
        self.take(usize::from(length))
    }

    /// The next item or sub-item: its type and its content. Nothing at the end.
    pub(super) fn item(&mut self) -> Result<Option<(u8, &'a [u8])>, DecodeError> {
        if self.is_empty() {
            return Ok(None);
        }
        let kind = self.u8()?;
        self.u8()?;
        Ok(Some((kind, self.counted()?)))
    }
}

/// A UID where there is a legal one. What is unreadable is not worth an abort: it is refused where it matters.
pub(super) fn uid(bytes: &[u8]) -> Option<Uid> {
    Uid::from_bytes(bytes).ok()
}

/// Writes a value with its length in two bytes before it.
pub(super) fn write_counted(out: &mut Vec<u8>, value: &[u8]) -> Result<(), TooLong> {
    let length = u16::try_from(value.len()).map_err(|_| TooLong)?;
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(value);
    Ok(())
}

/// Writes an item: its type, its length, and what `content` appends.
pub(super) fn write_item(
    out: &mut Vec<u8>,
    kind: u8,
    content: impl FnOnce(&mut Vec<u8>) -> Result<(), TooLong>,
) -> Result<(), TooLong> {
    let mut inner = Vec::new();
    content(&mut inner)?;
    out.extend_from_slice(&[kind, 0]);
    write_counted(out, &inner)
}

/// Writes an item that holds just this value.
pub(super) fn write_value(out: &mut Vec<u8>, kind: u8, value: &[u8]) -> Result<(), TooLong> {
    out.extend_from_slice(&[kind, 0]);
    write_counted(out, value)
}
