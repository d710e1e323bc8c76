//! Finding and running peers.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use testkit::peers::Peer;

/// A program of a peer; none, with a word why, when the peer is not here.
pub(crate) fn or_skip(peer: Peer, program: &str) -> Option<PathBuf> {
    let found = peer.find(program);
    if found.is_none() {
        assert!(
            !peer.is_required(),
            "{} is required, and has no {program}",
            peer.name()
        );
        println!("skipped: needs {} ({program})", peer.name());
    }
    found
}

/// Python with what the scripts import, or a word why not.
pub(crate) fn python_or_skip() -> Option<PathBuf> {
    or_skip(Peer::Python, Peer::Python.program())
}

/// A program with arguments, sockets without Nagle's delay.
pub(crate) fn run<A: AsRef<std::ffi::OsStr>>(
    program: &Path,
    arguments: impl IntoIterator<Item = A>,
) -> Output {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("TCP_NODELAY", "1")
        .stdin(Stdio::null());
    command
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

/// True when a run went well; otherwise prints what it said.
pub(crate) fn went_well(output: &Output) -> bool {
    if !output.status.success() {
        println!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    output.status.success()
}

/// Runs one of the scripts beside this file, and reads the JSON lines that it prints.
pub(crate) fn script<A: AsRef<std::ffi::OsStr>>(
    python: &Path,
    name: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/peers")
        .join(name);
    let arguments: Vec<_> = arguments
        .into_iter()
        .map(|argument| argument.as_ref().to_owned())
        .collect();
    let output = run(python, std::iter::once(script.into_os_string()).chain(arguments));
    assert!(went_well(&output), "{name} failed");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{name}: {line}")))
        .collect()
}
