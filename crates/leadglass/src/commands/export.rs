//! `leadglass export`: an accounted read to disk.

use crate::cli::Common;
use crate::gateway::Gateway;
use crate::output;
use anyhow::{Context as _, Result, bail};
use model::Uid;
use retrieve::{Readable, Reader, Target};
use serde_json::json;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) async fn run(common: &Common, uid: &str, out: &Path) -> Result<ExitCode> {
    let uid = Uid::new(uid).with_context(|| format!("{uid} is no UID"))?;
    let gateway = Gateway::existing(&common.data).await?;
    let reader = Reader {
        who: "operator".into(),
        via: "export",
        purpose: "inside".into(),
    };
    let targets = [
        Target::Instance {
            study: None,
            series: None,
            instance: uid.clone(),
        },
        Target::Series {
            study: None,
            series: uid.clone(),
        },
        Target::Study(uid.clone()),
    ];
    let mut written = Vec::new();
    for target in targets {
        let Ok(found) = gateway.retrieve.find(&target).await else {
            continue;
        };
        if found.instances().is_empty() {
            continue;
        }
        let single = matches!(target, Target::Instance { .. });
        for readable in gateway.retrieve.open(&reader, found).await? {
            let name = format!("{}.dcm", readable.instance().sop_instance_uid);
            let path = if single && !out.is_dir() {
                out.to_owned()
            } else {
                out.join(name)
            };
            write(&readable, &path).await?;
            written.push(path);
        }
        break;
    }
    gateway.close().await;
    if written.is_empty() {
        bail!("no sealed instance, series or study has the UID {uid}");
    }
    if common.json {
        output::json(&json!({ "files": written }))?;
    } else {
        output::line(format!("{} files written", written.len()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Whole or not at all.
async fn write(readable: &Readable, path: &PathBuf) -> Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(cannot)?;
    }
    let beside = path.with_extension(format!("{}.part", std::process::id()));
    let mut file = File::create(&beside).with_context(cannot)?;
    let mut bytes = readable.bytes().await?;
    let copied = file
        .write_all(&readable.file_head())
        .and_then(|()| std::io::copy(&mut bytes, &mut file))
        .and_then(|_| file.sync_all())
        .and_then(|()| fs::rename(&beside, path));
    if copied.is_err() {
        let _ = fs::remove_file(&beside);
    }
    copied.with_context(cannot)
}
