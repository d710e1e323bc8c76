//! Who is behind a pseudonym? Only who holds the project's key can find out, and the log says that somebody did.

use super::project;
use crate::cli::Common;
use crate::gateway::Gateway;
use crate::output;
use anyhow::{Result, bail, ensure};
use deid::ProjectKey;
use model::Uid;
use retrieve::Reader;
use serde_json::{Value, json};
use std::path::Path;
use store::{InstanceQuery, PatientId, SeriesQuery, StudyQuery};

/// Whom a pseudonym stands for.
struct Found {
    kind: &'static str,
    old: String,
    patient: PatientId,
}

/// Looks through the archive for the patient, study, series or instance that `pseudonym` stands for; accounts for the
/// answer before it gives it.
pub(crate) async fn run(
    common: &Common,
    gateway: &Gateway,
    pseudonym: &str,
    key: Option<&Path>,
    reason: &str,
) -> Result<()> {
    ensure!(
        !reason.trim().is_empty(),
        "say why: the reason is kept with the account"
    );
    let key = project::existing_key(key, &common.data)?;
    let found = find(gateway, &key, pseudonym.trim()).await?;
    let Some(found) = found else {
        bail!("nothing in this archive has the pseudonym {pseudonym} under this key");
    };
    let reader = Reader {
        who: "operator".into(),
        via: "reidentify",
        purpose: reason.to_owned(),
    };
    gateway.retrieve.account_search(&reader, &[found.patient]).await?;
    if common.json {
        output::json(&json!({"kind": found.kind, "id_old": found.old, "id_new": pseudonym}))?;
    } else {
        output::line(format!("{} {}", found.kind, found.old));
    }
    Ok(())
}

async fn find(gateway: &Gateway, key: &ProjectKey, pseudonym: &str) -> Result<Option<Found>> {
    let is = |uid: &Uid| key.uid(uid) == pseudonym;
    let found = |kind, old: &str, patient| {
        let old = old.to_owned();
        Ok(Some(Found { kind, old, patient }))
    };
    for study in gateway.store.find_studies(&StudyQuery::default()).await? {
        let attributes: Value = serde_json::from_str(study.patient_attributes.reveal()).unwrap_or_default();
        let id = attributes.pointer("/00100020/Value/0").and_then(Value::as_str);
        if let Some(id) = id.filter(|id| key.patient(id) == pseudonym) {
            return found("patient_id", id, study.patient);
        }
        if is(&study.study_instance_uid) {
            return found("study", study.study_instance_uid.as_str(), study.patient);
        }
    }
    for series in gateway.store.find_series(&SeriesQuery::default()).await? {
        if is(&series.series_instance_uid) {
            return found("series", series.series_instance_uid.as_str(), series.patient);
        }
    }
    for instance in gateway.store.find_instances(&InstanceQuery::default()).await? {
        if is(&instance.sop_instance_uid) {
            return found("instance", instance.sop_instance_uid.as_str(), instance.patient);
        }
    }
    Ok(None)
}
