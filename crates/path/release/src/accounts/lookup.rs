//! What rows name by a short name or a UID, in words.

use consent::{Destination, Recipient};
use disclosure::{CopyState, OutsideCopy, Party, Study, Suspension};
use model::{Redacted, Timestamp, Uid};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use store::{CopyRow, PatientId, Store, StudyMatch, StudyQuery};

/// Recipients, studies and suspensions, read once for an account.
pub(crate) struct Lookup {
    recipients: HashMap<String, Recipient>,
    studies: HashMap<Uid, Study>,
    suspensions: HashMap<(PatientId, String), Vec<Suspension>>,
    secret: [u8; 32],
}

impl Lookup {
    pub(crate) async fn new(store: &Store, patients: &[PatientId]) -> store::Result<Self> {
        let recipients = store.recipients().await?;
        let mut lookup = Self {
            recipients: recipients
                .into_iter()
                .map(|recipient| (recipient.id.as_str().to_owned(), recipient))
                .collect(),
            studies: HashMap::new(),
            suspensions: HashMap::new(),
            secret: Sha256::new()
                .chain_update(b"leadglass event names v1\0")
                .chain_update(store.seal_seed())
                .finalize()
                .into(),
        };
        for &patient in patients {
            let query = StudyQuery {
                patient: Some(patient),
                ..StudyQuery::default()
            };
            let studies = store.find_studies(&query).await?;
            lookup.studies.extend(
                studies
                    .iter()
                    .map(|found| (found.study_instance_uid.clone(), study(found))),
            );
            for row in store.suspensions_of(patient).await? {
                lookup
                    .suspensions
                    .entry((patient, row.recipient))
                    .or_default()
                    .push(Suspension {
                        agency: row.agency,
                        since: row.made_at,
                        until: row.until,
                        written: row.written,
                    });
            }
        }
        Ok(lookup)
    }

    /// The name of an event: a keyed digest, so that a gap in numbers cannot show that one is hidden.
    pub(crate) fn name(&self, kind: &str, number: i64) -> String {
        let digest = Sha256::new()
            .chain_update(self.secret)
            .chain_update(kind)
            .chain_update(b"\0")
            .chain_update(number.to_be_bytes())
            .finalize();
        hex::encode(digest.first_chunk::<8>().copied().unwrap_or_default())
    }

    pub(crate) fn recipient(&self, id: &str) -> Option<&Recipient> {
        self.recipients.get(id)
    }

    /// A recipient in full, or, of a stranger and of one that was struck off, what is known: the name.
    pub(crate) fn party(&self, id: &str) -> Party {
        let Some(recipient) = self.recipients.get(id) else {
            return Party {
                id: id.to_owned(),
                name: id.to_owned(),
                ..Party::default()
            };
        };
        let (network, ae_title) = match &recipient.destination {
            Some(Destination::Dicom { host, ae_title, .. }) => (Some(host.clone()), Some(ae_title.clone())),
            Some(Destination::Stow { url, .. }) => (Some(url.clone()), None),
            Some(Destination::Folder { .. }) | None => (None, None),
        };
        Party {
            id: id.to_owned(),
            name: recipient.name.clone(),
            address: recipient.address.clone(),
            inside: recipient.inside,
            network,
            ae_title,
        }
    }

    /// A study in words; of an erased patient's nothing but its UID is left.
    pub(crate) fn study(&self, uid: &Uid) -> Study {
        self.studies.get(uid).cloned().unwrap_or_else(|| Study {
            uid: uid.as_str().to_owned(),
            ..Study::default()
        })
    }

    /// The suspension that holds the longest for a recipient.
    pub(crate) fn suspension(&self, patient: PatientId, recipient: &str) -> Option<&Suspension> {
        let all = self.suspensions.get(&(patient, recipient.to_owned()))?;
        all.iter().max_by_key(|suspension| suspension.ends())
    }

    /// True while a patient must not be told of this recipient.
    pub(crate) fn is_suspended(&self, patient: PatientId, recipient: &str, now: Timestamp) -> bool {
        self.suspension(patient, recipient)
            .is_some_and(|suspension| suspension.is_active(now))
    }
}

fn study(found: &StudyMatch) -> Study {
    let attributes: Value = serde_json::from_str(found.study_attributes.reveal()).unwrap_or_default();
    let text = |path: &str| {
        let text = attributes.pointer(path).and_then(Value::as_str);
        text.map(str::trim).unwrap_or_default().to_owned()
    };
    let date = text("/00080020/Value/0").parse::<model::Date>();
    let modality = found.modalities.join(", ");
    Study {
        uid: found.study_instance_uid.as_str().to_owned(),
        date: date.ok().map(|day| day.to_string()),
        description: Redacted::new(text("/00081030/Value/0")),
        modality: (!modality.is_empty()).then_some(modality),
        classes: Vec::new(),
    }
}

/// What became of a copy.
pub(crate) fn outside(copy: &CopyRow) -> OutsideCopy {
    OutsideCopy {
        state: state(copy.state),
        due: copy.due_at,
        requested_at: copy.requested_at,
        receipt_at: copy.receipt_at,
        manifest_root: copy.manifest_root.map(hex::encode),
    }
}

fn state(state: store::CopyState) -> CopyState {
    match state {
        store::CopyState::Live => CopyState::Live,
        store::CopyState::Expiring => CopyState::Expiring,
        store::CopyState::Requested => CopyState::Requested,
        store::CopyState::Acknowledged => CopyState::Acknowledged,
        store::CopyState::Erased => CopyState::Erased,
        store::CopyState::Partial => CopyState::Partial,
        store::CopyState::Refused => CopyState::Refused,
        store::CopyState::Overdue => CopyState::Overdue,
    }
}

/// What a receipt says, by the name that the ledger keeps.
pub(crate) fn receipt(kind: &str) -> CopyState {
    match kind.to_ascii_uppercase().as_str() {
        "ERASED" => CopyState::Erased,
        "PARTIAL" => CopyState::Partial,
        "REFUSED" => CopyState::Refused,
        _ => CopyState::Acknowledged,
    }
}
