//! Who may break the glass, and who reviews it.

use super::Desk;
use crate::cli::{Role, Staff as Command};
use anyhow::{Result, bail, ensure};
use serde_json::json;

pub(super) async fn run(desk: &Desk<'_>, command: Command) -> Result<()> {
    let store = &desk.gateway.store;
    match command {
        Command::Set { name, role } => {
            ensure!(!name.trim().is_empty(), "the name is empty: give an account name");
            let role = match role {
                Role::Clinician => "clinician",
                Role::Officer => "officer",
            };
            store.set_staff(&name, Some(role), desk.now()).await?;
            desk.answer(&json!({"staff": name, "role": role}))
        }
        Command::List => {
            for (name, role) in store.staff().await? {
                desk.item(&json!({"staff": name, "role": role}), format!("{name}  {role}"))?;
            }
            Ok(())
        }
        Command::Remove { name } => {
            if !store.set_staff(&name, None, desk.now()).await? {
                bail!("nobody of the name {name} is on the list: see admin staff list");
            }
            desk.answer(&json!({"staff": name, "removed": true}))
        }
    }
}
