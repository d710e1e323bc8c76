//! The signed list of all instances of a study: it makes a removed slice or series show.

use crate::cbor::{MapReader, MapWriter};
use crate::record::commitment;
use crate::{Salt, SealError, SealKey, SealVerifier};
use ciborium::Value;
use model::{Timestamp, Uid};

/// One instance of a study.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ManifestEntry {
    /// Series Instance UID.
    pub series_instance_uid: Uid,
    /// SOP Instance UID.
    pub sop_instance_uid: Uid,
    /// Digest of its seal, [`crate::Record::digest`].
    pub seal: [u8; 32],
}

/// A signed study manifest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manifest {
    /// COSE_Sign1 over what [`StudyContent`] shows.
    pub signed: Vec<u8>,
    /// Salt of the log entry.
    pub entry_salt: Salt,
}

/// What a manifest says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StudyContent {
    /// Study Instance UID.
    pub study_instance_uid: Uid,
    /// Counts the manifests of this study from 1; the highest one holds.
    pub version: u32,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// The instances, ascending.
    pub instances: Vec<ManifestEntry>,
}

const WHAT: &str = "manifest";

impl Manifest {
    /// Closes a study.
    pub fn new(mut content: StudyContent, entry_salt: Salt, key: &SealKey) -> Self {
        content.instances.sort();
        let instance = |entry: &ManifestEntry| {
            Value::Array(vec![
                Value::from(entry.series_instance_uid.as_str()),
                Value::from(entry.sop_instance_uid.as_str()),
                Value::Bytes(entry.seal.to_vec()),
            ])
        };
        let payload = MapWriter::default()
            .put(1, content.study_instance_uid.as_str())
            .put(2, content.version)
            .put(3, content.closed_at.millis())
            .put(4, Value::Array(content.instances.iter().map(instance).collect()))
            .bytes();
        Self {
            signed: key.sign(WHAT, payload),
            entry_salt,
        }
    }

    /// What it says, if a trusted key signed it.
    ///
    /// # Errors
    /// When the signature does not fit.
    pub fn open(&self, verifier: &SealVerifier) -> Result<StudyContent, SealError> {
        let (payload, _) = verifier.open(WHAT, &self.signed)?;
        let mut map = MapReader::from_bytes(WHAT, &payload)?;
        let mut instances = Vec::new();
        for value in map.array(4)? {
            let entry: [Value; 3] = value
                .into_array()
                .ok()
                .and_then(|entry| entry.try_into().ok())
                .ok_or_else(|| map.unreadable())?;
            let [series, instance, seal] = entry;
            let uid = |value: Value| {
                value
                    .into_text()
                    .ok()
                    .and_then(|text| Uid::new(&text).ok())
                    .ok_or_else(|| map.unreadable())
            };
            instances.push(ManifestEntry {
                series_instance_uid: uid(series)?,
                sop_instance_uid: uid(instance)?,
                seal: crate::statement::read_digest(WHAT, seal)?,
            });
        }
        Ok(StudyContent {
            study_instance_uid: map.uid(1)?,
            version: map.integer(2)?,
            closed_at: Timestamp::from_millis(map.integer(3)?),
            instances,
        })
    }

    /// What the log holds of it.
    pub fn commitment(&self) -> [u8; 32] {
        commitment(&self.entry_salt, &self.signed)
    }

    /// The manifest as bytes.
    pub fn encode(&self) -> Vec<u8> {
        MapWriter::default()
            .put(1, Value::Bytes(self.signed.clone()))
            .put(2, Value::Bytes(self.entry_salt.to_vec()))
            .bytes()
    }

    /// Reads [`Manifest::encode`] back.
    ///
    /// # Errors
    /// When the bytes are no manifest.
    pub fn decode(bytes: &[u8]) -> Result<Self, SealError> {
        let mut map = MapReader::from_bytes(WHAT, bytes)?;
        Ok(Self {
            signed: map.bytes(1)?,
            entry_salt: map.digest(2)?,
        })
    }
}
