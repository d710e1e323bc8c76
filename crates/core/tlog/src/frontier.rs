//! The frontier: all of a tree that is needed to add to it and to know its root.

use crate::Error;
use crate::hash::{Hash, empty_root, node_hash};

/// Sizes above this fit no signed 64-bit column and are not read back.
const MAX_SIZE: u64 = i64::MAX as u64;

/// The roots of the perfect subtrees that make up a tree, largest first: one for each bit set in the size (a "compact
/// range"). At most 63 hashes, whatever the size of the log, so that it fits a row of the index and any node can
/// extend the log from there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    nodes: Vec<Hash>,
}

impl Frontier {
    /// The frontier of an empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Entries in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry by its [leaf hash](crate::leaf_hash).
    pub fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.nodes.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.nodes.push(node);
        self.size += 1;
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let smallest_first = self.nodes.iter().rev().copied();
        smallest_first
            .reduce(|right, left| node_hash(&left, &right))
            .unwrap_or_else(empty_root)
    }

    /// The size (8 bytes, big endian), then the nodes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        bytes.extend_from_slice(self.nodes.as_flattened());
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// [`Error::Frontier`] when the number of nodes is not that of the size, or the size is above `i64::MAX`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (size, nodes) = bytes.split_first_chunk().ok_or(Error::Frontier)?;
        let size = u64::from_be_bytes(*size);
        let (nodes, rest) = nodes.as_chunks();
        if size > MAX_SIZE || !rest.is_empty() || nodes.len() != size.count_ones() as usize {
            return Err(Error::Frontier);
        }
        Ok(Self {
            size,
            nodes: nodes.to_vec(),
        })
    }
}
