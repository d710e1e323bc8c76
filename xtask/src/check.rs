//! `cargo xtask check` and `cargo xtask test`.

use crate::shell::{command, run};
use crate::suite::{Outcome, Suite};
use crate::workspace::Workspace;
use crate::{setup, suite};
use anyhow::Result;
use std::time::Instant;

/// Format, lints, and all tests that need no peer.
pub(crate) fn check() -> Result<bool> {
    let workspace = Workspace::find()?;
    let started = Instant::now();
    let clean = style(&workspace)?;
    let outcome = suite::tests(&workspace, Suite::WithoutPeers)?;
    Ok(report(clean, outcome, started))
}

/// Installs the peers, then checks everything there is.
pub(crate) fn test() -> Result<bool> {
    setup::install()?;
    let workspace = Workspace::find()?;
    let started = Instant::now();
    let clean = style(&workspace)?;
    let outcome = suite::tests(&workspace, Suite::Everything)? + suite::documentation(&workspace)?;
    Ok(report(clean, outcome, started))
}

/// Format and lints. Prints what is wrong; true when nothing is.
fn style(workspace: &Workspace) -> Result<bool> {
    let root = workspace.root();
    let formatted = run(&mut command(root, "cargo", ["fmt", "--all", "--check"]))?;
    let lint = [
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    let linted = run(&mut command(root, "cargo", lint))?;
    let word = |good| if good { "ok" } else { "FAILED" };
    println!("\nformat: {}\nlints: {}", word(formatted), word(linted));
    Ok(formatted && linted)
}

fn report(clean: bool, outcome: Outcome, started: Instant) -> bool {
    let Outcome {
        passed,
        failed,
        skipped,
        broken,
    } = outcome;
    println!();
    if !clean {
        println!("format or lints FAILED, see above");
    }
    if broken {
        println!("a test binary FAILED to build or to run, see above");
    }
    let (seconds, run) = (started.elapsed().as_secs_f64(), passed + failed + skipped);
    println!(
        "     Summary [{seconds:>8.3}s] {run} tests run: {passed} passed, {failed} failed, {skipped} skipped"
    );
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    clean && !broken && failed == 0
}
