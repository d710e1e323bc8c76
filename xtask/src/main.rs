//! Checks, tests with real peers, benchmarks: `cargo xtask --help`.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

mod bench;
mod check;
mod setup;
mod shell;
mod suite;
mod workspace;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use xtask::deid_docs;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks, tests with real peers, benchmarks")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Format, lints and all tests that need no peer
    Check,
    /// Installs the peers, then format, lints and every test: unit, property, conformance, documentation, peers
    Test,
    /// Installs the peers: Debian packages, and a Python environment in target/peers
    Setup,
    /// Writes what each profile does to each attribute into docs/deidentification.md
    DeidDocs,
    /// Measures, and prints tables in Markdown
    Bench {
        #[command(subcommand)]
        bench: bench::Bench,
    },
}

fn main() -> anyhow::Result<ExitCode> {
    let good = match Arguments::parse().task {
        Task::Check => check::check()?,
        Task::Test => check::test()?,
        Task::Setup => {
            setup::install()?;
            true
        }
        Task::DeidDocs => {
            let path = workspace::Workspace::find()?.root().join(deid_docs::PATH);
            let page = std::fs::read_to_string(&path)?;
            std::fs::write(&path, deid_docs::with_attributes(&page).context(deid_docs::PATH)?)?;
            true
        }
        Task::Bench { bench } => {
            bench::run(bench)?;
            true
        }
    };
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
