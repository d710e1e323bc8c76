//! An archive with everything that works on it.

use crate::clock::SystemClock;
use anyhow::{Context as _, Result, bail};
use decode::Decoder;
use intake::{Intake, Parts};
use model::{Clock, Timestamp};
use retrieve::Retrieve;
use seal::SealKey;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::{Options, OsRandom, Random, Store};
use tlog::Checkpoint;
use verify::{Admission, Trust, Verifier};

/// An open archive.
#[derive(Clone)]
pub(crate) struct Gateway {
    pub(crate) folder: PathBuf,
    pub(crate) store: Store,
    pub(crate) intake: Intake,
    pub(crate) retrieve: Retrieve,
    pub(crate) decoder: Decoder,
    pub(crate) key: Arc<SealKey>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

/// Children are this same program.
pub(crate) fn decoder() -> Result<Decoder> {
    Ok(Decoder::new(
        std::env::current_exe().context("cannot find this program's own file")?,
    ))
}

/// Compressed instances that are decoded in one go.
const COMPLETIONS: u32 = 64;

impl Gateway {
    /// Opens the archive in `folder`, or founds one there.
    pub(crate) async fn open(folder: &Path, max_object: u64) -> Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let random: Arc<dyn Random> = Arc::new(OsRandom);
        let store = Store::open(folder, Options::new(Arc::clone(&clock)))
            .await
            .with_context(|| format!("cannot open the archive in {}", folder.display()))?;
        let decoder = decoder()?;
        let intake = Intake::new(Parts {
            store: store.clone(),
            decoder: decoder.clone(),
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
            max_object,
        });
        let retrieve = Retrieve::new(store.clone(), Arc::clone(&clock));
        let key = Arc::new(SealKey::from_seed(store.seal_seed()));
        Ok(Self {
            folder: folder.to_owned(),
            store,
            intake,
            retrieve,
            decoder,
            key,
            clock,
            random,
        })
    }

    /// Opens an archive that must be there.
    pub(crate) async fn existing(folder: &Path) -> Result<Self> {
        if !folder.join("index.sqlite").is_file() {
            bail!(
                "there is no archive in {}: give its folder with --data",
                folder.display()
            );
        }
        Self::open(folder, crate::config::Config::default().intake.max_object).await
    }

    /// The bearer token's file.
    pub(crate) fn token_file(&self) -> PathBuf {
        self.folder.join("admin.token")
    }

    fn trust_file(&self) -> PathBuf {
        self.folder.join("trust.json")
    }

    /// A verifier over this archive. Without a trust file given, the archive's own counts.
    pub(crate) fn verifier(&self, trust: Option<Trust>) -> Result<Verifier> {
        let own = self.trust_file();
        let trust = match trust {
            Some(trust) => Some(trust),
            None if own.is_file() => Some(Trust::load(&own)?),
            None => None,
        };
        Ok(Verifier::with_store(
            self.store.clone(),
            self.key.public(),
            trust,
            self.decoder.clone(),
        ))
    }

    /// Holds the log against the archive's trust file and moves that forward; makes it where there is none.
    ///
    /// A log that does not continue the head seen last was rolled back or replaced: then nothing may be added to it.
    pub(crate) async fn move_trust_forward(&self) -> Result<()> {
        let file = self.trust_file();
        if !file.is_file() {
            return Ok(verify::export_trust(&self.store, &self.key).await?.save(&file)?);
        }
        let mut trust = Trust::load(&file)?;
        let note = self.store.log().checkpoint().await?;
        let head = Checkpoint::open(&note, &trust.log_verifier()?, &trust.origin)
            .context("the log is not the one that trust.json of this archive names")?;
        let seen = trust.seen()?;
        let proof = if seen.size > 0 && seen.size < head.size {
            self.store.log().consistency(seen.size, head.size).await.ok()
        } else {
            None
        };
        let empty = |old, new| {
            (old == 0).then(|| tlog::ConsistencyProof {
                old_size: 0,
                new_size: new,
                hashes: Vec::new(),
            })
        };
        match trust.admit(&head, |old, new| proof.clone().or_else(|| empty(old, new))) {
            Ok(Admission::Newer) => {
                trust.advance(&head, &note);
                Ok(trust.save(&file)?)
            }
            Ok(Admission::Known) => Ok(()),
            Err(distrust) => bail!(
                "the log has {} entries and does not continue the head of {} entries seen before ({distrust}): \
                 it was rolled back or replaced. Restore the newest backup of the whole archive; if the old state is wanted \
                 on purpose, remove {}",
                head.size,
                seen.size,
                file.display()
            ),
        }
    }

    /// Completes seals over compressed pixels and closes quiet studies, until nothing is left to do.
    pub(crate) async fn catch_up(&self, study_quiet: Option<Duration>) -> Result<()> {
        let (clock, random) = (self.clock.as_ref(), self.random.as_ref());
        while verify::complete_pending(&self.store, COMPLETIONS, &self.decoder, &self.key, clock, random)
            .await?
            == COMPLETIONS as usize
        {}
        if let Some(quiet) = study_quiet {
            let before = clock.now().millis() - i64::try_from(quiet.as_millis()).unwrap_or(i64::MAX);
            let before = Timestamp::from_millis(before);
            verify::close_quiet_studies(&self.store, before, &self.key, clock, random).await?;
        }
        Ok(())
    }

    /// Closes the archive: everything that waits is durable first.
    pub(crate) async fn close(self) {
        self.store.close().await;
    }
}
