//! The store, to read.

use crate::blobs::BlobReader;
use crate::change::{PatientIdentity, QuarantineId};
use crate::cipher::{Cipher, Context};
use crate::group::{BLOB_KEY, Patient};
use crate::index::RecordRow;
use crate::row::{
    CompletionRecord, Instance, KeptBlob, ManifestRecord, OpenStudy, PatientId, Quarantined, Record,
};
use crate::sealed;
use crate::store::Store;
use crate::{Error, Result};
use model::{Redacted, Timestamp, Uid};

impl Store {
    /// An instance by its SOP Instance UID.
    ///
    /// # Errors
    /// [`Error::Database`], and so for every method here.
    pub async fn instance(&self, uid: &Uid) -> Result<Option<Instance>> {
        self.index().instance(uid).await
    }

    /// The instances of a study, in the order in which they came.
    pub async fn instances_of_study(&self, study: &Uid) -> Result<Vec<Instance>> {
        self.index().instances_of_study(study).await
    }

    /// The instances of a series, in the order in which they came.
    pub async fn instances_of_series(&self, series: &Uid) -> Result<Vec<Instance>> {
        self.index().instances_of_series(series).await
    }

    /// The instances with these very samples, by the unsalted root over them: at most 1000.
    pub async fn find_by_pixel_root(&self, root: &[u8; 32]) -> Result<Vec<Instance>> {
        self.index()
            .instances_by_pixels(&self.keys().pixel_root(root))
            .await
    }

    /// Opens an instance's, completion's or quarantined object's bytes.
    ///
    /// # Errors
    /// [`Error::Erased`]; [`Error::Corrupt`] when file or key are not what was written.
    pub async fn open_blob(&self, kept: &KeptBlob) -> Result<BlobReader> {
        let patient = self.patient(kept.patient).await?;
        let key = patient.data()?.open_key(
            &Context {
                what: BLOB_KEY,
                of: &kept.blob.id.0,
            },
            &kept.key.0,
        )?;
        self.blobs().open(kept.blob, &key)
    }

    pub(crate) async fn patient(&self, id: PatientId) -> Result<Patient> {
        let row = self
            .index()
            .patient(id)
            .await?
            .ok_or(Error::Corrupt("a row of the index"))?;
        Patient::open(&row, self.keys())
    }

    /// The rows of a patient: one, unless the patient was erased and came back. With an empty issuer, those of this
    /// Patient ID from whichever issuer.
    pub async fn patients(&self, identity: &PatientIdentity) -> Result<Vec<PatientId>> {
        let id = identity.id.reveal();
        let token = if identity.issuer.reveal().trim().is_empty() {
            self.keys().patient_id(id)
        } else {
            self.keys().patient_of(identity)
        };
        Ok(self
            .index()
            .patients_by_token(&token)
            .await?
            .into_iter()
            .map(|row| row.id)
            .collect())
    }

    /// Instances whose compressed pixels are still to be decoded, oldest first.
    pub async fn pending_completions(&self, limit: u32) -> Result<Vec<Instance>> {
        self.index().pending_completions(limit).await
    }

    /// Studies that a manifest should now list: something was added, the last of it before `quiet_before`.
    pub async fn open_studies(&self, quiet_before: Timestamp) -> Result<Vec<OpenStudy>> {
        self.index().open_studies(quiet_before).await
    }

    /// A study's revision now, for a manifest.
    pub async fn study_revision(&self, study: &Uid) -> Result<Option<u64>> {
        Ok(self.index().study(study).await?.map(|study| study.revision))
    }

    /// The amendments of an instance's seal, oldest first.
    pub async fn amendments_of(&self, instance: &Uid) -> Result<Vec<Record>> {
        let rows = self.index().amendments(instance).await?;
        let Some(owner) = self.instance(instance).await?.filter(|_| !rows.is_empty()) else {
            return Ok(Vec::new());
        };
        let patient = self.patient(owner.patient).await?;
        let context = Context {
            what: sealed::AMENDMENT,
            of: instance.as_str().as_bytes(),
        };
        rows.iter()
            .map(|row| open_record(patient.data()?, &context, row))
            .collect()
    }

    /// The completion of an instance's seal.
    pub async fn completion_of(&self, instance: &Uid) -> Result<Option<CompletionRecord>> {
        let (Some((row, blob)), Some(owner)) = (
            self.index().completion(instance).await?,
            self.instance(instance).await?,
        ) else {
            return Ok(None);
        };
        let patient = self.patient(owner.patient).await?;
        let context = Context {
            what: sealed::COMPLETION,
            of: instance.as_str().as_bytes(),
        };
        Ok(Some(CompletionRecord {
            record: open_record(patient.data()?, &context, &row)?,
            blob,
        }))
    }

    /// The newest manifest of a study.
    pub async fn manifest_of(&self, study: &Uid) -> Result<Option<ManifestRecord>> {
        let Some(row) = self.index().study(study).await? else {
            return Ok(None);
        };
        let Some(manifest) = self.index().manifest(row.id).await? else {
            return Ok(None);
        };
        let patient = self.patient(row.patient).await?;
        let context = Context {
            what: sealed::MANIFEST,
            of: study.as_str().as_bytes(),
        };
        Ok(Some(ManifestRecord {
            record: open_record(patient.data()?, &context, &manifest.record)?,
            revision: manifest.revision,
            current: manifest.revision == row.revision,
        }))
    }

    /// Who read a patient's scans, oldest first. It outlives the patient's erasure.
    pub async fn accesses_of(&self, patient: PatientId) -> Result<Vec<Record>> {
        let rows = self.index().accesses(patient).await?;
        let patient = self.patient(patient).await?;
        let open = |row: &RecordRow| {
            let context = Context {
                what: sealed::ACCESS,
                of: &row.log_index.to_be_bytes(),
            };
            open_record(patient.accounting(), &context, row)
        };
        rows.iter().map(open).collect()
    }

    /// What is kept apart, oldest first; all that ever was, or only what waits for a decision.
    pub async fn quarantine_list(&self, waiting_only: bool) -> Result<Vec<Quarantined>> {
        self.index().quarantine(waiting_only).await
    }

    /// A quarantined object.
    pub async fn quarantined(&self, id: &QuarantineId) -> Result<Option<Quarantined>> {
        self.index().quarantined(id).await
    }

    /// What the officer sees of a quarantined object: the JSON text that was given with it.
    ///
    /// # Errors
    /// [`Error::Erased`].
    pub async fn quarantined_attributes(&self, object: &Quarantined) -> Result<Redacted<String>> {
        let patient = self.patient(object.patient).await?;
        let context = Context {
            what: sealed::QUARANTINED,
            of: &object.id.0,
        };
        Ok(Redacted::new(
            patient.data()?.open_text(&context, &object.sealed.0)?,
        ))
    }
}

fn open_record(cipher: &Cipher, context: &Context<'_>, row: &RecordRow) -> Result<Record> {
    let record = cipher.open(context, &row.sealed)?.to_vec();
    Ok(Record {
        record,
        made_at: row.made_at,
        log_index: row.log_index,
    })
}
