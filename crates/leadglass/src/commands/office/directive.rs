//! What patients decide.

use super::patient::{self, Named, Patient};
use super::{Desk, name};
use crate::cli::{Directive as Command, NewDirective};
use crate::output;
use anyhow::{Result, bail};
use consent::{Directive, DirectiveId, Says, Scope, Signer};
use model::{Purpose, Redacted};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use store::{Effect, PatientIdentity};

pub(super) async fn run(desk: &Desk<'_>, command: Command) -> Result<()> {
    let store = &desk.gateway.store;
    match command {
        Command::Add(new) => add(desk, new).await,
        Command::Withdraw { id } => {
            let Some(effect) = store.withdraw_directive(DirectiveId(id), desk.now()).await? else {
                bail!("there is no directive {id}: see admin directive list");
            };
            answer(desk, &effect, json!({"withdrawn": true}))
        }
        Command::List { whose } => {
            let patient = patient::known(store, &whose.id, whose.issuer.as_deref()).await?;
            let mut all = BTreeMap::new();
            for row in patient.rows {
                let directives = store.directives_of(row).await?;
                all.extend(directives.into_iter().map(|directive| (directive.id, directive)));
            }
            for directive in all.values() {
                desk.item(&serde_json::to_value(directive)?, words(directive))?;
            }
            Ok(())
        }
    }
}

async fn add(desk: &Desk<'_>, new: NewDirective) -> Result<()> {
    let store = &desk.gateway.store;
    if new.yes && new.purpose == Some(Purpose::Patrqt) && new.recipient.is_none() {
        bail!("a yes to PATRQT must name whom the scans go to: give --recipient");
    }
    if let Some(recipient) = &new.recipient
        && store.recipient(recipient).await?.is_none()
    {
        output::note(format!("careful: no recipient has the name {recipient} yet"));
    }
    let patient = whose(desk, &new).await?;
    let now = desk.now();
    let ends = new.until.map(crate::cli::Moment::over);
    if ends.is_some_and(|end| end <= now) {
        bail!("--until lies in the past: the directive would never hold");
    }
    let signed_by = new.signed_by.unwrap_or(Signer::Nobody);
    if new.yes {
        check_signer(desk, &patient, &signed_by).await?;
    }
    let here = !patient.rows.is_empty();
    if !here {
        output::note("careful: no scan of this patient is here yet: check the Patient ID");
    }
    let directive = Directive {
        id: DirectiveId(0),
        says: if new.yes { Says::Yes } else { Says::No },
        scope: new.purpose.map_or(Scope::Everything, Scope::Purpose),
        recipient: new.recipient,
        starts: now,
        ends,
        signed_by,
        covers_payment: new.covers_payment,
        after_death: new.after_death,
        made_at: now,
        withdrawn_at: None,
    };
    let effect = store.record_directive(patient.identity, directive).await?;
    answer(desk, &effect, json!({"recorded": true, "patient_here": here}))
}

/// Whose directive it is. A no holds for whoever has the Patient ID, from whichever issuer: better once too often.
async fn whose(desk: &Desk<'_>, new: &NewDirective) -> Result<Patient> {
    let (store, whose) = (&desk.gateway.store, &new.whose);
    if new.yes {
        return patient::one(store, &whose.id, whose.issuer.as_deref()).await;
    }
    Ok(
        match patient::named(store, &whose.id, whose.issuer.as_deref()).await? {
            Named::One(patient) => patient,
            Named::Several(issuers) => {
                output::note(format!(
                    "this Patient ID is here from {} issuers: the no holds for all of them",
                    issuers.len()
                ));
                let identity = PatientIdentity {
                    issuer: Redacted::default(),
                    id: Redacted::new(whose.id.trim().to_owned()),
                };
                let rows = store.patients(&identity).await?;
                Patient { identity, rows }
            }
        },
    )
}

/// Says when a yes will count for nothing.
async fn check_signer(desk: &Desk<'_>, patient: &Patient, signer: &Signer) -> Result<()> {
    let store = &desk.gateway.store;
    let person = match patient.rows.last() {
        Some(&row) => store.person_of(row).await?,
        None => consent::Person::default(),
    };
    match signer {
        Signer::Nobody => output::note("careful: a yes that nobody signed counts for nothing"),
        Signer::Guardian { name } if person.guardians.iter().all(|guardian| guardian.name != *name) => {
            output::note("careful: nobody of this name is on record as a guardian: see admin person set");
        }
        Signer::Guardian { .. } | Signer::Patient => {}
    }
    Ok(())
}

fn answer(desk: &Desk<'_>, effect: &Effect, mut document: Value) -> Result<()> {
    let stopped: Vec<i64> = effect.stopped.iter().map(|release| release.number()).collect();
    if !desk.common.json {
        let id = effect.directive.map_or(0, |id| id.0);
        output::line(format!("directive {id}, log entry {}", effect.log_index));
        output::line(format!(
            "{} releases stopped, {} copies recalled",
            stopped.len(),
            effect.recalled.len()
        ));
        return Ok(());
    }
    if let Some(fields) = document.as_object_mut() {
        fields.insert("directive".into(), json!(effect.directive));
        fields.insert("log_index".into(), effect.log_index.into());
        fields.insert("stopped".into(), stopped.into());
        fields.insert("recalled".into(), effect.recalled.clone().into());
    }
    output::json(&document)
}

fn words(directive: &Directive) -> String {
    let scope = match directive.scope {
        Scope::Everything => "everything".to_owned(),
        Scope::Purpose(purpose) => purpose.to_string(),
    };
    let whom = directive
        .recipient
        .as_ref()
        .map_or("all".to_owned(), ToString::to_string);
    let signed = match &directive.signed_by {
        Signer::Patient => "the patient".to_owned(),
        Signer::Guardian { name } => format!("guardian {name}"),
        Signer::Nobody => "nobody".to_owned(),
    };
    let mut words = format!(
        "{}  {} to {scope}, for {whom}, signed by {signed}, {}",
        directive.id.0,
        name(&directive.says),
        directive.made_at
    );
    if let Some(end) = directive.ends {
        let _ = write!(words, ", until {end}");
    }
    if let Some(at) = directive.withdrawn_at {
        let _ = write!(words, ", withdrawn {at}");
    }
    words
}
