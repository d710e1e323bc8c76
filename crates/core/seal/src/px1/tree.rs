//! From tile digests to one root.

use super::PixelDigest;
use super::geometry::PixelHeader;
use sha2::{Digest as _, Sha256};
use tlog::Frontier;

/// Leaf = H(0x00 | "PX1" | salt | position | tile digest), RFC 6962 tree over the leaves in the order of the tiles,
/// root = H("PX1" | header | tree).
fn root(header: PixelHeader, tiles: &[[u8; 32]], salt: &[u8]) -> [u8; 32] {
    let mut tree = Frontier::new();
    for (position, tile) in (0_u64..).zip(tiles) {
        let mut leaf = Sha256::new();
        leaf.update([0]);
        leaf.update(b"PX1");
        leaf.update(salt);
        leaf.update(position.to_le_bytes());
        leaf.update(tile);
        tree.append(leaf.finalize().into());
    }
    let mut root = Sha256::new();
    root.update(b"PX1");
    root.update(header.to_bytes());
    root.update(tree.root());
    root.finalize().into()
}

/// The root that a seal states: nobody without the salt learns from it which pixels it stands for.
pub fn salted_root(digest: &PixelDigest, salt: &[u8; 32]) -> [u8; 32] {
    root(digest.header, &digest.tiles, salt)
}

/// The root by which the gateway's private index finds the same pixels again. Never published.
pub fn private_root(digest: &PixelDigest) -> [u8; 32] {
    root(digest.header, &digest.tiles, &[])
}
