//! Running other programs, in plain sight.

use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// A program with arguments, run at the root of the workspace.
pub(crate) fn command<A: AsRef<OsStr>>(
    root: &Path,
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = A>,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root).stdin(Stdio::null());
    command
}

/// Shows a command, runs it to its end, and tells whether it succeeded.
pub(crate) fn run(command: &mut Command) -> Result<bool> {
    println!("\n$ {}", shown(command));
    let status = command
        .status()
        .with_context(|| format!("start {}", shown(command)))?;
    Ok(status.success())
}

/// Runs a command in silence, and tells whether it succeeded (a program that is not here did not).
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
