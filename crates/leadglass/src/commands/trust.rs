//! `leadglass trust`: what others need to believe this archive's seals.

use crate::cli::Common;
use crate::gateway::Gateway;
use crate::output;
use anyhow::Result;
use std::path::Path;
use std::process::ExitCode;

pub(crate) async fn run(common: &Common, out: &Path) -> Result<ExitCode> {
    let gateway = Gateway::existing(&common.data).await?;
    let trust = verify::export_trust(&gateway.store, &gateway.key).await?;
    trust.save(out)?;
    if common.json {
        output::json(&trust)?;
    }
    gateway.close().await;
    Ok(ExitCode::SUCCESS)
}
