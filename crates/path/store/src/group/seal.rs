//! Keeping a sealed instance: the rule of one UID, one patient, one study.

use super::apply::Group;
use crate::blobs::{BlobId, StagedBlob};
use crate::change::{Contradiction, NewInstance, Sealing};
use crate::cipher::Cipher;
use crate::index::{NewInstanceRow, NewSeriesRow, NewStudyRow, SeriesRow, StudyRow};
use crate::row::{Completion, Decision, Instance, SealStatus};
use crate::sealed::{self, SealedStudy};
use crate::{PatientId, Result};

impl Group<'_, '_> {
    pub(super) async fn seal(
        &mut self,
        new: &NewInstance,
        blob: &StagedBlob,
        obsolete: &mut Option<BlobId>,
    ) -> Result<Sealing> {
        if let Some(here) = self.known.instances.get(&new.sop_instance_uid) {
            return Ok(Sealing::Exists(Box::new(here.clone())));
        }
        let token = self.notary.keys.patient(&new.patient, &new.study_instance_uid);
        let study = self.known.studies.get(&new.study_instance_uid).cloned();
        if study
            .as_ref()
            .is_some_and(|study| Some(study.patient) != self.known.patient_by_token(&token))
        {
            return Ok(Sealing::Contradiction(Contradiction::StudyOfAnotherPatient));
        }
        let series = self
            .known
            .series
            .get(&new.series_instance_uid)
            .map(|series| (series.id, series.study));
        if series.is_some_and(|(_, of)| Some(of) != study.as_ref().map(|study| study.id)) {
            return Ok(Sealing::Contradiction(Contradiction::SeriesOfAnotherStudy));
        }
        let patient = self
            .known
            .patient_or_new(self.tx, self.notary, token, Some(&new.patient))
            .await?;
        let study = match study {
            Some(study) => study.id,
            None => self.insert_study(new, patient.id, patient.data()?).await?,
        };
        let series = match series {
            Some((series, _)) => series,
            None => self.insert_series(new, study, patient.data()?).await?,
        };
        if let Some(settlement) = &new.settles
            && let Some(blob) = self
                .tx
                .settle(settlement, Decision::Accepted, new.received_at)
                .await?
        {
            *obsolete = blob;
        }
        let attributes = new.attributes.instance.reveal().as_bytes();
        let sealed = self.encrypt(
            patient.data()?,
            sealed::INSTANCE,
            &new.sop_instance_uid,
            attributes,
        )?;
        let log_index = self.log(&new.entry);
        let instance = Instance {
            sop_instance_uid: new.sop_instance_uid.clone(),
            sop_class_uid: new.sop_class_uid.clone(),
            study_instance_uid: new.study_instance_uid.clone(),
            series_instance_uid: new.series_instance_uid.clone(),
            patient: patient.id,
            transfer_syntax: new.transfer_syntax.clone(),
            form: new.form,
            blob: patient.keep(blob, self.notary.random.as_ref())?,
            statement_digest: new.statement_digest,
            completion: if new.needs_completion {
                Completion::Pending
            } else {
                Completion::NotNeeded
            },
            status: SealStatus::Sealed,
            source: new.source.clone(),
            received_at: new.received_at,
            log_index,
        };
        self.known
            .instances
            .insert(new.sop_instance_uid.clone(), instance.clone());
        let pixel_token = new
            .pixel_root
            .as_ref()
            .map(|root| self.notary.keys.pixel_root(root));
        self.instances.push(NewInstanceRow {
            series,
            instance,
            sealed,
            pixel_token,
        });
        self.touch(study, new.received_at);
        Ok(Sealing::Sealed { log_index })
    }

    async fn insert_study(&mut self, new: &NewInstance, patient: PatientId, cipher: &Cipher) -> Result<i64> {
        let uid = &new.study_instance_uid;
        let sealed = SealedStudy::of(new).encode();
        let some = |text: &str| !text.trim().is_empty();
        let (accession, date) = (new.keys.accession_number.reveal(), new.keys.study_date.reveal());
        let row = NewStudyRow {
            uid,
            patient,
            accession_token: some(accession).then(|| self.notary.keys.accession_number(accession)),
            date_token: some(date).then(|| self.notary.keys.study_date(date)),
            sealed: self.encrypt(cipher, sealed::STUDY, uid, sealed.as_bytes())?,
            received_at: new.received_at,
        };
        let id = self.tx.insert_study(&row).await?;
        let study = StudyRow {
            id,
            uid: uid.clone(),
            patient,
            revision: 0,
            manifest_revision: 0,
        };
        self.known.studies.insert(uid.clone(), study);
        Ok(id)
    }

    async fn insert_series(&mut self, new: &NewInstance, study: i64, cipher: &Cipher) -> Result<i64> {
        let uid = &new.series_instance_uid;
        let attributes = new.attributes.series.reveal().as_bytes();
        let row = NewSeriesRow {
            uid,
            study,
            modality: &new.keys.modality,
            sealed: self.encrypt(cipher, sealed::SERIES, uid, attributes)?,
        };
        let id = self.tx.insert_series(&row).await?;
        self.known.series.insert(
            uid.clone(),
            SeriesRow {
                id,
                uid: uid.clone(),
                study,
            },
        );
        Ok(id)
    }
}
