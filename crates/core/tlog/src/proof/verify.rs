//! Checking proofs: the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2.

use crate::Error;
use crate::hash::{Hash, empty_root, node_hash};

/// Checks that the tree of `size` entries under `root` has the leaf hash `leaf` at `index`.
///
/// # Errors
/// [`Error::NoSuchEntry`] unless `index < size`; [`Error::Unproven`] when the proof is too short, too long, or leads to
/// another root.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), Error> {
    if index >= size {
        return Err(Error::NoSuchEntry { index, size });
    }
    let mut at = index;
    let mut last = size - 1;
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(Error::Unproven);
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            // A node without right neighbour rises until it is one.
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root {
        Ok(())
    } else {
        Err(Error::Unproven)
    }
}

/// Checks that the tree of `new_size` entries under `new_root` begins with the tree of `old_size` entries under `old_root`.
///
/// # Errors
/// [`Error::NotAnExtension`] unless `old_size <= new_size`; [`Error::Inconsistent`] when the proof is too short, too long, or
/// does not lead to both roots.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), Error> {
    let holds = if old_size > new_size {
        return Err(Error::NotAnExtension {
            old: old_size,
            new: new_size,
        });
    } else if old_size == new_size {
        let root_of_nothing = old_size > 0 || *old_root == empty_root();
        proof.is_empty() && old_root == new_root && root_of_nothing
    } else if old_size == 0 {
        proof.is_empty() && *old_root == empty_root()
    } else {
        joins(old_size, old_root, new_size, new_root, proof)
    };
    if holds { Ok(()) } else { Err(Error::Inconsistent) }
}

/// For `0 < old_size < new_size`.
fn joins(old_size: u64, old_root: &Hash, new_size: u64, new_root: &Hash, proof: &[Hash]) -> bool {
    // A perfect old tree is itself a node of the new one, and is left out of the proof.
    let (first, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else if let Some((first, rest)) = proof.split_first() {
        (first, rest)
    } else {
        return false;
    };
    let common = (old_size - 1).trailing_ones();
    let mut at = (old_size - 1).checked_shr(common).unwrap_or(0);
    let mut last = (new_size - 1).checked_shr(common).unwrap_or(0);
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *new_root
}
