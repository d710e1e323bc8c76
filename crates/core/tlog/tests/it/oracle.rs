//! Independent answers: the definition of RFC 6962 written down as it stands, and the store of `tlog_tiles`.

use tlog::{Hash, empty_root, node_hash};

/// `MTH(D[n])` of RFC 6962, section 2.1, by its recursive definition.
pub(crate) fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&mth(left), &mth(right))
        }
    }
}

/// The hashes of a log in the order of `tlog_tiles`.
pub(crate) struct Stored(Vec<tlog_tiles::Hash>);

impl Stored {
    pub(crate) fn new(leaves: &[Hash]) -> Self {
        let mut stored = Self(Vec::new());
        for (index, leaf) in leaves.iter().enumerate() {
            let leaf = tlog_tiles::Hash(*leaf);
            let hashes = tlog_tiles::stored_hashes_for_record_hash(index as u64, leaf, &stored).unwrap();
            stored.0.extend(hashes);
        }
        stored
    }
}

impl tlog_tiles::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|index| self.0[*index as usize]).collect())
    }
}

pub(crate) fn theirs(hashes: &[Hash]) -> Vec<tlog_tiles::Hash> {
    hashes.iter().copied().map(tlog_tiles::Hash).collect()
}

pub(crate) fn ours(hashes: &[tlog_tiles::Hash]) -> Vec<Hash> {
    hashes.iter().map(|hash| hash.0).collect()
}
