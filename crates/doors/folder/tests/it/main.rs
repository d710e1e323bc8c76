//! A delivery into a folder as the recipient finds it.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "in a test they are the failure"
)]

mod permitted;

use folder::{Banner, Copy, Shelf};
use model::{Purpose, RecipientId, Timestamp, Uid};
use release::{Consignment, Cut, Failure, Finished, Outcome};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::io::Read;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;
use store::ReleaseId;

fn uid(text: &str) -> Uid {
    Uid::new(text).unwrap()
}

fn consignment() -> Consignment {
    Consignment {
        release: ReleaseId::from_number(42),
        recipient: RecipientId::new("acme-chest-ai").unwrap(),
        purpose: Purpose::AiAnalysis,
        classes: vec![(uid("1.2.840.10008.5.1.4.1.1.2"), vec![uid("1.2.840.10008.1.2.1")])],
        due: Some("2027-01-31T12:00:00Z".parse::<Timestamp>().unwrap()),
    }
}

fn copy<R>(instance: &str, file: R) -> Copy<R> {
    Copy {
        study: uid("1.2"),
        series: uid("1.2.3"),
        sop_instance: uid(instance),
        file,
        evidence: None,
        banner: None,
    }
}

async fn open(path: &Path) -> Shelf {
    Shelf::open(path, &consignment()).await.unwrap()
}

fn manifest(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path.join("42/manifest.json")).unwrap()).unwrap()
}

/// Every file below a folder.
fn files(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn a_finished_folder_holds_what_its_manifest_says() {
    let dir = tempfile::tempdir().unwrap();
    let mut shelf = open(dir.path()).await;
    let banner = Banner {
        plain: "The seal of this scan is broken.".into(),
        llano: "El sello de esta imagen está roto.".into(),
    };
    let big = vec![7; 700_000];
    let copies = [("1.2.3.1", &big[..]), ("1.2.3.2", b"two")];
    for (instance, bytes) in copies {
        let copy = Copy {
            evidence: (instance == "1.2.3.1").then(|| b"evidence".to_vec()),
            banner: (instance == "1.2.3.2").then(|| banner.clone()),
            ..copy(instance, std::io::Cursor::new(bytes.to_vec()))
        };
        assert_eq!(shelf.put(copy).await, Outcome::Delivered);
        assert!(
            !dir.path().join("42/manifest.json").exists(),
            "it is not finished"
        );
    }
    assert_eq!(shelf.close().await, Ok(Finished::default()));

    let manifest = manifest(dir.path());
    assert_eq!(manifest["release"], 42);
    assert_eq!(manifest["recipient"], "acme-chest-ai");
    assert_eq!(manifest["purpose"], "AIANALYSIS");
    assert_eq!(manifest["due"], "2027-01-31T12:00:00Z");
    assert_eq!(manifest["banner"]["plain"], banner.plain);
    let instances = manifest["instances"].as_array().unwrap();
    assert_eq!(instances.len(), 2);
    for (entry, (instance, bytes)) in instances.iter().zip(copies) {
        assert_eq!(entry["sop_instance_uid"], instance);
        let file = dir.path().join("42").join(entry["file"].as_str().unwrap());
        assert_eq!(file, dir.path().join(format!("42/1.2/1.2.3/{instance}.dcm")));
        let there = std::fs::read(&file).unwrap();
        assert!(there == bytes);
        assert_eq!(entry["bytes"], bytes.len());
        assert_eq!(entry["sha256"], hex::encode(Sha256::digest(&there)));
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o137, 0, "{mode:o}");
    }
    let evidence = std::fs::read(dir.path().join("42/1.2/1.2.3/1.2.3.1.lgseal")).unwrap();
    assert_eq!(evidence, b"evidence");
    assert!(!dir.path().join("42/1.2/1.2.3/1.2.3.2.lgseal").exists());
}

#[tokio::test]
async fn a_second_delivery_takes_up_the_first() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = open(dir.path()).await;
    for instance in ["1.1", "1.2"] {
        assert_eq!(first.put(copy(instance, &b"old"[..])).await, Outcome::Delivered);
    }
    // Cut off before its end.
    assert_eq!(first.cut().await, Cut::BeforeEnd);
    assert!(!dir.path().join("42/manifest.json").exists());
    let mut second = open(dir.path()).await;
    for instance in ["1.2", "1.3"] {
        assert_eq!(
            second.put(copy(instance, &b"newer"[..])).await,
            Outcome::Delivered
        );
    }
    second.close().await.unwrap();
    let once = manifest(dir.path());
    let sizes: Vec<_> = once["instances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["bytes"].clone())
        .collect();
    assert_eq!(sizes, [3, 5, 5]);
    // The same again: the same folder.
    let mut third = open(dir.path()).await;
    assert!(
        !dir.path().join("42/manifest.json").exists(),
        "it is unfinished again"
    );
    assert_eq!(third.put(copy("1.3", &b"newer"[..])).await, Outcome::Delivered);
    third.close().await.unwrap();
    assert_eq!(manifest(dir.path()), once);
}

/// A file whose reader waits for each piece.
struct Piecewise(mpsc::Receiver<Vec<u8>>);

impl Read for Piecewise {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let piece = self.0.recv().unwrap_or_default();
        into[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_dropped_midway_is_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let mut shelf = open(dir.path()).await;
    let (pieces, reader) = mpsc::channel();
    pieces.send(vec![1; 1000]).unwrap();
    let put = shelf.put(copy("1.1", Piecewise(reader)));
    assert!(
        tokio::time::timeout(Duration::from_millis(200), put)
            .await
            .is_err()
    );
    let cut = tokio::spawn(shelf.cut());
    tokio::time::sleep(Duration::from_millis(100)).await;
    // The end of the file comes after the cut.
    drop(pieces);
    assert_eq!(cut.await.unwrap(), Cut::BeforeEnd);
    assert_eq!(files(dir.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_source_that_fails_leaves_nothing() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("bad sector"))
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let mut shelf = open(dir.path()).await;
    let outcome = shelf.put(copy("1.1", (&b"some"[..]).chain(Broken))).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    assert_eq!(files(dir.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn no_planted_link_leads_out() {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // In place of the study's folder.
    std::fs::create_dir(dir.path().join("42")).unwrap();
    symlink(elsewhere.path(), dir.path().join("42/1.2")).unwrap();
    let mut shelf = open(dir.path()).await;
    let outcome = shelf.put(copy("1.1", &b"scan"[..])).await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    // In place of the files.
    std::fs::remove_file(dir.path().join("42/1.2")).unwrap();
    std::fs::create_dir_all(dir.path().join("42/1.2/1.2.3")).unwrap();
    for name in [
        "42/1.2/1.2.3/1.1.dcm",
        "42/1.2/1.2.3/.1.1.dcm.part",
        "42/manifest.json",
    ] {
        symlink(elsewhere.path().join("planted"), dir.path().join(name)).unwrap();
    }
    assert_eq!(shelf.put(copy("1.1", &b"scan"[..])).await, Outcome::Delivered);
    shelf.close().await.unwrap();
    assert_eq!(manifest(dir.path())["instances"][0]["bytes"], 4);
    // In place of the journal, and of the release's folder.
    std::fs::remove_file(dir.path().join("42/.delivered.jsonl")).unwrap();
    symlink(
        elsewhere.path().join("planted"),
        dir.path().join("42/.delivered.jsonl"),
    )
    .unwrap();
    let mut shelf = open(dir.path()).await;
    assert_ne!(shelf.put(copy("1.1", &b"scan"[..])).await, Outcome::Delivered);
    std::fs::rename(dir.path().join("42"), dir.path().join("43")).unwrap();
    symlink(elsewhere.path(), dir.path().join("42")).unwrap();
    assert!(matches!(
        Shelf::open(dir.path(), &consignment()).await.err(),
        Some(Failure::Unreachable(_))
    ));
    assert_eq!(files(elsewhere.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_uid_of_dots_is_no_way_up() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("inside")).unwrap();
    let mut shelf = open(&dir.path().join("inside")).await;
    for (study, series) in [("..", ".."), (".", "1"), ("1", "..")] {
        let copy = Copy {
            study: uid(study),
            series: uid(series),
            ..copy("1.1", &b"scan"[..])
        };
        let outcome = shelf.put(copy).await;
        assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    }
    assert_eq!(files(dir.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_full_disk_is_said_in_words() {
    // Writing to this device fails as a full disk does.
    if !Path::new("/dev/full").exists() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut shelf = open(dir.path()).await;
    // Not the copy's own file can be that device, so the copy comes from a reader that says what a full disk says.
    struct Full;
    impl Read for Full {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            use std::io::Write as _;
            let mut full = std::fs::OpenOptions::new().write(true).open("/dev/full")?;
            full.write(b"x")
        }
    }
    let outcome = shelf.put(copy("1.1", Full)).await;
    assert_eq!(outcome, Outcome::NotSent("the folder's disk is full".into()));
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_not_made() {
    let dir = tempfile::tempdir().unwrap();
    let failure = Shelf::open(&dir.path().join("unmounted"), &consignment())
        .await
        .err()
        .unwrap();
    assert_eq!(
        failure,
        Failure::Unreachable("the folder is not there: is the disk or share mounted?".into())
    );
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    std::fs::write(dir.path().join("file"), "").unwrap();
    let failure = Shelf::open(&dir.path().join("file"), &consignment()).await.err();
    assert!(matches!(failure, Some(Failure::Unreachable(_))));
}
