//! The exit under random schedules: the test `races` of the crate `release`, built for release and run at length.

use crate::shell::{command, run as run_command};
use crate::workspace::Workspace;
use anyhow::{Result, ensure};

/// How many, and which.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Schedules to run
    #[arg(long, default_value_t = 20_000)]
    schedules: u64,
    /// From which they all follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The first schedule, to run one again
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Schedules at a time in a store. More of them than the machine can serve make leases run out
    #[arg(long, default_value_t = 100)]
    together: u64,
}

/// Prints what came of them.
pub(crate) fn run(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let test = [
        "test",
        "--quiet",
        "--release",
        "-p",
        "release",
        "--test",
        "races",
        "--",
        "--nocapture",
    ];
    let mut cargo = command(workspace.root(), "cargo", test);
    cargo
        .env("LEADGLASS_SCHEDULES", options.schedules.to_string())
        .env("LEADGLASS_SEED", options.seed.to_string())
        .env("LEADGLASS_FIRST", options.first.to_string())
        .env("LEADGLASS_TOGETHER", options.together.to_string());
    ensure!(run_command(&mut cargo)?, "a schedule went wrong, or none was run");
    Ok(())
}
