//! The ledger, to read.

use super::gather;
use super::order::GLASS;
use super::rows::{
    Attempt, AttemptCounts, CopyRow, DenialRow, ExposedRow, GlassRow, NoticeRow, Piece, ReceiptRow, Release,
    ReleaseState, SuspensionRow,
};
use super::{DERIVED, ReleaseId};
use crate::cipher::Context;
use crate::group::Patient;
use crate::index::StudyFilter;
use crate::row::Record;
use crate::sealed::{STUDY, SealedStudy};
use crate::store::Store;
use crate::{Error, PatientId, PatientIdentity, Result};
use consent::{Directive, DirectiveId, Person};
use model::{RecipientId, Redacted, Timestamp, Uid};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Studies that are looked up in one query.
const BATCH: usize = 256;

/// What reports and letters say of a patient.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PatientWords {
    /// Patient ID.
    pub id: Redacted<String>,
    /// Patient's Name, as the newest study has it.
    pub name: Redacted<String>,
    /// Patient level attributes, JSON text as they were given.
    pub attributes: Redacted<String>,
}

/// What reports say of a study.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StudyWords {
    /// Study Date as YYYYMMDD.
    pub date: Redacted<String>,
    /// Study level attributes, JSON text as they were given.
    pub attributes: Redacted<String>,
}

/// A flag on a scan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flagged {
    /// The study.
    pub study: Uid,
    /// When it was flagged.
    pub at: Timestamp,
    /// True while a flag on the study blocks releases.
    pub open: bool,
}

impl Store {
    /// A release.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`], and so for every method here.
    pub async fn release(&self, id: ReleaseId) -> Result<Option<Release>> {
        self.index().rows().await?.release(id).await
    }

    /// Releases of one state, or all; the newest first.
    pub async fn releases(&self, state: Option<ReleaseState>, limit: u32) -> Result<Vec<Release>> {
        self.index().rows().await?.releases(state, limit).await
    }

    /// A patient's releases, oldest first.
    pub async fn releases_of(&self, patient: PatientId) -> Result<Vec<Release>> {
        self.index().rows().await?.releases_of(patient).await
    }

    /// The instances of a release.
    pub async fn pieces(&self, release: ReleaseId) -> Result<Vec<Piece>> {
        self.index().rows().await?.pieces(release).await
    }

    /// The attempts of a release, oldest first.
    pub async fn attempts(&self, release: ReleaseId) -> Result<Vec<Attempt>> {
        self.index().rows().await?.attempts(release).await
    }

    /// How the attempts of a release went.
    pub async fn attempt_counts(&self, release: ReleaseId) -> Result<AttemptCounts> {
        self.index().rows().await?.attempt_counts(release).await
    }

    /// What was refused of a patient's, oldest first.
    pub async fn denials_of(&self, patient: PatientId) -> Result<Vec<DenialRow>> {
        self.index().rows().await?.denials(patient).await
    }

    /// Who has a patient's scans: every copy outside, oldest first.
    pub async fn copies_of(&self, patient: PatientId) -> Result<Vec<CopyRow>> {
        self.index().rows().await?.copies_of(patient).await
    }

    /// What a recipient has.
    pub async fn copies_at(&self, recipient: &RecipientId) -> Result<Vec<CopyRow>> {
        self.index().rows().await?.copies_at(recipient).await
    }

    /// The copy whose deletion was requested under this name.
    pub async fn copy_by_request(&self, jti: &str) -> Result<Option<CopyRow>> {
        self.index().rows().await?.copy_by_request(jti).await
    }

    /// The receipts for a copy, oldest first.
    pub async fn receipts_of(&self, copy: i64) -> Result<Vec<ReceiptRow>> {
        self.index().rows().await?.receipts(copy).await
    }

    /// Of which patients a recipient has or may have something that was sent in this period.
    pub async fn exposed(&self, recipient: &str, from: Timestamp, to: Timestamp) -> Result<Vec<ExposedRow>> {
        self.index().rows().await?.exposed(recipient, from, to).await
    }

    /// How many releases wait for each recipient, and since when the oldest does.
    pub async fn waiting_since(&self) -> Result<Vec<(RecipientId, u64, Timestamp)>> {
        self.index().rows().await?.waiting_since().await
    }

    /// The directives that bear on a patient, oldest first.
    pub async fn directives_of(&self, patient: PatientId) -> Result<Vec<Directive>> {
        gather::directives(&mut self.index().rows().await?, self.keys(), patient).await
    }

    /// The rows of exactly this patient: with an empty issuer, of the one who has none. More than one when they were erased
    /// and came back.
    pub async fn rows_of(&self, identity: &PatientIdentity) -> Result<Vec<PatientId>> {
        let token = self.keys().patient_of(identity);
        let rows = self.index().patients_by_token(&token).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// The log entries of the directives that were recorded for a Patient ID, from whichever issuer.
    pub async fn directive_entries(&self, patient: PatientId) -> Result<HashMap<DirectiveId, u64>> {
        let mut rows = self.index().rows().await?;
        let mut entries = HashMap::new();
        for row in rows.patients_of_same_id(patient).await? {
            let directives = rows.directives(row.id).await?;
            entries.extend(
                directives
                    .iter()
                    .map(|directive| (DirectiveId(directive.id), directive.log_index)),
            );
        }
        Ok(entries)
    }

    /// The flags on a patient's scans, oldest first, as officers were told of them.
    pub async fn flags_of(&self, patient: PatientId) -> Result<Vec<Flagged>> {
        let mut rows = self.index().rows().await?;
        let mut told = rows.notices("officer", false).await?;
        told.retain(|notice| notice.kind == "flag" && notice.patient == Some(patient));
        told.sort_by_key(|notice| notice.number);
        let mut flags = Vec::with_capacity(told.len());
        for notice in told {
            let study = Uid::new(&notice.about).map_err(|_| Error::Corrupt("a row of the ledger"))?;
            let open = rows.is_flagged(&study).await?;
            flags.push(Flagged {
                study,
                at: notice.made_at,
                open,
            });
        }
        Ok(flags)
    }

    /// What is recorded of a patient.
    pub async fn person_of(&self, patient: PatientId) -> Result<Person> {
        gather::person(&mut self.index().rows().await?, self.keys(), patient).await
    }

    /// Uses of break-glass, oldest first; all, or those that wait for review.
    pub async fn break_glass_list(&self, open_only: bool) -> Result<Vec<GlassRow>> {
        self.index().rows().await?.glasses(open_only).await
    }

    /// Uses of break-glass for a patient, oldest first.
    pub async fn break_glass_of(&self, patient: PatientId) -> Result<Vec<GlassRow>> {
        self.index().rows().await?.glasses_of(patient).await
    }

    /// Why the glass was broken.
    pub async fn break_glass_reason(&self, used: &GlassRow) -> Result<Redacted<String>> {
        let patient = self.patient(used.patient).await?;
        let found = self.index().rows().await?.glass_reason(used.number).await?;
        let (_, sealed) = found.ok_or(Error::Corrupt("a row of the ledger"))?;
        let context = Context {
            what: GLASS,
            of: &used.number.to_be_bytes(),
        };
        Ok(Redacted::new(patient.accounting().open_text(&context, &sealed)?))
    }

    /// Notices for `officer` or `patient`: all, or those not told yet.
    pub async fn notices(&self, audience: &str, open_only: bool) -> Result<Vec<NoticeRow>> {
        self.index().rows().await?.notices(audience, open_only).await
    }

    /// Accounts of a patient's that law enforcement asked to hold back.
    pub async fn suspensions_of(&self, patient: PatientId) -> Result<Vec<SuspensionRow>> {
        self.index().rows().await?.suspensions(patient).await
    }

    /// The seal of a released copy, by its SOP Instance UID. It outlives the patient's erasure.
    pub async fn derived_seal(&self, copy: &Uid) -> Result<Option<Record>> {
        let Some((patient, row)) = self.index().rows().await?.derived(copy).await? else {
            return Ok(None);
        };
        let patient = self.patient(patient).await?;
        let context = Context {
            what: DERIVED,
            of: copy.as_str().as_bytes(),
        };
        Ok(Some(Record {
            record: patient.accounting().open(&context, &row.sealed)?.to_vec(),
            made_at: row.made_at,
            log_index: row.log_index,
        }))
    }

    /// What letters say of a patient, from their newest study. None when they were erased, or have no study here.
    pub async fn patient_words(&self, patient: PatientId) -> Result<Option<PatientWords>> {
        let patient = self.patient(patient).await?;
        let Some((uid, sealed)) = self.index().rows().await?.newest_study(patient.id).await? else {
            return Ok(None);
        };
        let Some(study) = opened(&patient, &uid, &sealed)? else {
            return Ok(None);
        };
        Ok(Some(words(study)))
    }

    /// What reports say of a study. None when its patient was erased, or it is not here.
    pub async fn study_words(&self, study: &Uid) -> Result<Option<StudyWords>> {
        let Some((owner, sealed)) = self.index().rows().await?.study_sealed(study).await? else {
            return Ok(None);
        };
        let patient = self.patient(owner).await?;
        Ok(opened(&patient, study, &sealed)?.map(|study| StudyWords {
            date: Redacted::new(study.study_date),
            attributes: Redacted::new(study.study),
        }))
    }

    /// What letters say of the patients of many studies, by study: for a breach that concerns thousands. Those of erased
    /// patients, and those that are not here, are left out.
    pub async fn words_of_studies(&self, studies: &[Uid]) -> Result<HashMap<Uid, (PatientId, PatientWords)>> {
        let mut found = HashMap::with_capacity(studies.len());
        // A patient's key is unwrapped once for all studies that came in together.
        for uids in studies.chunks(BATCH) {
            let filter = StudyFilter {
                uids: uids.to_vec(),
                ..StudyFilter::default()
            };
            let mut before = i64::MAX;
            loop {
                let page = self.index().find_studies(&filter, before).await?;
                let mut patients: HashMap<PatientId, Patient> = HashMap::new();
                for row in &page.rows {
                    let patient = match patients.entry(row.patient.id) {
                        Entry::Occupied(known) => known.into_mut(),
                        Entry::Vacant(unknown) => unknown.insert(Patient::open(&row.patient, self.keys())?),
                    };
                    if let Some(study) = opened(patient, &row.uid, &row.sealed)? {
                        found.insert(row.uid.clone(), (row.patient.id, words(study)));
                    }
                }
                match page.next {
                    Some(next) => before = next,
                    None => break,
                }
            }
        }
        Ok(found)
    }

    /// The Ed25519 seed (RFC 8032) that signs deletion requests of this archive.
    pub fn deletion_seed(&self) -> [u8; 32] {
        self.keys().deletion_seed()
    }

    /// A secret of this archive for a recipient: the same for ever, and another for each. From it come the pseudonyms of the
    /// copies that the recipient gets, so that two recipients cannot join what they hold.
    pub fn recipient_secret(&self, recipient: &RecipientId) -> [u8; 32] {
        self.keys().recipient_secret(recipient)
    }
}

fn words(study: SealedStudy) -> PatientWords {
    PatientWords {
        id: Redacted::new(study.patient_id),
        name: Redacted::new(study.patient_name),
        attributes: Redacted::new(study.patient),
    }
}

fn opened(patient: &Patient, study: &Uid, sealed: &[u8]) -> Result<Option<SealedStudy>> {
    let Ok(data) = patient.data() else { return Ok(None) };
    let context = Context {
        what: STUDY,
        of: study.as_str().as_bytes(),
    };
    SealedStudy::decode(&data.open(&context, sealed)?).map(Some)
}
