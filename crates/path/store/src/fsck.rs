//! Checking everything that is kept against everything else.

use crate::blobs::BlobId;
use crate::log::LogReport;
use crate::row::{Instance, KeptBlob};
use crate::store::Store;
use crate::{Error, Result};
use serde::Serialize;
use tlog::Kind;

/// What to check and mend.
#[derive(Clone, Copy, Debug, Default)]
pub struct FsckOptions {
    /// Remove blobs that nothing speaks for.
    pub remove_orphans: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FsckReport {
    /// Instances whose rows were read.
    pub instances: u64,
    /// Blobs of which every chunk was read and found authentic.
    pub blobs: u64,
    /// Blobs that cannot be read any more because their patient was erased; their files are there in full length.
    pub erased: u64,
    /// Files under `blobs/` that no row speaks for, and that nobody is writing: what a crash left.
    pub orphans: Vec<String>,
    /// How many of them were removed.
    pub removed: u64,
    /// The log.
    pub log: LogReport,
    /// What is wrong beside the log. Empty: nothing.
    pub problems: Vec<String>,
}

impl FsckReport {
    /// True when nothing is wrong. Orphans are no fault.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty() && self.log.problems.is_empty()
    }
}

impl Store {
    /// Reads everything: each row's blob with every chunk, each instance's log entry, the log with its tiles; and lists
    /// what nothing speaks for. It can run beside others that read and write.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Io`] when it could not go on. What is merely wrong is in the report.
    pub async fn fsck(&self, options: FsckOptions) -> Result<FsckReport> {
        let mut report = FsckReport::default();
        self.check_instances(&mut report).await?;
        self.check_completions(&mut report).await?;
        for object in self.quarantine_list(false).await? {
            if let Some(blob) = &object.blob {
                self.check_blob(blob, &format!("quarantined object {}", object.id), &mut report)
                    .await?;
            }
        }
        let orphans = self.orphans(options.remove_orphans).await?;
        report.removed = if options.remove_orphans {
            orphans.len() as u64
        } else {
            0
        };
        report.orphans = orphans.iter().map(BlobId::to_string).collect();
        report.log = self.log().verify(None).await?;
        Ok(report)
    }

    async fn check_instances(&self, report: &mut FsckReport) -> Result<()> {
        let mut page = self.index().instances_page(0).await?;
        loop {
            for instance in &page.rows {
                report.instances += 1;
                self.check_blob(
                    &instance.blob,
                    &format!("instance {}", instance.sop_instance_uid),
                    report,
                )
                .await?;
            }
            self.check_entries(&page.rows, report).await?;
            let Some(next) = page.next else { return Ok(()) };
            page = self.index().instances_page(next).await?;
        }
    }

    /// Each instance's log index holds a SEAL entry.
    async fn check_entries(&self, instances: &[Instance], report: &mut FsckReport) -> Result<()> {
        let kinds = self
            .log()
            .kinds(instances.iter().map(|instance| instance.log_index))
            .await?;
        for (instance, kind) in instances.iter().zip(kinds) {
            let uid = &instance.sop_instance_uid;
            match kind {
                Some(Kind::Seal) => {}
                Some(kind) => report
                    .problems
                    .push(format!("instance {uid}: its log entry is {kind}")),
                None => report
                    .problems
                    .push(format!("instance {uid}: it has no log entry")),
            }
        }
        Ok(())
    }

    async fn check_completions(&self, report: &mut FsckReport) -> Result<()> {
        let mut page = self.index().completion_blobs(0).await?;
        loop {
            for blob in &page.rows {
                self.check_blob(blob, "a completion", report).await?;
            }
            let Some(next) = page.next else { return Ok(()) };
            page = self.index().completion_blobs(next).await?;
        }
    }

    async fn check_blob(&self, kept: &KeptBlob, of: &str, report: &mut FsckReport) -> Result<()> {
        let read = match self.open_blob(kept).await {
            Ok(reader) => tokio::task::spawn_blocking(move || reader.authenticate())
                .await
                .map_err(|_| Error::Closed)?,
            Err(error) => Err(error),
        };
        match read {
            Ok(()) => report.blobs += 1,
            Err(Error::Erased) => report.erased += 1,
            Err(Error::Database(error)) => return Err(Error::Database(error)),
            Err(error) => report.problems.push(format!("{of}: {error}")),
        }
        Ok(())
    }

    /// The blobs that no row speaks for, and that no living process is writing: what a crash left. Removes them when asked to.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Io`].
    pub async fn orphans(&self, remove: bool) -> Result<Vec<BlobId>> {
        // Files first, rows second: a blob that is committed in between was not on an idle shelf.
        let mut orphans = Vec::new();
        self.blobs().list_idle(|id| orphans.push(id))?;
        let mut named = self.index().blob_names().await?;
        named.sort_unstable();
        orphans.retain(|id| named.binary_search(&id.0).is_err());
        if remove {
            orphans
                .iter()
                .try_for_each(|orphan| self.blobs().remove(*orphan))?;
        }
        Ok(orphans)
    }
}
