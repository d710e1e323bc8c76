//! The score: planted objects in batches, so that neither disk nor memory grows with their number.

use super::{Options, answer, folder};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use testkit::planted::score::{Report, Run, score};
use testkit::planted::{Planted, patient};
use xtask::machine;
use xtask::table::markdown;

/// Objects in a batch, about; some 20 MB.
const BATCH: usize = 1500;
/// The key of the run: any will do.
const KEY: &str = "5b1d8c0a7c35f0e8421f9d6a90be7c4413ab07de66f2c85d90311e7fa4c8b295";

/// Scores, and prints the tables.
pub(super) fn run(options: &Options, program: &Path) -> Result<()> {
    let described = machine::description();
    let (mut report, mut patients) = (Report::default(), 0);
    let mut key = options.key_out.as_deref().map(answer::Writer::new).transpose()?;
    let mut batch = 0;
    while report.instances < options.instances {
        let mut files = Vec::new();
        while files.len() < BATCH && (report.instances + files.len() as u64) < options.instances {
            files.extend(patient(options.seed, patients));
            patients += 1;
        }
        let (run, _folder) = one(&mut files, options, program, batch)?;
        if let Some(key) = &mut key {
            key.add(&files, &run.map)?;
        }
        report.merge(score(&files, &run));
        batch += 1;
    }
    if let Some(key) = key {
        key.finish()?;
    }
    print(options, &described, &report, patients);
    Ok(())
}

/// Writes a batch down, runs the program over it, and reads what came out, which lasts as long as the folder.
fn one(
    files: &mut [Planted],
    options: &Options,
    program: &Path,
    batch: u64,
) -> Result<(Run, tempfile::TempDir)> {
    let temporary = folder()?;
    let kept = options
        .keep
        .as_ref()
        .map(|folder| folder.join(format!("batch{batch:04}")));
    let base = kept.unwrap_or_else(|| temporary.path().to_owned());
    let (input, output, key) = (base.join("in"), base.join("made").join("out"), base.join("key"));
    for file in files.iter_mut() {
        let path = input.join(&file.name);
        fs::create_dir_all(path.parent().unwrap_or(&input))?;
        fs::write(&path, std::mem::take(&mut file.bytes)).context("write a planted object")?;
    }
    fs::create_dir_all(&output)?;
    fs::write(&key, KEY)?;
    let done = Command::new(program)
        .arg("deid")
        .args([&input, &output])
        .args(["--json", "--write-map", "--profile", &options.profile, "--key"])
        .arg(&key)
        .arg("--data")
        .arg(base.join("data"))
        .stdin(Stdio::null())
        .output()
        .context("start leadglass deid")?;
    ensure!(
        matches!(done.status.code(), Some(0 | 3)),
        "leadglass deid ended with {}: {}",
        done.status,
        String::from_utf8_lossy(&done.stderr)
    );
    let run = Run::read(&input, &output, &done.stdout, &done.stderr).context("read what came out")?;
    Ok((run, temporary))
}

fn print(options: &Options, described: &str, report: &Report, patients: u64) {
    println!(
        "\n{described}. {} objects of {patients} invented patients, seed {}, profile {}: {} released, {} checks in the form \
         of MIDI-B.\n",
        report.instances,
        options.seed,
        options.profile,
        report.released,
        report.score().total()
    );
    println!(
        "{}",
        markdown(
            &["action", "category", "passed", "failed", "%"],
            &report.published_rows()
        )
    );
    println!(
        "{}",
        markdown(
            &["stricter check", "passed", "failed", "%"],
            &report.strict_rows()
        )
    );
    let withheld: Vec<Vec<String>> = report
        .withheld
        .iter()
        .map(|(reason, count)| vec![reason.clone(), count.to_string()])
        .collect();
    println!("{}", markdown(&["withheld", "objects"], &withheld));
    if !report.failures.is_empty() {
        println!("Places that failed most:\n\n{}", report.worst(40));
    }
}
