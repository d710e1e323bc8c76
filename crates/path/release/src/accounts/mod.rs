//! From the ledger's rows to what people are told: the account of a patient, who has their scans, whom a breach concerns.

mod events;
mod exposed;
mod lookup;
mod messages;
mod reads;
mod sentences;
mod single;

pub use exposed::{Exposed, ExposedStudy, exposed};
pub use messages::{AuditMessages, audit_messages};

use disclosure::{Account, Facility, Language, LogHead, OutsideCopy, Party, Patient, Study};
use events::Events;
use lookup::Lookup;
use model::{Purpose, Redacted, Timestamp};
pub(crate) use single::Subject;
use store::{PatientId, Store};
use tlog::Checkpoint;

/// Whose account is asked for, and how.
#[derive(Clone, Debug)]
pub struct AccountOf<'a> {
    /// The patient's rows: more than one when they were erased and came back.
    pub patients: &'a [PatientId],
    /// Who reports.
    pub facility: Facility,
    /// Events before this moment are left out. None: from the beginning.
    pub from: Option<Timestamp>,
    /// Events from this moment on are left out. None: until now.
    pub to: Option<Timestamp>,
    /// True for a privacy officer. For the patient, what is under a suspension (45 CFR 164.528(a)(2)) is not even read into
    /// the account.
    pub officer: bool,
    /// The language of the sentences.
    pub language: Language,
    /// Now.
    pub now: Timestamp,
}

/// Everything that happened to a patient's scans.
///
/// # Errors
/// When the index cannot be read, or is damaged.
pub async fn account_of(store: &Store, asked: &AccountOf<'_>) -> store::Result<Account> {
    let lookup = Lookup::new(store, asked.patients).await?;
    let mut events = Events::new(store, &lookup, asked);
    for &patient in asked.patients {
        events.add(patient).await?;
    }
    let events = events.finish();
    Ok(Account {
        facility: asked.facility.clone(),
        patient: patient(store, asked.patients).await?,
        from: asked.from,
        to: asked.to,
        made_at: asked.now,
        log: log_head(store).await?,
        events,
    })
}

/// The patient as the newest scan names them; empty where they were erased.
async fn patient(store: &Store, patients: &[PatientId]) -> store::Result<Patient> {
    for &patient in patients.iter().rev() {
        if let Some(words) = store.patient_words(patient).await? {
            let born = store.person_of(patient).await?.born;
            return Ok(Patient {
                id: words.id,
                name: Redacted::new(as_written(words.name.reveal())),
                born: Redacted::new(born.map(|day| day.to_string()).unwrap_or_default()),
            });
        }
    }
    Ok(Patient::default())
}

/// A person's name as people write it: DICOM has family, given, middle, prefix and suffix with `^` between them (PS3.5 6.2).
pub(crate) fn as_written(name: &str) -> String {
    let alphabetic = name.split('=').find(|group| !group.trim().is_empty());
    let parts: Vec<&str> = alphabetic.unwrap_or_default().split('^').map(str::trim).collect();
    let part = |number: usize| parts.get(number).copied().unwrap_or_default();
    let words = [part(3), part(1), part(2), part(0), part(4)];
    words
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

async fn log_head(store: &Store) -> store::Result<Option<LogHead>> {
    let log = store.log();
    // It is handed out with the report: the log must stay consistent with it.
    let checkpoint = log.issue_checkpoint().await?;
    let head = Checkpoint::open(&checkpoint, log.verifier(), log.origin())?;
    // The third line of a checkpoint is its root (C2SP tlog-checkpoint).
    let root = checkpoint.lines().nth(2).unwrap_or_default().to_owned();
    Ok(Some(LogHead {
        origin: head.origin,
        size: head.size,
        root_base64: root,
        checkpoint,
    }))
}

/// A copy of a patient's scan that somebody has, or had.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// Its number here.
    pub number: i64,
    /// Who has it.
    pub party: Party,
    /// What for.
    pub purpose: Purpose,
    /// Of which study.
    pub study: Study,
    /// The de-identification profile; `original` is none at all.
    pub profile: String,
    /// When it went.
    pub released_at: Timestamp,
    /// Instances that they have or may have.
    pub instances: u64,
    /// What became of it.
    pub copy: OutsideCopy,
    /// Why its deletion was ordered before its time.
    pub reason: Option<String>,
}

/// Who has a patient's scans: every copy outside, oldest first. A patient is not told of recipients whose account is
/// suspended.
///
/// # Errors
/// When the index cannot be read, or is damaged.
pub async fn who_has(
    store: &Store,
    patients: &[PatientId],
    officer: bool,
    now: Timestamp,
) -> store::Result<Vec<Held>> {
    let lookup = Lookup::new(store, patients).await?;
    let mut held = Vec::new();
    for &patient in patients {
        for copy in store.copies_of(patient).await? {
            let recipient = copy.recipient.as_str();
            if !officer && lookup.is_suspended(patient, recipient, now) {
                continue;
            }
            held.push(Held {
                number: copy.number,
                party: lookup.party(recipient),
                purpose: copy.purpose,
                study: lookup.study(&copy.study),
                profile: copy.profile.clone(),
                released_at: copy.released_at,
                instances: copy.instances,
                copy: lookup::outside(&copy),
                reason: copy.reason,
            });
        }
    }
    held.sort_by_key(|held| (held.released_at, held.number));
    Ok(held)
}

#[cfg(test)]
mod tests {
    use super::as_written;

    #[test]
    fn names_are_written_as_people_write_them() {
        for (dicom, written) in [
            ("Phantom^Ada", "Ada Phantom"),
            ("Phantom^Ada^Bea^Dr.^MD", "Dr. Ada Bea Phantom MD"),
            ("Phantom", "Phantom"),
            ("Yamada^Tarou=山田^太郎=やまだ^たろう", "Tarou Yamada"),
            ("=山田^太郎", "太郎 山田"),
            ("", ""),
        ] {
            assert_eq!(as_written(dicom), written);
        }
    }
}
