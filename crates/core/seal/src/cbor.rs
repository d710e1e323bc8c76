//! Deterministic CBOR (RFC 8949 4.2): maps with integer keys in ascending order, definite lengths, shortest numbers.

use crate::SealError;
use ciborium::Value;

/// A map under construction; keys must be added in ascending order.
#[derive(Default)]
pub(crate) struct MapWriter(Vec<(Value, Value)>);

impl MapWriter {
    pub(crate) fn put(mut self, key: u8, value: impl Into<Value>) -> Self {
        self.0.push((Value::from(key), value.into()));
        self
    }

    pub(crate) fn put_some(self, key: u8, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.put(key, value),
            None => self,
        }
    }

    pub(crate) fn value(self) -> Value {
        Value::Map(self.0)
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        to_bytes(&self.value())
    }
}

pub(crate) fn to_bytes(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail.
    let _ = ciborium::into_writer(value, &mut bytes);
    bytes
}

/// A map being read: each key at most once, and re-encoding must give the bytes that were read.
pub(crate) struct MapReader {
    what: &'static str,
    entries: Vec<(Value, Value)>,
}

impl MapReader {
    /// Reads a map that was written deterministically.
    pub(crate) fn from_bytes(what: &'static str, bytes: &[u8]) -> Result<Self, SealError> {
        let value: Value = ciborium::de::from_reader_with_recursion_limit(bytes, 16)
            .map_err(|_| SealError::Unreadable { what })?;
        if to_bytes(&value) != bytes {
            return Err(SealError::Unreadable { what });
        }
        Self::from_value(what, value)
    }

    pub(crate) fn from_value(what: &'static str, value: Value) -> Result<Self, SealError> {
        match value {
            Value::Map(entries) => {
                let key = |entry: &(Value, Value)| entry.0.as_integer().map(i128::from);
                let ascending = entries.windows(2).all(|pair| match pair {
                    [a, b] => key(a).is_some() && key(a) < key(b),
                    _ => true,
                });
                if ascending {
                    Ok(Self { what, entries })
                } else {
                    Err(SealError::Unreadable { what })
                }
            }
            _ => Err(SealError::Unreadable { what }),
        }
    }

    pub(crate) fn unreadable(&self) -> SealError {
        SealError::Unreadable { what: self.what }
    }

    /// Takes a field out; `None` when it is absent.
    pub(crate) fn take(&mut self, key: u8) -> Option<Value> {
        let at = self.entries.iter().position(|(k, _)| *k == Value::from(key))?;
        Some(self.entries.remove(at).1)
    }

    pub(crate) fn need(&mut self, key: u8) -> Result<Value, SealError> {
        self.take(key).ok_or(SealError::Unreadable { what: self.what })
    }

    pub(crate) fn text(&mut self, key: u8) -> Result<String, SealError> {
        self.need(key)?.into_text().map_err(|_| self.unreadable())
    }

    pub(crate) fn bytes(&mut self, key: u8) -> Result<Vec<u8>, SealError> {
        self.need(key)?.into_bytes().map_err(|_| self.unreadable())
    }

    pub(crate) fn digest(&mut self, key: u8) -> Result<[u8; 32], SealError> {
        self.bytes(key)?.try_into().map_err(|_| self.unreadable())
    }

    pub(crate) fn bool(&mut self, key: u8) -> Result<bool, SealError> {
        self.need(key)?.into_bool().map_err(|_| self.unreadable())
    }

    pub(crate) fn integer<N: TryFrom<i128>>(&mut self, key: u8) -> Result<N, SealError> {
        let number = self.need(key)?.into_integer().map_err(|_| self.unreadable())?;
        N::try_from(i128::from(number)).map_err(|_| self.unreadable())
    }

    pub(crate) fn array(&mut self, key: u8) -> Result<Vec<Value>, SealError> {
        self.need(key)?.into_array().map_err(|_| self.unreadable())
    }

    pub(crate) fn uid(&mut self, key: u8) -> Result<model::Uid, SealError> {
        model::Uid::new(&self.text(key)?).map_err(|_| self.unreadable())
    }
}

/// Digests side by side in one byte string.
pub(crate) fn join(digests: &[[u8; 32]]) -> Vec<u8> {
    digests.concat()
}

/// The reverse of [`join`]; `None` when the length is no multiple of 32.
pub(crate) fn split(bytes: &[u8]) -> Option<Vec<[u8; 32]>> {
    let (digests, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| digests.to_vec())
}
