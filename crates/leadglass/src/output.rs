//! What the program prints, and the codes with which it exits.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is where the program speaks"
)]

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Done, but some were quarantined, in conflict or rejected.
pub(crate) const PARTLY: u8 = 3;

/// Diagnostics go to standard error; `LEADGLASS_LOG` says how much.
pub(crate) fn start_log() {
    let filter = EnvFilter::try_from_env("LEADGLASS_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

/// Says why the command failed.
pub(crate) fn failure(error: &anyhow::Error) -> ExitCode {
    eprintln!("leadglass: {error:#}");
    ExitCode::FAILURE
}

/// Prints a line.
pub(crate) fn line(text: impl AsRef<str>) {
    println!("{}", text.as_ref());
}

/// Writes bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    Ok(out.flush()?)
}

/// Prints a note that is not the result.
pub(crate) fn note(text: impl AsRef<str>) {
    eprintln!("{}", text.as_ref());
}

/// Prints a document on one line.
pub(crate) fn json(document: &impl Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(document)?);
    Ok(())
}

/// A progress bar for so many items; hidden when standard error is no terminal.
pub(crate) fn progress(items: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}");
    ProgressBar::new(items).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
