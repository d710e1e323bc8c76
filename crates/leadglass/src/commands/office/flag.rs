//! Scans that are called wrong.

use super::Desk;
use anyhow::{Result, bail, ensure};
use serde_json::json;

pub(super) async fn set(desk: &Desk<'_>, study: &str, reason: String, by: String) -> Result<()> {
    ensure!(!reason.trim().is_empty(), "say why: --reason is empty");
    let study = super::uid(study)?;
    let flagged = desk
        .gateway
        .store
        .flag_study(study.clone(), reason, by, desk.now())
        .await?;
    let Some(effect) = flagged else {
        bail!("no study has the UID {study}");
    };
    let stopped: Vec<i64> = effect.stopped.iter().map(|release| release.number()).collect();
    desk.answer(
        &json!({"study": study.as_str(), "flagged": true, "log_index": effect.log_index, "stopped": stopped}),
    )
}

pub(super) async fn clear(desk: &Desk<'_>, study: &str, by: String) -> Result<()> {
    let study = super::uid(study)?;
    let cleared = desk
        .gateway
        .store
        .clear_flags(study.clone(), by, desk.now())
        .await?;
    if cleared == 0 {
        bail!("no flag stands on a study with the UID {study}");
    }
    desk.answer(&json!({"study": study.as_str(), "flagged": false, "cleared": cleared}))
}
