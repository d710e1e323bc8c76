//! Tiles: the log's tree as static files of at most 256 hashes ([tlog-tiles](https://c2sp.org/tlog-tiles)).

mod path;

pub use path::{Resource, parse};

use crate::hash::{Hash, tree_root};
use crate::{Error, Hashes};

/// Hashes in a full tile.
pub const WIDTH: u16 = 256;
/// Tile levels that a tree with a 64-bit size can have.
const LEVELS: u8 = 8;
const MAX_LEVEL: u8 = 63;

/// Which tile: its hash number `i` is the root over the entries
/// `[(index * 256 + i) * 256^level, (index * 256 + i + 1) * 256^level)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    level: u8,
    index: u64,
    width: u16,
}

impl Tile {
    /// The tile of `width` hashes at this place.
    ///
    /// # Errors
    /// [`Error::Tile`] unless the level is at most 63 and the width 1 to 256.
    pub fn new(level: u8, index: u64, width: u16) -> Result<Self, Error> {
        if level > MAX_LEVEL || !(1..=WIDTH).contains(&width) {
            return Err(Error::Tile);
        }
        Ok(Self { level, index, width })
    }

    /// The tile at this place as it is in a log of `size` entries: full, partial, or not there.
    pub fn at(level: u8, index: u64, size: u64) -> Option<Self> {
        let start = index.checked_mul(u64::from(WIDTH))?;
        let there = level_len(level, size).checked_sub(start)?;
        Self::new(level, index, there.min(u64::from(WIDTH)) as u16).ok()
    }

    /// The level: 0 holds leaf hashes.
    pub fn level(self) -> u8 {
        self.level
    }

    /// The place within the level, from 0.
    pub fn index(self) -> u64 {
        self.index
    }

    /// The number of hashes, 1 to 256.
    pub fn width(self) -> u16 {
        self.width
    }

    /// True for 256 hashes: such a tile never changes.
    pub fn is_full(self) -> bool {
        self.width == WIDTH
    }

    /// The path below the log's prefix, such as `tile/0/x001/234.p/5`.
    pub fn path(self) -> String {
        Resource::Tile(self).path()
    }
}

/// The number of hashes at a tile level of a log of `size` entries.
pub(crate) fn level_len(level: u8, size: u64) -> u64 {
    size.checked_shr(8 * u32::from(level)).unwrap_or(0)
}

/// The tiles that a log must write when it grows from `old_size` to `new_size`, as they are at `new_size`, lower levels
/// first. None when it does not grow.
pub fn tiles_for(old_size: u64, new_size: u64) -> impl Iterator<Item = Tile> {
    (0..LEVELS).flat_map(move |level| {
        let (had, has) = (level_len(level, old_size), level_len(level, new_size));
        let first = had / u64::from(WIDTH);
        let end = if has > had {
            has.div_ceil(u64::from(WIDTH))
        } else {
            first
        };
        (first..end).filter_map(move |index| Tile::at(level, index, new_size))
    })
}

/// The partial tiles of a log of `size` entries: its right edge, at most one a level.
pub fn partial_tiles(size: u64) -> impl Iterator<Item = Tile> {
    (0..LEVELS).filter_map(move |level| Tile::at(level, level_len(level, size) / u64::from(WIDTH), size))
}

/// The hashes of a tile above level 0, each the root of one full tile of the level below.
///
/// # Errors
/// What the source says; [`Error::Tile`] for level 0 or an index whose children no log has; [`Error::MissingTile`] when a
/// child is not full.
pub fn from_below<H: Hashes>(tile: Tile, below: &H) -> Result<Vec<Hash>, H::Error> {
    let level = tile.level.checked_sub(1).ok_or(Error::Tile)?;
    let first = tile.index.checked_mul(u64::from(WIDTH)).ok_or(Error::Tile)?;
    (0..u64::from(tile.width))
        .map(|i| {
            let child = Tile {
                level,
                index: first + i,
                width: WIDTH,
            };
            Ok(tree_root(&crate::source::read(child, below)?))
        })
        .collect()
}

/// The content of a tile: its hashes, one after the other.
pub fn to_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.as_flattened().to_vec()
}

/// Reads the content of a tile.
///
/// # Errors
/// [`Error::TileBytes`] unless these are 1 to 256 whole hashes.
pub fn from_bytes(bytes: &[u8]) -> Result<Vec<Hash>, Error> {
    let (hashes, rest) = bytes.as_chunks();
    if !rest.is_empty() || !(1..=usize::from(WIDTH)).contains(&hashes.len()) {
        return Err(Error::TileBytes);
    }
    Ok(hashes.to_vec())
}
