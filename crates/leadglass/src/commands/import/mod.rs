//! `leadglass import`: files, folders, zip archives and DICOMDIRs into the intake.

mod dicomdir;
mod sources;

use sources::{Item, items};
pub(crate) use sources::{all_files_under, files_under, is_dicomdir};

use crate::cli::Common;
use crate::gateway::Gateway;
use crate::output;
use anyhow::Result;
use intake::{Arrival, Form, Intake, Reason, Receipt, Status};
use model::{Door, Source, Uid};
use serde_json::json;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Objects under way at a time: enough to share each sync, few enough to stay small.
const UNDER_WAY: usize = 16;
const CHUNK: usize = 256 << 10;

#[derive(Default)]
struct Tally {
    sealed: u64,
    duplicate: u64,
    others: u64,
}

pub(crate) async fn run(common: &Common, paths: &[PathBuf]) -> Result<ExitCode> {
    for path in paths {
        anyhow::ensure!(path.exists(), "{} is not there", path.display());
    }
    let gateway = Gateway::open(&common.data, crate::config::Config::default().intake.max_object).await?;
    gateway.move_trust_forward().await?;
    let items = items(paths)?;
    let bar = output::progress(items.len() as u64);
    let mut tally = Tally::default();
    let slots = Arc::new(Semaphore::new(UNDER_WAY));
    let mut under_way = JoinSet::new();
    let mut print = |name: String, receipt: Receipt| -> Result<()> {
        bar.inc(1);
        match receipt.status {
            Status::Sealed => tally.sealed += 1,
            Status::Duplicate => tally.duplicate += 1,
            _ => tally.others += 1,
        }
        report(common, &name, &receipt)
    };
    for item in items {
        while let Some(done) = under_way.try_join_next() {
            let (name, receipt) = done?;
            print(name, receipt)?;
        }
        match item {
            Item::File(path) => {
                let slot = Arc::clone(&slots).acquire_owned().await?;
                let intake = gateway.intake.clone();
                under_way.spawn(async move {
                    let receipt = match File::open(&path) {
                        Ok(file) => take(&intake, file).await,
                        Err(error) => failed(&error),
                    };
                    drop(slot);
                    (path.display().to_string(), receipt)
                });
            }
            Item::Zip(path) => {
                // An archive is read by one reader, entry by entry.
                let mut archive = match File::open(&path)
                    .map_err(anyhow::Error::from)
                    .and_then(|file| Ok(zip::ZipArchive::new(file)?))
                {
                    Ok(archive) => archive,
                    Err(error) => {
                        print(
                            path.display().to_string(),
                            rejected(Reason::Malformed(format!("zip: {error}"))),
                        )?;
                        continue;
                    }
                };
                for index in 0..archive.len() {
                    let (name, receipt) = zip_entry(&gateway.intake, &mut archive, index).await;
                    if let Some(receipt) = receipt {
                        print(format!("{}!{name}", path.display()), receipt)?;
                    }
                }
            }
        }
    }
    while let Some(done) = under_way.join_next().await {
        let (name, receipt) = done?;
        print(name, receipt)?;
    }
    bar.finish_and_clear();
    gateway.catch_up(None).await?;
    gateway.move_trust_forward().await?;
    gateway.close().await;
    if !common.json {
        let Tally {
            sealed,
            duplicate,
            others,
        } = tally;
        output::line(format!(
            "{sealed} sealed, {duplicate} here already, {others} not taken"
        ));
    }
    Ok(if tally.others == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(output::PARTLY)
    })
}

fn report(common: &Common, file: &str, receipt: &Receipt) -> Result<()> {
    let reason = receipt.reason.as_ref().map(ToString::to_string);
    if common.json {
        return output::json(&json!({
            "file": file,
            "sop_instance_uid": receipt.sop_instance_uid.as_ref().map(Uid::as_str),
            "status": receipt.status.as_str(),
            "reason": reason,
            "log_index": receipt.log_index,
        }));
    }
    if let (false, Some(reason)) = (receipt.status.acknowledged(), reason) {
        output::line(format!("{}  {file}: {reason}", receipt.status.as_str()));
    }
    Ok(())
}

fn rejected(reason: Reason) -> Receipt {
    Receipt {
        sop_instance_uid: None,
        sop_class_uid: None,
        study_instance_uid: None,
        status: Status::Rejected,
        reason: Some(reason),
        log_index: None,
    }
}

fn failed(error: &std::io::Error) -> Receipt {
    rejected(Reason::Failed(format!("the file cannot be read: {error}")))
}

fn arrival() -> Arrival {
    Arrival {
        source: Source {
            door: Door::Import,
            ae: None,
            authenticated: false,
        },
        form: Form::Part10,
        announced: None,
        study_instance_uid: None,
    }
}

/// Reads an object and hands it over chunk by chunk.
async fn take(intake: &Intake, mut object: impl Read + Send + 'static) -> Receipt {
    let mut reception = match intake.begin(arrival()) {
        Ok(reception) => reception,
        Err(reason) => return rejected(reason),
    };
    let read = tokio::task::spawn_blocking(move || {
        let mut buffer = vec![0; CHUNK];
        loop {
            match object.read(&mut buffer) {
                Ok(0) => return Ok(reception),
                Ok(count) => {
                    if reception.write(buffer.get(..count).unwrap_or_default()).is_err() {
                        return Ok(reception);
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    });
    match read.await {
        Ok(Ok(reception)) => reception.finish().await,
        Ok(Err(error)) => failed(&error),
        Err(_) => rejected(Reason::Failed("reading the file failed".into())),
    }
}

/// One entry of a zip archive; no receipt for folders.
async fn zip_entry(
    intake: &Intake,
    archive: &mut zip::ZipArchive<File>,
    index: usize,
) -> (String, Option<Receipt>) {
    let mut entry = match archive.by_index(index) {
        Ok(entry) => entry,
        Err(error) => {
            return (
                format!("{index}"),
                Some(rejected(Reason::Malformed(format!("zip: {error}")))),
            );
        }
    };
    let name = entry
        .name()
        .map_or_else(|_| index.to_string(), std::borrow::Cow::into_owned);
    if entry.is_dir() || sources::is_dicomdir_name(&name) {
        return (name, None);
    }
    let mut reception = match intake.begin(arrival()) {
        Ok(reception) => reception,
        Err(reason) => return (name, Some(rejected(reason))),
    };
    let mut buffer = vec![0; CHUNK];
    let broken = loop {
        match entry.read(&mut buffer) {
            Ok(0) => break None,
            Ok(count) => {
                if reception.write(buffer.get(..count).unwrap_or_default()).is_err() {
                    break None;
                }
            }
            Err(error) => break Some(error),
        }
    };
    let receipt = match broken {
        Some(error) => failed(&error),
        None => reception.finish().await,
    };
    (name, Some(receipt))
}
