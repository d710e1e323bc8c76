//! The transparency log: its truth is the index, its tiles are derived.
//!
//! The entries of a transaction are one row, and the head with its signed checkpoint is replaced in that same
//! transaction, so that a log index is known when the change is durable and several processes share one log. Tiles,
//! entry bundles and checkpoint follow as static files below `log/` ([C2SP tlog-tiles](https://c2sp.org/tlog-tiles)) and
//! can be derived again at any time.

mod audit;
mod publish;
mod tiles;

pub use audit::LogReport;
pub(crate) use publish::Publisher;

use crate::index::{HeadRow, Index};
use crate::{Error, Result};
use model::Timestamp;
use std::path::PathBuf;
use std::sync::Arc;
use tiles::{Source, Tiles};
use tlog::{Checkpoint, ConsistencyProof, Entry, Frontier, Kind, Signer, TlogProof, Verifier, entry, proof};

/// Entries that are read with one that is asked for.
const NEAR: u64 = 1024;
/// Entries that are read at once.
const STRIDE: u64 = 64 * 1024;

/// The head over a frontier, signed.
pub(crate) fn head(frontier: &Frontier, signer: &Signer, made_at: Timestamp) -> Result<HeadRow> {
    let (size, root) = (frontier.size(), frontier.root());
    let checkpoint = Checkpoint::new(signer.name(), size, root).signed(signer)?;
    Ok(HeadRow {
        size,
        frontier: frontier.to_bytes(),
        root,
        checkpoint,
        made_at,
    })
}

/// Where the published files are, and whose they are.
#[derive(Clone)]
pub(crate) struct Place {
    /// The folder `log/`.
    pub(crate) folder: PathBuf,
    pub(crate) verifier: Verifier,
    pub(crate) index: Arc<Index>,
}

impl Place {
    /// The checkpoint that is published, if it is one of this log.
    fn published(&self) -> Option<Checkpoint> {
        let note = std::fs::read_to_string(self.folder.join("checkpoint")).ok()?;
        Checkpoint::open(&note, &self.verifier, self.verifier.name()).ok()
    }

    /// The entries `[from, from + STRIDE)` as far as there are any below `to`, encoded.
    async fn entries(&self, from: u64, to: u64) -> Result<Vec<[u8; entry::LEN]>> {
        let to = to.min(from + STRIDE);
        let mut entries = Vec::new();
        for batch in self.index.batches(from, to).await? {
            let (batched, rest) = batch.entries.as_chunks();
            if !rest.is_empty()
                || batched.len() as u64 != batch.count
                || batch.first > from + entries.len() as u64
            {
                return Err(Error::Corrupt("a batch of log entries"));
            }
            let skip = (from + entries.len() as u64 - batch.first) as usize;
            entries.extend_from_slice(batched.get(skip..).unwrap_or_default());
        }
        entries.truncate(to.saturating_sub(from) as usize);
        if entries.is_empty() && from < to {
            return Err(Error::Corrupt("a batch of log entries"));
        }
        Ok(entries)
    }
}

/// The log, to read from.
#[derive(Clone)]
pub struct Log(Place);

impl Log {
    pub(crate) fn new(place: Place) -> Self {
        Self(place)
    }

    /// The log's name in its checkpoints.
    pub fn origin(&self) -> &str {
        self.0.verifier.name()
    }

    /// Knows the log's signature.
    pub fn verifier(&self) -> &Verifier {
        &self.0.verifier
    }

    /// The folder with the published checkpoint, tiles and entry bundles, to be served as they are.
    pub fn folder(&self) -> &std::path::Path {
        &self.0.folder
    }

    /// The head as a signed checkpoint: includes every entry that was ever answered for.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn checkpoint(&self) -> Result<String> {
        Ok(self.0.index.head().await?.checkpoint)
    }

    /// As [`checkpoint`](Self::checkpoint), and remembers that it was handed out: the log must stay consistent with it, and
    /// [`verify`](Self::verify) holds it to that.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn issue_checkpoint(&self) -> Result<String> {
        let head = self.0.index.head().await?;
        self.0.index.issue(head.size, &head.root).await?;
        Ok(head.checkpoint)
    }

    /// Remembers that this head was handed out, in a bundle.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn issue(&self, head: &Checkpoint) -> Result<()> {
        self.0.index.issue(head.size, &head.root).await
    }

    /// Size and root of each head that was handed out, by rising size.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn issued(&self) -> Result<Vec<(u64, [u8; 32])>> {
        self.0.index.issued().await
    }

    /// Entries in the log.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn size(&self) -> Result<u64> {
        Ok(self.0.index.head().await?.size)
    }

    /// An entry.
    ///
    /// # Errors
    /// [`Error::Log`] when the log is shorter.
    pub async fn entry(&self, index: u64) -> Result<Entry> {
        let size = self.size().await?;
        if index >= size {
            return Err(tlog::Error::NoSuchEntry { index, size }.into());
        }
        let entries = self.0.entries(index, index + 1).await?;
        let bytes = entries.first().ok_or(Error::Corrupt("a batch of log entries"))?;
        Ok(Entry::decode(bytes)?)
    }

    /// The kinds of many entries; None where there is no such entry. Entries that stand near each other are read at once.
    pub(crate) async fn kinds(&self, indexes: impl Iterator<Item = u64>) -> Result<Vec<Option<Kind>>> {
        let size = self.size().await?;
        let mut read = (0, Vec::new());
        let mut kinds = Vec::new();
        for index in indexes {
            let (first, entries) = &mut read;
            if !(*first..*first + entries.len() as u64).contains(&index) {
                *first = index;
                *entries = match self.0.entries(index, size.min(index + NEAR)).await {
                    Err(Error::Corrupt(_)) => Vec::new(),
                    entries => entries?,
                };
            }
            let entry = index.checked_sub(*first).and_then(|at| entries.get(at as usize));
            kinds.push(
                entry
                    .and_then(|entry| Entry::decode(entry).ok())
                    .map(|entry| entry.kind),
            );
        }
        Ok(kinds)
    }

    /// The proof that an entry is in the log, against the head; verifiable offline.
    ///
    /// # Errors
    /// [`Error::Log`] when the log is shorter.
    pub async fn prove(&self, index: u64) -> Result<TlogProof> {
        let leaf = self.entry(index).await?.leaf_hash();
        let head = self.0.index.head().await?;
        let needed = proof::inclusion_tiles(index, head.size)?;
        for source in [Source::Published, Source::Index] {
            let tiles = Tiles::new(&self.0, source).fetch(&needed).await?;
            let inclusion = proof::inclusion(index, head.size, &tiles)?;
            // Published files may be damaged; what they yield is checked before it is handed out.
            if proof::verify_inclusion(&leaf, index, head.size, &inclusion, &head.root).is_ok() {
                return Ok(TlogProof {
                    extra: None,
                    index,
                    inclusion,
                    checkpoint: head.checkpoint,
                });
            }
        }
        Err(Error::Corrupt("the log"))
    }

    /// The proof that an entry is in the log of an earlier size: the hashes from the leaf's sibling up. It is for whoever
    /// holds the checkpoint of that size.
    ///
    /// # Errors
    /// [`Error::Log`] when the log is or was shorter.
    pub async fn inclusion(&self, index: u64, size: u64) -> Result<Vec<tlog::Hash>> {
        self.check_size(size).await?;
        let needed = proof::inclusion_tiles(index, size)?;
        let tiles = Tiles::new(&self.0, Source::Index).fetch(&needed).await?;
        Ok(proof::inclusion(index, size, &tiles)?)
    }

    /// The proof that the log of one size only added to the log of another.
    ///
    /// # Errors
    /// [`Error::Log`] when the log is shorter, or `old_size` is above `new_size`.
    pub async fn consistency(&self, old_size: u64, new_size: u64) -> Result<ConsistencyProof> {
        self.check_size(new_size).await?;
        let needed = proof::consistency_tiles(old_size, new_size)?;
        let tiles = Tiles::new(&self.0, Source::Index).fetch(&needed).await?;
        Ok(ConsistencyProof {
            old_size,
            new_size,
            hashes: proof::consistency(old_size, new_size, &tiles)?,
        })
    }

    async fn check_size(&self, size: u64) -> Result<()> {
        let here = self.size().await?;
        if size > here {
            return Err(tlog::Error::NotAnExtension { old: here, new: size }.into());
        }
        Ok(())
    }

    /// Reads the whole log and says what is wrong with it: entries, batches, head, signature, every checkpoint that was
    /// handed out, the published tiles, and the checkpoint given, if any.
    ///
    /// # Errors
    /// [`Error::Database`] when it cannot be read at all; [`Error::Log`] when `from` is no checkpoint of this log.
    pub async fn verify(&self, from: Option<&str>) -> Result<LogReport> {
        let from = from
            .map(|note| Checkpoint::open(note, &self.0.verifier, self.origin()))
            .transpose()?;
        audit::audit(&self.0, from).await
    }
}
