//! `leadglass bundle`: the evidence of an instance, a study or a released copy in one file.

use crate::cli::Common;
use crate::gateway::Gateway;
use crate::output;
use anyhow::{Context as _, Result};
use model::Uid;
use seal::{Bundle, Verdict};
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;
use verify::Candidate;

pub(crate) async fn run(common: &Common, what: &str, out: &Path) -> Result<ExitCode> {
    let gateway = Gateway::existing(&common.data).await?;
    let file = Path::new(what);
    let bundle = if file.is_file() {
        of_file(&gateway, file).await?
    } else {
        let uid = Uid::new(what).with_context(|| format!("{what} is neither a file nor a UID"))?;
        of_uid(&gateway, &uid).await?
    };
    let bytes = bundle.encode();
    std::fs::write(out, &bytes).with_context(|| format!("cannot write {}", out.display()))?;
    if common.json {
        output::json(&json!({"out": out, "bytes": bytes.len(), "instances": bundle.instances.len()}))?;
    }
    gateway.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Where a copy kept its UIDs, only the file itself tells copy from original. The original's evidence must not go out with
/// a copy.
async fn of_file(gateway: &Gateway, file: &Path) -> Result<Bundle> {
    let candidate = Candidate::file(file)?;
    let uid = candidate
        .sop_instance_uid()
        .cloned()
        .context("the file has no SOP Instance UID")?;
    let report = gateway.verifier(None)?.verify(&candidate, None).await?;
    if report.verdict == Verdict::Derived
        && let Some(bundle) = verify::bundle_copy(&gateway.store, &uid).await?
    {
        return Ok(bundle);
    }
    of_uid(gateway, &uid).await
}

async fn of_uid(gateway: &Gateway, uid: &Uid) -> Result<Bundle> {
    let store = &gateway.store;
    if let Some(instance) = store.instance(uid).await? {
        return Ok(verify::bundle_instance(store, &instance).await?);
    }
    if store.study_revision(uid).await?.is_some() {
        let (clock, random) = (gateway.clock.as_ref(), gateway.random.as_ref());
        return Ok(verify::bundle_study(store, uid, &gateway.key, clock, random).await?);
    }
    verify::bundle_copy(store, uid)
        .await?
        .with_context(|| format!("no sealed instance, study or released copy has the UID {uid}"))
}
