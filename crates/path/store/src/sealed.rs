//! What stands in the sealed columns, and under which name each is bound to its row.

use crate::change::{Attributes, MatchKeys, NewInstance};
use crate::{Error, Result};
use model::Redacted;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub(crate) const STUDY: &str = "study";
pub(crate) const SERIES: &str = "series";
pub(crate) const INSTANCE: &str = "instance";
pub(crate) const QUARANTINED: &str = "quarantined";
pub(crate) const AMENDMENT: &str = "amendment";
pub(crate) const COMPLETION: &str = "completion";
pub(crate) const MANIFEST: &str = "manifest";
pub(crate) const ACCESS: &str = "access";

/// The sealed column of a study: what a query matches on, and what it returns.
#[derive(Serialize, Deserialize)]
pub(crate) struct SealedStudy {
    pub(crate) patient_id: String,
    pub(crate) patient_name: String,
    pub(crate) accession_number: String,
    pub(crate) study_date: String,
    /// JSON text.
    pub(crate) patient: String,
    /// JSON text.
    pub(crate) study: String,
}

impl SealedStudy {
    pub(crate) fn of(new: &NewInstance) -> Self {
        let MatchKeys {
            patient_name,
            accession_number,
            study_date,
            modality: _,
        } = &new.keys;
        let Attributes { patient, study, .. } = &new.attributes;
        let text = |value: &Redacted<String>| value.reveal().trim().to_owned();
        Self {
            patient_id: text(&new.patient.id),
            patient_name: text(patient_name),
            accession_number: text(accession_number),
            study_date: text(study_date),
            patient: text(patient),
            study: text(study),
        }
    }

    pub(crate) fn encode(&self) -> Zeroizing<String> {
        // Six strings always serialise.
        Zeroizing::new(serde_json::to_string(self).unwrap_or_default())
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map_err(|_| Error::Corrupt("a study's sealed column"))
    }
}
