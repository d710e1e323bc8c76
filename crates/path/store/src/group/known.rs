//! What is here of all that a group touches.

use super::{Change, Notary};
use crate::cipher::{Cipher, Context};
use crate::index::{Names, NewPatientRow, PatientRow, SeriesRow, StudyRow, Tx};
use crate::keys::{KeyRing, Token};
use crate::row::{Instance, KeptBlob, PatientId, WrappedKey};
use crate::{Error, PatientIdentity, Result, StagedBlob, random};
use model::Uid;
use std::collections::HashMap;
use std::sync::Arc;
use tlog::Frontier;

/// What patient keys protect.
pub(crate) const PATIENT_KEY: &str = "patient key";
pub(crate) const ACCOUNTING_KEY: &str = "accounting key";
pub(crate) const BLOB_KEY: &str = "blob key";

/// A patient whose keys are open.
#[derive(Clone)]
pub(crate) struct Patient {
    pub(crate) id: PatientId,
    /// None once erased.
    data: Option<Arc<Cipher>>,
    accounting: Arc<Cipher>,
}

impl Patient {
    pub(crate) fn open(row: &PatientRow, keys: &KeyRing) -> Result<Self> {
        let data = row.wrapped_key.as_ref();
        Ok(Self {
            id: row.id,
            data: data
                .map(|key| keys.unwrap(PATIENT_KEY, &row.token, key).map(Arc::new))
                .transpose()?,
            accounting: Arc::new(keys.unwrap(ACCOUNTING_KEY, &row.token, &row.accounting_key)?),
        })
    }

    /// What opens their scans.
    pub(crate) fn data(&self) -> Result<&Cipher> {
        self.data.as_deref().ok_or(Error::Erased)
    }

    /// What opens the accounts of who saw their scans.
    pub(crate) fn accounting(&self) -> &Cipher {
        &self.accounting
    }

    pub(crate) fn is_erased(&self) -> bool {
        self.data.is_none()
    }

    /// A staged blob as their row will name it.
    pub(crate) fn keep(&self, staged: &StagedBlob, random: &dyn random::Random) -> Result<KeptBlob> {
        let blob = staged.blob();
        let context = Context {
            what: BLOB_KEY,
            of: &blob.id.0,
        };
        let key = WrappedKey(self.data()?.seal(random, &context, staged.key().as_slice())?);
        Ok(KeptBlob {
            blob,
            key,
            patient: self.id,
        })
    }
}

/// Rows by name, as they are committed and as this group makes them.
#[derive(Default)]
pub(super) struct Known {
    pub(super) instances: HashMap<Uid, Instance>,
    pub(super) studies: HashMap<Uid, StudyRow>,
    pub(super) series: HashMap<Uid, SeriesRow>,
    patients: HashMap<PatientId, Patient>,
    by_token: HashMap<Token, PatientId>,
}

fn names(changes: &[Change], keys: &KeyRing) -> Names {
    let mut names = Names::default();
    for change in changes {
        match change {
            Change::Seal { new, .. } => {
                names.instances.insert(new.sop_instance_uid.clone());
                names.studies.insert(new.study_instance_uid.clone());
                names.series.insert(new.series_instance_uid.clone());
                names
                    .tokens
                    .insert(keys.patient(&new.patient, &new.study_instance_uid));
            }
            Change::Quarantine { new, .. } => {
                names.tokens.insert(keys.quarantined(new));
            }
            Change::Amend { new, .. } => {
                names.instances.insert(new.sop_instance_uid.clone());
            }
            Change::Complete { new, .. } => {
                names.instances.insert(new.sop_instance_uid.clone());
            }
            Change::Manifest { new, .. } => {
                names.studies.insert(new.study_instance_uid.clone());
            }
            Change::Access { new, .. } => {
                names.patients.insert(new.patient);
            }
            Change::Erase { new, .. } => {
                names.patients.insert(new.patient);
            }
            Change::Ledger(pending) => pending.name(&mut names, keys),
            Change::Discard { .. } | Change::Append { .. } => {}
        }
    }
    names
}

impl Known {
    /// Reads it, and where the log stands.
    pub(super) async fn load(
        tx: &mut Tx<'_>,
        keys: &KeyRing,
        changes: &[Change],
    ) -> Result<(Self, Frontier)> {
        let loaded = tx.load(&names(changes, keys)).await?;
        let mut known = Self {
            instances: loaded
                .instances
                .into_iter()
                .map(|row| (row.sop_instance_uid.clone(), row))
                .collect(),
            studies: loaded
                .studies
                .into_iter()
                .map(|row| (row.uid.clone(), row))
                .collect(),
            series: loaded
                .series
                .into_iter()
                .map(|row| (row.uid.clone(), row))
                .collect(),
            ..Self::default()
        };
        for row in loaded.patients {
            let patient = Patient::open(&row, keys)?;
            if !patient.is_erased() {
                known.by_token.insert(row.token, row.id);
            }
            known.patients.insert(row.id, patient);
        }
        Ok((known, Frontier::from_bytes(&loaded.frontier)?))
    }

    pub(super) fn patient_by_token(&self, token: &Token) -> Option<PatientId> {
        self.by_token.get(token).copied()
    }

    pub(super) fn patient(&self, id: PatientId) -> Result<Patient> {
        self.patients
            .get(&id)
            .cloned()
            .ok_or(Error::Corrupt("a row of the index"))
    }

    /// The living patient under a token; makes their row and keys when there is none.
    pub(super) async fn patient_or_new(
        &mut self,
        tx: &mut Tx<'_>,
        notary: &Notary,
        token: Token,
        identity: Option<&PatientIdentity>,
    ) -> Result<Patient> {
        if let Some(id) = self.patient_by_token(&token) {
            return self.patient(id);
        }
        let (keys, random) = (&notary.keys, notary.random.as_ref());
        let new = NewPatientRow {
            token,
            id_token: keys.patient_id(identity.map_or("", |identity| identity.id.reveal())),
            wrapped_key: keys.wrap(random, PATIENT_KEY, &token, &random::secret(random)?)?,
            accounting_key: keys.wrap(random, ACCOUNTING_KEY, &token, &random::secret(random)?)?,
        };
        let id = tx.insert_patient(&new).await?;
        let NewPatientRow {
            token,
            wrapped_key,
            accounting_key,
            ..
        } = new;
        let row = PatientRow {
            id,
            token,
            wrapped_key: Some(wrapped_key),
            accounting_key,
        };
        let patient = Patient::open(&row, keys)?;
        self.by_token.insert(token, id);
        self.patients.insert(id, patient.clone());
        Ok(patient)
    }

    pub(super) fn forget(&mut self, id: PatientId) {
        self.by_token.retain(|_, known| *known != id);
        if let Some(patient) = self.patients.get_mut(&id) {
            patient.data = None;
        }
    }
}
