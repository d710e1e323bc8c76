//! The seal of one object, with all that it takes to hold a copy against it.

use crate::attributes::{AttributeLeaf, Group, group_root};
use crate::cbor::{MapReader, MapWriter, join, split};
use crate::cose::payload_unverified;
use crate::px1::{PixelDigest, PixelHeader, salted_root};
use crate::statement::{PixelTruth, Statement, WHAT, header_value, read_digest, read_header};
use crate::{Fragments, Observation, PixelObservation, SealError, SealKey, SealVerifier};
use ciborium::Value;
use dicom::Tag;
use model::{Digest, Source, Timestamp, Uid};
use sha2::{Digest as _, Sha256};

/// 32 random bytes of one object. Without them, neither roots nor log entries tell what they stand for.
pub type Salt = [u8; 32];

/// The identity under which an object is sealed.
#[derive(Clone, Debug)]
pub struct Identity {
    /// SOP Class UID.
    pub sop_class_uid: Uid,
    /// SOP Instance UID.
    pub sop_instance_uid: Uid,
}

/// What surrounds an object when it is sealed.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The identity, where it is known from the file meta information or the sender rather than the data set.
    pub identity: Identity,
    /// How it arrived.
    pub source: Source,
    /// The present moment.
    pub sealed_at: Timestamp,
    /// Salt of the leaves.
    pub salt: Salt,
    /// Salt of the log entry.
    pub entry_salt: Salt,
    /// For a copy made here: the commitment to what it was made of (see [`parent_commitment`]).
    pub parent: Option<[u8; 32]>,
}

/// The commitment to the object that a copy was made of, under a salt of its own.
pub fn parent_commitment(salt: &Salt, statement: &Digest) -> [u8; 32] {
    salted(salt, b"PA1", statement.as_bytes())
}

/// The seal of one object: the signed statement, and what the statement's roots stand for. Kept encrypted with the
/// object, and handed out in bundles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// COSE_Sign1 over the statement.
    pub signed: Vec<u8>,
    /// Salt of the leaves.
    pub salt: Salt,
    /// Salt of the log entry.
    pub entry_salt: Salt,
    /// The attributes, ascending by tag.
    pub leaves: Vec<AttributeLeaf>,
    /// Tile digests of native samples, or digests of fragments.
    pub parts: Vec<[u8; 32]>,
}

/// A digest under the instance's salt.
pub(crate) fn salted(salt: &Salt, what: &[u8], digest: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(what);
    hash.update(salt);
    hash.update(digest);
    hash.finalize().into()
}

/// What goes into the log for a signed document: a salted commitment, from which nothing can be learnt.
pub fn commitment(entry_salt: &Salt, signed: &[u8]) -> [u8; 32] {
    let digest: [u8; 32] = Sha256::digest(signed).into();
    salted(entry_salt, b"LG1", &digest)
}

/// Leaves of the attributes that a seal binds.
pub(crate) fn leaves_of(observation: &Observation, salt: &Salt) -> Vec<AttributeLeaf> {
    let bound = observation
        .attributes
        .iter()
        .filter(|attribute| attribute.group != Group::Free);
    bound
        .map(|attribute| AttributeLeaf::new(salt, attribute))
        .collect()
}

/// Seals an object.
///
/// # Errors
/// When the statement could not be signed: an object without a seal must not be acknowledged.
pub fn seal(
    observation: &Observation,
    circumstances: Circumstances,
    key: &SealKey,
) -> Result<Record, SealError> {
    let Circumstances {
        identity,
        source,
        sealed_at,
        salt,
        entry_salt,
        parent,
    } = circumstances;
    let leaves = leaves_of(observation, &salt);
    let (pixels, parts) = match &observation.pixels {
        PixelObservation::None => (PixelTruth::None, Vec::new()),
        PixelObservation::Native(digest) => {
            let root = salted_root(digest, &salt);
            let extra = digest.extra.map(|extra| salted(&salt, b"EX1", &extra));
            (
                PixelTruth::Samples {
                    header: digest.header,
                    root,
                    extra,
                },
                digest.tiles.clone(),
            )
        }
        PixelObservation::Encapsulated(fragments) => {
            let count = fragments.digests.len() as u32;
            (
                PixelTruth::Fragments {
                    count,
                    root: fragments.root(&salt),
                },
                fragments.digests.clone(),
            )
        }
        PixelObservation::Bytes(digest) => (
            PixelTruth::Bytes {
                root: salted(&salt, b"BY1", digest),
            },
            Vec::new(),
        ),
    };
    let statement = Statement {
        sop_class_uid: identity.sop_class_uid,
        sop_instance_uid: identity.sop_instance_uid,
        study_instance_uid: observation.header.uid(Tag(0x0020, 0x000D)),
        series_instance_uid: observation.header.uid(Tag(0x0020, 0x000E)),
        sealed_at,
        source,
        transfer_syntax: observation.transfer_syntax.clone(),
        explicit: observation.explicit,
        pixels,
        groups: Group::BOUND.map(|group| group_root(group, &leaves)),
        parent,
    };
    let signed = key.sign(WHAT, statement.encode());
    if signed.is_empty() {
        return Err(SealError::Inconsistent {
            what: WHAT,
            why: "it could not be signed",
        });
    }
    Ok(Record {
        signed,
        salt,
        entry_salt,
        leaves,
        parts,
    })
}

impl Record {
    /// The statement, believed only if a trusted key signed it and leaves and parts are the ones it binds; and the
    /// id of that key.
    ///
    /// # Errors
    /// When the signature or the parts do not fit.
    pub fn open(&self, verifier: &SealVerifier) -> Result<(Statement, [u8; 8]), SealError> {
        let (payload, key) = verifier.open(WHAT, &self.signed)?;
        let statement = Statement::decode(&payload)?;
        let ascending = self
            .leaves
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.tag < b.tag));
        if !ascending || Group::BOUND.map(|group| group_root(group, &self.leaves)) != statement.groups {
            return Err(SealError::Inconsistent {
                what: WHAT,
                why: "attributes",
            });
        }
        let fits = match &statement.pixels {
            PixelTruth::None | PixelTruth::Bytes { .. } => self.parts.is_empty(),
            PixelTruth::Samples { header, root, .. } => {
                let digest = PixelDigest {
                    header: *header,
                    tiles: self.parts.clone(),
                    extra: None,
                };
                header.tile_count() == Some(self.parts.len()) && salted_root(&digest, &self.salt) == *root
            }
            PixelTruth::Fragments { count, root } => {
                let fragments = Fragments {
                    digests: self.parts.clone(),
                };
                *count as usize == self.parts.len() && fragments.root(&self.salt) == *root
            }
        };
        if fits {
            Ok((statement, key))
        } else {
            Err(SealError::Inconsistent {
                what: WHAT,
                why: "pixels",
            })
        }
    }

    /// The statement without a look at signature and parts: only for what this gateway wrote and kept itself.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn statement_unverified(&self) -> Result<Statement, SealError> {
        Statement::decode(&payload_unverified(WHAT, &self.signed)?)
    }

    /// SHA-256 of the signed statement: the name under which amendments, completions and manifests refer to it.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(&self.signed).into()
    }

    /// What the log holds of it.
    pub fn commitment(&self) -> [u8; 32] {
        commitment(&self.entry_salt, &self.signed)
    }

    /// The record as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut leaves = Vec::with_capacity(self.leaves.len() * 69);
        for leaf in &self.leaves {
            leaves.extend(leaf.tag.group().to_be_bytes());
            leaves.extend(leaf.tag.element().to_be_bytes());
            leaves.push(u8::from(leaf.loose.is_some()) | u8::from(leaf.vr_lost) << 1);
            leaves.extend(leaf.strict);
            leaves.extend(leaf.loose.iter().flatten());
        }
        MapWriter::default()
            .put(1, Value::Bytes(self.signed.clone()))
            .put(2, Value::Bytes(self.salt.to_vec()))
            .put(3, Value::Bytes(self.entry_salt.to_vec()))
            .put(4, Value::Bytes(leaves))
            .put(5, Value::Bytes(join(&self.parts)))
            .bytes()
    }

    /// Reads [`Record::encode`] back.
    ///
    /// # Errors
    /// When the bytes are no record.
    pub fn decode(bytes: &[u8]) -> Result<Self, SealError> {
        let mut map = MapReader::from_bytes(WHAT, bytes)?;
        let packed = map.bytes(4)?;
        let parts = map.bytes(5)?;
        let leaves = read_leaves(&packed).ok_or_else(|| map.unreadable())?;
        Ok(Self {
            signed: map.bytes(1)?,
            salt: map.digest(2)?,
            entry_salt: map.digest(3)?,
            leaves,
            parts: split(&parts).ok_or_else(|| map.unreadable())?,
        })
    }
}

fn read_leaves(mut packed: &[u8]) -> Option<Vec<AttributeLeaf>> {
    let mut leaves = Vec::new();
    while !packed.is_empty() {
        let ([a, b, c, d, flags], rest) = packed.split_first_chunk::<5>()?;
        if *flags > 3 {
            return None;
        }
        let (strict, rest) = rest.split_first_chunk::<32>()?;
        let (loose, rest) = if flags & 1 == 1 {
            let (loose, rest) = rest.split_first_chunk::<32>()?;
            (Some(*loose), rest)
        } else {
            (None, rest)
        };
        let tag = Tag(u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
        leaves.push(AttributeLeaf {
            tag,
            strict: *strict,
            loose,
            vr_lost: flags & 2 == 2,
        });
        packed = rest;
    }
    Some(leaves)
}

/// PX1 of an object that was sealed over its fragments, signed once they were decoded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// COSE_Sign1 over what follows.
    pub signed: Vec<u8>,
    /// Salt of the log entry.
    pub entry_salt: Salt,
    /// Tile digests.
    pub tiles: Vec<[u8; 32]>,
}

/// What a completion says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CompletionStatement {
    /// [`Record::digest`] of the seal that it completes.
    pub seal: [u8; 32],
    /// When the pixels were decoded.
    pub completed_at: Timestamp,
    /// What the samples are.
    pub header: PixelHeader,
    /// Salted PX1 root.
    pub root: [u8; 32],
    /// Salted digest of bits outside Bits Stored.
    pub extra: Option<[u8; 32]>,
    /// False when the codestream loses information: then another decoder may rightly give other samples, and
    /// this PX1 is advisory.
    pub lossless: bool,
}

const COMPLETION: &str = "completion";

impl Completion {
    /// Completes the seal of `record` with the PX1 of its decoded pixels.
    pub fn new(
        record: &Record,
        digest: &PixelDigest,
        lossless: bool,
        completed_at: Timestamp,
        entry_salt: Salt,
        key: &SealKey,
    ) -> Self {
        let payload = MapWriter::default()
            .put(1, Value::Bytes(record.digest().to_vec()))
            .put(2, completed_at.millis())
            .put(3, header_value(&digest.header))
            .put(4, Value::Bytes(salted_root(digest, &record.salt).to_vec()))
            .put_some(
                5,
                digest
                    .extra
                    .map(|extra| Value::Bytes(salted(&record.salt, b"EX1", &extra).to_vec())),
            )
            .put(6, lossless)
            .bytes();
        Self {
            signed: key.sign(COMPLETION, payload),
            entry_salt,
            tiles: digest.tiles.clone(),
        }
    }

    /// What it says, if a trusted key signed it for `record` and the tiles are the ones that it binds.
    ///
    /// # Errors
    /// When signature, record or tiles do not fit.
    pub fn open(&self, record: &Record, verifier: &SealVerifier) -> Result<CompletionStatement, SealError> {
        let (payload, _) = verifier.open(COMPLETION, &self.signed)?;
        let mut map = MapReader::from_bytes(COMPLETION, &payload)?;
        let statement = CompletionStatement {
            seal: map.digest(1)?,
            completed_at: Timestamp::from_millis(map.integer(2)?),
            header: read_header(COMPLETION, map.need(3)?)?,
            root: map.digest(4)?,
            extra: map
                .take(5)
                .map(|value| read_digest(COMPLETION, value))
                .transpose()?,
            lossless: map.bool(6)?,
        };
        let digest = PixelDigest {
            header: statement.header,
            tiles: self.tiles.clone(),
            extra: None,
        };
        if statement.seal != record.digest() {
            return Err(SealError::Inconsistent {
                what: COMPLETION,
                why: "it completes another seal",
            });
        }
        let counted = statement.header.tile_count() == Some(self.tiles.len());
        if !counted || salted_root(&digest, &record.salt) != statement.root {
            return Err(SealError::Inconsistent {
                what: COMPLETION,
                why: "pixels",
            });
        }
        Ok(statement)
    }

    /// What the log holds of it.
    pub fn commitment(&self) -> [u8; 32] {
        commitment(&self.entry_salt, &self.signed)
    }

    /// The completion as bytes.
    pub fn encode(&self) -> Vec<u8> {
        MapWriter::default()
            .put(1, Value::Bytes(self.signed.clone()))
            .put(2, Value::Bytes(self.entry_salt.to_vec()))
            .put(3, Value::Bytes(join(&self.tiles)))
            .bytes()
    }

    /// Reads [`Completion::encode`] back.
    ///
    /// # Errors
    /// When the bytes are no completion.
    pub fn decode(bytes: &[u8]) -> Result<Self, SealError> {
        let mut map = MapReader::from_bytes(COMPLETION, bytes)?;
        let tiles = map.bytes(3)?;
        Ok(Self {
            signed: map.bytes(1)?,
            entry_salt: map.digest(2)?,
            tiles: split(&tiles).ok_or_else(|| map.unreadable())?,
        })
    }
}
