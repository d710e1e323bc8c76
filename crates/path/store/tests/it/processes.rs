//! Several stores on one folder, as a command beside a running gateway.

use crate::fixtures::*;
use std::collections::BTreeSet;
use store::{FsckOptions, Sealing};
use tlog::Kind;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_stores_share_one_log() {
    let dir = tempfile::tempdir().unwrap();
    // Both found it at once.
    let (one, two) = tokio::join!(open(dir.path()), open(dir.path()));
    assert_eq!(one.log().origin(), two.log().origin());
    assert_eq!(one.seal_seed(), two.seal_seed());
    let mut tasks = tokio::task::JoinSet::new();
    for (number, store) in [(0, &one), (1, &two)] {
        for n in 0..40 {
            let store = store.clone();
            // Both know the same patients and studies, and race to make them.
            let new = scan(&format!("P{}", n % 5), n % 5, n % 2, n * 2 + number);
            tasks.spawn(async move { sealed(seal(&store, new, &bytes(n, 3000)).await.unwrap()) });
        }
    }
    let indexes: BTreeSet<u64> = tasks.join_all().await.into_iter().collect();
    assert_eq!(indexes, (0..80).collect());
    for store in [&one, &two] {
        let report = store.fsck(FsckOptions { remove_orphans: true }).await.unwrap();
        assert!(report.problems.is_empty(), "{report:?}");
        assert_eq!((report.instances, report.blobs, report.removed), (80, 80, 0));
    }
    one.close().await;
    two.close().await;
    let store = open(dir.path()).await;
    let report = store.fsck(FsckOptions::default()).await.unwrap();
    assert!(
        report.is_sound() && report.log.published == Some(80),
        "{report:?}"
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_uid_from_two_stores_is_here_once() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = tokio::join!(open(dir.path()), open(dir.path()));
    for n in 0..20 {
        let new = scan("P1", 1, 1, n);
        let (a, b) = tokio::join!(seal(&one, new.clone(), b"same"), seal(&two, new, b"same"));
        let sealed = [a.unwrap(), b.unwrap()]
            .iter()
            .filter(|one| matches!(one, Sealing::Sealed { .. }))
            .count();
        assert_eq!(sealed, 1, "instance {n}");
    }
    one.close().await;
    two.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fsck_beside_a_writer_takes_nothing_from_it() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = tokio::join!(open(dir.path()), open(dir.path()));
    let staged = stage(&one, b"on its way", b"").unwrap();
    let report = two.fsck(FsckOptions { remove_orphans: true }).await.unwrap();
    assert_eq!((report.orphans.len(), report.removed), (0, 0));
    sealed(one.seal(scan("P1", 1, 1, 1), staged).await.unwrap());
    assert_eq!(
        data_of(&two, &instance(&two, &uid("1.2.1.1.1")).await).await,
        b"on its way"
    );
    one.close().await;
    two.close().await;
    drop((one, two));

    // What a dead process left is found.
    let shelf = dir.path().join("blobs/00000000");
    std::fs::create_dir(&shelf).unwrap();
    std::fs::write(shelf.join("00112233445566778899aabb"), b"half a blob").unwrap();
    let store = open(dir.path()).await;
    let report = store.fsck(FsckOptions::default()).await.unwrap();
    assert_eq!(
        (report.orphans.as_slice(), report.removed),
        (&["0000000000112233445566778899aabb".to_owned()][..], 0)
    );
    assert!(report.is_sound());
    let report = store.fsck(FsckOptions { remove_orphans: true }).await.unwrap();
    assert_eq!(report.removed, 1);
    assert!(
        store
            .fsck(FsckOptions::default())
            .await
            .unwrap()
            .orphans
            .is_empty()
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_store_finishes_what_it_was_given() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let appended = store.append(vec![entry(Kind::Consent, 1)]);
    assert_eq!(appended.await.unwrap(), 0);
    drop(store);
    let store = open(dir.path()).await;
    assert_eq!(store.log().size().await.unwrap(), 1);
    store.close().await;
    assert!(matches!(
        store.append(vec![entry(Kind::Consent, 1)]).await,
        Err(store::Error::Closed)
    ));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secrets_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("new/archive");
    let store = open(&archive).await;
    sealed(seal(&store, scan("P1", 1, 1, 1), b"x").await.unwrap());
    store.close().await;
    let mode = |path: &str| {
        std::fs::metadata(archive.join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode(""), 0o700);
    for file in ["keys/master.key", "keys/seal.key", "keys/log.key", "admin.token"] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    assert_eq!(mode("keys"), 0o700);
    assert_eq!(mode("blobs"), 0o700);
}
