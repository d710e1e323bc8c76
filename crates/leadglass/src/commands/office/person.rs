//! What bears on decisions about a patient.

use super::patient::{self, Patient};
use super::{Desk, name};
use crate::cli::{Fact, Person as Command, SetPerson};
use anyhow::{Result, bail};
use consent::Person;
use model::Date;
use serde_json::{Value, json};

pub(super) async fn run(desk: &Desk<'_>, command: Command) -> Result<()> {
    let store = &desk.gateway.store;
    match command {
        Command::Set(new) => {
            let patient = patient::one(store, &new.whose.id, new.whose.issuer.as_deref()).await?;
            if patient.rows.is_empty() {
                crate::output::note("careful: no scan of this patient is here yet: check the Patient ID");
            }
            let recorded = merged(recorded(desk, &patient).await?, new)?;
            store.set_person(patient.identity, recorded, desk.now()).await?;
            desk.answer(&json!({"recorded": true}))
        }
        Command::Show { whose } => {
            let patient = patient::known(store, &whose.id, whose.issuer.as_deref()).await?;
            let person = match patient.rows.last() {
                Some(&row) => store.person_of(row).await?,
                None => Person::default(),
            };
            desk.answer(&shown(&person))
        }
    }
}

fn shown(person: &Person) -> Value {
    let sensitive: Vec<String> = person.sensitive.iter().map(name).collect();
    json!({"born": person.born, "died": person.died, "sensitive": sensitive, "guardians": person.guardians})
}

/// What an officer recorded: a day of birth that comes from a scan is not that.
async fn recorded(desk: &Desk<'_>, patient: &Patient) -> Result<Person> {
    let store = &desk.gateway.store;
    let Some(&row) = patient.rows.last() else {
        return Ok(Person::default());
    };
    let mut person = store.person_of(row).await?;
    if let Some(words) = store.patient_words(row).await? {
        let attributes: Value = serde_json::from_str(words.attributes.reveal()).unwrap_or_default();
        let born = attributes.pointer("/00100030/Value/0").and_then(Value::as_str);
        let scanned = born.and_then(|day| day.parse::<Date>().ok());
        if person.born == scanned {
            person.born = None;
        }
    }
    Ok(person)
}

fn merged(mut person: Person, new: SetPerson) -> Result<Person> {
    for fact in new.clear {
        match fact {
            Fact::Born => person.born = None,
            Fact::Died => person.died = None,
            Fact::Sensitive => person.sensitive.clear(),
            Fact::Guardian => person.guardians.clear(),
        }
    }
    person.born = new.born.or(person.born);
    person.died = new.died.or(person.died);
    if !new.sensitive.is_empty() {
        person.sensitive = new.sensitive;
        person.sensitive.sort_unstable();
        person.sensitive.dedup();
    }
    for guardian in new.guardian {
        person.guardians.retain(|known| known.name != guardian.name);
        person.guardians.push(guardian);
    }
    if person
        .born
        .zip(person.died)
        .is_some_and(|(born, died)| died < born)
    {
        bail!("the day of death lies before the day of birth: correct one of them");
    }
    Ok(person)
}
