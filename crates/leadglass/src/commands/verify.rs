//! `leadglass verify`: is this the scan that was sealed?

use crate::cli::Common;
use crate::gateway::{self, Gateway};
use crate::output;
use anyhow::{Context as _, Result};
use model::{Door, Source, Uid};
use seal::{Bundle, Verdict};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verify::{Candidate, Report, StudyReport, Trust, Verifier};

pub(crate) async fn run(
    common: &Common,
    what: &str,
    bundle: Option<&Path>,
    trust_file: Option<&Path>,
    map: Option<&Path>,
) -> Result<ExitCode> {
    let trust = trust_file.map(Trust::load).transpose()?;
    let here = common.data.join("index.sqlite").is_file();
    // With a bundle and a trust file nothing else is needed, and nothing else is looked at.
    let offline = bundle.is_some() && trust.is_some();
    let gateway = if here && !offline {
        Some(Gateway::existing(&common.data).await?)
    } else {
        None
    };
    let bundle = match bundle {
        None => None,
        Some(file) => {
            let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            match Bundle::decode(&bytes) {
                Ok(bundle) => Some(bundle),
                Err(_) => return unreadable_bundle(common),
            }
        }
    };
    let mut verifier = match (&gateway, trust) {
        (Some(gateway), trust) => gateway.verifier(trust)?,
        (None, Some(trust)) => Verifier::offline(trust, gateway::decoder()?),
        (None, None) if bundle.is_some() => {
            let report = Report::new(Verdict::Unproven, Some("no-trust"));
            return finish_one(
                common,
                &report,
                "give the trust file of the gateway that sealed it with --trust",
            );
        }
        (None, None) => {
            let report = Report::new(Verdict::Unsealed, Some("no-archive"));
            return finish_one(
                common,
                &report,
                "there is no archive here: give its folder with --data",
            );
        }
    };

    let path = Path::new(what);
    let code = if path.is_dir() {
        folder(common, &mut verifier, path, bundle.as_ref()).await?
    } else {
        let candidates = match (&gateway, path.is_file()) {
            (_, true) => vec![Candidate::file(path).with_context(|| path.display().to_string())?],
            (Some(gateway), false) => stored(gateway, what).await?,
            (None, false) => {
                anyhow::bail!("{what} is no file, and UIDs need an archive: give its folder with --data")
            }
        };
        match candidates.as_slice() {
            [one] => single(common, &mut verifier, one, bundle.as_ref(), map).await?,
            _ => {
                let many = candidates
                    .into_iter()
                    .map(|candidate| (PathBuf::from(what), candidate))
                    .collect();
                studies(common, &mut verifier, many, bundle.as_ref()).await?
            }
        }
    };
    if let (Some(file), Some(newer)) = (trust_file, verifier.advanced_trust())
        && let Err(error) = newer.save(file)
    {
        output::note(format!("the trust file was not moved forward: {error}"));
    }
    if let Some(gateway) = gateway {
        gateway.close().await;
    }
    Ok(code)
}

/// Objects of the archive, verified from their own bytes.
async fn stored(gateway: &Gateway, what: &str) -> Result<Vec<Candidate>> {
    let uid = Uid::new(what).with_context(|| format!("{what} is no file, no folder and no UID"))?;
    let instances = match gateway.store.instance(&uid).await? {
        Some(instance) => vec![instance],
        None => gateway.store.instances_of_study(&uid).await?,
    };
    let mut candidates = Vec::new();
    for instance in &instances {
        candidates.push(Candidate::stored(&gateway.store, instance).await?);
    }
    if candidates.is_empty() {
        if gateway.store.derived_seal(&uid).await?.is_some() {
            anyhow::bail!("{uid} is a copy that was handed out and is not kept here: give its file");
        }
        anyhow::bail!("no sealed instance or study has the UID {uid}");
    }
    Ok(candidates)
}

async fn single(
    common: &Common,
    verifier: &mut Verifier,
    candidate: &Candidate,
    bundle: Option<&Bundle>,
    map: Option<&Path>,
) -> Result<ExitCode> {
    let report = verifier.verify(candidate, bundle).await?;
    if let Some(out) = map {
        let frame = report.regions.first().map_or(1, |region| region.frame);
        let (candidate, regions) = (candidate.clone(), report.regions.clone());
        let decoder = gateway::decoder()?;
        let drawn = tokio::task::spawn_blocking(move || {
            verify::render(&candidate, frame, &decoder)
                .and_then(|picture| verify::draw(picture, frame, &regions))
        });
        match drawn.await? {
            Ok(png) => std::fs::write(out, png).with_context(|| format!("cannot write {}", out.display()))?,
            Err(error) => output::note(format!("no map was drawn: {error}")),
        }
    }
    finish_one(common, &report, "")
}

async fn folder(
    common: &Common,
    verifier: &mut Verifier,
    folder: &Path,
    bundle: Option<&Bundle>,
) -> Result<ExitCode> {
    let mut files = Vec::new();
    for path in super::import::files_under(folder)? {
        match Candidate::file(&path) {
            Ok(candidate) => files.push((path, candidate)),
            Err(error) => output::note(format!("{}: left out: {error}", path.display())),
        }
    }
    studies(common, verifier, files, bundle).await
}

async fn studies(
    common: &Common,
    verifier: &mut Verifier,
    files: Vec<(PathBuf, Candidate)>,
    bundle: Option<&Bundle>,
) -> Result<ExitCode> {
    let mut reports = verifier.verify_studies(files, bundle).await?;
    if reports.is_empty() {
        reports.push(StudyReport::new(None, Vec::new(), &[]));
    }
    let mut code = 0;
    for study in &reports {
        code = code.max(study.whole.verdict.exit_code());
        if common.json {
            output::json(study)?;
        } else {
            let name = study.study_instance_uid.as_deref().unwrap_or("no study");
            output::line(format!(
                "{}  study {name}, {} files",
                study.whole.verdict.as_str(),
                study.files.len()
            ));
            for file in study
                .files
                .iter()
                .filter(|file| !matches!(file.report.verdict, Verdict::Authentic | Verdict::Derived))
            {
                output::line(format!(
                    "  {}  {}",
                    file.report.verdict.as_str(),
                    file.file.display()
                ));
            }
            for uid in &study.whole.missing {
                output::line(format!("  missing  {uid}"));
            }
        }
    }
    Ok(ExitCode::from(code))
}

fn unreadable_bundle(common: &Common) -> Result<ExitCode> {
    let report = Report::new(Verdict::Unproven, Some("bundle-unreadable"));
    finish_one(
        common,
        &report,
        "the bundle is damaged or is none: ask for it again",
    )
}

fn finish_one(common: &Common, report: &Report, advice: &str) -> Result<ExitCode> {
    if common.json {
        output::json(report)?;
    } else {
        let reason = report
            .reason
            .as_ref()
            .map_or_else(String::new, |reason| format!(" ({reason})"));
        output::line(format!("{}{reason}", report.verdict.as_str()));
        if report.verdict == Verdict::Derived {
            output::line("a copy that the gateway made of a sealed scan; unchanged since it was handed out");
        }
        if let (Some(at), Some(source)) = (&report.sealed_at, &report.source) {
            output::line(sealed(at, source));
        }
        if let Some(log) = &report.log {
            output::line(format!("log {} entry {} of {}", log.origin, log.index, log.size));
        }
        for region in &report.regions {
            let seal::px1::Region { frame, x, y, w, h } = region;
            output::line(format!("altered: frame {frame}, {w} x {h} pixels at ({x}, {y})"));
        }
        for change in &report.changed {
            output::line(format!("{}: {} ({})", change.change, change.tag, change.group));
        }
        for amendment in &report.amendments {
            output::line(format!("amended {}: {}", amendment.at, amendment.reason));
        }
        if !advice.is_empty() {
            output::line(advice);
        }
    }
    Ok(ExitCode::from(report.verdict.exit_code()))
}

/// When it was sealed, and how it had come.
fn sealed(at: &str, source: &Source) -> String {
    if source.door == Door::Release {
        return format!("sealed {at}, when this copy of a sealed scan was made to be handed out");
    }
    let ae = source
        .ae
        .as_ref()
        .map_or_else(String::new, |ae| format!(" from {ae}"));
    let proved = if source.authenticated {
        "proved"
    } else {
        "not proved"
    };
    format!("sealed {at}, arrived by {}{ae}, sender {proved}", source.door)
}
