//! This facility's settings.

use super::Desk;
use crate::cli::Facility as Command;
use crate::output;
use anyhow::{Context as _, Result, ensure};
use consent::{Facility, Policies};
use serde_json::json;

pub(super) async fn run(desk: &Desk<'_>, command: Command) -> Result<()> {
    let store = &desk.gateway.store;
    match command {
        Command::Show => {
            let facility = store.facility().await?;
            if desk.common.json {
                return output::json(&facility);
            }
            output::line(toml::to_string(&facility)?.trim_end());
            Ok(())
        }
        Command::Set { file } => {
            let facility: Facility = super::read(&file)?;
            ensure!(
                !facility.name.trim().is_empty(),
                "{}: name is empty: reports say who makes them",
                file.display()
            );
            Policies::new(&facility.site_policies).with_context(|| file.display().to_string())?;
            store.set_facility(&facility, desk.now()).await?;
            desk.answer(
                &json!({"facility": facility.name, "ai_analysis": facility.ai_analysis,
                "site_policies": !facility.site_policies.trim().is_empty()}),
            )
        }
    }
}
