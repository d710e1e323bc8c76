//! Whatever ends the process, whenever: what was acknowledged is there, what is there is whole.

use crate::disk::{Fault, FaultyDisk, Loss};
use crate::fixtures::*;
use std::path::Path;
use std::sync::Arc;
use store::{
    Error, FsckOptions, NewCompletion, NewErasure, NewManifest, Options, Quarantining, Recording, Sealing,
    Store,
};
use tlog::Kind;

/// What a run was told is durable.
#[derive(Default, Debug)]
struct Acknowledged {
    opened: bool,
    instances: Vec<(u32, u64)>,
    quarantined: Vec<Quarantining>,
    completed: bool,
    closed: bool,
    erased: bool,
    entries: Option<u64>,
}

fn data(n: u32) -> Vec<u8> {
    bytes(n, [10, 70_000, 0, 140_000][n as usize % 4])
}

fn scan_of_run(n: u32) -> store::NewInstance {
    let mut new = scan(
        if n == 5 { "GONE" } else { "P1" },
        if n == 5 { 5 } else { 1 },
        1,
        n,
    );
    new.needs_completion = n == 2;
    new
}

/// A working day in small. Goes on after each error, as a gateway does.
async fn work(dir: &Path, options: Options) -> Acknowledged {
    let mut done = Acknowledged::default();
    let Ok(store) = Store::open(dir, options).await else {
        return done;
    };
    done.opened = true;
    let seal_one = async |n: u32| match seal(&store, scan_of_run(n), &data(n)).await {
        Ok(Sealing::Sealed { log_index }) => Some((n, log_index)),
        _ => None,
    };
    done.instances.extend(seal_one(1).await);
    // A group.
    let (a, b, c) = tokio::join!(seal_one(2), seal_one(3), seal_one(5));
    done.instances.extend([a, b, c].into_iter().flatten());
    if let Ok(blob) = stage(&store, b"strange", b"") {
        done.quarantined
            .extend(store.quarantine(strange(1), Some(blob)).await);
    }
    let completion = NewCompletion {
        sop_instance_uid: uid("1.2.1.1.2"),
        record: b"done".to_vec(),
        pixel_root: Some([9; 32]),
        made_at: at(1),
        entry: entry(Kind::Complete, 1),
    };
    if let Ok(blob) = stage(&store, b"digests", b"") {
        let answer = store.complete(completion, Some(blob)).await;
        done.completed = matches!(answer, Ok(Recording::Recorded { .. }));
    }
    let manifest = NewManifest {
        study_instance_uid: uid("1.2.1"),
        revision: 3,
        record: b"list".to_vec(),
        made_at: at(1),
        entry: entry(Kind::Manifest, 1),
    };
    done.closed = matches!(store.close_study(manifest).await, Ok(Recording::Recorded { .. }));
    if let Ok(Some(gone)) = store.instance(&uid("1.2.5.1.5")).await {
        let erasure = NewErasure {
            patient: gone.patient,
            made_at: at(2),
            entry: entry(Kind::Erase, 1),
        };
        done.erased = matches!(store.erase(erasure).await, Ok(Recording::Recorded { .. }));
    }
    done.entries = store
        .append((0..300).map(|n| entry(Kind::Consent, n)).collect())
        .await
        .ok();
    done.instances.extend(seal_one(4).await);
    store.close().await;
    done
}

async fn check(dir: &Path, done: &Acknowledged, what: &str) {
    let store = match Store::open(dir, options()).await {
        Ok(store) => store,
        Err(error) => panic!("{what}: does not open: {error}"),
    };
    for (n, log_index) in &done.instances {
        let found = store.instance(&scan_of_run(*n).sop_instance_uid).await.unwrap();
        let found = found.unwrap_or_else(|| panic!("{what}: instance {n} was acknowledged and is lost"));
        assert_eq!(found.log_index, *log_index, "{what}");
        if *n == 5 && done.erased {
            assert!(
                matches!(store.open_blob(&found.blob).await, Err(Error::Erased)),
                "{what}"
            );
        } else if *n != 5 {
            assert_eq!(data_of(&store, &found).await, data(*n), "{what}: instance {n}");
        }
        assert_eq!(
            store.log().entry(*log_index).await.unwrap().kind,
            Kind::Seal,
            "{what}"
        );
    }
    for kept in &done.quarantined {
        let found = store.quarantined(&kept.id).await.unwrap();
        assert!(
            found.is_some_and(|object| object.blob.is_some()),
            "{what}: quarantined object is lost"
        );
    }
    if done.completed {
        assert!(
            store.completion_of(&uid("1.2.1.1.2")).await.unwrap().is_some(),
            "{what}: completion is lost"
        );
    }
    if done.closed {
        assert!(
            store.manifest_of(&uid("1.2.1")).await.unwrap().is_some(),
            "{what}: manifest is lost"
        );
    }
    if let Some(first) = done.entries {
        assert_eq!(
            store.log().entry(first + 299).await.unwrap(),
            entry(Kind::Consent, 299),
            "{what}"
        );
    }
    // Nothing partial: all that the index shows is whole, and the log is one.
    let report = store.fsck(FsckOptions { remove_orphans: true }).await.unwrap();
    assert!(report.problems.is_empty(), "{what}: {:?}", report.problems);

    // Sending again finds everything or makes it, once.
    for n in [1, 2, 3, 4] {
        match seal(&store, scan_of_run(n), &data(n)).await.unwrap() {
            Sealing::Sealed { .. } => assert!(
                done.instances.iter().all(|(done, _)| *done != n),
                "{what}: {n} twice"
            ),
            Sealing::Exists(here) => assert_eq!(data_of(&store, &here).await, data(n), "{what}: {n}"),
            Sealing::Contradiction(other) => panic!("{what}: {other:?}"),
        }
    }
    store.close().await;
    let store = open(dir).await;
    let report = store.fsck(FsckOptions::default()).await.unwrap();
    assert!(report.is_sound(), "{what}: {report:#?}");
    assert!(report.orphans.is_empty(), "{what}: {:?}", report.orphans);
    assert_eq!(report.log.published, Some(report.log.size), "{what}");
    store.close().await;
}

/// What is durable here is decided by the faulty disk: the real one may as well be memory.
fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

fn with(disk: &FaultyDisk) -> Options {
    Options {
        disk: Arc::new(disk.clone()),
        ..options()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_without_faults() {
    let dir = scratch();
    let disk = FaultyDisk::default();
    let done = work(&dir.path().join("archive"), with(&disk)).await;
    assert!(
        done.opened && done.completed && done.closed && done.erased,
        "{done:?}"
    );
    assert_eq!((done.instances.len(), done.quarantined.len()), (5, 1));
    assert!(disk.steps() > 60, "{} steps", disk.steps());
    check(&dir.path().join("archive"), &done, "no fault").await;
}

/// Every step of the day × every kind of loss.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_power_is_cut_at_every_step() {
    let dir = scratch();
    let disk = FaultyDisk::default();
    work(&dir.path().join("whole"), with(&disk)).await;
    // Publishing runs beside the work, so that the number of steps differs a little from run to run.
    let steps = disk.steps() + 10;
    for step in 0..steps {
        let losses = [
            Loss::Nothing,
            Loss::Everything,
            Loss::Names,
            Loss::Content,
            Loss::Torn,
            Loss::Some(step.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        ];
        // Three of the six at each step, all of them over two steps, keep the suite short.
        for loss in losses.into_iter().skip(step as usize % 2).step_by(2) {
            let dir = scratch();
            let archive = dir.path().join("archive");
            let disk = FaultyDisk::new(step, Fault::PowerCut);
            let done = work(&archive, with(&disk)).await;
            disk.lose(loss);
            check(
                &archive,
                &done,
                &format!("power cut at step {step}, {loss:?} lost"),
            )
            .await;
        }
    }
}

/// The disk is full at one step, then has room again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_disk_is_full_at_every_step() {
    let dir = scratch();
    let disk = FaultyDisk::default();
    work(&dir.path().join("whole"), with(&disk)).await;
    for step in 0..disk.steps() {
        let dir = scratch();
        let archive = dir.path().join("archive");
        let done = work(&archive, with(&FaultyDisk::new(step, Fault::Full))).await;
        check(&archive, &done, &format!("full at step {step}")).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_so_and_leaves_nothing() {
    let dir = scratch();
    let disk = FaultyDisk::default();
    let store = Store::open(dir.path(), with(&disk)).await.unwrap();
    sealed(seal(&store, scan("P1", 1, 1, 1), &data(1)).await.unwrap());
    let blob = stage(&store, &data(2), b"").unwrap();
    disk.fail_now(Fault::StaysFull);
    // At the sync.
    let answer = store.seal(scan("P1", 1, 1, 2), blob).await;
    assert!(matches!(answer, Err(Error::OutOfSpace)), "{answer:?}");
    // At the first write.
    let answer = seal(&store, scan("P1", 1, 1, 3), &data(3)).await;
    assert!(matches!(answer, Err(Error::OutOfSpace)), "{answer:?}");
    assert_eq!(blob_files(dir.path()).len(), 1);
    // The read side stays up.
    assert_eq!(
        data_of(&store, &instance(&store, &uid("1.2.1.1.1")).await).await,
        data(1)
    );
    disk.heal();
    sealed(seal(&store, scan("P1", 1, 1, 3), &data(3)).await.unwrap());
    let report = store.fsck(FsckOptions::default()).await.unwrap();
    assert!(
        report.problems.is_empty() && report.orphans.is_empty(),
        "{report:?}"
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_master_key_is_said_so_and_not_replaced() {
    let dir = scratch();
    open(dir.path()).await.close().await;
    let key = dir.path().join("keys/master.key");
    let bytes = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    assert!(matches!(
        Store::open(dir.path(), options()).await,
        Err(Error::KeyMissing("keys/master.key"))
    ));
    std::fs::write(&key, [7; 32]).unwrap();
    assert!(matches!(
        Store::open(dir.path(), options()).await,
        Err(Error::WrongKey)
    ));
    std::fs::write(&key, bytes).unwrap();
    open(dir.path()).await.close().await;
}
