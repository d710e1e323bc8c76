//! The log and its published files.

use crate::fixtures::*;
use std::path::Path;
use store::{Error, Store};
use tlog::{Checkpoint, Kind, TlogProof, proof};

async fn grown(dir: &Path, sizes: &[u64]) -> Store {
    let store = open(dir).await;
    for size in sizes {
        let here = store.log().size().await.unwrap();
        store
            .append((here..*size).map(|n| entry(Kind::Consent, n)).collect())
            .await
            .unwrap();
    }
    store
}

fn head(store: &Store, note: &str) -> Checkpoint {
    Checkpoint::open(note, store.log().verifier(), store.log().origin()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_entry_is_proved() {
    let dir = tempfile::tempdir().unwrap();
    let store = grown(dir.path(), &[1, 7, 255, 256, 600]).await;
    for index in [0, 1, 6, 7, 254, 255, 256, 511, 512, 599] {
        let expected = entry(Kind::Consent, index);
        assert_eq!(store.log().entry(index).await.unwrap(), expected);
        let proof = store.log().prove(index).await.unwrap();
        let proof = TlogProof::parse(&proof.encode()).unwrap();
        let head = proof
            .verify(
                &expected.leaf_hash(),
                store.log().verifier(),
                store.log().origin(),
            )
            .unwrap();
        assert_eq!(head.size, 600);
    }
    assert!(matches!(store.log().prove(600).await, Err(Error::Log(_))));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_head_extends_those_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let mut heads = vec![head(&store, &store.log().checkpoint().await.unwrap())];
    for size in [1, 2, 300, 512, 700] {
        let here = store.log().size().await.unwrap();
        store
            .append((here..size).map(|n| entry(Kind::Consent, n)).collect())
            .await
            .unwrap();
        heads.push(head(&store, &store.log().issue_checkpoint().await.unwrap()));
    }
    for (n, old) in heads.iter().enumerate() {
        for new in &heads[n..] {
            let proof = store.log().consistency(old.size, new.size).await.unwrap();
            proof.verify(old, new).unwrap();
        }
        if old.size > 1 {
            let hashes = store.log().inclusion(1, old.size).await.unwrap();
            proof::verify_inclusion(
                &entry(Kind::Consent, 1).leaf_hash(),
                1,
                old.size,
                &hashes,
                &old.root,
            )
            .unwrap();
        }
    }
    assert!(store.log().consistency(3, 701).await.is_err());
    let report = store.log().verify(None).await.unwrap();
    assert!(
        report.problems.is_empty() && report.earlier_heads >= 5,
        "{report:?}"
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_published_files_are_those_of_the_specification() {
    let dir = tempfile::tempdir().unwrap();
    let store = grown(dir.path(), &[3, 256 * 256 + 300]).await;
    store.close().await;
    let log = dir.path().join("log");
    for path in [
        "checkpoint",
        "tile/0/000",
        "tile/0/256",
        "tile/0/257.p/44",
        "tile/1/000",
        "tile/1/001.p/1",
        "tile/2/000.p/1",
        "tile/entries/000",
        "tile/entries/257.p/44",
    ] {
        assert!(log.join(path).is_file(), "{path}");
    }
    // Partial tiles go when the full one is there.
    assert!(!log.join("tile/0/000.p").exists());
    assert_eq!(std::fs::metadata(log.join("tile/0/000")).unwrap().len(), 8192);
    let store = open(dir.path()).await;
    let published = std::fs::read_to_string(log.join("checkpoint")).unwrap();
    assert_eq!(published, store.log().checkpoint().await.unwrap());
    let report = store.log().verify(None).await.unwrap();
    assert!(report.problems.is_empty() && report.files > 500, "{report:?}");
    // Proofs from the files are those from the index.
    let proof = store.log().prove(65_700).await.unwrap();
    assert_eq!(
        proof.inclusion,
        store.log().inclusion(65_700, 65_836).await.unwrap()
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damaged_files_are_named_and_made_again() {
    let dir = tempfile::tempdir().unwrap();
    grown(dir.path(), &[600]).await.close().await;
    let log = dir.path().join("log");
    let altered = log.join("tile/0/001");
    let mut tile = std::fs::read(&altered).unwrap();
    tile[100] ^= 1;
    std::fs::write(&altered, tile).unwrap();
    std::fs::remove_file(log.join("tile/entries/000")).unwrap();
    let store = open(dir.path()).await;
    let report = store.log().verify(None).await.unwrap();
    assert_eq!(
        report.problems,
        [
            "tile/entries/000 is missing",
            "tile/0/001 is not what the entries yield"
        ]
    );
    // Proofs do not believe the damaged tile.
    let proof = store.log().prove(300).await.unwrap();
    proof
        .verify(
            &entry(Kind::Consent, 300).leaf_hash(),
            store.log().verifier(),
            store.log().origin(),
        )
        .unwrap();
    store.close().await;

    std::fs::remove_dir_all(&log).unwrap();
    open(dir.path()).await.close().await;
    let store = open(dir.path()).await;
    let report = store.log().verify(None).await.unwrap();
    assert!(
        report.problems.is_empty() && report.published == Some(600),
        "{report:?}"
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_was_rolled_back_is_known_by_what_was_handed_out() {
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("archive");
    let copy = dir.path().join("copy.sqlite");
    grown(&archive, &[10]).await.close().await;
    std::fs::copy(archive.join("index.sqlite"), &copy).unwrap();
    let store = grown(&archive, &[20]).await;
    let seen = store.log().checkpoint().await.unwrap();
    store.close().await;
    // Restored from the copy, and gone on another way.
    std::fs::copy(&copy, archive.join("index.sqlite")).unwrap();
    let store = open(&archive).await;
    let report = store.log().verify(Some(&seen)).await.unwrap();
    assert!(
        report.problems.iter().any(|problem| problem.contains("shorter")),
        "{report:?}"
    );
    store
        .append((100..130).map(|n| entry(Kind::Consent, n)).collect())
        .await
        .unwrap();
    let report = store.log().verify(Some(&seen)).await.unwrap();
    assert!(
        report
            .problems
            .iter()
            .any(|problem| problem.contains("of another log")),
        "{report:?}"
    );
    store.close().await;
}
