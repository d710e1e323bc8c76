//! Where proofs get the tree's hashes from.

use crate::hash::Hash;
use crate::{Error, Tile};
use std::collections::BTreeMap;

/// A source of tiles: the index, a folder, a bucket, memory.
///
/// A source that must be awaited asks [`proof::inclusion_tiles`](crate::proof::inclusion_tiles) and its sisters which tiles a
/// proof needs, fetches them into a `BTreeMap`, and proves from that.
pub trait Hashes {
    /// Why a tile could not be had.
    type Error: From<Error>;

    /// The hashes of a tile, from its first. A source that has more of the tile than the width asked for may return more.
    ///
    /// # Errors
    /// When the tile is not there or cannot be read.
    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, Self::Error>;
}

/// Tiles fetched beforehand.
impl Hashes for BTreeMap<Tile, Vec<Hash>> {
    type Error = Error;

    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, Error> {
        self.get(&tile)
            .cloned()
            .ok_or_else(|| Error::MissingTile(tile.path()))
    }
}

/// Exactly the hashes asked for.
pub(crate) fn read<H: Hashes>(tile: Tile, source: &H) -> Result<Vec<Hash>, H::Error> {
    let mut hashes = source.tile(tile)?;
    if hashes.len() < usize::from(tile.width()) {
        return Err(Error::MissingTile(tile.path()).into());
    }
    hashes.truncate(usize::from(tile.width()));
    Ok(hashes)
}
