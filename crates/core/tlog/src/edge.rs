//! The right edge of the tiles: what is needed to write the next ones.

use crate::hash::{Hash, tree_root};
use crate::tile::{WIDTH, level_len, partial_tiles};
use crate::{Error, Hashes, Tile};

/// The hashes of a log's partial tiles, one list a level: at most 8 * 255 hashes. It turns appended leaves into tiles
/// without reading any tile back.
///
/// ```
/// let mut edge = tlog::Edge::new();
/// let mut written = Vec::new();
/// for entry in 0..300_u32 {
///     let leaf = tlog::leaf_hash(&entry.to_be_bytes());
///     edge.append(leaf, |tile, _hashes| written.push(tile.path()));
/// }
/// written.extend(edge.partial().map(|(tile, _hashes)| tile.path()));
/// assert_eq!(written, ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
}

impl Edge {
    /// The edge of an empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the edge of a log of `size` entries: its [partial tiles](partial_tiles).
    ///
    /// # Errors
    /// What the source says; [`Error::MissingTile`] when it has less than the size needs, [`Error::Frontier`] for a size
    /// above `i64::MAX`.
    pub fn load<H: Hashes>(size: u64, source: &H) -> Result<Self, H::Error> {
        if i64::try_from(size).is_err() {
            return Err(Error::Frontier.into());
        }
        let mut edge = Self {
            size,
            levels: Vec::new(),
        };
        for tile in partial_tiles(size) {
            edge.levels.resize(usize::from(tile.level()), Vec::new());
            edge.levels.push(crate::source::read(tile, source)?);
        }
        Ok(edge)
    }

    /// Entries in the log.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry by its [leaf hash](crate::leaf_hash), and hands each tile that it fills to `filled`, lower levels
    /// first.
    pub fn append(&mut self, leaf: Hash, mut filled: impl FnMut(Tile, &[Hash])) {
        self.size += 1;
        let mut carried = leaf;
        for level in 0_u8.. {
            if self.levels.len() == usize::from(level) {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(usize::from(level)) else {
                break;
            };
            hashes.push(carried);
            if hashes.len() < usize::from(WIDTH) {
                break;
            }
            let index = level_len(level, self.size) / u64::from(WIDTH) - 1;
            if let Ok(tile) = Tile::new(level, index, WIDTH) {
                filled(tile, hashes);
            }
            carried = tree_root(hashes);
            hashes.clear();
        }
    }

    /// The partial tiles as they are now: to be written before a checkpoint of this size is published.
    pub fn partial(&self) -> impl Iterator<Item = (Tile, &[Hash])> {
        partial_tiles(self.size)
            .filter_map(|tile| Some((tile, self.levels.get(usize::from(tile.level()))?.as_slice())))
    }
}
