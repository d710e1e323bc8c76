//! What a query may ask for, and its translation into what the index can match without reading sealed columns.

use crate::keys::Token;
use model::{Redacted, Uid};

/// Looks for studies. All conditions must hold; an absent one matches everything.
#[derive(Clone, Debug, Default)]
pub struct StudyQuery {
    /// Study Instance UIDs, any of them. Empty: all.
    pub study_instance_uids: Vec<Uid>,
    /// Patient ID, from whichever issuer; `*` and `?` are wildcards.
    pub patient_id: Option<Redacted<String>>,
    /// Patient's Name, without regard to case; `*` and `?` are wildcards.
    pub patient_name: Option<Redacted<String>>,
    /// Accession Number; `*` and `?` are wildcards.
    pub accession_number: Option<Redacted<String>>,
    /// Study Date from, YYYYMMDD.
    pub study_date_from: Option<String>,
    /// Study Date to (inclusive), YYYYMMDD.
    pub study_date_to: Option<String>,
    /// A modality of one of its series, exactly.
    pub modality: Option<String>,
    /// A patient's studies only.
    pub patient: Option<crate::PatientId>,
    /// At most so many. None: as many as there are.
    pub limit: Option<usize>,
    /// So many are left out first.
    pub offset: usize,
}

/// Looks for series.
#[derive(Clone, Debug, Default)]
pub struct SeriesQuery {
    /// The study they are in.
    pub study_instance_uid: Option<Uid>,
    /// Series Instance UIDs, any of them. Empty: all.
    pub series_instance_uids: Vec<Uid>,
    /// Modality, exactly.
    pub modality: Option<String>,
    /// At most so many. None: as many as there are.
    pub limit: Option<usize>,
    /// So many are left out first.
    pub offset: usize,
}

/// Looks for instances.
#[derive(Clone, Debug, Default)]
pub struct InstanceQuery {
    /// The study they are in.
    pub study_instance_uid: Option<Uid>,
    /// The series they are in.
    pub series_instance_uid: Option<Uid>,
    /// SOP Instance UIDs, any of them. Empty: all.
    pub sop_instance_uids: Vec<Uid>,
    /// SOP Class UID.
    pub sop_class_uid: Option<Uid>,
    /// At most so many. None: as many as there are.
    pub limit: Option<usize>,
    /// So many are left out first.
    pub offset: usize,
}

/// What the index can match a study on.
#[derive(Default)]
pub(crate) struct StudyFilter {
    pub(crate) uids: Vec<Uid>,
    pub(crate) patient: Option<i64>,
    pub(crate) id_token: Option<Token>,
    pub(crate) accession_token: Option<Token>,
    /// Any of these.
    pub(crate) date_tokens: Option<Vec<Token>>,
    pub(crate) modality: Option<String>,
}

/// A row that the index matched, with what opens its sealed columns.
pub(crate) struct Candidate {
    pub(crate) id: i64,
    pub(crate) uid: Uid,
    /// The study's UID.
    pub(crate) study_uid: Uid,
    /// The series' UID, or the modality, or nothing, by level.
    pub(crate) detail: String,
    /// The SOP Class UID, at instance level.
    pub(crate) sop_class: Option<Uid>,
    pub(crate) sealed: Vec<u8>,
    pub(crate) patient: crate::index::PatientRow,
    /// When the study first, or the instance, came.
    pub(crate) received_at: model::Timestamp,
}

/// What a study holds.
pub(crate) struct Totals {
    pub(crate) modalities: Vec<String>,
    pub(crate) series: u64,
    pub(crate) instances: u64,
}
