//! `leadglass admin`: decisions that a person takes.

use crate::cli::{Admin, Common, Quarantine};
use crate::commands::deid::reidentify;
use crate::commands::office;
use crate::gateway::Gateway;
use crate::output;
use anyhow::{Context as _, Result};
use intake::Decided;
use model::Uid;
use serde_json::json;
use std::process::ExitCode;
use store::{QuarantineId, Quarantined};

const OPERATOR: &str = "operator";

pub(crate) async fn run(common: &Common, command: Admin) -> Result<ExitCode> {
    let gateway = Gateway::existing(&common.data).await?;
    let done = match command {
        Admin::Office(command) => office::run(common, &gateway, command).await,
        Admin::Quarantine { command } => quarantine(common, &gateway, command).await,
        Admin::Reidentify {
            pseudonym,
            key,
            reason,
        } => reidentify::run(common, &gateway, &pseudonym, key.as_deref(), &reason).await,
        Admin::Withdraw { uid, reason } => {
            let uid = Uid::new(&uid).with_context(|| format!("{uid} is no UID"))?;
            let log_index = gateway.intake.withdraw(&uid, &reason).await?;
            print(
                common,
                &json!({"withdrawn": uid.as_str(), "log_index": log_index}),
            )
        }
    };
    gateway.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

/// Prints a document: as JSON, or its fields a line each.
pub(super) fn print(common: &Common, document: &serde_json::Value) -> Result<()> {
    if common.json {
        return output::json(document);
    }
    for (name, value) in document.as_object().into_iter().flatten() {
        output::line(format!(
            "{name}: {}",
            value.as_str().map_or_else(|| value.to_string(), str::to_owned)
        ));
    }
    Ok(())
}

fn entry(object: &Quarantined) -> serde_json::Value {
    json!({
        "id": object.id.to_string(),
        "reason": object.reason,
        "detail": object.detail,
        "sop_instance_uid": object.sop_instance_uid.as_ref().map(Uid::as_str),
        "received_at": object.received_at.to_string(),
        "source": object.source,
        "log_index": object.log_index,
        "decision": object.decision.as_ref().map(|(decision, _)| decision.as_str()),
        "decided_by": object.decision.as_ref().map(|(_, by)| by),
    })
}

async fn quarantine(common: &Common, gateway: &Gateway, command: Quarantine) -> Result<()> {
    let id_of = |id: String| {
        id.parse::<QuarantineId>()
            .with_context(|| format!("{id}: list the ids with quarantine list"))
    };
    let decided = match command {
        Quarantine::List { all } => {
            for object in gateway.store.quarantine_list(!all).await? {
                if common.json {
                    output::json(&entry(&object))?;
                } else {
                    output::line(format!(
                        "{}  {}  {}",
                        object.id, object.received_at, object.detail
                    ));
                }
            }
            return Ok(());
        }
        Quarantine::Show { id } => {
            let id = id_of(id)?;
            let object = gateway
                .store
                .quarantined(&id)
                .await?
                .context("nothing is in quarantine under this id")?;
            let attributes = gateway.store.quarantined_attributes(&object).await?;
            let mut shown = entry(&object);
            let parsed = serde_json::from_str(attributes.reveal()).unwrap_or_default();
            if let Some(map) = shown.as_object_mut() {
                map.insert("attributes".into(), parsed);
            }
            return print(common, &shown);
        }
        Quarantine::Accept { id, reason } => {
            gateway
                .intake
                .accept_as_amendment(id_of(id)?, &reason, OPERATOR)
                .await?
        }
        Quarantine::Discard { id } => gateway.intake.discard(id_of(id)?, OPERATOR).await?,
    };
    match decided {
        Decided::Amended { log_index } => {
            print(common, &json!({"decision": "accepted", "log_index": log_index}))
        }
        Decided::Discarded { log_index } => {
            print(common, &json!({"decision": "discarded", "log_index": log_index}))
        }
    }
}
