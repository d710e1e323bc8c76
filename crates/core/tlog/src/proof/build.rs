//! Making proofs from tiles.

use crate::hash::{Hash, empty_root, node_hash, tree_root};
use crate::tile::WIDTH;
use crate::{Error, Hashes, Tile};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Entries whose joint root a proof needs.
type Span = Range<u64>;

/// The proof that entry `index` is in the tree of `size` entries, from the leaf's sibling up (RFC 6962, 2.1.1).
///
/// # Errors
/// [`Error::NoSuchEntry`] unless `index < size`; what the source says.
pub fn inclusion<H: Hashes>(index: u64, size: u64, source: &H) -> Result<Vec<Hash>, H::Error> {
    roots(&inclusion_spans(index, size)?, size, source)
}

/// The tiles that [`inclusion`] reads.
///
/// # Errors
/// [`Error::NoSuchEntry`] unless `index < size`.
pub fn inclusion_tiles(index: u64, size: u64) -> Result<BTreeSet<Tile>, Error> {
    Ok(tiles(&inclusion_spans(index, size)?, size))
}

/// The proof that the tree of `new` entries begins with the tree of `old` entries (RFC 6962, 2.1.2). It is empty when the
/// sizes are equal or the old tree was empty.
///
/// # Errors
/// [`Error::NotAnExtension`] unless `old <= new`; what the source says.
pub fn consistency<H: Hashes>(old: u64, new: u64, source: &H) -> Result<Vec<Hash>, H::Error> {
    roots(&consistency_spans(old, new)?, new, source)
}

/// The tiles that [`consistency`] reads.
///
/// # Errors
/// [`Error::NotAnExtension`] unless `old <= new`.
pub fn consistency_tiles(old: u64, new: u64) -> Result<BTreeSet<Tile>, Error> {
    Ok(tiles(&consistency_spans(old, new)?, new))
}

/// The root of the tree of the first `size` entries.
///
/// # Errors
/// What the source says.
pub fn root<H: Hashes>(size: u64, source: &H) -> Result<Hash, H::Error> {
    Reader {
        size,
        source,
        read: BTreeMap::new(),
    }
    .root(0..size)
}

/// The tiles that [`root`] reads.
pub fn root_tiles(size: u64) -> BTreeSet<Tile> {
    tiles(std::slice::from_ref(&(0..size)), size)
}

/// Where RFC 6962 splits a tree of `n > 1` entries: the largest power of two below `n`.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

fn inclusion_spans(index: u64, size: u64) -> Result<Vec<Span>, Error> {
    if index >= size {
        return Err(Error::NoSuchEntry { index, size });
    }
    let mut spans = Vec::new();
    let Span { mut start, mut end } = 0..size;
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            spans.push(middle..end);
            end = middle;
        } else {
            spans.push(start..middle);
            start = middle;
        }
    }
    spans.reverse();
    Ok(spans)
}

fn consistency_spans(old: u64, new: u64) -> Result<Vec<Span>, Error> {
    if old > new {
        return Err(Error::NotAnExtension { old, new });
    }
    let mut spans = Vec::new();
    if old == 0 {
        return Ok(spans);
    }
    let Span { mut start, mut end } = 0..new;
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            spans.push(middle..end);
            end = middle;
        } else {
            spans.push(start..middle);
            start = middle;
        }
    }
    // The old tree's own root is known to whoever asks; only a part of it must be told.
    if start > 0 {
        spans.push(start..end);
    }
    spans.reverse();
    Ok(spans)
}

fn roots<H: Hashes>(spans: &[Span], size: u64, source: &H) -> Result<Vec<Hash>, H::Error> {
    let mut reader = Reader {
        size,
        source,
        read: BTreeMap::new(),
    };
    spans.iter().map(|span| reader.root(span.clone())).collect()
}

fn tiles(spans: &[Span], size: u64) -> BTreeSet<Tile> {
    spans
        .iter()
        .cloned()
        .flat_map(subtrees)
        .filter_map(|subtree| subtree.tile(size))
        .collect()
}

/// A perfect subtree: the entries `[index << height, (index + 1) << height)`.
#[derive(Clone, Copy)]
struct Subtree {
    height: u32,
    index: u64,
}

impl Subtree {
    /// The lowest level of hashes that spares reading others, in the tile that holds them at `size`.
    fn tile(self, size: u64) -> Option<Tile> {
        Tile::at((self.height / 8) as u8, self.first() / u64::from(WIDTH), size)
    }

    /// The number of the first hash under the subtree at its tile's level.
    fn first(self) -> u64 {
        self.index << (self.height % 8)
    }

    /// Its hashes within its tile.
    fn place(self) -> Range<usize> {
        let start = (self.first() % u64::from(WIDTH)) as usize;
        start..start + (1 << (self.height % 8))
    }
}

/// The perfect subtrees of a span, left to right. A span of a proof starts where its largest subtree may start.
fn subtrees(span: Span) -> impl Iterator<Item = Subtree> {
    let mut start = span.start;
    std::iter::from_fn(move || {
        let height = (span.end - start).checked_ilog2()?;
        let subtree = Subtree {
            height,
            index: start >> height,
        };
        start += 1 << height;
        Some(subtree)
    })
}

/// Reads each tile once.
struct Reader<'a, H> {
    size: u64,
    source: &'a H,
    read: BTreeMap<Tile, Vec<Hash>>,
}

impl<H: Hashes> Reader<'_, H> {
    fn root(&mut self, span: Span) -> Result<Hash, H::Error> {
        let mut roots = Vec::new();
        for subtree in subtrees(span) {
            roots.push(self.subtree_root(subtree)?);
        }
        Ok(roots
            .into_iter()
            .rev()
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(empty_root))
    }

    fn subtree_root(&mut self, subtree: Subtree) -> Result<Hash, H::Error> {
        let tile = subtree.tile(self.size).ok_or(Error::Tile)?;
        let hashes = match self.read.entry(tile) {
            std::collections::btree_map::Entry::Occupied(read) => read.into_mut(),
            std::collections::btree_map::Entry::Vacant(unread) => {
                unread.insert(crate::source::read(tile, self.source)?)
            }
        };
        let hashes = hashes
            .get(subtree.place())
            .ok_or_else(|| Error::MissingTile(tile.path()))?;
        Ok(tree_root(hashes))
    }
}
