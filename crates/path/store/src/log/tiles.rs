//! Reading tiles: from the published files, or derived from the index.

use super::Place;
use crate::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use tlog::{Hash, Tile, hash, tile};

/// Where hashes are taken from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// From the published files as far as they go, from the index beyond.
    Published,
    /// From the index alone. Costs a hash for every entry below a tile: right for a proof now and then.
    Index,
}

pub(super) struct Tiles<'a> {
    place: &'a Place,
    /// The size up to which files are believed.
    published: u64,
}

impl<'a> Tiles<'a> {
    pub(super) fn new(place: &'a Place, source: Source) -> Self {
        let published = match source {
            Source::Published => place.published().map_or(0, |checkpoint| checkpoint.size),
            Source::Index => 0,
        };
        Self { place, published }
    }

    pub(super) async fn fetch(&self, tiles: &BTreeSet<Tile>) -> Result<BTreeMap<Tile, Vec<Hash>>> {
        let mut fetched = BTreeMap::new();
        for tile in tiles {
            fetched.insert(*tile, self.tile(*tile).await?);
        }
        Ok(fetched)
    }

    async fn tile(&self, tile: Tile) -> Result<Vec<Hash>> {
        let mut hashes = self.published(tile).unwrap_or_default();
        let width = usize::from(tile.width());
        let first = tile.index() * u64::from(tile::WIDTH);
        if tile.level() == 0 {
            let (from, to) = (first + hashes.len() as u64, first + width as u64);
            if from < to {
                hashes.extend(
                    self.place
                        .entries(from, to)
                        .await?
                        .iter()
                        .map(|entry| hash::leaf_hash(entry)),
                );
            }
        } else {
            for child in first + hashes.len() as u64..first + width as u64 {
                let child = Tile::new(tile.level() - 1, child, tile::WIDTH)?;
                hashes.push(hash::tree_root(&Box::pin(self.tile(child)).await?));
            }
        }
        hashes.truncate(width);
        if hashes.len() < width {
            Err(Error::Corrupt("a batch of log entries"))
        } else {
            Ok(hashes)
        }
    }

    /// What is published of a tile.
    fn published(&self, tile: Tile) -> Option<Vec<Hash>> {
        let published = Tile::at(tile.level(), tile.index(), self.published)?;
        let bytes = std::fs::read(self.place.folder.join(published.path())).ok()?;
        let hashes = tile::from_bytes(&bytes).ok()?;
        (hashes.len() == usize::from(published.width())).then_some(hashes)
    }
}
