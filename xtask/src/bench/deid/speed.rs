//! Speed: CT slices in a folder in memory, each tool over the same files in turn.

use super::tool::Tool;
use super::{Options, folder, rest};
use crate::bench::cost::ended_children_seconds;
use crate::bench::scans::{self, Scan};
use crate::bench::server::Kind;
use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::time::Instant;
use xtask::machine;
use xtask::table::{Sample, markdown};

/// One line of the table.
struct Row {
    name: String,
    version: String,
    by_clock: Sample,
    by_processor: Sample,
    trouble: Option<String>,
}

impl Row {
    fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            by_clock: Sample::default(),
            by_processor: Sample::default(),
            trouble: None,
        }
    }

    fn add(&mut self, count: usize, measured: Result<(f64, f64)>) {
        match measured {
            Ok((seconds, processor)) => {
                self.by_clock.push(count as f64 / seconds.max(0.001));
                self.by_processor.push(count as f64 / processor.max(0.01));
            }
            Err(error) => self.trouble = Some(format!("{error:#}")),
        }
    }

    fn shown(&self) -> Vec<String> {
        let failed = self
            .trouble
            .as_ref()
            .map(|trouble| format!(" (a run failed: {trouble})"));
        vec![
            self.name.clone(),
            self.by_clock.shown() + &failed.unwrap_or_default(),
            self.by_processor.shown(),
            self.version.clone(),
        ]
    }
}

/// Measures, and prints the table.
pub(super) fn run(options: &Options, program: &Path, workspace: &Workspace) -> Result<()> {
    let described = machine::description();
    let folder = folder()?;
    let input = folder.path().join("in");
    fs::create_dir(&input)?;
    let scans = scans::write(&input, options.slices)?;
    let mut tools = vec![Tool::leadglass(program, folder.path())];
    if options.peers {
        tools.extend(Tool::peers(workspace, folder.path()));
    }
    let orthanc = Kind::Orthanc
        .program(workspace.target())
        .filter(|_| options.peers);
    let mut rows: Vec<Row> = tools
        .iter()
        .map(|tool| Row::new(tool.name, &tool.version))
        .collect();
    let mut served = orthanc
        .as_ref()
        .map(|program| Row::new("Orthanc, /studies/{id}/anonymize", &Kind::version(program)));
    // One run of each in turn, so that a slow minute of the machine hits all alike.
    for _ in 0..options.runs {
        for (tool, row) in tools.iter().zip(&mut rows) {
            row.add(scans.len(), once(tool, &input, &scans, folder.path()));
        }
        if let (Some(program), Some(row)) = (&orthanc, &mut served) {
            row.add(scans.len(), rest::measure(program, &scans, folder.path()));
        }
    }
    rows.extend(served);
    println!(
        "\n{described}. {} CT of 525 kB a run, files in memory (tmpfs where there is one), median [lowest-highest] of {} \
         runs; each tool in one process as it comes, reading and writing files and starting up included. Leadglass audits \
         what it writes; no other tool here does.\n",
        scans.len(),
        options.runs
    );
    let heads = ["tool", "instances/s", "instances per CPU-s", "version"];
    println!(
        "{}",
        markdown(&heads, &rows.iter().map(Row::shown).collect::<Vec<_>>())
    );
    Ok(())
}

/// Seconds by the clock and by the processor; all files must come out.
fn once(tool: &Tool, input: &Path, scans: &[Scan], folder: &Path) -> Result<(f64, f64)> {
    let made = tempfile::tempdir_in(folder).context("make a folder for copies")?;
    let output = made.path().join("out");
    fs::create_dir(&output)?;
    let (started, before) = (Instant::now(), ended_children_seconds());
    tool.run(input, &output, &made.path().join("log"))?;
    let measured = (started.elapsed().as_secs_f64(), ended_children_seconds() - before);
    let out = files(&output)?;
    ensure!(out == scans.len(), "{out} of {} files came out", scans.len());
    Ok(measured)
}

fn files(folder: &Path) -> Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        count += if path.is_dir() { files(&path)? } else { 1 };
    }
    Ok(count)
}
