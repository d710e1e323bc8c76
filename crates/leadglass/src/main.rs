//! The gateway: configuration, wiring, sub-commands.
//!
//! One binary. Each sub-command is a file of `commands/`; what they share is the [`gateway::Gateway`], which opens an
//! archive and brings the rooms of the house together.

mod audit;
mod cli;
mod clock;
mod commands;
mod config;
mod demo;
mod exit;
mod gateway;
mod http;
mod output;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    // The decoding child comes first: it must not depend on anything that the gateway sets up.
    if std::env::args_os()
        .nth(1)
        .is_some_and(|argument| argument == decode::CHILD_COMMAND)
    {
        let (stdin, stdout) = (std::io::stdin(), std::io::stdout());
        let done = decode::run_child(&mut stdin.lock(), &mut std::io::BufWriter::new(stdout.lock()));
        return if done.is_ok() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    let cli = cli::Cli::parse();
    output::start_log();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::failure(&anyhow::Error::from(error)),
    };
    let code = match runtime.block_on(commands::run(cli)) {
        Ok(code) => code,
        Err(error) => output::failure(&error),
    };
    runtime.shutdown_background();
    code
}
