//! Proofs: ours are those of other implementations and are accepted by them; theirs by us; and nothing else is.

use crate::oracle::{Stored, mth, ours, theirs};
use crate::{Short, Whole, leaves, log};
use ct_merkle::{RootHash, mem_backed_tree::MemoryBackedTree};
use proptest::prelude::*;
use sha2::Sha256;
use std::collections::{BTreeMap, BTreeSet};
use tlog::proof::{
    consistency, consistency_tiles, inclusion, inclusion_tiles, root, root_tiles, verify_consistency,
    verify_inclusion,
};
use tlog::{Error, Hash, Hashes, MemoryLog, Tile, empty_root, node_hash};

/// Remembers which tiles were asked for, and how often.
struct Watched<'a>(&'a MemoryLog, std::cell::RefCell<Vec<Tile>>);

impl Hashes for Watched<'_> {
    type Error = Error;

    fn tile(&self, tile: Tile) -> Result<Vec<Hash>, Error> {
        self.1.borrow_mut().push(tile);
        self.0.tile(tile)
    }
}

#[test]
fn every_entry_of_every_small_log_is_proven_and_no_other() {
    let all = leaves(40);
    for size in 1..=40 {
        let log = log(size);
        for index in 0..size {
            let proof = inclusion(index, size, &log).unwrap();
            for (claimed, leaf) in (0..).zip(&all[..size as usize]) {
                let verdict = verify_inclusion(leaf, claimed, size, &proof, &log.root());
                assert_eq!(
                    verdict.is_ok(),
                    claimed == index,
                    "{claimed} by the proof of {index} in {size}"
                );
            }
        }
    }
}

#[test]
fn every_growth_of_a_small_log_is_proven() {
    let all = leaves(66);
    let whole = log(66);
    let roots: Vec<_> = (0..=66).map(|size| mth(&all[..size])).collect();
    for new in 0..=66_u64 {
        for old in 0..=new {
            let (old_root, new_root) = (&roots[old as usize], &roots[new as usize]);
            let proof = consistency(old, new, &whole).unwrap();
            verify_consistency(old, old_root, new, new_root, &proof).unwrap();
            for other in roots.iter().filter(|other| *other != old_root) {
                assert!(
                    verify_consistency(old, other, new, new_root, &proof).is_err(),
                    "{old} to {new}"
                );
            }
            for other in roots.iter().filter(|other| *other != new_root) {
                // An empty log is the beginning of every log.
                assert_eq!(
                    verify_consistency(old, old_root, new, other, &proof).is_ok(),
                    old == 0 && new > 0
                );
            }
        }
    }
}

#[test]
fn impossible_questions_are_refused() {
    let log = log(10);
    let no_entry = |index, size| Error::NoSuchEntry { index, size };
    assert_eq!(inclusion(10, 10, &log), Err(no_entry(10, 10)));
    assert_eq!(inclusion(0, 0, &log), Err(no_entry(0, 0)));
    assert_eq!(
        inclusion_tiles(u64::MAX, u64::MAX),
        Err(no_entry(u64::MAX, u64::MAX))
    );
    assert_eq!(
        verify_inclusion(&[0; 32], 10, 10, &[], &log.root()),
        Err(no_entry(10, 10))
    );
    assert_eq!(
        verify_inclusion(&[0; 32], 0, 0, &[], &empty_root()),
        Err(no_entry(0, 0))
    );
    let shrunk = Error::NotAnExtension { old: 10, new: 9 };
    assert_eq!(consistency(10, 9, &log), Err(shrunk.clone()));
    assert_eq!(consistency_tiles(10, 9), Err(shrunk.clone()));
    assert_eq!(
        verify_consistency(10, &log.root(), 9, &log.root(), &[]),
        Err(shrunk)
    );
    assert!(inclusion(9, 11, &log).is_err(), "the log has only ten");
    assert!(root(11, &log).is_err());
}

#[test]
fn the_empty_log_has_one_root() {
    let wrong = [1; 32];
    assert!(verify_consistency(0, &empty_root(), 0, &empty_root(), &[]).is_ok());
    assert!(verify_consistency(0, &wrong, 0, &wrong, &[]).is_err());
    assert!(verify_consistency(0, &wrong, 5, &log(5).root(), &[]).is_err());
    assert!(verify_consistency(0, &empty_root(), 5, &log(5).root(), &[[0; 32]]).is_err());
}

#[test]
fn a_hash_too_many_is_refused_even_when_it_leads_to_the_root() {
    // What only a dishonest log could sign: a root that is higher than its size.
    let (all, extra) = (leaves(4), [9; 32]);
    let above = |root: &Hash| node_hash(&extra, root);
    assert_eq!(
        verify_inclusion(&all[1], 0, 1, &[all[0]], &node_hash(&all[0], &all[1])),
        Err(Error::Unproven)
    );
    let (old_root, new_root) = (mth(&all[..3]), mth(&all));
    let mut proof = consistency(3, 4, &log(4)).unwrap();
    proof.push(extra);
    let verdict = verify_consistency(3, &above(&old_root), 4, &above(&new_root), &proof);
    assert_eq!(verdict, Err(Error::Inconsistent));
    assert_eq!(
        verify_consistency(4, &new_root, 4, &new_root, &[extra]),
        Err(Error::Inconsistent)
    );
}

#[test]
fn a_second_preimage_by_node_is_refused() {
    // The children of a node, taken as the entry they would have to be.
    let all = leaves(2);
    let forged = tlog::leaf_hash(&all.concat());
    assert!(verify_inclusion(&forged, 0, 1, &[], &log(2).root()).is_err());
}

#[test]
fn a_source_with_wrong_tiles_is_no_reason_to_panic() {
    assert!(matches!(inclusion(3, 1000, &Short), Err(Error::MissingTile(_))));
    for size in [1, 2, 1000, u64::MAX >> 1, u64::MAX - 1, u64::MAX] {
        let index = size / 3;
        assert!(inclusion(index, size, &Whole).unwrap().len() <= 64);
        assert!(consistency(index + 1, size, &Whole).unwrap().len() <= 65);
        root(size, &Whole).unwrap();
    }
}

proptest! {
    #[test]
    fn inclusion_proofs_agree(size in 1_u64..1500, at: prop::sample::Index) {
        let index = at.index(size as usize) as u64;
        let all = leaves(size);
        let (log, stored) = (log(size), Stored::new(&all));
        let proof = inclusion(index, size, &log).unwrap();
        let theirs_proof = tlog_tiles::prove_record(size, index, &stored).unwrap();
        prop_assert_eq!(&ours(&theirs_proof), &proof);
        let leaf = all[index as usize];
        let root = tlog_tiles::Hash(log.root());
        tlog_tiles::check_record(&theirs(&proof), size, root, index, tlog_tiles::Hash(leaf)).unwrap();
        verify_inclusion(&leaf, index, size, &ours(&theirs_proof), &log.root()).unwrap();

        let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        (0..size).for_each(|number| tree.push(number.to_be_bytes().to_vec()));
        let proven = tree.prove_inclusion(index as usize);
        prop_assert_eq!(proven.as_bytes(), proof.as_flattened());
        let root = RootHash::<Sha256>::new(log.root().into(), size);
        root.verify_inclusion(&index.to_be_bytes().to_vec(), index, &proven).unwrap();
    }

    #[test]
    fn consistency_proofs_agree(new in 1_u64..1500, at: prop::sample::Index) {
        let old = at.index(new as usize) as u64 + 1;
        let all = leaves(new);
        let (log, stored) = (log(new), Stored::new(&all));
        let old_root = root(old, &log).unwrap();
        let proof = consistency(old, new, &log).unwrap();
        let theirs_proof = tlog_tiles::prove_tree(new, old, &stored).unwrap();
        prop_assert_eq!(&ours(&theirs_proof), &proof);
        let roots = (tlog_tiles::Hash(log.root()), tlog_tiles::Hash(old_root));
        tlog_tiles::check_tree(&theirs(&proof), new, roots.0, old, roots.1).unwrap();
        verify_consistency(old, &old_root, new, &log.root(), &ours(&theirs_proof)).unwrap();

        let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        (0..new).for_each(|number| tree.push(number.to_be_bytes().to_vec()));
        let proven = tree.prove_consistency((new - old) as usize);
        prop_assert_eq!(proven.as_bytes(), proof.as_flattened());
        let old_root = RootHash::<Sha256>::new(old_root.into(), old);
        RootHash::new(log.root().into(), new).verify_consistency(&old_root, &proven).unwrap();
    }

    #[test]
    fn verdicts_agree_on_wrong_proofs(
        sizes in (1_u64..40, 1_u64..40), index in 0_u64..40, at in 0_u64..40, cut in 0_usize..3, extra in 0_usize..2,
    ) {
        // A true proof, cut or lengthened, for another place or size than the one it was made for.
        let (size, claimed_size) = sizes;
        let (index, claimed) = (index % size, at);
        let (log, leaf) = (log(size), leaves(40)[index as usize]);
        let mut proof = inclusion(index, size, &log).unwrap();
        proof.truncate(proof.len().saturating_sub(cut));
        proof.extend(vec![[9; 32]; extra]);
        let root = tlog_tiles::Hash(log.root());
        let verdict = tlog_tiles::check_record(&theirs(&proof), claimed_size, root, claimed, tlog_tiles::Hash(leaf));
        prop_assert_eq!(verify_inclusion(&leaf, claimed, claimed_size, &proof, &log.root()).is_ok(), verdict.is_ok());

        let (old, new) = (index + 1, size);
        let mut proof = consistency(old, new, &log).unwrap();
        proof.truncate(proof.len().saturating_sub(cut));
        proof.extend(vec![[9; 32]; extra]);
        let old_root = mth(&leaves(old));
        let (claimed_old, claimed_new) = (claimed + 1, claimed_size);
        let verdict = tlog_tiles::check_tree(&theirs(&proof), claimed_new, root, claimed_old, tlog_tiles::Hash(old_root));
        let ours = verify_consistency(claimed_old, &old_root, claimed_new, &log.root(), &proof);
        prop_assert_eq!(ours.is_ok(), verdict.is_ok());
    }

    #[test]
    fn one_flipped_bit_or_one_hash_more_or_less_is_found(size in 2_u64..600, at: prop::sample::Index, bit: prop::sample::Index) {
        let index = at.index(size as usize) as u64;
        let (log, leaf) = (log(size), leaves(size)[index as usize]);
        let proof = inclusion(index, size, &log).unwrap();
        let fails = |proof: &[Hash]| verify_inclusion(&leaf, index, size, proof, &log.root()).is_err();
        let flipped = |proof: &[Hash]| {
            let mut flipped = proof.to_vec();
            let bit = bit.index(flipped.len() * 256);
            flipped[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
            flipped
        };
        prop_assert!(fails(&flipped(&proof)));
        prop_assert!(fails(&proof[1..]) && fails(&proof[..proof.len() - 1]));
        prop_assert!(fails(&[&proof[..], &[[0; 32]]].concat()));

        let old = index.max(1);
        let (old_root, proof) = (mth(&leaves(old)), consistency(old, size, &log).unwrap());
        let fails = |proof: &[Hash]| verify_consistency(old, &old_root, size, &log.root(), proof).is_err();
        prop_assert!(fails(&flipped(&proof)));
        prop_assert!(fails(&proof[1..]) && fails(&proof[..proof.len() - 1]));
        prop_assert!(fails(&[&proof[..], &[[0; 32]]].concat()));
    }

    #[test]
    fn a_proof_reads_the_tiles_it_names_once_each(size in 1_u64..70_000, at: prop::sample::Index) {
        let index = at.index(size as usize) as u64;
        let log = log(size);
        let watched = Watched(&log, Vec::new().into());
        inclusion(index, size, &watched).unwrap();
        let check = |named: BTreeSet<Tile>| {
            let read = watched.1.take();
            prop_assert_eq!(read.len(), named.len());
            prop_assert_eq!(read.into_iter().collect::<BTreeSet<_>>(), named.clone());
            // What was fetched beforehand is enough, and every one of them is in the log of that size.
            let fetched: BTreeMap<_, _> = named.into_iter().map(|tile| (tile, log.tile(tile).unwrap())).collect();
            prop_assert!(fetched.keys().all(|tile| Tile::at(tile.level(), tile.index(), size) == Some(*tile)));
            Ok(fetched)
        };
        let fetched = check(inclusion_tiles(index, size).unwrap())?;
        prop_assert_eq!(inclusion(index, size, &fetched), inclusion(index, size, &log));
        consistency(index, size, &watched).unwrap();
        let fetched = check(consistency_tiles(index, size).unwrap())?;
        prop_assert_eq!(consistency(index, size, &fetched), consistency(index, size, &log));
        root(size, &watched).unwrap();
        let fetched = check(root_tiles(size))?;
        prop_assert_eq!(root(size, &fetched), Ok(log.root()));
    }

    #[test]
    fn no_claim_makes_a_check_panic(
        numbers in (any::<u64>(), any::<u64>()), shifts in (0..64, 0..64), hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let (a, b) = (numbers.0 >> shifts.0, numbers.1 >> shifts.1);
        prop_assert!(verify_inclusion(&[0; 32], a, b, &hashes, &[1; 32]).is_err());
        prop_assert!(verify_consistency(a, &[2; 32], b, &[1; 32], &hashes).is_err());
        let _ = (inclusion_tiles(a, b), consistency_tiles(a, b), root_tiles(a));
    }
}
