//! What the tests bring into an archive, and what they look up in it.

use super::desk::Desk;
use model::{Clock, Timestamp};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Options, Store};
use testkit::{Encoding, Modality, Patient, Study};

/// When every scan here was taken, and every directive recorded.
pub(crate) fn long_ago() -> Timestamp {
    Timestamp::from_millis(1_768_471_200_000)
}

/// A small study.
pub(crate) fn study(seed: u64, patient: &Patient, modality: Modality, slices: u32, matrix: u16) -> Study {
    Study {
        slices,
        matrix,
        ..Study::new(seed, patient.clone(), modality, long_ago())
    }
}

/// Writes studies as files below a folder.
pub(crate) fn write(folder: &Path, studies: &[Study]) {
    for study in studies {
        std::fs::create_dir_all(folder).unwrap();
        for (number, instance) in study.instances().enumerate() {
            let file = folder.join(format!("{}-{}-{number}.dcm", study.modality.code(), study.seed));
            std::fs::write(file, instance.object(Encoding::ExplicitLe).part10()).unwrap();
        }
    }
}

/// Brings studies in; all of it must be sealed.
pub(crate) fn bring(desk: &Desk, studies: &[Study]) {
    let folder = desk.path("in");
    write(&folder, studies);
    import(desk, &folder);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Brings a folder in; all of it must be sealed.
pub(crate) fn import(desk: &Desk, folder: &Path) {
    for line in desk.lines(&["import", folder.to_str().unwrap()]) {
        assert_eq!(line["status"], "sealed", "{line}");
    }
}

/// The archive's folder opened beside whoever works on it, for what no command prints.
pub(crate) async fn open(desk: &Desk) -> Store {
    struct Then;
    impl Clock for Then {
        fn now(&self) -> Timestamp {
            long_ago()
        }
    }
    Store::open(&desk.path("data"), Options::new(Arc::new(Then)))
        .await
        .unwrap()
}

/// Releases that are not over.
pub(crate) fn open_releases(desk: &Desk) -> Vec<Value> {
    let mut all = desk.lines(&["admin", "releases", "--limit", "100000"]);
    all.retain(|release| release["state"] == "queued" || release["state"] == "running");
    all
}

/// Asks again and again until there is an answer.
pub(crate) async fn wait_for<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < patience, "{what}: not within {patience:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Log and archive must be sound.
pub(crate) fn is_sound(desk: &Desk) {
    for command in [&["log", "verify"][..], &["fsck"]] {
        let output = desk.run(command);
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{command:?}: {said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
