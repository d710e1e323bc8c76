//! Studies as a whole: their manifests, and what is missing from a copy.

use crate::{Error, Report};
use model::{Clock, Timestamp, Uid};
use seal::{Manifest, ManifestEntry, SealKey, StudyContent, Verdict};
use serde::Serialize;
use std::path::PathBuf;
use store::{NewManifest, OpenStudy, Random, Recording, Store};
use tlog::{Entry, Kind};

/// The verdict on a folder that holds a study, in the form of `verify --json`.
#[derive(Clone, Debug, Serialize)]
pub struct StudyReport {
    /// The verdict on the whole: the worst of its files, `incomplete`, or `authentic`.
    #[serde(flatten)]
    pub whole: Report,
    /// Study Instance UID.
    pub study_instance_uid: Option<String>,
    /// The verdict on each file.
    pub files: Vec<FileReport>,
}

/// The verdict on one file of a study.
#[derive(Clone, Debug, Serialize)]
pub struct FileReport {
    /// The file.
    pub file: PathBuf,
    /// The verdict.
    #[serde(flatten)]
    pub report: Report,
}

impl StudyReport {
    /// Brings the reports on a study's files together with what `expected` says should be there.
    pub fn new(study: Option<&Uid>, files: Vec<FileReport>, expected: &[Uid]) -> Self {
        let here = |uid: &Uid| {
            files
                .iter()
                .any(|file| file.report.sop_instance_uid.as_deref() == Some(uid.as_str()))
        };
        let missing: Vec<String> = expected
            .iter()
            .filter(|uid| !here(uid))
            .map(|uid| uid.as_str().to_owned())
            .collect();
        let severity = |verdict: Verdict| match verdict {
            Verdict::Authentic => 0,
            Verdict::AuthenticAmended => 1,
            Verdict::Derived => 2,
            Verdict::Incomplete => 3,
            Verdict::Unproven => 4,
            Verdict::Unsealed => 5,
            Verdict::Stripped => 6,
            Verdict::Revoked => 7,
            Verdict::DisplayAltered => 8,
            Verdict::AttributesAltered => 9,
            Verdict::PixelsAltered => 10,
        };
        let worst = files
            .iter()
            .map(|file| &file.report)
            .max_by_key(|report| severity(report.verdict));
        let mut whole = match worst {
            Some(worst) if missing.is_empty() || severity(worst.verdict) > severity(Verdict::Incomplete) => {
                worst.clone()
            }
            Some(worst) => Report {
                verdict: Verdict::Incomplete,
                reason: None,
                ..worst.clone()
            },
            None => Report::new(Verdict::Unsealed, Some("no DICOM file in the folder")),
        };
        whole.missing = missing;
        whole.sop_instance_uid = None;
        Self {
            whole,
            study_instance_uid: study.map(|uid| uid.as_str().to_owned()),
            files,
        }
    }
}

/// The manifest of a study with its log index; a new one, when something was added since the last.
///
/// # Errors
/// When there is no such study, or the store fails.
pub async fn close_study(
    store: &Store,
    study: &Uid,
    key: &SealKey,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<(Manifest, u64), Error> {
    let not_found = || Error::NotFound(study.as_str().to_owned());
    // Whoever adds to the study meanwhile makes the attempt void: then it is made again.
    for _ in 0..16 {
        let last = store.manifest_of(study).await?;
        if let Some(last) = last.as_ref().filter(|last| last.current) {
            return Ok((Manifest::decode(&last.record.record)?, last.record.log_index));
        }
        let revision = store.study_revision(study).await?.ok_or_else(not_found)?;
        let instances = store.instances_of_study(study).await?;
        let entry = |instance: &store::Instance| ManifestEntry {
            series_instance_uid: instance.series_instance_uid.clone(),
            sop_instance_uid: instance.sop_instance_uid.clone(),
            seal: instance.statement_digest.0,
        };
        let now = clock.now();
        let content = StudyContent {
            study_instance_uid: study.clone(),
            version: revision.try_into().unwrap_or(u32::MAX),
            closed_at: now,
            instances: instances.iter().map(entry).collect(),
        };
        let mut salt = [0; 32];
        random.fill(&mut salt)?;
        let manifest = Manifest::new(content, salt, key);
        let new = NewManifest {
            study_instance_uid: study.clone(),
            revision,
            record: manifest.encode(),
            made_at: now,
            entry: Entry {
                kind: Kind::Manifest,
                time_s: now.seconds() as u64,
                commitment: manifest.commitment(),
            },
        };
        match store.close_study(new).await? {
            Recording::Recorded { log_index } => return Ok((manifest, log_index)),
            Recording::NotFound => return Err(not_found()),
            Recording::Superseded => {}
        }
    }
    Err(store::Error::Closed.into())
}

/// Closes every study to which nothing was added since `quiet_before`; gives how many.
///
/// # Errors
/// When the store fails.
pub async fn close_quiet_studies(
    store: &Store,
    quiet_before: Timestamp,
    key: &SealKey,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<usize, Error> {
    let open: Vec<OpenStudy> = store.open_studies(quiet_before).await?;
    for study in &open {
        close_study(store, &study.study_instance_uid, key, clock, random).await?;
    }
    Ok(open.len())
}
