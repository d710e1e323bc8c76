//! Applies a group of changes to a transaction.

use super::Notary;
use super::change::Change;
use super::known::{Known, Patient};
use crate::blobs::{BlobId, StagedBlob};
use crate::change::{
    NewAccess, NewAmendment, NewCompletion, NewDiscard, NewErasure, NewManifest, NewQuarantined,
    QuarantineId, Quarantining, Recording, Settlement,
};
use crate::cipher::{Cipher, Context};
use crate::index::{BatchRow, ManifestRow, NewInstanceRow, RecordRow, Tx};
use crate::row::{Completion, Decision, PatientId, Quarantined, SealStatus, WrappedKey};
use crate::sealed;
use crate::{Error, PatientIdentity, Result, log, random};
use model::{Timestamp, Uid};
use std::collections::BTreeMap;
use tlog::{Entry, Frontier};

/// Writes what the changes ask for and sets their answers. Nothing counts before the transaction is committed.
pub(crate) async fn apply(tx: &mut Tx<'_>, notary: &Notary, changes: &mut [Change]) -> Result<()> {
    let (known, frontier) = Known::load(tx, &notary.keys, changes).await?;
    let mut group = Group::begin(tx, notary, known, frontier);
    for change in changes {
        match change {
            Change::Seal {
                new,
                blob,
                obsolete,
                reply,
            } => reply.set((group.seal(new, blob, obsolete).await?, None)),
            Change::Quarantine { new, blob, reply } => reply.set(group.quarantine(new, blob.as_ref()).await?),
            Change::Discard { new, obsolete, reply } => reply.set(group.discard(new, obsolete).await?),
            Change::Amend { new, reply } => reply.set(group.amend(new).await?),
            Change::Complete { new, blob, reply } => reply.set(group.complete(new, blob.as_ref()).await?),
            Change::Manifest { new, reply } => reply.set(group.manifest(new).await?),
            Change::Access { new, reply } => reply.set(group.access(new).await?),
            Change::Erase { new, reply } => reply.set(group.erase(new).await?),
            Change::Append { entries, reply } => reply.set(group.append(entries)),
            Change::Ledger(pending) => {
                // What the group sealed must be there before the ledger speaks of it.
                group.write_instances().await?;
                pending.apply(&mut group).await?;
            }
        }
    }
    group.finish().await
}

/// A group while it is applied.
pub(crate) struct Group<'a, 't> {
    pub(crate) tx: &'a mut Tx<'t>,
    pub(crate) notary: &'a Notary,
    pub(super) known: Known,
    frontier: Frontier,
    /// The log's size before this group.
    first: u64,
    entries: Vec<u8>,
    pub(super) instances: Vec<NewInstanceRow>,
    /// By study row: how many changes its manifest must still list, and when the last was.
    touched: BTreeMap<i64, (u64, Timestamp)>,
}

impl<'a, 't> Group<'a, 't> {
    fn begin(tx: &'a mut Tx<'t>, notary: &'a Notary, known: Known, frontier: Frontier) -> Self {
        Self {
            tx,
            notary,
            known,
            first: frontier.size(),
            frontier,
            entries: Vec::new(),
            instances: Vec::new(),
            touched: BTreeMap::new(),
        }
    }

    /// Adds an entry to the log and gives its index.
    pub(crate) fn log(&mut self, entry: &Entry) -> u64 {
        let index = self.frontier.size();
        let bytes = entry.encode();
        self.frontier.append(tlog::leaf_hash(&bytes));
        self.entries.extend_from_slice(&bytes);
        index
    }

    /// A patient with their keys, erased or not.
    pub(crate) async fn patient(&mut self, id: PatientId) -> Result<Patient> {
        if let Ok(patient) = self.known.patient(id) {
            return Ok(patient);
        }
        let row = self.tx.rows().patient_row(id).await?;
        Patient::open(
            &row.ok_or(Error::Corrupt("a row of the index"))?,
            &self.notary.keys,
        )
    }

    /// The living patient of this identity; makes their row and keys when there is none.
    pub(crate) async fn patient_or_new(&mut self, identity: &PatientIdentity) -> Result<Patient> {
        let token = self.notary.keys.patient_of(identity);
        self.known
            .patient_or_new(self.tx, self.notary, token, Some(identity))
            .await
    }

    pub(super) fn encrypt(
        &self,
        cipher: &Cipher,
        what: &'static str,
        of: &Uid,
        value: &[u8],
    ) -> Result<Vec<u8>> {
        cipher.seal(
            self.notary.random.as_ref(),
            &Context {
                what,
                of: of.as_str().as_bytes(),
            },
            value,
        )
    }

    pub(super) fn touch(&mut self, study: i64, at: Timestamp) {
        let (changes, last) = self.touched.entry(study).or_insert((0, at));
        *changes += 1;
        *last = at.max(*last);
    }

    async fn quarantine(&mut self, new: &NewQuarantined, blob: Option<&StagedBlob>) -> Result<Quarantining> {
        let token = self.notary.keys.quarantined(new);
        let patient = self
            .known
            .patient_or_new(self.tx, self.notary, token, new.patient.as_ref())
            .await?;
        let random = self.notary.random.as_ref();
        let id = QuarantineId(random::array(random)?);
        let context = Context {
            what: sealed::QUARANTINED,
            of: &id.0,
        };
        let sealed = patient
            .data()?
            .seal(random, &context, new.attributes.reveal().as_bytes())?;
        let blob = blob.map(|blob| patient.keep(blob, random)).transpose()?;
        let log_index = self.log(&new.entry);
        let row = Quarantined {
            id,
            patient: patient.id,
            reason: new.reason.clone(),
            detail: new.detail.clone(),
            sop_instance_uid: new.sop_instance_uid.clone(),
            transfer_syntax: new.transfer_syntax.clone(),
            form: new.form,
            blob,
            source: new.source.clone(),
            received_at: new.received_at,
            log_index,
            decision: None,
            sealed: WrappedKey(sealed),
        };
        self.tx.insert_quarantined(&row).await?;
        Ok(Quarantining { id, log_index })
    }

    async fn discard(&mut self, new: &NewDiscard, obsolete: &mut Option<BlobId>) -> Result<Recording> {
        let settlement = Settlement {
            quarantine: new.quarantine,
            decided_by: new.decided_by.clone(),
        };
        match self
            .tx
            .settle(&settlement, Decision::Discarded, new.decided_at)
            .await?
        {
            None => Ok(Recording::Superseded),
            Some(blob) => {
                *obsolete = blob;
                Ok(Recording::Recorded {
                    log_index: self.log(&new.entry),
                })
            }
        }
    }

    async fn amend(&mut self, new: &NewAmendment) -> Result<Recording> {
        let Some(mut instance) = self.known.instances.get(&new.sop_instance_uid).cloned() else {
            return Ok(Recording::NotFound);
        };
        // The row must be there before another speaks of it.
        self.write_instances().await?;
        let patient = self.known.patient(instance.patient)?;
        let sealed = self.encrypt(
            patient.data()?,
            sealed::AMENDMENT,
            &new.sop_instance_uid,
            &new.record,
        )?;
        let log_index = self.log(&new.entry);
        if new.revokes {
            instance.status = SealStatus::Revoked;
        }
        let record = RecordRow {
            sealed,
            made_at: new.made_at,
            log_index,
        };
        self.tx
            .insert_amendment(&new.sop_instance_uid, &record, instance.status)
            .await?;
        if let Some(study) = self.known.studies.get(&instance.study_instance_uid) {
            self.touch(study.id, new.made_at);
        }
        self.known
            .instances
            .insert(new.sop_instance_uid.clone(), instance);
        Ok(Recording::Recorded { log_index })
    }

    async fn complete(&mut self, new: &NewCompletion, blob: Option<&StagedBlob>) -> Result<Recording> {
        let Some(mut instance) = self.known.instances.get(&new.sop_instance_uid).cloned() else {
            return Ok(Recording::NotFound);
        };
        if instance.completion != Completion::Pending {
            return Ok(Recording::Superseded);
        }
        self.write_instances().await?;
        let patient = self.known.patient(instance.patient)?;
        let sealed = self.encrypt(
            patient.data()?,
            sealed::COMPLETION,
            &new.sop_instance_uid,
            &new.record,
        )?;
        let blob = blob
            .map(|blob| patient.keep(blob, self.notary.random.as_ref()))
            .transpose()?;
        let log_index = self.log(&new.entry);
        let record = RecordRow {
            sealed,
            made_at: new.made_at,
            log_index,
        };
        let pixels = new
            .pixel_root
            .as_ref()
            .map(|root| self.notary.keys.pixel_root(root));
        let uid = &new.sop_instance_uid;
        self.tx
            .insert_completion(uid, &record, blob.as_ref(), pixels, Completion::Done)
            .await?;
        instance.completion = Completion::Done;
        self.known.instances.insert(uid.clone(), instance);
        Ok(Recording::Recorded { log_index })
    }

    async fn manifest(&mut self, new: &NewManifest) -> Result<Recording> {
        let Some(study) = self.known.studies.get(&new.study_instance_uid).cloned() else {
            return Ok(Recording::NotFound);
        };
        let pending = self.touched.get(&study.id).map_or(0, |(changes, _)| *changes);
        if study.revision + pending != new.revision || study.manifest_revision >= new.revision {
            return Ok(Recording::Superseded);
        }
        let patient = self.known.patient(study.patient)?;
        let sealed = self.encrypt(
            patient.data()?,
            sealed::MANIFEST,
            &new.study_instance_uid,
            &new.record,
        )?;
        let log_index = self.log(&new.entry);
        let record = RecordRow {
            sealed,
            made_at: new.made_at,
            log_index,
        };
        self.tx
            .insert_manifest(
                study.id,
                &ManifestRow {
                    revision: new.revision,
                    record,
                },
            )
            .await?;
        if let Some(study) = self.known.studies.get_mut(&new.study_instance_uid) {
            study.manifest_revision = new.revision;
        }
        Ok(Recording::Recorded { log_index })
    }

    async fn access(&mut self, new: &NewAccess) -> Result<Recording> {
        let Ok(patient) = self.known.patient(new.patient) else {
            return Ok(Recording::NotFound);
        };
        let log_index = self.log(&new.entry);
        let context = Context {
            what: sealed::ACCESS,
            of: &log_index.to_be_bytes(),
        };
        let record = new.record.reveal().as_bytes();
        let sealed = patient
            .accounting()
            .seal(self.notary.random.as_ref(), &context, record)?;
        let record = RecordRow {
            sealed,
            made_at: new.made_at,
            log_index,
        };
        self.tx.insert_access(new.patient, &record).await?;
        Ok(Recording::Recorded { log_index })
    }

    async fn erase(&mut self, new: &NewErasure) -> Result<Recording> {
        match self.known.patient(new.patient) {
            Err(_) => Ok(Recording::NotFound),
            Ok(patient) if patient.is_erased() => Ok(Recording::Superseded),
            Ok(_) => {
                self.write_instances().await?;
                self.tx.erase_patient(new.patient, new.made_at).await?;
                self.known.forget(new.patient);
                Ok(Recording::Recorded {
                    log_index: self.log(&new.entry),
                })
            }
        }
    }

    fn append(&mut self, entries: &[Entry]) -> u64 {
        let first = self.frontier.size();
        for entry in entries {
            self.log(entry);
        }
        first
    }

    async fn write_instances(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.instances);
        self.tx.insert_instances(&rows).await
    }

    /// Writes the rows that were gathered, and the log with its new head.
    async fn finish(mut self) -> Result<()> {
        self.write_instances().await?;
        for (study, (changes, at)) in std::mem::take(&mut self.touched) {
            self.tx.touch_study(study, changes, at).await?;
        }
        if self.entries.is_empty() {
            return Ok(());
        }
        let head = log::head(&self.frontier, &self.notary.signer, self.notary.clock.now())?;
        let batch = BatchRow {
            first: self.first,
            count: head.size - self.first,
            entries: self.entries,
        };
        self.tx.append_log(&batch, &head).await
    }
}
