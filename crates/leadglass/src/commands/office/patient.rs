//! Whom a Patient ID names: it is unique only together with its issuer.

use anyhow::{Result, bail};
use model::Redacted;
use serde_json::Value;
use store::{PatientId, PatientIdentity, Store};

/// A patient, and their rows: more than one when they were erased and came back; none when nothing of them is here.
pub(crate) struct Patient {
    pub(crate) identity: PatientIdentity,
    pub(crate) rows: Vec<PatientId>,
}

/// What a Patient ID names.
pub(crate) enum Named {
    One(Patient),
    /// It is here from several issuers; without an issuer, the empty text.
    Several(Vec<String>),
}

fn identity(id: &str, issuer: &str) -> PatientIdentity {
    PatientIdentity {
        issuer: Redacted::new(issuer.trim().to_owned()),
        id: Redacted::new(id.trim().to_owned()),
    }
}

/// Finds whom a Patient ID names.
pub(crate) async fn named(store: &Store, id: &str, issuer: Option<&str>) -> Result<Named> {
    if id.trim().is_empty() {
        bail!("the Patient ID is empty: give one");
    }
    let mut issuers: Vec<String> = Vec::new();
    if let Some(issuer) = issuer {
        issuers.push(issuer.to_owned());
    } else {
        for row in store.patients(&identity(id, "")).await? {
            if let Some(words) = store.patient_words(row).await? {
                let attributes: Value = serde_json::from_str(words.attributes.reveal()).unwrap_or_default();
                let issuer = attributes.pointer("/00100021/Value/0").and_then(Value::as_str);
                issuers.push(issuer.unwrap_or_default().trim().to_owned());
            }
        }
        issuers.sort();
        issuers.dedup();
    }
    if issuers.len() > 1 {
        return Ok(Named::Several(issuers));
    }
    let issuer = issuers.pop().unwrap_or_default();
    let identity = identity(id, &issuer);
    let rows = store.rows_of(&identity).await?;
    Ok(Named::One(Patient { identity, rows }))
}

/// The one patient whom a Patient ID names.
pub(crate) async fn one(store: &Store, id: &str, issuer: Option<&str>) -> Result<Patient> {
    match named(store, id, issuer).await? {
        Named::One(patient) => Ok(patient),
        Named::Several(issuers) => {
            let choices: Vec<String> = issuers.iter().map(|it| format!("--issuer \"{it}\"")).collect();
            bail!(
                "this Patient ID is here from {} issuers, which may be {} people: choose with {}",
                issuers.len(),
                issuers.len(),
                choices.join(" or ")
            )
        }
    }
}

/// The one patient whom a Patient ID names, and who is known here.
pub(crate) async fn known(store: &Store, id: &str, issuer: Option<&str>) -> Result<Patient> {
    let patient = one(store, id, issuer).await?;
    if patient.rows.is_empty() {
        bail!("nobody with this Patient ID is known here: check the ID and its issuer (--issuer)");
    }
    Ok(patient)
}
