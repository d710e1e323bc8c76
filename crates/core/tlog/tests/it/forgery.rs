//! Whatever byte is changed in what a stranger hands over, it is noticed.

use crate::leaves;
use crate::texts::proof_of;
use tlog::{Checkpoint, ConsistencyProof, Signer, TlogProof, Verifier, proof};

const ORIGIN: &str = "log.example/scans";

fn signer() -> Signer {
    Signer::new(ORIGIN, [7; 32]).unwrap()
}

/// Every text that differs from this one in one byte's bits, is shorter or longer by one byte.
fn altered(text: &str) -> impl Iterator<Item = String> {
    let bytes = text.as_bytes();
    (0..bytes.len()).flat_map(move |at| {
        let flipped = (0..8).map(move |bit| {
            let mut flipped = bytes.to_vec();
            flipped[at] ^= 1 << bit;
            flipped
        });
        let shorter = [&bytes[..at], &bytes[at + 1..]].concat();
        let doubled = [&bytes[..=at], &bytes[at..]].concat();
        flipped
            .chain([shorter, doubled])
            .filter_map(|bytes| String::from_utf8(bytes).ok())
    })
}

/// The altered texts that still pass, which may only be those that do not differ in what they say.
fn believed(text: &str, check: impl Fn(&str) -> bool) -> Vec<String> {
    assert!(check(text), "the text itself must pass");
    altered(text)
        .filter(|altered| altered != text && check(altered))
        .collect()
}

#[test]
fn in_a_signed_checkpoint() {
    let (signer, verifier) = (signer(), signer().verifier());
    let note = Checkpoint::new(ORIGIN, 123, [5; 32]).signed(&signer).unwrap();
    let none: [String; 0] = [];
    assert_eq!(
        believed(&note, |note| Checkpoint::open(note, &verifier, ORIGIN).is_ok()),
        none
    );
}

#[test]
fn in_a_log_proof() {
    let (leaf, verifier) = (leaves(11)[4], signer().verifier());
    let text = proof_of(4, 11).encode();
    let check =
        |text: &str| TlogProof::parse(text).is_ok_and(|proof| proof.verify(&leaf, &verifier, ORIGIN).is_ok());
    let none: [String; 0] = [];
    assert_eq!(believed(&text, check), none);
}

#[test]
fn in_a_consistency_proof() {
    let (old, new) = (crate::log(6), crate::log(13));
    let checkpoint = |log: &tlog::MemoryLog| Checkpoint::new(ORIGIN, log.size(), log.root());
    let hashes = proof::consistency(6, 13, &new).unwrap();
    let text = ConsistencyProof {
        old_size: 6,
        new_size: 13,
        hashes,
    }
    .encode();
    let (old, new) = (checkpoint(&old), checkpoint(&new));
    let check =
        |text: &str| ConsistencyProof::parse(text).is_ok_and(|proof| proof.verify(&old, &new).is_ok());
    let none: [String; 0] = [];
    assert_eq!(believed(&text, check), none);
}

#[test]
fn in_a_verifier_key() {
    let vkey = signer().vkey();
    let none: [String; 0] = [];
    assert_eq!(believed(&vkey, |vkey| Verifier::from_vkey(vkey).is_ok()), none);
}
