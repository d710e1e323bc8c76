//! Blobs on disk.

use crate::fixtures::*;
use proptest::prelude::*;
use std::io::{Read, Seek, SeekFrom, Write};
use store::Error;

#[tokio::test]
async fn an_unfinished_or_uncommitted_blob_leaves_no_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let mut writer = store.blobs().create().unwrap();
    writer.write_all(&bytes(1, 200_000)).unwrap();
    assert_eq!(blob_files(dir.path()).len(), 1);
    drop(writer);
    assert_eq!(blob_files(dir.path()).len(), 0);
    drop(stage(&store, b"data", b"record").unwrap());
    assert_eq!(blob_files(dir.path()).len(), 0);
    store.close().await;
}

#[tokio::test]
async fn any_flipped_byte_is_noticed() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let data = bytes(1, 66_000);
    sealed(seal(&store, scan("P1", 1, 1, 1), &data).await.unwrap());
    let found = instance(&store, &uid("1.2.1.1.1")).await;
    let [file] = &blob_files(dir.path())[..] else {
        panic!("one blob")
    };
    let whole = std::fs::read(file).unwrap();
    // Header, first chunk, its tag, second chunk, its tag, record, its tag.
    for at in [
        0,
        9,
        24,
        65_000,
        65_570,
        65_577,
        whole.len() - 40,
        whole.len() - 20,
        whole.len() - 1,
    ] {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        std::fs::write(file, &altered).unwrap();
        let reader = store.open_blob(&found.blob).await.unwrap();
        assert!(
            matches!(reader.authenticate(), Err(Error::Corrupt(_))),
            "byte {at}"
        );
        let report = store.fsck(store::FsckOptions::default()).await.unwrap();
        assert_eq!(report.problems.len(), 1, "byte {at}: {report:?}");
    }
    let mut altered = whole.clone();
    altered[100] ^= 1;
    std::fs::write(file, &altered).unwrap();
    let mut reader = store.open_blob(&found.blob).await.unwrap();
    let error = reader.read_to_end(&mut Vec::new()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    // What is elsewhere can still be read.
    reader.seek(SeekFrom::Start(65_536)).unwrap();
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, data[65_536..]);

    for cut in [&whole[..whole.len() - 1], &whole[..65_576], &[]] {
        std::fs::write(file, cut).unwrap();
        assert!(matches!(
            store.open_blob(&found.blob).await,
            Err(Error::Corrupt(_))
        ));
    }
    std::fs::remove_file(file).unwrap();
    assert!(matches!(
        store.open_blob(&found.blob).await,
        Err(Error::Corrupt(_))
    ));
    store.close().await;
}

#[tokio::test]
async fn a_blob_in_the_place_of_another_does_not_open() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    for n in [1, 2] {
        sealed(seal(&store, scan("P1", 1, 1, n), &bytes(n, 5000)).await.unwrap());
    }
    let [a, b] = &blob_files(dir.path())[..] else {
        panic!("two blobs")
    };
    let swapped = std::fs::read(a).unwrap();
    std::fs::copy(b, a).unwrap();
    std::fs::write(b, swapped).unwrap();
    for n in [1, 2] {
        let found = instance(&store, &uid(&format!("1.2.1.1.{n}"))).await;
        assert!(
            store
                .open_blob(&found.blob)
                .await
                .unwrap()
                .authenticate()
                .is_err()
        );
    }
    store.close().await;
}

#[tokio::test]
async fn nothing_on_disk_shows_the_data_or_the_patient() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).await;
    let needles = [
        "DOE-4711",
        "DOE-4711^Given",
        "ACC77",
        "20240122",
        "NEEDLE IN THE DATA",
        "seal of 1.2.77.1.1",
    ];
    let data = ["NEEDLE IN THE DATA".as_bytes(); 500].concat();
    sealed(seal(&store, scan("DOE-4711", 77, 1, 1), &data).await.unwrap());
    store.close().await;
    let mut folders = vec![dir.path().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let content = std::fs::read(&path).unwrap();
            for needle in needles {
                let found = content
                    .windows(needle.len())
                    .any(|window| window == needle.as_bytes());
                assert!(!found, "{needle} in {}", path.display());
            }
        }
    }
    assert!(files > 6);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the lengths and however the data came, every range reads back.
    #[test]
    fn every_range_reads_back(
        len in prop_oneof![0_usize..200, 65_400_usize..65_700, 131_000_usize..131_200, 0_usize..300_000],
        record in prop_oneof![0_usize..3000, 65_500_usize..65_600, 100_000_usize..140_000],
        step in 1_usize..100_000,
        ranges in proptest::collection::vec((0.0_f64..1.1, 0_usize..100_000), 1..6),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let store = open(dir.path()).await;
            let (data, record) = (bytes(1, len), bytes(2, record));
            let mut writer = store.blobs().create().unwrap();
            for piece in data.chunks(step) {
                writer.write_all(piece).unwrap();
            }
            let blob = writer.finish(&record).unwrap();
            sealed(store.seal(scan("P1", 1, 1, 1), blob).await.unwrap());
            let found = instance(&store, &uid("1.2.1.1.1")).await;
            let mut reader = store.open_blob(&found.blob).await.unwrap();
            assert_eq!(reader.record().unwrap(), record);
            reader.authenticate().unwrap();
            for (start, count) in ranges {
                let start = (start * len as f64) as usize;
                reader.seek(SeekFrom::Start(start as u64)).unwrap();
                let mut read = Vec::new();
                reader.by_ref().take(count as u64).read_to_end(&mut read).unwrap();
                let expected = data.get(start..).unwrap_or_default();
                assert_eq!(read, expected[..count.min(expected.len())]);
            }
            store.close().await;
        });
    }
}
