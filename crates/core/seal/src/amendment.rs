//! Legitimate change: a signed record that an attribute now has another value, or that the object is withdrawn.

use crate::attributes::AttributeLeaf;
use crate::cbor::{MapReader, MapWriter};
use crate::record::{commitment, leaves_of};
use crate::{Observation, Record, Salt, SealError, SealKey, SealVerifier};
use ciborium::Value;
use dicom::Tag;
use model::Timestamp;

/// A signed amendment to a seal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Amendment {
    /// COSE_Sign1 over what [`Amended`] shows.
    pub signed: Vec<u8>,
    /// Salt of the log entry.
    pub entry_salt: Salt,
}

/// What an amendment says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Amended {
    /// [`Record::digest`] of the seal that it amends.
    pub seal: [u8; 32],
    /// When.
    pub amended_at: Timestamp,
    /// Why, in the words of whoever decided it. No PHI.
    pub reason: String,
    /// True when the object is withdrawn: it is not to be used any more.
    pub withdrawn: bool,
    /// The attributes that changed: their new leaf, or `None` where they were removed.
    pub changes: Vec<(Tag, Option<AttributeLeaf>)>,
}

const WHAT: &str = "amendment";

impl Amendment {
    /// Amends the seal of `record` so that its attributes may be those of `now`.
    pub fn attributes(
        record: &Record,
        now: &Observation,
        reason: &str,
        amended_at: Timestamp,
        entry_salt: Salt,
        key: &SealKey,
    ) -> Self {
        let leaves = leaves_of(now, &record.salt);
        let find = |leaves: &[AttributeLeaf], tag| leaves.iter().find(|leaf| leaf.tag == tag).cloned();
        let mut tags: Vec<Tag> = record.leaves.iter().chain(&leaves).map(|leaf| leaf.tag).collect();
        tags.sort_unstable();
        tags.dedup();
        let changes = tags
            .into_iter()
            .map(|tag| (tag, find(&record.leaves, tag), find(&leaves, tag)))
            .filter(|(_, before, after)| match (before, after) {
                (Some(before), Some(after)) => !before.same_value(after, true),
                _ => true,
            })
            .map(|(tag, _, after)| (tag, after))
            .collect();
        let amended = Amended {
            seal: record.digest(),
            amended_at,
            reason: reason.to_owned(),
            withdrawn: false,
            changes,
        };
        Self {
            signed: key.sign(WHAT, amended.encode()),
            entry_salt,
        }
    }

    /// Withdraws the object of `record`.
    pub fn withdrawal(
        record: &Record,
        reason: &str,
        amended_at: Timestamp,
        entry_salt: Salt,
        key: &SealKey,
    ) -> Self {
        let amended = Amended {
            seal: record.digest(),
            amended_at,
            reason: reason.to_owned(),
            withdrawn: true,
            changes: Vec::new(),
        };
        Self {
            signed: key.sign(WHAT, amended.encode()),
            entry_salt,
        }
    }

    /// What it says, if a trusted key signed it for `record`.
    ///
    /// # Errors
    /// When signature or record do not fit.
    pub fn open(&self, record: &Record, verifier: &SealVerifier) -> Result<Amended, SealError> {
        let (payload, _) = verifier.open(WHAT, &self.signed)?;
        let amended = Amended::decode(&payload)?;
        if amended.seal != record.digest() {
            return Err(SealError::Inconsistent {
                what: WHAT,
                why: "it amends another seal",
            });
        }
        Ok(amended)
    }

    /// What the log holds of it.
    pub fn commitment(&self) -> [u8; 32] {
        commitment(&self.entry_salt, &self.signed)
    }

    /// The amendment as bytes.
    pub fn encode(&self) -> Vec<u8> {
        MapWriter::default()
            .put(1, Value::Bytes(self.signed.clone()))
            .put(2, Value::Bytes(self.entry_salt.to_vec()))
            .bytes()
    }

    /// Reads [`Amendment::encode`] back.
    ///
    /// # Errors
    /// When the bytes are no amendment.
    pub fn decode(bytes: &[u8]) -> Result<Self, SealError> {
        let mut map = MapReader::from_bytes(WHAT, bytes)?;
        Ok(Self {
            signed: map.bytes(1)?,
            entry_salt: map.digest(2)?,
        })
    }
}

impl Amended {
    fn encode(&self) -> Vec<u8> {
        let change = |(tag, leaf): &(Tag, Option<AttributeLeaf>)| {
            let mut map =
                MapWriter::default().put(1, u32::from(tag.group()) << 16 | u32::from(tag.element()));
            if let Some(leaf) = leaf {
                map = map
                    .put(2, Value::Bytes(leaf.strict.to_vec()))
                    .put_some(3, leaf.loose.map(|loose| Value::Bytes(loose.to_vec())))
                    .put(4, leaf.vr_lost);
            }
            map.value()
        };
        MapWriter::default()
            .put(1, Value::Bytes(self.seal.to_vec()))
            .put(2, self.amended_at.millis())
            .put(3, self.reason.as_str())
            .put(4, self.withdrawn)
            .put(5, Value::Array(self.changes.iter().map(change).collect()))
            .bytes()
    }

    fn decode(bytes: &[u8]) -> Result<Self, SealError> {
        let mut map = MapReader::from_bytes(WHAT, bytes)?;
        let mut changes = Vec::new();
        for value in map.array(5)? {
            let mut change = MapReader::from_value(WHAT, value)?;
            let number: u32 = change.integer(1)?;
            let tag = Tag((number >> 16) as u16, number as u16);
            let digest = |value| crate::statement::read_digest(WHAT, value);
            let leaf = match change.take(2).map(digest).transpose()? {
                None => None,
                Some(strict) => {
                    let loose = change.take(3).map(digest).transpose()?;
                    Some(AttributeLeaf {
                        tag,
                        strict,
                        loose,
                        vr_lost: change.bool(4)?,
                    })
                }
            };
            changes.push((tag, leaf));
        }
        Ok(Self {
            seal: map.digest(1)?,
            amended_at: Timestamp::from_millis(map.integer(2)?),
            reason: map.text(3)?,
            withdrawn: map.bool(4)?,
            changes,
        })
    }
}
