//! Releases, as they stand.

use super::Desk;
use crate::cli::ReleaseOf;
use anyhow::{Result, bail, ensure};
use serde_json::json;
use store::{ReleaseId, ReleaseState};

pub(super) async fn list(desk: &Desk<'_>, state: Option<ReleaseState>, limit: u32) -> Result<()> {
    let store = &desk.gateway.store;
    for release in store.releases(state, limit).await? {
        let counts = store.attempt_counts(release.id).await?;
        let document = json!({"release": release.id.number(), "state": release.state.as_str(),
            "reason": release.reason, "study": release.study.as_str(), "recipient": release.recipient,
            "purpose": release.purpose, "profile": release.profile, "origin": release.origin,
            "ordered_by": release.ordered_by, "at": release.made_at, "changed_at": release.changed_at,
            "attempts": release.attempts, "instances": counts.asked, "sent": counts.sent,
            "unknown": counts.unknown + counts.intended, "log_index": release.log_index});
        let why = release
            .reason
            .as_ref()
            .map_or_else(String::new, |why| format!(" ({why})"));
        let words = format!(
            "{}  {}  study {} to {} for {}: {}, {} of {} sent{why}",
            release.id,
            release.made_at,
            release.study,
            release.recipient,
            release.purpose,
            release.state,
            counts.sent,
            counts.asked
        );
        desk.item(&document, words)?;
    }
    Ok(())
}

pub(super) async fn run(desk: &Desk<'_>, command: ReleaseOf) -> Result<()> {
    let store = &desk.gateway.store;
    match command {
        ReleaseOf::Cancel { number, reason } => {
            ensure!(!reason.trim().is_empty(), "say why: --reason is empty");
            let id = ReleaseId::from_number(number);
            if !store.cancel_release(id, reason, desk.now()).await? {
                match store.release(id).await? {
                    Some(release) => bail!("release {number} is over: {}", release.state),
                    None => bail!("there is no release {number}: see admin releases"),
                }
            }
            desk.answer(&json!({"release": number, "cancelled": true}))
        }
    }
}
