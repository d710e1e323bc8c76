//! Proofs as text that anyone can check offline: [tlog-proof](https://c2sp.org/tlog-proof) for an entry, and a like form
//! for the consistency of two checkpoints.

use crate::hash::Hash;
use crate::note::Verifier;
use crate::proof::{MAX_HASHES, verify_consistency, verify_inclusion};
use crate::{Checkpoint, Error, line};

const PROOF: &str = "c2sp.org/tlog-proof@v1";
const CONSISTENCY: &str = "tlog-consistency@v1";

/// That an entry is in a log, with the checkpoint it was proven to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Anything; not authenticated, so never to be trusted.
    pub extra: Option<Vec<u8>>,
    /// The entry's place in the log, from 0.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling up.
    pub inclusion: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
}

impl TlogProof {
    /// The text, for a `.tlog-proof` file.
    pub fn encode(&self) -> String {
        let mut text = format!("{PROOF}\n");
        if let Some(extra) = &self.extra {
            push_line(&mut text, "extra ", &line::to_base64(extra));
        }
        push_line(&mut text, "index ", &self.index.to_string());
        push_hashes(&mut text, &self.inclusion);
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads the text. It proves nothing before [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`Error::ProofText`] for what is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let read = || {
            let (head, checkpoint) = text.split_once("\n\n")?;
            let mut lines = head.split('\n').peekable();
            (lines.next()? == PROOF).then_some(())?;
            let extra = match lines.next_if(|line| line.starts_with("extra ")) {
                Some(extra) => Some(line::base64(extra.strip_prefix("extra ")?)?),
                None => None,
            };
            Some(Self {
                extra,
                index: line::decimal(lines.next()?.strip_prefix("index ")?)?,
                inclusion: hashes(lines)?,
                checkpoint: checkpoint.to_owned(),
            })
        };
        read().ok_or(Error::ProofText)
    }

    /// Checks that the log `origin`, known by its key, has this leaf hash at [`index`](Self::index), and returns the
    /// checkpoint that says so.
    ///
    /// # Errors
    /// As [`Checkpoint::open`]; [`Error::NoSuchEntry`] or [`Error::Unproven`] when the leaf is not proven to be in that tree.
    pub fn verify(&self, leaf_hash: &Hash, verifier: &Verifier, origin: &str) -> Result<Checkpoint, Error> {
        let checkpoint = Checkpoint::open(&self.checkpoint, verifier, origin)?;
        verify_inclusion(
            leaf_hash,
            self.index,
            checkpoint.size,
            &self.inclusion,
            &checkpoint.root,
        )?;
        Ok(checkpoint)
    }
}

/// That a log of the new size begins with the log of the old size. As text: the line `tlog-consistency@v1`, `old <size>`,
/// `new <size>`, and a line of base64 for each hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Entries in the older tree.
    pub old_size: u64,
    /// Entries in the newer tree.
    pub new_size: u64,
    /// The hashes of RFC 6962, section 2.1.2.
    pub hashes: Vec<Hash>,
}

impl ConsistencyProof {
    /// The text.
    pub fn encode(&self) -> String {
        let mut text = format!("{CONSISTENCY}\nold {}\nnew {}\n", self.old_size, self.new_size);
        push_hashes(&mut text, &self.hashes);
        text
    }

    /// Reads the text. It proves nothing before [`verify`](Self::verify).
    ///
    /// # Errors
    /// [`Error::ConsistencyText`] for what is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let read = || {
            let mut lines = text.strip_suffix('\n')?.split('\n');
            (lines.next()? == CONSISTENCY).then_some(())?;
            Some(Self {
                old_size: line::decimal(lines.next()?.strip_prefix("old ")?)?,
                new_size: line::decimal(lines.next()?.strip_prefix("new ")?)?,
                hashes: hashes(lines)?,
            })
        };
        read().ok_or(Error::ConsistencyText)
    }

    /// Checks that the two checkpoints, both opened before, are of one history.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] when they are not, or the proof is for other sizes or origins differ;
    /// [`Error::NotAnExtension`] when `new` is the smaller.
    pub fn verify(&self, old: &Checkpoint, new: &Checkpoint) -> Result<(), Error> {
        if (self.old_size, self.new_size) != (old.size, new.size) || old.origin != new.origin {
            return Err(Error::Inconsistent);
        }
        verify_consistency(old.size, &old.root, new.size, &new.root, &self.hashes)
    }
}

fn push_hashes(text: &mut String, hashes: &[Hash]) {
    for hash in hashes {
        push_line(text, "", &line::to_base64(hash));
    }
}

fn push_line(text: &mut String, key: &str, value: &str) {
    text.extend([key, value, "\n"]);
}

fn hashes<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Vec<Hash>> {
    // One more than allowed is enough to know.
    let hashes = lines
        .take(MAX_HASHES + 1)
        .map(line::hash)
        .collect::<Option<Vec<_>>>()?;
    (hashes.len() <= MAX_HASHES).then_some(hashes)
}
