//! The log against the standard's vectors, against other implementations, and against whoever would forge it.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod checkpoints;
mod entries;
mod forgery;
mod notes;
mod oracle;
mod proofs;
mod rfc6962;
mod texts;
mod tiles;
mod trees;

use tlog::{Error, Hash, Hashes, MemoryLog, Tile};

/// Leaf hashes that differ from each other.
fn leaves(count: u64) -> Vec<Hash> {
    (0..count)
        .map(|number| tlog::leaf_hash(&number.to_be_bytes()))
        .collect()
}

fn log(size: u64) -> MemoryLog {
    leaves(size).into_iter().collect()
}

/// A source whose tiles lack their last hash.
struct Short;

impl Hashes for Short {
    type Error = Error;

    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, Error> {
        Ok(vec![[0; 32]; usize::from(tile.width()) - 1])
    }
}

/// A source that has every tile in full.
struct Whole;

impl Hashes for Whole {
    type Error = Error;

    fn tile(&self, _: Tile) -> Result<Vec<Hash>, Error> {
        Ok(vec![[0; 32]; 256])
    }
}
