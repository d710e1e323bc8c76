//! Reading the whole log again, and comparing everything that is said about it.

use super::Place;
use crate::Result;
use serde::Serialize;
use std::collections::BTreeMap;
use tlog::bundle::{self, Bundle};
use tlog::{Checkpoint, Edge, Entry, Frontier, Hash, entry, hash, tile};

/// What was found in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LogReport {
    /// Entries that the head speaks of.
    pub size: u64,
    /// The size up to which it is published.
    pub published: Option<u64>,
    /// Tiles and entry bundles that were compared.
    pub files: u64,
    /// Earlier heads with which the log was found consistent.
    pub earlier_heads: u64,
    /// What is wrong. Empty: nothing.
    pub problems: Vec<String>,
}

pub(super) async fn audit(place: &Place, from: Option<Checkpoint>) -> Result<LogReport> {
    let published = place.published();
    let head = place.index.head().await?;
    let mut earlier: BTreeMap<u64, Vec<Hash>> = BTreeMap::new();
    for (size, root) in place.index.issued().await? {
        earlier.entry(size).or_default().push(root);
    }
    for checkpoint in from.iter().chain(&published) {
        earlier.entry(checkpoint.size).or_default().push(checkpoint.root);
    }
    let mut auditor = Auditor {
        place,
        published: published.as_ref().map_or(0, |checkpoint| checkpoint.size),
        frontier: Frontier::new(),
        edge: Edge::new(),
        bundle: Vec::new(),
        report: LogReport {
            size: head.size,
            published: published.map(|checkpoint| checkpoint.size),
            ..LogReport::default()
        },
    };
    auditor.compare_heads(&mut earlier);
    while auditor.frontier.size() < head.size {
        let Ok(entries) = place.entries(auditor.frontier.size(), head.size).await else {
            auditor.problem(format!(
                "entries from {} on are missing or damaged",
                auditor.frontier.size()
            ));
            break;
        };
        for entry in &entries {
            auditor.append(entry);
            auditor.compare_heads(&mut earlier);
        }
    }
    for size in earlier.into_keys() {
        auditor.problem(format!(
            "the log is shorter than a head of size {size} that was handed out"
        ));
    }
    if auditor.frontier.root() != head.root || auditor.frontier.to_bytes() != head.frontier {
        auditor.problem("the head is not that of the entries".to_owned());
    }
    match Checkpoint::open(&head.checkpoint, &place.verifier, place.verifier.name()) {
        Ok(checkpoint) if (checkpoint.size, checkpoint.root) == (head.size, head.root) => {}
        Ok(_) => auditor.problem("the checkpoint is not that of the head".to_owned()),
        Err(error) => auditor.problem(format!("the checkpoint does not verify: {error}")),
    }
    Ok(auditor.report)
}

struct Auditor<'a> {
    place: &'a Place,
    published: u64,
    frontier: Frontier,
    edge: Edge,
    bundle: Vec<[u8; entry::LEN]>,
    report: LogReport,
}

impl Auditor<'_> {
    fn problem(&mut self, problem: String) {
        self.report.problems.push(problem);
    }

    fn append(&mut self, bytes: &[u8; entry::LEN]) {
        let index = self.frontier.size();
        if Entry::decode(bytes).is_err() {
            self.problem(format!("entry {index} is of no known kind"));
        }
        let leaf = hash::leaf_hash(bytes);
        self.frontier.append(leaf);
        self.bundle.push(*bytes);
        let mut filled = Vec::new();
        self.edge.append(leaf, |tile, hashes| {
            filled.push((tile.path(), tile::to_bytes(hashes)));
        });
        let size = self.frontier.size();
        if self.bundle.len() == usize::from(tile::WIDTH) {
            filled.extend(self.bundle_file(size / u64::from(tile::WIDTH) - 1));
            self.bundle.clear();
        }
        if size <= self.published {
            self.compare_files(filled);
        }
        if size == self.published {
            let mut partial: Vec<_> = self
                .edge
                .partial()
                .map(|(tile, hashes)| (tile.path(), tile::to_bytes(hashes)))
                .collect();
            if !self.bundle.is_empty() {
                partial.extend(self.bundle_file(size / u64::from(tile::WIDTH)));
            }
            self.compare_files(partial);
        }
    }

    fn bundle_file(&self, index: u64) -> Option<(String, Vec<u8>)> {
        let name = Bundle::new(index, self.bundle.len() as u16).ok()?;
        Some((name.path(), bundle::encode(&self.bundle).ok()?))
    }

    fn compare_files(&mut self, files: Vec<(String, Vec<u8>)>) {
        for (path, content) in files {
            self.report.files += 1;
            match std::fs::read(self.place.folder.join(&path)) {
                Ok(published) if published == content => {}
                Ok(_) => self.problem(format!("{path} is not what the entries yield")),
                Err(_) => self.problem(format!("{path} is missing")),
            }
        }
    }

    fn compare_heads(&mut self, earlier: &mut BTreeMap<u64, Vec<Hash>>) {
        let size = self.frontier.size();
        for root in earlier.remove(&size).unwrap_or_default() {
            if root == self.frontier.root() {
                self.report.earlier_heads += 1;
            } else {
                self.problem(format!(
                    "a head of size {size} that was handed out is of another log"
                ));
            }
        }
    }
}
