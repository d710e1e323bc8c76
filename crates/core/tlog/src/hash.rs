//! The hashes of RFC 6962, section 2.1, on SHA-256.

use crate::Frontier;
use sha2::{Digest, Sha256};

/// A SHA-256 hash: of an entry, of a node, of a whole tree.
pub type Hash = [u8; 32];

/// The hash of an entry, `SHA-256(0x00 | entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new()
        .chain_update([0x00])
        .chain_update(entry)
        .finalize()
        .into()
}

/// The hash of an interior node, `SHA-256(0x01 | left | right)`: the prefix keeps a node from passing as an entry.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([0x01])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root of a tree without entries: the SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The root of the tree over these leaf hashes (`MTH` of RFC 6962).
pub fn tree_root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::new();
    for leaf in leaves {
        frontier.append(*leaf);
    }
    frontier.root()
}
