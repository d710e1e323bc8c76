//! Who may get copies.

use super::Desk;
use crate::cli::Recipient as Command;
use crate::output;
use anyhow::{Result, bail, ensure};
use consent::{Destination, Recipient};
use model::{Purpose, RecipientId};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;
use store::CopyState;

pub(super) async fn run(desk: &Desk<'_>, command: Command) -> Result<()> {
    let store = &desk.gateway.store;
    match command {
        Command::Set { file } => set(desk, &file).await,
        Command::List => {
            for recipient in store.recipients().await? {
                let document = described(desk, &recipient).await?;
                desk.item(&document, line(&document))?;
            }
            Ok(())
        }
        Command::Show { id } => {
            let recipient = known(desk, &id).await?;
            let document = described(desk, &recipient).await?;
            if desk.common.json {
                return output::json(&document);
            }
            output::line(line(&document));
            words(&recipient).iter().for_each(output::line);
            Ok(())
        }
        Command::Suspend { id, reason } => {
            known(desk, &id).await?;
            ensure!(!reason.trim().is_empty(), "say why: --reason is empty");
            store.suspend_recipient(&id, Some(&reason), desk.now()).await?;
            desk.answer(&json!({"recipient": id.as_str(), "suspended": true}))
        }
        Command::Resume { id } => {
            known(desk, &id).await?;
            let lifted = store.suspend_recipient(&id, None, desk.now()).await?;
            let standing = store.standing(&id, desk.now()).await?;
            if standing.overdue > 0 {
                output::note(format!(
                    "{} copies are overdue: most releases to {id} stay forbidden until their deletion is confirmed",
                    standing.overdue
                ));
            }
            desk.answer(
                &json!({"recipient": id.as_str(), "suspended": false, "changed": lifted,
                "overdue": standing.overdue}),
            )
        }
        Command::Remove { id } => {
            if !store.remove_recipient(&id, desk.now()).await? {
                bail!("no recipient has the name {id}: see admin recipient list");
            }
            let left = store
                .copies_at(&id)
                .await?
                .iter()
                .filter(|copy| copy.state != CopyState::Erased)
                .count();
            desk.answer(&json!({"recipient": id.as_str(), "removed": true, "copies_left": left}))
        }
        Command::Recall { id, reason } => {
            ensure!(!reason.trim().is_empty(), "say why: --reason is empty");
            let recalled = store.recall(&id, &reason, desk.now()).await?;
            if recalled == 0 && store.copies_at(&id).await?.is_empty() {
                bail!("{id} has no copies");
            }
            desk.answer(&json!({"recipient": id.as_str(), "recalled": recalled}))
        }
    }
}

async fn known(desk: &Desk<'_>, id: &RecipientId) -> Result<Recipient> {
    match desk.gateway.store.recipient(id).await? {
        Some(recipient) => Ok(recipient),
        None => bail!("no recipient has the name {id}: see admin recipient list"),
    }
}

async fn set(desk: &Desk<'_>, file: &Path) -> Result<()> {
    let recipient: Recipient = super::read(file)?;
    if let Err(wrong) = recipient.check() {
        bail!("{}: {wrong}", file.display());
    }
    if let Some(agreement) = &recipient.agreement {
        let profile = agreement.profile.as_str();
        let kept = desk
            .gateway
            .folder
            .join("profiles")
            .join(format!("{profile}.toml"));
        if profile != "original" && deid::profile::builtin(profile).is_none() && !kept.is_file() {
            bail!(
                "{}: there is no profile {profile}: name basic, vendor, research or safe-harbor, or put it at {}",
                file.display(),
                kept.display()
            );
        }
    }
    let store = &desk.gateway.store;
    let new = store.recipient(&recipient.id).await?.is_none();
    store.set_recipient(&recipient, desk.now()).await?;
    let words = words(&recipient);
    let warnings = warnings(&recipient);
    if desk.common.json {
        return output::json(&json!({
            "recipient": recipient.id.as_str(), "new": new, "means": words, "warnings": warnings,
        }));
    }
    output::line(format!(
        "{} {}",
        recipient.id,
        if new { "is set up" } else { "is changed" }
    ));
    words.iter().for_each(output::line);
    for warning in &warnings {
        output::note(format!("careful: {warning}"));
    }
    Ok(())
}

async fn described(desk: &Desk<'_>, recipient: &Recipient) -> Result<Value> {
    let store = &desk.gateway.store;
    let standing = store.standing(&recipient.id, desk.now()).await?;
    let mut document = serde_json::to_value(recipient)?;
    if let Some(fields) = document.as_object_mut() {
        fields.insert("suspended".into(), standing.suspended.into());
        fields.insert("overdue".into(), standing.overdue.into());
    }
    Ok(document)
}

fn line(document: &Value) -> String {
    let text = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut line = format!("{}  {}", text("id"), text("name"));
    if document.get("suspended") == Some(&Value::Bool(true)) {
        line.push_str("  suspended");
    }
    if let Some(overdue) = document.get("overdue").and_then(Value::as_u64).filter(|n| *n > 0) {
        let _ = write!(line, "  {overdue} overdue");
    }
    line
}

/// What a record means, in sentences.
fn words(recipient: &Recipient) -> Vec<String> {
    let mut words = Vec::new();
    words.push(match &recipient.destination {
        None => "Nothing can be delivered to it: no destination is given.".to_owned(),
        Some(Destination::Dicom {
            host, port, ae_title, ..
        }) => {
            format!("Copies go by DICOM to {ae_title} at {host}:{port}.")
        }
        Some(Destination::Stow { url, .. }) => format!("Copies go by DICOMweb to {url}."),
        Some(Destination::Folder { path }) => format!("Copies go into the folder {}.", path.display()),
    });
    if recipient.inside {
        words.push("It is a part of this facility: it may get scans for treatment.".to_owned());
    }
    let Some(agreement) = &recipient.agreement else {
        words.push(
            if recipient.inside {
                "No agreement: nothing but treatment, and what patients ask for."
            } else {
                "No agreement: it gets only what patients ask to be sent to it."
            }
            .to_owned(),
        );
        return words;
    };
    let until = agreement
        .expires
        .map_or("without an end".to_owned(), |day| format!("through {day}"));
    words.push(format!(
        "Agreement ({}) from {} {until}.",
        super::name(&agreement.kind),
        agreement.signed_on
    ));
    let purposes: Vec<&str> = agreement
        .purposes
        .iter()
        .map(|purpose| meaning(*purpose))
        .collect();
    words.push(format!("It may use copies for: {}.", purposes.join("; ")));
    words.push(match agreement.retention_days {
        None => "It may keep copies.".to_owned(),
        Some(0) => "It must delete a copy as soon as it was processed.".to_owned(),
        Some(1) => "It must delete a copy after 1 day.".to_owned(),
        Some(days) => format!("It must delete a copy after {days} days."),
    });
    words.push(if agreement.profile == "original" {
        "Copies show who the patient is.".to_owned()
    } else {
        format!("Copies are de-identified by the profile {}.", agreement.profile)
    });
    words.push(
        if agreement.may_train {
            "It may train models on copies, of patients who signed a yes to that."
        } else {
            "It must not train models on copies."
        }
        .to_owned(),
    );
    if agreement.paid {
        words.push("The facility is paid: only patients whose signed yes covers that are sent.".to_owned());
    }
    words.push(format!("Copies are stored in: {}.", agreement.storage_place));
    if !agreement.subprocessors.is_empty() {
        words.push(format!(
            "Others who get them: {}.",
            agreement.subprocessors.join("; ")
        ));
    }
    words
}

fn meaning(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Treat => "treatment (TREAT)",
        Purpose::Hpaymt => "payment (HPAYMT)",
        Purpose::Hoperat => "running the facility (HOPERAT)",
        Purpose::AiAnalysis => "AI analysis for the patient's care (AIANALYSIS)",
        Purpose::AiTrain => "AI training (AITRAIN)",
        Purpose::Hresch => "research (HRESCH)",
        Purpose::Patrqt => "what the patient asks for (PATRQT)",
        Purpose::Hlegal => "legal demands (HLEGAL)",
        Purpose::Btg => "emergencies (BTG)",
    }
}

/// What is allowed, and will be missed later.
fn warnings(recipient: &Recipient) -> Vec<&'static str> {
    let mut warnings = Vec::new();
    let ends = recipient
        .agreement
        .as_ref()
        .is_some_and(|agreement| agreement.retention_days.is_some());
    if ends && recipient.deletion.is_none() {
        warnings.push("copies have an end, and nothing says where to ask for their deletion: give deletion");
    }
    if ends && recipient.receipt_key.is_none() {
        warnings.push("its deletion receipts cannot be checked: give receipt_key");
    }
    if !recipient.inside && recipient.address.is_none() {
        warnings.push("the accounting of disclosures wants its address: give address");
    }
    warnings
}
