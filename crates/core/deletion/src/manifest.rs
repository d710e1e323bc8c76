//! One hash for all instances of a copy.

use model::{Digest, Uid};
use sha2::{Digest as _, Sha256};

/// The root over the instances of a copy: SOP Instance UID and SHA-256 of the data set (without preamble and file meta
/// information) of each, as delivered. In any order; an instance that was sent twice counts once.
///
/// Each instance is one line, `imaging-deletion-instance/1 UID DIGEST\n`, the digest in 64 lower-case hex digits. The lines are sorted
/// bytewise and are the entries of a Merkle tree as in RFC 6962 section 2.1: `SHA-256(0x00 | line)` for a leaf,
/// `SHA-256(0x01 | left | right)` for a node, the left half of n entries being the largest power of two below n. The root over nothing
/// is the SHA-256 of nothing.
pub fn manifest_root(instances: &[(Uid, Digest)]) -> Digest {
    let line = |(uid, digest): &(Uid, Digest)| format!("imaging-deletion-instance/1 {uid} {digest}\n");
    let mut lines: Vec<String> = instances.iter().map(line).collect();
    lines.sort_unstable();
    lines.dedup();

    // Complete trees, left to right, each with its number of entries: as in a binary counter, equal neighbours join.
    let mut trees: Vec<(u64, [u8; 32])> = Vec::new();
    for line in lines {
        let mut tree = (1, hash(&[&[0x00], line.as_bytes()]));
        while let Some((_, left)) = trees.pop_if(|(size, _)| *size == tree.0) {
            tree = (2 * tree.0, node(&left, &tree.1));
        }
        trees.push(tree);
    }
    let root = trees.into_iter().map(|(_, root)| root).rev();
    Digest(
        root.reduce(|right, left| node(&left, &right))
            .unwrap_or_else(|| hash(&[])),
    )
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    hash(&[&[0x01], left, right])
}

fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}
