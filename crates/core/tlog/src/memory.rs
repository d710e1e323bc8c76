//! A whole log in memory, for tests and small trees.

use crate::hash::{Hash, tree_root};
use crate::tile::WIDTH;
use crate::{Error, Frontier, Hashes, Tile};

/// All hashes of a log by tile level.
#[derive(Debug, Clone, Default)]
pub struct MemoryLog {
    frontier: Frontier,
    levels: Vec<Vec<Hash>>,
}

impl MemoryLog {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry by its [leaf hash](crate::leaf_hash).
    pub fn append(&mut self, leaf: Hash) {
        self.frontier.append(leaf);
        let mut carried = Some(leaf);
        for level in 0.. {
            let Some(hash) = carried else { break };
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            carried = self.levels.get_mut(level).and_then(|hashes| {
                hashes.push(hash);
                let full = hashes.as_chunks::<{ WIDTH as usize }>();
                full.1
                    .is_empty()
                    .then(|| full.0.last().map(|tile| tree_root(tile)))
                    .flatten()
            });
        }
    }

    /// Entries in the log.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root over all entries.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }
}

impl Hashes for MemoryLog {
    type Error = Error;

    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, Error> {
        let place = usize::try_from(tile.index()).ok().and_then(|index| {
            let start = index.checked_mul(usize::from(WIDTH))?;
            Some(start..start.checked_add(usize::from(tile.width()))?)
        });
        self.levels
            .get(usize::from(tile.level()))
            .zip(place)
            .and_then(|(hashes, place)| hashes.get(place))
            .map(<[Hash]>::to_vec)
            .ok_or_else(|| Error::MissingTile(tile.path()))
    }
}

impl FromIterator<Hash> for MemoryLog {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut log = Self::new();
        for leaf in leaves {
            log.append(leaf);
        }
        log
    }
}
