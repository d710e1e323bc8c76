//! Emergency access, and its review.

use super::Desk;
use crate::cli::BreakGlass as Command;
use anyhow::{Result, bail, ensure};
use serde_json::json;

pub(super) async fn run(desk: &Desk<'_>, command: Command) -> Result<()> {
    let store = &desk.gateway.store;
    match command {
        Command::List { all } => {
            for used in store.break_glass_list(!all).await? {
                let reason = store.break_glass_reason(&used).await?;
                let review = used
                    .review
                    .as_ref()
                    .map(|(by, at, finding)| json!({"by": by, "at": at, "finding": finding}));
                let open = if review.is_none() { "open" } else { "reviewed" };
                let words = format!(
                    "{}  {}  {}  study {}  {open}: {}",
                    used.number,
                    used.made_at,
                    used.staff,
                    used.study,
                    reason.reveal()
                );
                let document = json!({"number": used.number, "staff": used.staff, "study": used.study.as_str(),
                    "at": used.made_at, "reason": reason.reveal(), "review": review});
                desk.item(&document, words)?;
            }
            Ok(())
        }
        Command::Review { number, finding, by } => {
            ensure!(
                !finding.trim().is_empty(),
                "say what was found: --finding is empty"
            );
            if !store
                .review_break_glass(number, &by, &finding, desk.now())
                .await?
            {
                bail!(
                    "no use of break-glass with the number {number} waits for review: see admin break-glass list"
                );
            }
            desk.answer(&json!({"number": number, "reviewed": true, "by": by}))
        }
    }
}
