//! What somebody must be told.

use super::Desk;
use crate::cli::Audience;
use anyhow::Result;
use serde_json::json;

pub(super) async fn run(desk: &Desk<'_>, audience: Audience, all: bool, told: bool) -> Result<()> {
    let store = &desk.gateway.store;
    let name = match audience {
        Audience::Officer => "officer",
        Audience::Patient => "patient",
    };
    let notices = store.notices(name, !all).await?;
    let now = desk.now();
    let mut open = Vec::new();
    for notice in &notices {
        let told_at = notice.told_at.or(told.then_some(now));
        if notice.told_at.is_none() {
            open.push(notice.number);
        }
        let late = told_at.is_none() && notice.due_at < now;
        let state = match told_at {
            Some(at) => format!("told {at}"),
            None if late => format!("late: was due {}", notice.due_at),
            None => format!("due {}", notice.due_at),
        };
        let words = format!(
            "{}  {}  {}: {}  {state}",
            notice.number, notice.made_at, notice.kind, notice.about
        );
        let document = json!({"number": notice.number, "audience": notice.audience, "kind": notice.kind,
            "about": notice.about, "at": notice.made_at, "due": notice.due_at, "told_at": told_at, "late": late});
        desk.item(&document, words)?;
    }
    if told && !open.is_empty() {
        store.tell_notices(open, now).await?;
    }
    Ok(())
}
