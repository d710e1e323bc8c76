//! `cargo xtask bench`: measurements, printed as Markdown tables.

mod cost;
mod deid;
mod http;
mod ingest;
mod load;
mod races;
mod scans;
mod server;

use crate::shell::{command, run as run_command};
use crate::workspace::Workspace;
use anyhow::{Result, ensure};
use clap::Subcommand;

/// What to measure.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// C-STORE and STOW into Leadglass, storescp --fork and Orthanc, side by side
    Ingest(ingest::Options),
    /// De-identification: the score on planted identifiers, and speed beside other people's tools
    Deid(deid::Options),
    /// Whether pseudonyms can be tried out without the key: all eight-digit record numbers
    Pseudonyms,
    /// Sealing, on one core
    Seal,
    /// Verifying a CT slice offline, with its bundle
    Verify,
    /// Who has a patient's scans, and whom a breach concerns, over a million disclosures
    Accounts,
    /// The log: durable entries a second, length of proofs
    Log,
    /// Random schedules of consent changes, releases, crashes and retries: what arrives too late, which rows are not true
    Races(races::Options),
}

/// Measures.
pub(crate) fn run(bench: Bench) -> Result<()> {
    match bench {
        Bench::Ingest(options) => ingest::run(&options),
        Bench::Deid(options) => deid::run(&options),
        Bench::Pseudonyms => library("pseudonyms"),
        Bench::Seal => library("seal"),
        Bench::Verify => library("verify"),
        Bench::Accounts => library("accounts"),
        Bench::Log => library("log"),
        Bench::Races(options) => races::run(&options),
    }
}

/// Runs one of the programs in `benches`, which measure the house's own crates, built for release.
fn library(name: &str) -> Result<()> {
    let workspace = Workspace::find()?;
    let bench = ["bench", "--quiet", "-p", "xtask", "--bench", name];
    ensure!(
        run_command(&mut command(workspace.root(), "cargo", bench))?,
        "the measurement failed"
    );
    Ok(())
}
