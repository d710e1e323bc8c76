//! What is believed without proof: the log's key, the keys that seal, and the newest head of the log that was seen.
//!
//! A trust file only ever moves forward. That is what shows, offline, that a log was rolled back or forked.

use crate::Error;
use model::Digest;
use seal::SealVerifier;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use tlog::{Checkpoint, ConsistencyProof};

/// The trust file, `trust.json`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// Version of this form: 1.
    pub version: u32,
    /// The log's name.
    pub origin: String,
    /// The log's key, as a C2SP vkey.
    pub log_key: String,
    /// Public keys whose seals are believed, 64 hex digits each.
    pub seal_keys: Vec<Digest>,
    /// The newest head of the log that was seen: a signed note.
    pub checkpoint: String,
    /// Sizes and roots of heads that were handed out before it.
    pub history: Vec<(u64, Digest)>,
}

/// How a head of the log stands to the one that was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// The same, or an earlier one of the same history.
    Known,
    /// It continues the one that was seen: trust can move forward to it.
    Newer,
}

/// Why a head of the log is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Distrust {
    /// Nobody with the log's key signed it.
    #[error("log-signature")]
    Signature,
    /// Another history than the one that was seen.
    #[error("log-forked")]
    Forked,
    /// The log is shorter than the one that was seen, and nothing shows that it is the same.
    #[error("log-rolled-back")]
    RolledBack,
    /// Nothing shows that it continues the one that was seen.
    #[error("log-consistency-not-shown")]
    NotShown,
}

const VERSION: u32 = 1;
/// Handed-out heads that a trust file keeps at most.
const HISTORY: usize = 10_000;

impl Trust {
    /// What to believe of a log: its key, the sealing keys, its head and the heads handed out before.
    pub fn new(
        verifier: &tlog::Verifier,
        seal_keys: Vec<[u8; 32]>,
        checkpoint: String,
        history: Vec<(u64, [u8; 32])>,
    ) -> Self {
        let skip = history.len().saturating_sub(HISTORY);
        Self {
            version: VERSION,
            origin: verifier.name().to_owned(),
            log_key: verifier.vkey(),
            seal_keys: seal_keys.into_iter().map(Digest).collect(),
            checkpoint,
            history: history
                .into_iter()
                .skip(skip)
                .map(|(size, root)| (size, Digest(root)))
                .collect(),
        }
    }

    /// Reads a trust file.
    ///
    /// # Errors
    /// When it is none, or its own head is not signed by its log key.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = fs::read_to_string(path)?;
        let trust: Self = serde_json::from_str(&text).map_err(|error| Error::Trust(error.to_string()))?;
        if trust.version != VERSION {
            return Err(Error::Trust(format!(
                "version {} is not known here",
                trust.version
            )));
        }
        trust.seen()?;
        Ok(trust)
    }

    /// Writes the trust file: whole or not at all.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self).map_err(|error| Error::Trust(error.to_string()))?;
        let beside = path.with_extension(format!("json.{}.new", std::process::id()));
        let mut file = File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        Ok(fs::rename(&beside, path)?)
    }

    /// Knows the log's signature.
    ///
    /// # Errors
    /// When the key cannot be read.
    pub fn log_verifier(&self) -> Result<tlog::Verifier, Error> {
        tlog::Verifier::from_vkey(&self.log_key).map_err(|error| Error::Trust(error.to_string()))
    }

    /// Knows the signatures of seals.
    pub fn seal_verifier(&self) -> SealVerifier {
        SealVerifier::new(self.seal_keys.iter().map(|key| key.0))
    }

    /// The newest head that was seen.
    ///
    /// # Errors
    /// When it is not signed by the log's key.
    pub fn seen(&self) -> Result<Checkpoint, Error> {
        let opened = Checkpoint::open(&self.checkpoint, &self.log_verifier()?, &self.origin);
        opened.map_err(|error| Error::Trust(error.to_string()))
    }

    /// Whether a head is believed. `proofs` gives the proof that the log of one size continues that of another, where
    /// one is at hand.
    ///
    /// # Errors
    /// Why it is not.
    pub fn admit(
        &self,
        head: &Checkpoint,
        proofs: impl Fn(u64, u64) -> Option<ConsistencyProof>,
    ) -> Result<Admission, Distrust> {
        let seen = self.seen().map_err(|_| Distrust::Signature)?;
        if head.size == seen.size {
            return if head.root == seen.root {
                Ok(Admission::Known)
            } else {
                Err(Distrust::Forked)
            };
        }
        let (old, new) = if head.size < seen.size {
            (head, &seen)
        } else {
            (&seen, head)
        };
        if head.size < seen.size
            && let Some((_, root)) = self.history.iter().find(|(size, _)| *size == head.size)
        {
            return if root.0 == head.root {
                Ok(Admission::Known)
            } else {
                Err(Distrust::Forked)
            };
        }
        match proofs(old.size, new.size) {
            Some(proof) if proof.verify(old, new).is_ok() => Ok(if head.size < seen.size {
                Admission::Known
            } else {
                Admission::Newer
            }),
            Some(_) => Err(Distrust::Forked),
            None if head.size < seen.size => Err(Distrust::RolledBack),
            None => Err(Distrust::NotShown),
        }
    }

    /// Moves forward to a head that was admitted as newer.
    pub fn advance(&mut self, head: &Checkpoint, note: &str) {
        if let Ok(seen) = self.seen()
            && seen.size < head.size
        {
            self.history.push((seen.size, Digest(seen.root)));
            let skip = self.history.len().saturating_sub(HISTORY);
            self.history.drain(..skip);
            note.clone_into(&mut self.checkpoint);
        }
    }
}
