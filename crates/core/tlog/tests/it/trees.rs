//! The frontier, the edge and the log in memory are three ways to one tree.

use crate::oracle::{Stored, mth};
use crate::{Short, Whole, leaves, log};
use proptest::prelude::*;
use tlog::{Edge, Error, Frontier, Hash, Hashes as _, hash, proof};

#[test]
fn every_small_tree_has_the_root_of_the_definition() {
    let all = leaves(300);
    let whole = log(300);
    let mut frontier = Frontier::new();
    for size in 0..=300_usize {
        let root = mth(&all[..size]);
        assert_eq!(frontier.root(), root, "frontier of {size}");
        assert_eq!(hash::tree_root(&all[..size]), root, "tree of {size}");
        assert_eq!(proof::root(size as u64, &whole).unwrap(), root, "tiles of {size}");
        assert_eq!(frontier.size(), size as u64);
        let read = Frontier::from_bytes(&frontier.to_bytes()).unwrap();
        assert_eq!(read, frontier);
        if size < 300 {
            frontier = read;
            frontier.append(all[size]);
        }
    }
}

#[test]
fn an_edge_loaded_from_tiles_goes_on_like_one_that_never_stopped() {
    let sizes = [0, 1, 255, 256, 257, 300, 511, 512, 65_535, 65_536, 65_537, 65_800];
    let all = leaves(66_000);
    let whole = log(66_000);
    let mut walking = Edge::new();
    let mut written = std::collections::BTreeMap::new();
    for size in sizes {
        for leaf in &all[walking.size() as usize..size] {
            walking.append(*leaf, |tile, hashes| {
                assert!(written.insert(tile, hashes.to_vec()).is_none());
            });
        }
        for (tile, hashes) in walking.partial() {
            assert_eq!(hashes.len(), usize::from(tile.width()));
            written.insert(tile, hashes.to_vec());
        }
        assert_eq!(Edge::load(size as u64, &written).unwrap(), walking, "size {size}");
        assert_eq!(
            proof::root(size as u64, &written).unwrap(),
            mth(&all[..size]),
            "size {size}"
        );
    }
    for (tile, hashes) in &written {
        assert_eq!(&whole.tile(*tile).unwrap(), hashes, "{}", tile.path());
    }
}

#[test]
fn an_edge_is_not_loaded_from_too_little() {
    let tiles = log(299);
    assert_eq!(
        Edge::load(300, &tiles),
        Err(Error::MissingTile("tile/0/001.p/44".to_owned()))
    );
    assert_eq!(
        Edge::load(300, &Short),
        Err(Error::MissingTile("tile/0/001.p/44".to_owned()))
    );
    assert_eq!(Edge::load(1 << 63, &Whole), Err(Error::Frontier));
}

#[test]
fn an_edge_takes_no_more_than_its_own_from_a_tile_that_has_grown() {
    let edge = Edge::load(300, &Whole).unwrap();
    let widths: Vec<_> = edge
        .partial()
        .map(|(tile, hashes)| (tile.width(), hashes.len()))
        .collect();
    assert_eq!(widths, [(44, 44), (1, 1)]);
}

#[test]
fn the_longest_frontier_can_be_appended_to() {
    let mut bytes = (i64::MAX as u64).to_be_bytes().to_vec();
    bytes.extend([7; 63 * 32]);
    let mut frontier = Frontier::from_bytes(&bytes).unwrap();
    frontier.append([1; 32]);
    assert_eq!(frontier.size(), 1 << 63);
    assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Err(Error::Frontier));
    assert!(Frontier::from_bytes(&[0xFF; 8 + 64 * 32]).is_err());
}

proptest! {
    #[test]
    fn a_frontier_has_the_root_that_tlog_tiles_and_ct_merkle_find(size in 1_u64..3000) {
        let all = leaves(size);
        let mut frontier = Frontier::new();
        let mut tree = ct_merkle::mem_backed_tree::MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
        for number in 0..size {
            frontier.append(all[number as usize]);
            tree.push(number.to_be_bytes().to_vec());
        }
        prop_assert_eq!(tlog_tiles::tree_hash(size, &Stored::new(&all)).unwrap().0, frontier.root());
        prop_assert_eq!(Hash::from(*tree.root().as_bytes()), frontier.root());
    }

    #[test]
    fn a_frontier_is_read_only_at_its_own_length(size in 0_u64..5000, change in 0_usize..80) {
        let mut frontier = Frontier::new();
        for leaf in leaves(size) {
            frontier.append(leaf);
        }
        let bytes = frontier.to_bytes();
        prop_assert!(Frontier::from_bytes(&bytes[..bytes.len().saturating_sub(change + 1)]).is_err());
        let mut longer = bytes;
        longer.extend(vec![0; change + 1]);
        prop_assert!(Frontier::from_bytes(&longer).is_err());
    }

    #[test]
    fn no_bytes_make_a_frontier_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(mut frontier) = Frontier::from_bytes(&bytes) {
            prop_assert_eq!(frontier.to_bytes(), bytes);
            frontier.append([0; 32]);
            frontier.root();
        }
    }
}
