//! One-shot commands of the built program.

use super::gateway::Data;
use super::{memory, peer};
use serde_json::Value;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn path() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_leadglass"))
}

/// What a command did, and what it took.
pub(crate) struct Run {
    pub(crate) output: Output,
    pub(crate) peak: u64,
    pub(crate) took: Duration,
}

/// Runs a command on an archive, for its JSON.
pub(crate) fn run<A: AsRef<OsStr>>(data: &Data, arguments: impl IntoIterator<Item = A>) -> Output {
    let arguments: Vec<_> = arguments.into_iter().map(|a| a.as_ref().to_owned()).collect();
    let end = ["--data".into(), data.path().into_os_string(), "--json".into()];
    peer::run(path(), arguments.into_iter().chain(end))
}

/// The same, watching its memory until it ends.
pub(crate) fn watch<A: AsRef<OsStr>>(data: &Data, arguments: impl IntoIterator<Item = A>) -> Run {
    let begun = Instant::now();
    let child = Command::new(path())
        .args(arguments)
        .arg("--data")
        .arg(data.path())
        .arg("--json")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let watcher = memory::watch(child.id());
    let output = child.wait_with_output().unwrap();
    Run {
        took: begun.elapsed(),
        peak: watcher.join().unwrap(),
        output,
    }
}

/// The one document that a command prints.
pub(crate) fn document(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
        panic!(
            "no document: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

/// Entries in the transparency log.
pub(crate) fn log_size(data: &Data) -> u64 {
    document(&run(data, ["log", "checkpoint"]))["size"]
        .as_u64()
        .unwrap()
}

/// Objects that wait for a decision.
pub(crate) fn quarantined(data: &Data) -> usize {
    let output = run(data, ["admin", "quarantine", "list"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().lines().count()
}

/// What `fsck` found.
pub(crate) struct Checked {
    pub(crate) instances: u64,
    pub(crate) orphans: u64,
}

/// Checks everything kept, which must be sound.
pub(crate) fn fsck(data: &Data) -> Checked {
    let output = run(data, ["fsck"]);
    let report = document(&output);
    assert!(output.status.success(), "{report}");
    Checked {
        instances: report["instances"].as_u64().unwrap(),
        orphans: report["orphans"].as_array().unwrap().len() as u64,
    }
}
