//! `cargo xtask bench deid`: how well, and how fast, copies are de-identified.

mod answer;
mod planted;
mod rest;
mod speed;
mod tool;

use crate::shell::{command, run as run_command};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::path::PathBuf;

/// How to measure.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// At least how many objects with planted identifiers to score (0: none)
    #[arg(long, default_value_t = 2000)]
    instances: u64,
    /// From which all planted objects follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The profile to score
    #[arg(long, default_value = "research")]
    profile: String,
    /// How many CT slices of 525 kB are de-identified in a run (0: none)
    #[arg(long, default_value_t = 400)]
    slices: usize,
    /// How many runs; their median is reported
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Measures other people's tools beside it: gdcmanon, Orthanc, dicognito, dicom-anonymizer
    #[arg(long)]
    peers: bool,
    /// Writes the answer key as MIDI-B's scorer reads it (SQLite), with the maps of UIDs and patients beside it
    #[arg(long, value_name = "FILE.db")]
    key_out: Option<PathBuf>,
    /// Keeps inputs and outputs in this folder, which must not be there yet
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// Measures the release build that is there, as it is
    #[arg(long)]
    no_build: bool,
}

/// Measures, and prints tables.
pub(crate) fn run(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let build = ["build", "--quiet", "--release", "-p", "leadglass"];
    if !options.no_build && !run_command(&mut command(workspace.root(), "cargo", build))? {
        bail!("leadglass does not build");
    }
    let program = workspace.target().join("release/leadglass");
    if options.instances > 0 {
        planted::run(options, &program)?;
    }
    if options.slices > 0 {
        speed::run(options, &program, &workspace)?;
        super::library("deid")?;
    }
    Ok(())
}

/// A folder in memory where there is one: what a disk does is not measured here.
fn folder() -> Result<tempfile::TempDir> {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }
    .context("make a folder")
}
