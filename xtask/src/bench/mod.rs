//! `cargo xtask bench`: measurements, printed as Markdown tables.

mod cost;
mod http;
mod ingest;
mod load;
mod machine;
mod scans;
mod server;
mod table;

use anyhow::Result;
use clap::Subcommand;

/// What to measure.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// C-STORE and STOW into Leadglass, storescp --fork and Orthanc, side by side
    Ingest(ingest::Options),
}

/// Measures.
pub(crate) fn run(bench: Bench) -> Result<()> {
    match bench {
        Bench::Ingest(options) => ingest::run(&options),
    }
}
