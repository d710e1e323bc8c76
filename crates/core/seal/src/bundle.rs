//! The evidence bundle (`.lgseal`): one file that lets anyone with the trust roots verify a copy offline.

use crate::cbor::{MapReader, MapWriter};
use crate::{Amendment, Completion, Manifest, Record, SealError};
use ciborium::Value;
use sha2::{Digest as _, Sha256};

/// A document with the proof that the log holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Logged<T> {
    /// The document.
    pub document: T,
    /// Coarse time of the log entry, in seconds since 1970.
    pub entry_time: u64,
    /// `c2sp.org/tlog-proof@v1`, verbatim.
    pub proof: String,
}

/// The evidence of one instance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundledInstance {
    /// Its seal.
    pub record: Logged<Record>,
    /// Its completion, where it has one.
    pub completion: Option<Logged<Completion>>,
    /// Its amendments, oldest first.
    pub amendments: Vec<Logged<Amendment>>,
}

/// An evidence bundle.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bundle {
    /// The instances.
    pub instances: Vec<BundledInstance>,
    /// The manifest of the study, in the bundle of a study.
    pub manifest: Option<Logged<Manifest>>,
    /// Proofs that the log of this bundle continues the log of heads handed out before.
    pub consistency: Vec<String>,
}

const WHAT: &str = "bundle";
const MAGIC: &[u8; 8] = b"LGSEAL1\n";

fn logged<T>(logged: &Logged<T>, document: Vec<u8>) -> Value {
    MapWriter::default()
        .put(1, Value::Bytes(document))
        .put(2, logged.entry_time)
        .put(3, logged.proof.as_str())
        .value()
}

fn read<T>(value: Value, decode: impl Fn(&[u8]) -> Result<T, SealError>) -> Result<Logged<T>, SealError> {
    let mut map = MapReader::from_value(WHAT, value)?;
    Ok(Logged {
        document: decode(&map.bytes(1)?)?,
        entry_time: map.integer(2)?,
        proof: map.text(3)?,
    })
}

impl Bundle {
    /// The bundle as a file: a magic number, SHA-256 of the rest, the rest.
    pub fn encode(&self) -> Vec<u8> {
        let instance = |instance: &BundledInstance| {
            let amendments = instance
                .amendments
                .iter()
                .map(|a| logged(a, a.document.encode()))
                .collect();
            MapWriter::default()
                .put(1, logged(&instance.record, instance.record.document.encode()))
                .put_some(
                    2,
                    instance
                        .completion
                        .as_ref()
                        .map(|c| logged(c, c.document.encode())),
                )
                .put(3, Value::Array(amendments))
                .value()
        };
        let consistency = self
            .consistency
            .iter()
            .map(|proof| Value::from(proof.as_str()))
            .collect();
        let body = MapWriter::default()
            .put(1, Value::Array(self.instances.iter().map(instance).collect()))
            .put_some(2, self.manifest.as_ref().map(|m| logged(m, m.document.encode())))
            .put(3, Value::Array(consistency))
            .bytes();
        [MAGIC.as_slice(), Sha256::digest(&body).as_slice(), &body].concat()
    }

    /// Reads a bundle. What it says is not believed yet: each document's own signature and proof decide.
    ///
    /// # Errors
    /// When it is no bundle, or a byte of it changed.
    pub fn decode(file: &[u8]) -> Result<Self, SealError> {
        let unreadable = || SealError::Unreadable { what: WHAT };
        let rest = file.strip_prefix(MAGIC.as_slice()).ok_or_else(unreadable)?;
        let (digest, body) = rest.split_first_chunk::<32>().ok_or_else(unreadable)?;
        if <[u8; 32]>::from(Sha256::digest(body)) != *digest {
            return Err(SealError::Inconsistent {
                what: WHAT,
                why: "bytes of it changed",
            });
        }
        let mut map = MapReader::from_bytes(WHAT, body)?;
        let mut instances = Vec::new();
        for value in map.array(1)? {
            let mut instance = MapReader::from_value(WHAT, value)?;
            let amendments = instance
                .array(3)?
                .into_iter()
                .map(|value| read(value, Amendment::decode));
            instances.push(BundledInstance {
                amendments: amendments.collect::<Result<_, _>>()?,
                completion: instance
                    .take(2)
                    .map(|value| read(value, Completion::decode))
                    .transpose()?,
                record: read(instance.need(1)?, Record::decode)?,
            });
        }
        let proofs = map
            .array(3)?
            .into_iter()
            .map(|value| value.into_text().map_err(|_| unreadable()));
        Ok(Self {
            instances,
            manifest: map
                .take(2)
                .map(|value| read(value, Manifest::decode))
                .transpose()?,
            consistency: proofs.collect::<Result<_, _>>()?,
        })
    }
}
