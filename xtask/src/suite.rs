//! Running tests, with cargo-nextest where it is installed, and counting what they did.

use crate::shell::{command, run, succeeds};
use crate::workspace::{PEERS, Workspace};
use anyhow::{Context, Result};
use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Add;
use std::process::{Command, Stdio};
use testkit::peers::{PYTHON_VARIABLE, Peer, REQUIRED_VARIABLE};

/// Which tests to run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suite {
    /// All but the test binary `peers`.
    WithoutPeers,
    /// All.
    Everything,
}

/// What tests did. A test that cannot run here says `skipped: ` with the reason, and passes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Outcome {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
    /// True when a test binary did not come as far as reporting.
    pub(crate) broken: bool,
}

impl Add for Outcome {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
            broken: self.broken || other.broken,
        }
    }
}

const SKIPPED: &str = "skipped: ";

/// Runs unit, property, conformance and, when asked, peer tests.
pub(crate) fn tests(workspace: &Workspace, suite: Suite) -> Result<Outcome> {
    if succeeds(&mut command(workspace.root(), "cargo", ["nextest", "--version"])) {
        nextest(workspace, suite)
    } else {
        let mut arguments = vec!["test".to_owned(), "--workspace".to_owned()];
        match suite {
            // Not --all-targets, which would run the benchmarks too.
            Suite::Everything => arguments.extend(["--lib", "--bins", "--tests"].map(str::to_owned)),
            Suite::WithoutPeers => {
                arguments.extend(["--lib".to_owned(), "--bins".to_owned()]);
                let tests = workspace.tests_without_peers();
                arguments.extend(tests.into_iter().flat_map(|test| ["--test".to_owned(), test]));
            }
        }
        let cargo = command(workspace.root(), "cargo", arguments);
        cargo_test(with_peers(cargo, workspace))
    }
}

/// Runs the examples in documentation, which nextest does not.
pub(crate) fn documentation(workspace: &Workspace) -> Result<Outcome> {
    cargo_test(command(
        workspace.root(),
        "cargo",
        ["test", "--quiet", "--workspace", "--doc"],
    ))
}

fn nextest(workspace: &Workspace, suite: Suite) -> Result<Outcome> {
    let report = workspace.target().join("nextest/default/junit.xml");
    if report.exists() {
        fs::remove_file(&report).with_context(|| format!("remove {}", report.display()))?;
    }
    let mut arguments = vec![
        "nextest",
        "run",
        "--config-file",
        "xtask/nextest.toml",
        "--workspace",
    ];
    let without_peers = format!("not binary({PEERS})");
    if suite == Suite::WithoutPeers {
        arguments.extend(["-E", &without_peers]);
    }
    let good = run(&mut with_peers(
        command(workspace.root(), "cargo", arguments),
        workspace,
    ))?;
    let outcome = fs::read_to_string(&report)
        .map(|report| of_junit(&report))
        .unwrap_or_default();
    for reason in skip_reasons(&fs::read_to_string(&report).unwrap_or_default()) {
        println!("{SKIPPED}{reason}");
    }
    Ok(Outcome {
        broken: !good && outcome.failed == 0,
        ..outcome
    })
}

/// Tells the tests where the peers are, and which of them must not be missing.
fn with_peers(mut cargo: Command, workspace: &Workspace) -> Command {
    let python = workspace.peers().join("bin/python");
    if python.exists() {
        cargo.env(PYTHON_VARIABLE, &python);
    }
    if std::env::var_os(REQUIRED_VARIABLE).is_none() {
        let here = |peer: &Peer| (*peer == Peer::Python && python.exists()) || peer.is_here();
        let names: Vec<_> = Peer::ALL.into_iter().filter(here).map(Peer::name).collect();
        cargo.env(REQUIRED_VARIABLE, names.join(","));
    }
    cargo
}

/// Counts the test cases of a JUnit report as nextest writes it.
fn of_junit(report: &str) -> Outcome {
    let mut outcome = Outcome::default();
    for case in report.split("<testcase ").skip(1) {
        let case = case.split("</testcase>").next().unwrap_or(case);
        if case.contains("<failure") || case.contains("<error") {
            outcome.failed += 1;
        } else if skip_reasons(case).next().is_some() {
            outcome.skipped += 1;
        } else {
            outcome.passed += 1;
        }
    }
    outcome
}

/// What follows `skipped: ` at the start of a line, or of an XML text.
fn skip_reasons(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.rsplit_once("<system-out>").map_or(line, |(_, text)| text);
        line.strip_prefix(SKIPPED)
            .map(|reason| reason.trim_end_matches("</system-out>"))
    })
}

/// Runs `cargo test`, shows what it says, and counts.
fn cargo_test(mut cargo: Command) -> Result<Outcome> {
    cargo.args(["--no-fail-fast", "--", "--show-output"]);
    cargo.stdout(Stdio::piped());
    println!("\n$ cargo test ...");
    let mut child = cargo.spawn().context("start cargo test")?;
    let mut outcome = Outcome::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.context("read what cargo test says")?;
            println!("{line}");
            outcome = outcome + of_line(&line);
        }
    }
    let good = child.wait().context("wait for cargo test")?.success();
    // A skipped test says so, and is counted among the passed ones by cargo.
    outcome.passed = outcome.passed.saturating_sub(outcome.skipped);
    Ok(Outcome {
        broken: !good && outcome.failed == 0,
        ..outcome
    })
}

/// Counts one line of the output of `cargo test`.
fn of_line(line: &str) -> Outcome {
    let number = |word: &str| {
        let before = line.split_once(word).map_or("", |(before, _)| before);
        before
            .rsplit(' ')
            .find(|text| !text.is_empty())
            .and_then(|text| text.parse().ok())
            .unwrap_or(0)
    };
    if line.starts_with("test result: ") {
        Outcome {
            passed: number(" passed"),
            failed: number(" failed"),
            ..Outcome::default()
        }
    } else if line.starts_with(SKIPPED) {
        Outcome {
            skipped: 1,
            ..Outcome::default()
        }
    } else {
        Outcome::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_a_report_of_nextest() {
        let report = r#"<testsuites name="nextest-run"><testsuite name="a::it" tests="4">
<testcase name="one" classname="a::it" time="0.1"><system-out>running 1 test
test one ... ok
</system-out></testcase>
<testcase name="two" classname="a::it" time="0.1">
  <system-out>skipped: no DCMTK here</system-out>
</testcase>
<testcase name="three" classname="a::it" time="0.1"><system-out>
running 1 test
skipped: no pydicom here
test three ... ok</system-out></testcase>
<testcase name="four" classname="a::it" time="0.1"><failure type="test failure">skipped: too late</failure></testcase>
</testsuite></testsuites>"#;
        assert_eq!(
            of_junit(report),
            Outcome {
                passed: 1,
                failed: 1,
                skipped: 2,
                broken: false
            }
        );
        assert_eq!(skip_reasons(report).next(), Some("no DCMTK here"));
    }

    #[test]
    fn counts_lines_of_cargo_test() {
        let lines = [
            "running 3 tests",
            "skipped: no DCMTK here",
            "test result: FAILED. 12 passed; 1 failed; 0 ignored",
        ];
        let sum = lines
            .iter()
            .map(|line| of_line(line))
            .fold(Outcome::default(), Add::add);
        assert_eq!(
            sum,
            Outcome {
                passed: 12,
                failed: 1,
                skipped: 1,
                broken: false
            }
        );
    }
}
