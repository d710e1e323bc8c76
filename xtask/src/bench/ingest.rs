//! `cargo xtask bench ingest`: how many scans a second, by the clock and by the processor, and in how much memory.

use super::cost::{Watch, processor_seconds};
use super::load::{Door, send};
use super::scans::{self, Scan};
use super::server::Kind;
use crate::shell::{command, run as run_command};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::time::Instant;
use testkit::peers::Peer;
use xtask::machine;
use xtask::table::{Sample, markdown};

/// How to measure.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many CT slices of 525 kB are sent in a run
    #[arg(long, default_value_t = 400)]
    instances: usize,
    /// How many runs; their median is reported
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// How many associations at once
    #[arg(long, value_delimiter = ',', default_values_t = [1, 4, 8])]
    associations: Vec<usize>,
    /// Where the servers keep what they get (default: the system's temporary folder)
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Measures the release build that is there, as it is
    #[arg(long)]
    no_build: bool,
}

/// One line of the table.
struct Row {
    kind: Kind,
    door: Door,
    associations: usize,
    by_clock: Sample,
    by_processor: Sample,
    megabytes: Sample,
    /// What went wrong in runs that are not in the figures.
    troubles: Vec<String>,
}

/// Measures, and prints the table.
pub(crate) fn run(options: &Options) -> Result<()> {
    let workspace = Workspace::find()?;
    let build = ["build", "--quiet", "--release", "-p", "leadglass"];
    if !options.no_build && !run_command(&mut command(workspace.root(), "cargo", build))? {
        bail!("leadglass does not build");
    }
    let client = Peer::Dcmtk
        .find("storescu")
        .context("DCMTK's storescu is the load client: cargo xtask setup")?;
    let folder = match &options.folder {
        Some(folder) => tempfile::tempdir_in(folder),
        None => tempfile::tempdir(),
    }
    .context("make a folder for the scans")?;
    let described = machine::description();
    let scans = scans::write(folder.path(), options.instances)?;
    let servers: Vec<(Kind, PathBuf)> = Kind::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, kind.program(workspace.target())?)))
        .collect();

    let mut rows = Vec::new();
    for door in [Door::Dimse, Door::Stow] {
        for &associations in &options.associations {
            let shown = servers
                .iter()
                .filter(|(kind, _)| door == Door::Dimse || *kind != Kind::StorescpFork);
            let mut group: Vec<(Row, &Path)> = shown
                .map(|(kind, program)| (Row::new(*kind, door, associations), program.as_path()))
                .collect();
            // One run of each in turn, so that a slow minute of the machine hits all alike.
            for _ in 0..options.runs {
                for (row, program) in &mut group {
                    row.measure(program, &scans, &client, folder.path());
                }
            }
            rows.extend(group.into_iter().map(|(row, _)| row));
        }
    }
    println!(
        "{described}. {} CT of 525 kB a run, median [lowest-highest] of {} runs, server started afresh in an \
        empty folder for each; client storescu (C-STORE) and a plain HTTP client (STOW, one instance a request), on \
        the same machine; TCP_NODELAY on both sides. {}.\n",
        options.instances,
        options.runs,
        servers
            .iter()
            .map(|(kind, program)| format!("{}: {}", kind.name(), Kind::version(program)))
            .collect::<Vec<_>>()
            .join("; ")
    );
    let heads = [
        "door",
        "at once",
        "server",
        "instances/s",
        "instances per server-CPU-s",
        "peak RSS, MB",
    ];
    println!(
        "{}",
        markdown(&heads, &rows.iter().map(Row::shown).collect::<Vec<_>>())
    );
    Ok(())
}

impl Row {
    fn new(kind: Kind, door: Door, associations: usize) -> Self {
        let (by_clock, by_processor, megabytes) = Default::default();
        Self {
            kind,
            door,
            associations,
            by_clock,
            by_processor,
            megabytes,
            troubles: Vec::new(),
        }
    }

    fn measure(&mut self, program: &Path, scans: &[Scan], client: &Path, folder: &Path) {
        if let Err(error) = self.measure_once(program, scans, client, folder) {
            self.troubles.push(format!("{error:#}"));
        }
    }

    fn measure_once(&mut self, program: &Path, scans: &[Scan], client: &Path, folder: &Path) -> Result<()> {
        let own = tempfile::tempdir_in(folder).context("make a folder for a server")?;
        let server = self.kind.start(program, own.path())?;
        let watch = Watch::start(server.pid());
        let processor_before = processor_seconds(server.pid());
        let started = Instant::now();
        send(&server, self.door, scans, self.associations, client)?;
        let seconds = started.elapsed().as_secs_f64();
        let processor = processor_seconds(server.pid()) - processor_before;
        let count = scans.len() as f64;
        self.by_clock.push(count / seconds);
        self.by_processor.push(count / processor.max(0.01));
        self.megabytes.push(watch.peak());
        Ok(())
    }

    fn shown(&self) -> Vec<String> {
        let head = [
            self.door.name().to_owned(),
            self.associations.to_string(),
            self.kind.name().to_owned(),
        ];
        let failed = match self.troubles.last() {
            Some(trouble) => format!(" ({} runs failed: {trouble})", self.troubles.len()),
            None => String::new(),
        };
        let by_clock = self.by_clock.shown() + &failed;
        let figures = [by_clock, self.by_processor.shown(), self.megabytes.shown()];
        head.into_iter().chain(figures).collect()
    }
}
