//! The sub-commands, a file each.

mod admin;
mod bundle;
mod deid;
mod export;
mod exposed;
mod fsck;
pub(crate) mod import;
mod log;
mod office;
mod release;
mod report;
pub(crate) mod serve;
mod trust;
mod verify;
mod worker;

use crate::cli::{Cli, Command};
use crate::demo;
use anyhow::Result;
use std::process::ExitCode;

/// Runs what the command line asks for.
pub(crate) async fn run(cli: Cli) -> Result<ExitCode> {
    let Cli { common, command } = cli;
    match command {
        Command::Demo { check } => demo::run(&common, check).await,
        Command::Serve(options) => serve::run(&common, &options).await,
        Command::Import { paths } => import::run(&common, &paths).await,
        Command::Export { uid, out } => export::run(&common, &uid, &out).await,
        Command::Verify {
            what,
            bundle,
            trust,
            map,
        } => {
            verify::run(
                &common,
                &what,
                bundle.as_deref(),
                trust.as_deref(),
                map.as_deref(),
            )
            .await
        }
        Command::Bundle { what, out } => bundle::run(&common, &what, &out).await,
        Command::Trust { out } => trust::run(&common, &out).await,
        // No part of it waits for anything: threads of its own do the work.
        Command::Deid(options) => tokio::task::spawn_blocking(move || deid::run(&common, &options)).await?,
        Command::Release(options) => release::run(&common, &options).await,
        Command::Worker { config } => worker::run(&common, config.as_deref()).await,
        Command::Report(options) => report::run(&common, &options).await,
        Command::Exposed(options) => exposed::run(&common, &options).await,
        Command::Log { command } => log::run(&common, command).await,
        Command::Fsck { remove_orphans } => fsck::run(&common, remove_orphans).await,
        Command::Admin { command } => admin::run(&common, command).await,
    }
}
