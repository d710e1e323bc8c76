//! Whom a recipient's breach concerns.

use super::as_written;
use model::{RecipientId, Redacted, Timestamp, Uid};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::{AttemptState, CopyRow, ExposedRow, PatientId, ReleaseId, Store};

/// A patient of whom a recipient has or may have something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exposed {
    /// Their row.
    pub patient: PatientId,
    /// Patient ID. None when they were erased here.
    pub id: Option<Redacted<String>>,
    /// The name, as people write it. None when they were erased here.
    pub name: Option<Redacted<String>>,
    /// The studies, by UID.
    pub studies: Vec<ExposedStudy>,
}

/// A study of which a recipient has or may have something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExposedStudy {
    /// The Study Instance UID here.
    pub study: Uid,
    /// The release by which it went.
    pub release: ReleaseId,
    /// The de-identification profile; `original` is none at all.
    pub profile: String,
    /// Instances confirmed by the recipient.
    pub sent: u64,
    /// Instances that it may have.
    pub unknown: u64,
    /// The first of them.
    pub first_at: Timestamp,
    /// The last.
    pub last_at: Timestamp,
    /// What became of the copy.
    pub copy: Option<CopyRow>,
}

/// Every patient of whom something was sent to a recipient in a period, or may have been; by row. The recipient need not
/// be on the list any more.
///
/// # Errors
/// When the index cannot be read, or is damaged.
pub async fn exposed(
    store: &Store,
    recipient: &str,
    from: Timestamp,
    to: Timestamp,
) -> store::Result<Vec<Exposed>> {
    let rows = store.exposed(recipient, from, to).await?;
    let mut copies: HashMap<ReleaseId, CopyRow> = HashMap::new();
    if let Ok(id) = RecipientId::new(recipient) {
        let all = store.copies_at(&id).await?;
        copies.extend(all.into_iter().map(|copy| (copy.release, copy)));
    }
    let mut patients: BTreeMap<PatientId, Vec<ExposedStudy>> = BTreeMap::new();
    for row in rows {
        let copy = copies.remove(&row.release);
        let (study, profile) = match &copy {
            Some(copy) => (copy.study.clone(), copy.profile.clone()),
            // Cut off before anything was settled.
            None => match store.release(row.release).await? {
                Some(release) => (release.study, release.profile),
                None => return Err(store::Error::Corrupt("a row of the ledger")),
            },
        };
        let row = by_instance(store, row, from, to).await?;
        patients.entry(row.patient).or_default().push(ExposedStudy {
            study,
            release: row.release,
            profile,
            sent: row.sent,
            unknown: row.unknown,
            first_at: row.first_at,
            last_at: row.last_at,
            copy,
        });
    }
    let first = |studies: &Vec<ExposedStudy>| studies.first().map(|study| study.study.clone());
    let named: Vec<Uid> = patients.values().filter_map(first).collect();
    let mut words: HashMap<PatientId, _> = store.words_of_studies(&named).await?.into_values().collect();
    let exposed = patients.into_iter().map(|(patient, mut studies)| {
        studies.sort_by(|a, b| a.study.cmp(&b.study).then(a.release.cmp(&b.release)));
        let (id, name) = match words.remove(&patient) {
            Some(words) => {
                let name = Redacted::new(as_written(words.name.reveal()));
                (Some(words.id), Some(name))
            }
            None => (None, None),
        };
        Exposed {
            patient,
            id,
            name,
            studies,
        }
    });
    Ok(exposed.collect())
}

/// Counts instances where the ledger counted attempts: one that may have been sent, and was sent later, was sent.
async fn by_instance(
    store: &Store,
    row: ExposedRow,
    from: Timestamp,
    to: Timestamp,
) -> store::Result<ExposedRow> {
    if row.unknown == 0 {
        return Ok(row);
    }
    let attempts = store.attempts(row.release).await?;
    let within = |state: fn(AttemptState) -> bool| -> HashSet<&Uid> {
        attempts
            .iter()
            .filter(|attempt| attempt.began_at >= from && attempt.began_at < to && state(attempt.state))
            .map(|attempt| &attempt.instance)
            .collect()
    };
    let sent = within(|state| state == AttemptState::Sent);
    let unknown = within(|state| matches!(state, AttemptState::Unknown | AttemptState::Intended));
    Ok(ExposedRow {
        sent: sent.len() as u64,
        unknown: unknown.difference(&sent).count() as u64,
        ..row
    })
}
