//! All that a decision looks at, read in the transaction that acts on it.

use super::ids::ReleaseId;
use super::statement::{self, PERSON};
use crate::cipher::Context;
use crate::group::{Group, Patient};
use crate::index::{DirectiveRow, Rows};
use crate::keys::KeyRing;
use crate::sealed::{STUDY, SealedStudy};
use crate::{Error, PatientId, Result};
use consent::{
    BreakGlass, Decision, Denial, Directive, Facility, Person, Policies, Reason, Recipient, Records, Request,
    Says, Scan, Standing,
};
use model::{Date, RecipientId, Timestamp, Uid};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// The rules as they were compiled last, with the text that they were compiled from.
#[derive(Default)]
pub(crate) struct PolicyCache(Mutex<Option<(String, Arc<Policies>)>>);

impl PolicyCache {
    fn get(&self, site: &str) -> Option<Arc<Policies>> {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((text, policies)) = cached.as_ref()
            && text == site
        {
            return Some(Arc::clone(policies));
        }
        let policies = Arc::new(Policies::new(site).ok()?);
        *cached = Some((site.to_owned(), Arc::clone(&policies)));
        Some(policies)
    }
}

/// What is asked, of which scan, for whom.
pub(crate) struct Question<'a> {
    pub(crate) patient: PatientId,
    pub(crate) study: &'a Uid,
    /// As it was asked: it may name nobody.
    pub(crate) recipient: &'a str,
    pub(crate) request: Request,
    /// The seal of an instance in question does not stand.
    pub(crate) seal_broken: bool,
    /// Who breaks the glass.
    pub(crate) glass: Option<Glass<'a>>,
}

/// A use of break-glass, about to be recorded or recorded.
pub(crate) struct Glass<'a> {
    pub(crate) staff: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) number: Option<i64>,
}

/// Denials that say nothing of the patient's wishes: something could not be read or checked.
pub(crate) const UNREADABLE: [&str; 3] = ["failed-lookup", "rules-unusable", "unchecked"];

pub(crate) const RECIPIENT: &str = "recipient";
pub(crate) const SUSPENSION: &str = "suspension";
pub(crate) const STAFF: &str = "staff";
pub(crate) const FACILITY: &str = "facility";

fn damaged() -> Error {
    Error::Corrupt("a record of the ledger")
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(document: &str) -> Result<T> {
    serde_json::from_str(document).map_err(|_| damaged())
}

pub(crate) async fn facility(rows: &mut Rows<'_>) -> Result<Facility> {
    match rows.registered(FACILITY, FACILITY).await? {
        Some(document) => read(&document),
        None => Ok(Facility::default()),
    }
}

/// A directive out of its row.
pub(crate) fn directive(patient: &Patient, row: &DirectiveRow) -> Result<Directive> {
    let statement = statement::open(patient, row.log_index, &row.sealed)?;
    let mut directive: Directive =
        serde_json::from_value(statement.get("directive").cloned().unwrap_or_default())
            .map_err(|_| damaged())?;
    directive.withdrawn_at = row.withdrawn_at;
    Ok(directive)
}

/// The directives that bear on a patient: their own, and the noes of whoever has the same Patient ID, since it may be the
/// same person under another issuer.
pub(crate) async fn directives(
    rows: &mut Rows<'_>,
    keys: &KeyRing,
    patient: PatientId,
) -> Result<Vec<Directive>> {
    let people = rows.patients_of_same_id(patient).await?;
    let own = people
        .iter()
        .find(|row| row.id == patient)
        .map(|row| row.token)
        .ok_or_else(damaged)?;
    let mut found = Vec::new();
    for row in &people {
        let stored = rows.directives(row.id).await?;
        if stored.is_empty() {
            continue;
        }
        let person = Patient::open(row, keys)?;
        for stored in &stored {
            let directive = directive(&person, stored)?;
            if row.token == own || directive.says == Says::No {
                found.push(directive);
            }
        }
    }
    Ok(found)
}

/// What is recorded of a patient; the day of birth else from their newest scan.
pub(crate) async fn person(rows: &mut Rows<'_>, keys: &KeyRing, id: PatientId) -> Result<Person> {
    let people = rows.patients_of_same_id(id).await?;
    let own = people.iter().find(|row| row.id == id).ok_or_else(damaged)?;
    let mut person = Person::default();
    // The newest row of the same person counts: they may have been erased here and come back.
    for row in people.iter().filter(|row| row.token == own.token) {
        if let Some(sealed) = rows.person(row.id).await? {
            let context = Context {
                what: PERSON,
                of: &row.id.0.to_be_bytes(),
            };
            let text = Patient::open(row, keys)?
                .accounting()
                .open_text(&context, &sealed)?;
            person = read(&text)?;
        }
    }
    if person.born.is_none() {
        person.born = born(rows, &Patient::open(own, keys)?).await?;
    }
    Ok(person)
}

async fn born(rows: &mut Rows<'_>, patient: &Patient) -> Result<Option<Date>> {
    let Some((uid, sealed)) = rows.newest_study(patient.id).await? else {
        return Ok(None);
    };
    let Ok(data) = patient.data() else { return Ok(None) };
    let context = Context {
        what: STUDY,
        of: uid.as_str().as_bytes(),
    };
    let study = SealedStudy::decode(&data.open(&context, &sealed)?)?;
    let attributes: Value = serde_json::from_str(&study.patient).unwrap_or_default();
    let text = attributes.pointer("/00100030/Value/0").and_then(Value::as_str);
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Whether it is known whose scan it is: the study has a Patient ID.
async fn identified(rows: &mut Rows<'_>, patient: &Patient, study: &Uid) -> Result<bool> {
    let Some((owner, sealed)) = rows.study_sealed(study).await? else {
        return Ok(false);
    };
    let context = Context {
        what: STUDY,
        of: study.as_str().as_bytes(),
    };
    let study = SealedStudy::decode(&patient.data()?.open(&context, &sealed)?)?;
    Ok(owner == patient.id && !study.patient_id.is_empty())
}

pub(crate) async fn recipient(rows: &mut Rows<'_>, id: &str) -> Result<Option<Recipient>> {
    let document = rows.registered(RECIPIENT, id).await?;
    document.map(|document| read(&document)).transpose()
}

pub(crate) async fn standing(rows: &mut Rows<'_>, id: &str, now: Timestamp) -> Result<Standing> {
    let Ok(recipient) = RecipientId::new(id) else {
        return Ok(Standing::default());
    };
    Ok(Standing {
        suspended: rows.registered(SUSPENSION, id).await?.is_some(),
        overdue: rows.owed(&recipient, now).await?,
    })
}

fn refusal(policy: &str, plain: &str, llano: &str) -> Decision {
    Decision::Deny(Denial {
        reasons: vec![Reason {
            policy: policy.to_owned(),
            plain: plain.to_owned(),
            llano: llano.to_owned(),
        }],
    })
}

/// Decides. A record that cannot be read, and rules that cannot be used, deny; only a failing index is an error.
pub(crate) async fn decide(
    group: &mut Group<'_, '_>,
    question: &Question<'_>,
    now: Timestamp,
) -> Result<Decision> {
    match look(group, question, now).await {
        Err(Error::Corrupt(_) | Error::Erased) => Ok(refusal(
            "failed-lookup",
            "A record could not be read, so nothing was sent.",
            "No se pudo leer un registro, por eso no se envió nada.",
        )),
        decided => decided,
    }
}

async fn look(group: &mut Group<'_, '_>, question: &Question<'_>, now: Timestamp) -> Result<Decision> {
    let patient = group.patient(question.patient).await?;
    let keys = Arc::clone(&group.notary.keys);
    let mut rows = group.tx.rows();
    let facility = facility(&mut rows).await?;
    let recipient = recipient(&mut rows, question.recipient).await?;
    let standing = standing(&mut rows, question.recipient, now).await?;
    let directives = directives(&mut rows, &keys, question.patient).await?;
    let person = person(&mut rows, &keys, question.patient).await?;
    let scan = Scan {
        identified: identified(&mut rows, &patient, question.study).await?,
        seal_broken: question.seal_broken,
        flagged: rows.is_flagged(question.study).await?,
    };
    let mut glass = None;
    if let Some(used) = &question.glass {
        let staff = rows.registered(STAFF, used.staff).await?;
        let staff: Value = staff.map_or(Ok(Value::Null), |document| read(&document))?;
        glass = Some(BreakGlass {
            clinician: staff.get("role").and_then(Value::as_str) == Some("clinician"),
            reason: used.reason.to_owned(),
            open_review: rows.has_open_glass(used.staff, used.number).await?,
        });
    }
    let Some(policies) = group.notary.policies.get(&facility.site_policies) else {
        return Ok(refusal(
            "rules-unusable",
            "A rule could not be checked, so nothing was sent.",
            "No se pudo comprobar una regla, por eso no se envió nada.",
        ));
    };
    let records = Records {
        recipient: recipient.as_ref(),
        standing,
        directives: &directives,
        person: &person,
        scan,
        break_glass: glass.as_ref(),
        facility: &facility,
        now,
    };
    Ok(consent::decide(&policies, &question.request, &records))
}

/// The seal of any of these instances does not stand.
pub(crate) async fn seal_broken(group: &mut Group<'_, '_>, release: ReleaseId) -> Result<bool> {
    group.tx.rows().has_revoked(release).await
}
