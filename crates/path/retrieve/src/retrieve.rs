//! Finding what is to be read, accounting for it, reading it.

use crate::access::{Reader, Subject, account};
use crate::{DataSet, Error, Pixels, Result, Target, Value, ValuePath, part10};
use dicom::TransferSyntax;
use model::Clock;
use std::sync::Arc;
use store::{BlobReader, Instance, NewAccess, PatientId, Recording, Store};
use tokio::task::JoinSet;

/// The read path. Cheap to clone; shared by every door.
#[derive(Clone)]
pub struct Retrieve {
    store: Store,
    clock: Arc<dyn Clock>,
}

/// Instances that were found and not yet opened: it is known that they are here, and how, and nothing of what they hold.
#[derive(Debug)]
pub struct Found {
    target: Target,
    instances: Vec<Instance>,
}

impl Found {
    /// The instances, at least one.
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }
}

/// An instance whose reading is accounted for and in the log.
#[derive(Clone)]
pub struct Readable {
    store: Store,
    instance: Instance,
}

impl Retrieve {
    /// A read path over a store.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Finds what a target names.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing is here under these UIDs.
    pub async fn find(&self, target: &Target) -> Result<Found> {
        let mut instances = match target {
            Target::Study(study) => self.store.instances_of_study(study).await?,
            Target::Series { series, .. } => self.store.instances_of_series(series).await?,
            Target::Instance { instance, .. } => self.store.instance(instance).await?.into_iter().collect(),
        };
        instances.retain(|found| target.agrees(&found.study_instance_uid, &found.series_instance_uid));
        if instances.is_empty() {
            return Err(Error::NotFound);
        }
        Ok(Found {
            target: target.clone(),
            instances,
        })
    }

    /// Accounts for a search that found something of these patients; only then may its results be shown.
    ///
    /// # Errors
    /// When it cannot be accounted for.
    pub async fn account_search(&self, reader: &Reader, patients: &[PatientId]) -> Result<()> {
        self.account(reader, &Subject::Search, patients).await
    }

    /// One account and log entry for each patient, all at once: they share their commit.
    async fn account(&self, reader: &Reader, subject: &Subject<'_>, patients: &[PatientId]) -> Result<()> {
        let made_at = self.clock.now();
        let mut commits = JoinSet::new();
        for &patient in patients {
            let (record, entry) = account(reader, subject, made_at)?;
            let (store, access) = (
                self.store.clone(),
                NewAccess {
                    patient,
                    record,
                    made_at,
                    entry,
                },
            );
            commits.spawn(async move { store.account(access).await });
        }
        while let Some(outcome) = commits.join_next().await {
            match outcome.map_err(|_| store::Error::Closed)?? {
                Recording::Recorded { .. } => {}
                Recording::NotFound | Recording::Superseded => return Err(Error::NotFound),
            }
        }
        Ok(())
    }

    /// Accounts for the read of all that was found, durably and in the log; only then can it be read.
    ///
    /// # Errors
    /// When the read cannot be accounted for: then nothing is read.
    pub async fn open(&self, reader: &Reader, found: Found) -> Result<Vec<Readable>> {
        let mut patients: Vec<_> = found.instances.iter().map(|instance| instance.patient).collect();
        patients.sort_unstable();
        patients.dedup();
        self.account(
            reader,
            &Subject::Target(&found.target, found.instances.len()),
            &patients,
        )
        .await?;
        let readable = |instance| Readable {
            store: self.store.clone(),
            instance,
        };
        Ok(found.instances.into_iter().map(readable).collect())
    }
}

impl Readable {
    /// What the index says of it.
    pub fn instance(&self) -> &Instance {
        &self.instance
    }

    /// Its transfer syntax.
    pub fn transfer_syntax(&self) -> TransferSyntax {
        TransferSyntax::by_uid(&self.instance.transfer_syntax)
    }

    /// The data set's bytes as they came. The reader blocks: use it on a thread that may.
    ///
    /// # Errors
    /// When the bytes or their key are not there.
    pub async fn bytes(&self) -> Result<BlobReader> {
        Ok(self.store.open_blob(&self.instance.blob).await?)
    }

    /// Bytes of the data set.
    pub fn len(&self) -> u64 {
        self.instance.blob.blob().data_len()
    }

    /// True when there is not one byte.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What stands before the data set in a DICOM file.
    pub fn file_head(&self) -> Vec<u8> {
        let i = &self.instance;
        part10::head(&i.sop_class_uid, &i.sop_instance_uid, &i.transfer_syntax)
    }

    /// The elements of the data set, from its start.
    ///
    /// # Errors
    /// As [`bytes`](Self::bytes).
    pub async fn data_set(&self) -> Result<DataSet<BlobReader>> {
        Ok(DataSet::new(self.bytes().await?, &self.transfer_syntax()))
    }

    /// Finds a value by its path.
    ///
    /// # Errors
    /// As [`Value::locate`].
    pub async fn value(&self, path: ValuePath) -> Result<(DataSet<BlobReader>, Value)> {
        let (stored, syntax) = (self.bytes().await?, self.transfer_syntax());
        blocking(move || Value::locate(stored, &syntax, &path)).await
    }

    /// Finds the frames.
    ///
    /// # Errors
    /// As [`Pixels::locate`].
    pub async fn pixels(&self) -> Result<(DataSet<BlobReader>, Pixels)> {
        let (stored, syntax) = (self.bytes().await?, self.transfer_syntax());
        blocking(move || Pixels::locate(stored, &syntax)).await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Error::Store(store::Error::Closed))?
}
