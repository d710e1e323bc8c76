//! `leadglass bundle`: the evidence of an instance or a study in one file.

use crate::cli::Common;
use crate::gateway::Gateway;
use crate::output;
use anyhow::{Context as _, Result, bail};
use model::Uid;
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;
use verify::Candidate;

pub(crate) async fn run(common: &Common, what: &str, out: &Path) -> Result<ExitCode> {
    let gateway = Gateway::existing(&common.data).await?;
    let file = Path::new(what);
    let uid = if file.is_file() {
        let candidate = Candidate::file(file)?;
        candidate
            .sop_instance_uid()
            .cloned()
            .context("the file has no SOP Instance UID")?
    } else {
        Uid::new(what).with_context(|| format!("{what} is neither a file nor a UID"))?
    };
    let bundle = match gateway.store.instance(&uid).await? {
        Some(instance) => verify::bundle_instance(&gateway.store, &instance).await?,
        None if gateway.store.study_revision(&uid).await?.is_some() => {
            let (clock, random) = (gateway.clock.as_ref(), gateway.random.as_ref());
            verify::bundle_study(&gateway.store, &uid, &gateway.key, clock, random).await?
        }
        None => bail!("no sealed instance or study has the UID {uid}"),
    };
    let bytes = bundle.encode();
    std::fs::write(out, &bytes).with_context(|| format!("cannot write {}", out.display()))?;
    if common.json {
        output::json(&json!({"out": out, "bytes": bytes.len(), "instances": bundle.instances.len()}))?;
    }
    gateway.close().await;
    Ok(ExitCode::SUCCESS)
}
