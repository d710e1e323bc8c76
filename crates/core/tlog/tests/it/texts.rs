//! Proofs as text.

use crate::{leaves, log};
use proptest::prelude::*;
use tlog::{Checkpoint, ConsistencyProof, Error, Signer, TlogProof, Verifier, proof};

const ORIGIN: &str = "log.example/scans";
const HASH: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn signer() -> Signer {
    Signer::new(ORIGIN, [7; 32]).unwrap()
}

pub(crate) fn proof_of(index: u64, size: u64) -> TlogProof {
    let log = log(size);
    TlogProof {
        extra: None,
        index,
        inclusion: proof::inclusion(index, size, &log).unwrap(),
        checkpoint: Checkpoint::new(ORIGIN, size, log.root())
            .signed(&signer())
            .unwrap(),
    }
}

#[test]
fn the_text_is_that_of_the_specification() {
    let hash = std::array::from_fn(|byte| byte as u8);
    let mut proof = TlogProof {
        extra: Some(b"extra".to_vec()),
        index: 73_894,
        inclusion: vec![hash, hash],
        checkpoint: "o\n0\nr\n\n\u{2014} o s\n".to_owned(),
    };
    let text = format!(
        "c2sp.org/tlog-proof@v1\nextra ZXh0cmE=\nindex 73894\n{HASH}\n{HASH}\n\no\n0\nr\n\n\u{2014} o s\n"
    );
    assert_eq!(proof.encode(), text);
    assert_eq!(TlogProof::parse(&text), Ok(proof.clone()));
    (proof.extra, proof.index, proof.inclusion) = (None, 0, Vec::new());
    let text = "c2sp.org/tlog-proof@v1\nindex 0\n\no\n0\nr\n\n\u{2014} o s\n";
    assert_eq!(proof.encode(), text);
    assert_eq!(TlogProof::parse(text), Ok(proof));
}

/// Made by a separate program in Python, on `hashlib` and `cryptography`.
#[test]
fn a_proof_made_elsewhere_and_kept_verifies_and_is_ours_to_the_byte() {
    let kept = include_str!("kept/four-of-eleven.tlog-proof");
    let verifier = Verifier::from_vkey(include_str!("kept/log.vkey").trim_end()).unwrap();
    let proof = TlogProof::parse(kept).unwrap();
    proof.verify(&leaves(11)[4], &verifier, ORIGIN).unwrap();
    assert_eq!(proof_of(4, 11).encode(), kept);
}

#[test]
fn malformed_proofs_are_refused() {
    let many = format!("{HASH}\n").repeat(66);
    for text in [
        String::new(),
        "c2sp.org/tlog-proof@v1".to_owned(),
        "c2sp.org/tlog-proof@v1\n\n".to_owned(),
        "c2sp.org/tlog-proof@v2\nindex 0\n\nc".to_owned(),
        " c2sp.org/tlog-proof@v1\nindex 0\n\nc".to_owned(),
        "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nc".to_owned(),
        "c2sp.org/tlog-proof@v1\nindex 0\n".to_owned(),
        "c2sp.org/tlog-proof@v1\nindex 00\n\nc".to_owned(),
        "c2sp.org/tlog-proof@v1\nindex -1\n\nc".to_owned(),
        "c2sp.org/tlog-proof@v1\nindex\n\nc".to_owned(),
        "c2sp.org/tlog-proof@v1\nindex  1\n\nc".to_owned(),
        "c2sp.org/tlog-proof@v1\nindex 1\nextra AA==\n\nc".to_owned(),
        "c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 1\n\nc".to_owned(),
        "c2sp.org/tlog-proof@v1\nextra AA\nindex 1\n\nc".to_owned(),
        "c2sp.org/tlog-proof@v1\nextra\nindex 1\n\nc".to_owned(),
        format!("c2sp.org/tlog-proof@v1\nindex 1\n{HASH} \n\nc"),
        format!("c2sp.org/tlog-proof@v1\nindex 1\n{HASH}{HASH}\n\nc"),
        format!("c2sp.org/tlog-proof@v1\nindex 1\n{many}\nc"),
    ] {
        assert_eq!(TlogProof::parse(&text), Err(Error::ProofText), "{text:?}");
    }
}

#[test]
fn a_proof_proves_its_leaf_in_its_log_and_nothing_else() {
    let (proof, leaves, verifier) = (proof_of(4, 11), leaves(11), signer().verifier());
    let checkpoint = proof.verify(&leaves[4], &verifier, ORIGIN).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (11, log(11).root()));
    assert_eq!(proof.verify(&leaves[5], &verifier, ORIGIN), Err(Error::Unproven));
    assert_eq!(
        proof.verify(&leaves[4], &verifier, "elsewhere"),
        Err(Error::Origin("elsewhere".to_owned()))
    );
    let beyond = TlogProof {
        index: 11,
        ..proof.clone()
    };
    assert_eq!(
        beyond.verify(&leaves[4], &verifier, ORIGIN),
        Err(Error::NoSuchEntry { index: 11, size: 11 })
    );
    let extra = TlogProof {
        extra: Some(vec![1; 9]),
        ..proof
    };
    assert!(
        TlogProof::parse(&extra.encode())
            .unwrap()
            .verify(&leaves[4], &verifier, ORIGIN)
            .is_ok()
    );
}

#[test]
fn a_proof_in_the_largest_log_fits_two_kilobytes() {
    let proof = TlogProof {
        extra: None,
        index: (1 << 30) - 2,
        inclusion: vec![[0xFF; 32]; 30],
        checkpoint: Checkpoint::new(
            "a-rather-long-hospital-name.example.org/imaging/log/2026",
            1 << 30,
            [0xFF; 32],
        )
        .signed(
            &Signer::new(
                "a-rather-long-hospital-name.example.org/imaging/log/2026",
                [7; 32],
            )
            .unwrap(),
        )
        .unwrap(),
    };
    assert!(proof.encode().len() <= 2048, "{} bytes", proof.encode().len());
}

#[test]
fn a_consistency_proof_joins_the_two_checkpoints_it_is_for() {
    let (small, large) = (log(6), log(13));
    let checkpoint = |log: &tlog::MemoryLog| Checkpoint::new(ORIGIN, log.size(), log.root());
    let (old, new) = (checkpoint(&small), checkpoint(&large));
    let hashes = proof::consistency(6, 13, &large).unwrap();
    let proof = ConsistencyProof {
        old_size: 6,
        new_size: 13,
        hashes,
    };
    proof.verify(&old, &new).unwrap();
    let fork = Checkpoint {
        root: [1; 32],
        ..new.clone()
    };
    assert_eq!(proof.verify(&old, &fork), Err(Error::Inconsistent));
    assert_eq!(proof.verify(&new, &old), Err(Error::Inconsistent));
    let other_log = Checkpoint {
        origin: "elsewhere".to_owned(),
        ..new.clone()
    };
    assert_eq!(proof.verify(&old, &other_log), Err(Error::Inconsistent));
    let back = ConsistencyProof {
        old_size: 13,
        new_size: 6,
        ..proof
    };
    assert_eq!(
        back.verify(&new, &old),
        Err(Error::NotAnExtension { old: 13, new: 6 })
    );
}

#[test]
fn malformed_consistency_proofs_are_refused() {
    let many = format!("{HASH}\n").repeat(66);
    for text in [
        String::new(),
        "tlog-consistency@v1\n".to_owned(),
        "tlog-consistency@v1\nold 1\n".to_owned(),
        "tlog-consistency@v1\nnew 1\nold 1\n".to_owned(),
        "tlog-consistency@v1\nold 1\nnew 2".to_owned(),
        "tlog-consistency@v1\nold 1\nnew 2\n\n".to_owned(),
        "tlog-consistency@v1\nold 01\nnew 2\n".to_owned(),
        "tlog-consistency@v2\nold 1\nnew 2\n".to_owned(),
        format!("tlog-consistency@v1\nold 1\nnew 2\n{HASH}"),
        format!("tlog-consistency@v1\nold 1\nnew 2\n{many}"),
    ] {
        assert_eq!(
            ConsistencyProof::parse(&text),
            Err(Error::ConsistencyText),
            "{text:?}"
        );
    }
}

proptest! {
    #[test]
    fn a_proof_is_read_as_it_was_written(
        extra in prop::option::of(prop::collection::vec(any::<u8>(), 0..50)),
        index: u64,
        inclusion in prop::collection::vec(any::<[u8; 32]>(), 0..=65),
        checkpoint in "[a-z\n]{0,50}",
    ) {
        let proof = TlogProof { extra, index, inclusion, checkpoint };
        prop_assert_eq!(TlogProof::parse(&proof.encode()), Ok(proof));
    }

    #[test]
    fn a_consistency_proof_is_read_as_it_was_written(
        old_size: u64, new_size: u64, hashes in prop::collection::vec(any::<[u8; 32]>(), 0..=65),
    ) {
        let proof = ConsistencyProof { old_size, new_size, hashes };
        prop_assert_eq!(ConsistencyProof::parse(&proof.encode()), Ok(proof));
    }

    #[test]
    fn what_reads_as_a_proof_is_written_so(at: prop::sample::Index, cut in 0_usize..3, with in "[ -~\n]{0,2}") {
        let mut text = proof_of(4, 11).encode();
        let at = (0..text.len()).filter(|at| text.is_char_boundary(*at)).nth(at.index(text.len() - 10)).unwrap_or(0);
        let end = (at..=at + cut).rev().find(|end| text.is_char_boundary(*end)).unwrap();
        text.replace_range(at..end, &with);
        if let Ok(proof) = TlogProof::parse(&text) {
            prop_assert_eq!(proof.encode(), text);
        }
    }

    #[test]
    fn no_text_makes_reading_panic(rest in "\\PC*", lines in "([a-zA-Z0-9+/= ]{0,50}\n){0,8}") {
        let _ = (TlogProof::parse(&rest), ConsistencyProof::parse(&rest));
        for head in ["c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nindex 1\n", "c2sp.org/tlog-proof@v1\nextra "] {
            let _ = TlogProof::parse(&format!("{head}{lines}"));
        }
        for head in ["tlog-consistency@v1\n", "tlog-consistency@v1\nold 1\nnew 2\n"] {
            let _ = ConsistencyProof::parse(&format!("{head}{lines}"));
        }
    }
}
