//! `leadglass deid`: files in, cleared copies out.

mod media;
mod place;
mod project;
pub(crate) mod reidentify;
mod stage;
mod work;

use crate::cli::{Common, Deid};
use crate::commands::import::{all_files_under, is_dicomdir};
use crate::output;
use anyhow::{Context as _, Result, bail, ensure};
use deid::{Profile, Replaced, profile};
use place::{Naming, Places};
pub(super) use project::write_private;
use serde::Serialize;
use stage::Stage;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use work::{Job, Worker};

/// What became of one file.
#[derive(Serialize)]
struct Line {
    #[serde(rename = "in")]
    input: String,
    out: Option<String>,
    status: &'static str,
    reason: Option<String>,
    options: Vec<&'static str>,
    /// Areas of the pixels that were treated; none yet.
    regions: [(); 0],
}

impl Line {
    /// Where its copy is, is known when all are done.
    fn cleared(input: &Path, options: Vec<&'static str>) -> Self {
        Self {
            input: input.display().to_string(),
            out: None,
            status: "cleared",
            reason: None,
            options,
            regions: [],
        }
    }

    fn quarantined(input: &Path, reason: String) -> Self {
        Self {
            input: input.display().to_string(),
            out: None,
            status: "quarantined",
            reason: Some(reason),
            options: Vec::new(),
            regions: [],
        }
    }
}

pub(crate) fn run(common: &Common, command: &Deid) -> Result<ExitCode> {
    let profile = profile(&command.profile)?;
    if let Some(attribute) = &command.explain {
        return explain(common, &profile, attribute);
    }
    let (Some(input), Some(out)) = (&command.input, &command.output) else {
        bail!("name what to de-identify and where to");
    };
    ensure!(input.exists(), "{} is not there", input.display());
    let key = project::key(command.key.as_deref(), &common.data)?;
    let files = if input.is_dir() {
        all_files_under(input)?
    } else {
        vec![input.clone()]
    };
    ensure!(!files.is_empty(), "there is no file in {}", input.display());
    let naming = naming(input, out, &files)?;
    let stage = Stage::open(naming.folder())?;
    if !matches!(naming, Naming::File(_)) {
        std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    }
    let places = Places::new(naming.clone());
    let job = Job {
        profile: &profile,
        key: &key,
        map: command.write_map,
        stage: &stage,
        places: &places,
    };
    let (mut lines, replaced) = treat(&job, &files, command.threads.map(std::num::NonZeroUsize::get));
    let paths = places.into_paths();
    for (index, line) in lines.iter_mut().enumerate() {
        line.out = paths.get(&index).map(|path| path.display().to_string());
    }
    let lines = media::finish(&naming, &stage, &files, lines)?;
    if command.write_map {
        write_map(naming.folder(), &replaced)?;
    }
    report(common, &lines)
}

/// All files, by all threads; the lines in the order of the files.
fn treat(job: &Job<'_>, files: &[PathBuf], threads: Option<usize>) -> (Vec<Line>, BTreeSet<Replaced>) {
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let bar = output::progress(files.len() as u64);
    let next = AtomicUsize::new(0);
    let results = Mutex::new((Vec::with_capacity(files.len()), BTreeSet::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads.min(files.len()).max(1) {
            scope.spawn(|| {
                let mut worker = Worker::new(job);
                while let Some((index, file)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    files.get(index).map(|file| (index, file))
                } {
                    let done = worker.treat(index, file);
                    bar.inc(1);
                    if let Ok(mut results) = results.lock() {
                        let (lines, replaced) = &mut *results;
                        lines.push((index, done.line));
                        replaced.extend(done.replaced);
                    }
                }
            });
        }
    });
    bar.finish_and_clear();
    let (mut lines, replaced) = results.into_inner().unwrap_or_default();
    lines.sort_by_key(|(index, _)| *index);
    (lines.into_iter().map(|(_, line)| line).collect(), replaced)
}

/// Where copies go and how they are named.
fn naming(input: &Path, out: &Path, files: &[PathBuf]) -> Result<Naming> {
    if input.is_file() && !out.is_dir() && !out.as_os_str().to_string_lossy().ends_with('/') {
        return Ok(Naming::File(out.to_owned()));
    }
    ensure!(
        !out.is_file(),
        "{} is a file; name a folder for the copies",
        out.display()
    );
    let within = |inner: &Path, outer: &Path| {
        let absolute =
            |path: &Path| std::path::absolute(path).map(|path| path.canonicalize().unwrap_or(path));
        matches!((absolute(inner), absolute(outer)), (Ok(inner), Ok(outer)) if inner.starts_with(&outer))
    };
    ensure!(
        input.is_file() || !within(out, input) && !within(input, out),
        "the copies must not lie among the originals: name an OUT outside of IN"
    );
    if files.iter().any(|file| is_dicomdir(file)) {
        return Ok(Naming::Media(out.to_owned()));
    }
    Ok(Naming::Folder(out.to_owned()))
}

fn profile(name: &str) -> Result<Profile> {
    if let Some(profile) = profile::builtin(name) {
        return Ok(profile?);
    }
    let path = Path::new(name);
    let known = profile::BUILTIN.map(|(name, _)| name).join(", ");
    ensure!(
        path.is_file(),
        "there is no profile {name:?}: take {known}, or the path of a profile file"
    );
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let stem = path
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    Profile::read(&stem, &text).with_context(|| name.to_owned())
}

fn explain(common: &Common, profile: &Profile, attribute: &str) -> Result<ExitCode> {
    let plain: String = attribute.chars().filter(char::is_ascii_alphanumeric).collect();
    let tag = if plain.len() == 8 {
        plain.parse().ok()
    } else {
        None
    };
    let Some(tag) = tag.or_else(|| dicom::tag_of(attribute)) else {
        bail!(
            "{attribute:?} is no attribute: write 8 hex digits or a keyword, such as 00081030 or StudyDescription"
        );
    };
    let explanation = profile::explain(profile, tag);
    if common.json {
        output::json(&explanation)?;
    } else {
        output::line(explanation.to_string());
    }
    Ok(ExitCode::SUCCESS)
}

fn write_map(folder: &Path, replaced: &BTreeSet<Replaced>) -> Result<()> {
    let path = place::beside(folder, "map.csv");
    let quoted = |text: &str| {
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let mut text = String::from("kind,id_old,id_new\n");
    for one in replaced {
        text.extend([one.kind.as_str(), ",", &quoted(&one.old), ",", &one.new, "\n"]);
    }
    write_private(&path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}

fn report(common: &Common, lines: &[Line]) -> Result<ExitCode> {
    let quarantined = lines.iter().filter(|line| line.status != "cleared").count();
    for line in lines {
        if common.json {
            output::json(line)?;
        } else if let Some(reason) = &line.reason {
            output::line(format!("quarantined  {}: {reason}", line.input));
        }
    }
    if !common.json {
        output::line(format!(
            "{} cleared, {quarantined} quarantined",
            lines.len() - quarantined
        ));
    }
    Ok(if quarantined == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(output::PARTLY)
    })
}
