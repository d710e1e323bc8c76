//! A stay of the patient's right to know.

use super::{Desk, patient};
use crate::cli::{Moment, Whose};
use anyhow::{Result, ensure};
use disclosure::{ORAL_DAYS, Suspension};
use model::RecipientId;
use serde_json::json;
use store::SuspensionRow;

pub(super) async fn run(
    desk: &Desk<'_>,
    whose: &Whose,
    recipient: &RecipientId,
    agency: String,
    until: Moment,
    written: bool,
) -> Result<()> {
    let store = &desk.gateway.store;
    ensure!(!agency.trim().is_empty(), "say who asks: --agency is empty");
    let patient = patient::known(store, &whose.id, whose.issuer.as_deref()).await?;
    let now = desk.now();
    let suspension = Suspension {
        agency,
        since: now,
        until: until.over(),
        written,
    };
    ensure!(
        suspension.is_active(now),
        "--until lies in the past: the suspension would never hold"
    );
    for &row in &patient.rows {
        let kept = SuspensionRow {
            recipient: recipient.as_str().to_owned(),
            agency: suspension.agency.clone(),
            written,
            made_at: now,
            until: suspension.until,
        };
        store.suspend_accounting(row, kept).await?;
    }
    if suspension.ends() < suspension.until {
        crate::output::note(format!(
            "what is only said holds {ORAL_DAYS} days: ask for it in writing"
        ));
    }
    desk.answer(
        &json!({"recipient": recipient, "agency": suspension.agency, "written": written,
        "ends": suspension.ends()}),
    )
}
