//! `leadglass fsck`: everything that is kept against everything else.

use crate::cli::Common;
use crate::gateway::Gateway;
use crate::output;
use anyhow::Result;
use std::process::ExitCode;
use store::FsckOptions;

pub(crate) async fn run(common: &Common, remove_orphans: bool) -> Result<ExitCode> {
    let gateway = Gateway::existing(&common.data).await?;
    let report = gateway.store.fsck(FsckOptions { remove_orphans }).await?;
    let sound = report.is_sound();
    if common.json {
        output::json(&report)?;
    } else {
        output::line(format!(
            "{} instances, {} blobs, {} log entries",
            report.instances, report.blobs, report.log.size
        ));
        if !report.orphans.is_empty() {
            output::line(format!(
                "{} orphaned blobs, {} removed",
                report.orphans.len(),
                report.removed
            ));
        }
        for problem in report.problems.iter().chain(&report.log.problems) {
            output::line(format!("problem: {problem}"));
        }
        output::line(if sound { "sound" } else { "not sound" });
    }
    gateway.close().await;
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
