//! The gateway's exit: takes orders, runs deliveries, looks after copies.

use crate::deliver::{Consignment, Deliver, Delivery, Failure};
use crate::lease::{self, Holds};
use crate::prepare::NotPrepared;
use crate::{Courier, Timing, run};
use consent::Destination;
use decode::Decoder;
use deid::{Profile, ProjectKey};
use model::Clock;
use seal::SealKey;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Claim, NewRelease, Ordered, Random, Release, Store, WorkerId};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Deliveries of one worker at a time.
const DELIVERIES: usize = 64;
/// Deliveries to one destination at a time.
const PER_DESTINATION: u32 = 2;

/// The ways out.
pub struct Doors {
    /// For [`Destination::Dicom`].
    pub dicom: Arc<dyn Deliver>,
    /// For [`Destination::Stow`].
    pub stow: Arc<dyn Deliver>,
    /// For [`Destination::Folder`].
    pub folder: Arc<dyn Deliver>,
}

impl Doors {
    pub(crate) async fn begin(
        &self,
        destination: &Destination,
        consignment: &Consignment,
    ) -> Result<Box<dyn Delivery>, Failure> {
        let door = match destination {
            Destination::Dicom { .. } => &self.dicom,
            Destination::Stow { .. } => &self.stow,
            Destination::Folder { .. } => &self.folder,
        };
        door.begin(destination, consignment).await
    }
}

/// What the exit works with.
pub struct Parts {
    /// The archive.
    pub store: Store,
    /// The present moment.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Decodes compressed pixels in a child process.
    pub decoder: Decoder,
    /// Signs the seals of copies.
    pub key: Arc<SealKey>,
    /// The ways out.
    pub doors: Doors,
    /// Carries deletion requests.
    pub courier: Arc<dyn Courier>,
    /// How long things may take.
    pub timing: Timing,
    /// A folder for large copies while they are made.
    pub scratch: PathBuf,
    /// The folder with the site's own de-identification profiles, as NAME.toml.
    pub profiles: PathBuf,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) decoder: Decoder,
    pub(crate) key: Arc<SealKey>,
    pub(crate) doors: Doors,
    pub(crate) courier: Arc<dyn Courier>,
    pub(crate) timing: Timing,
    pub(crate) scratch: PathBuf,
    profiles: PathBuf,
    pub(crate) worker: WorkerId,
    pub(crate) holds: Holds,
    pub(crate) work: Notify,
    read: Mutex<HashMap<String, Arc<Profile>>>,
}

/// The exit. Cheap to clone.
#[derive(Clone)]
pub struct Releaser {
    pub(crate) inner: Arc<Inner>,
}

impl Inner {
    /// A random number.
    pub(crate) fn chance(&self) -> u64 {
        let mut bytes = [0; 8];
        // Without chance, waits are merely not scattered.
        let _ = self.random.fill(&mut bytes);
        u64::from_be_bytes(bytes)
    }

    /// How copies of a release are de-identified: profile and key; None for originals.
    pub(crate) fn profile(
        &self,
        release: &Release,
    ) -> Result<Option<(Arc<Profile>, ProjectKey)>, NotPrepared> {
        if release.profile == "original" {
            return Ok(None);
        }
        let key = ProjectKey::new(&self.store.recipient_secret(&release.recipient));
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(profile) = read.get(&release.profile) {
            return Ok(Some((Arc::clone(profile), key)));
        }
        let failed = |why: String| NotPrepared::Failed(format!("the profile {}: {why}", release.profile));
        let profile = match deid::profile::builtin(&release.profile) {
            Some(profile) => profile.map_err(|error| failed(error.to_string()))?,
            None => {
                let text = std::fs::read_to_string(self.profiles.join(format!("{}.toml", release.profile)))
                    .map_err(|error| failed(error.to_string()))?;
                let mut profile =
                    Profile::read(&release.profile, &text).map_err(|error| failed(error.to_string()))?;
                // The name of the file is the name in agreements and permits.
                profile.name.clone_from(&release.profile);
                profile
            }
        };
        let profile = Arc::new(profile);
        read.insert(release.profile.clone(), Arc::clone(&profile));
        Ok(Some((profile, key)))
    }
}

impl Releaser {
    /// The exit of an archive.
    ///
    /// # Errors
    /// When there is no randomness to name this worker by.
    pub fn new(parts: Parts) -> std::io::Result<Self> {
        let Parts {
            store,
            clock,
            random,
            decoder,
            key,
            doors,
            courier,
            timing,
            scratch,
            profiles,
        } = parts;
        let mut worker = [0; 16];
        random.fill(&mut worker)?;
        Ok(Self {
            inner: Arc::new(Inner {
                store,
                clock,
                random,
                decoder,
                key,
                doors,
                courier,
                timing,
                scratch,
                profiles,
                worker,
                holds: Holds::default(),
                work: Notify::new(),
                read: Mutex::default(),
            }),
        })
    }

    /// Takes an order: decided, accounted for and queued, or refused.
    ///
    /// # Errors
    /// As [`Store::order`].
    pub async fn order(&self, new: NewRelease) -> store::Result<Ordered> {
        let ordered = self.inner.store.order(new).await?;
        self.inner.work.notify_one();
        Ok(ordered)
    }

    /// Takes the orders of a cohort: all who may be in it, or, when a record cannot be read, nothing.
    ///
    /// # Errors
    /// As [`Store::order_cohort`].
    pub async fn order_cohort(&self, orders: Vec<NewRelease>) -> store::Result<Vec<Ordered>> {
        let ordered = self.inner.store.order_cohort(orders).await?;
        self.inner.work.notify_one();
        Ok(ordered)
    }

    /// Delivers what is queued until `stop` changes; then lets go of what is under way. What was cut off is taken up again
    /// by whichever worker comes next.
    pub async fn work(&self, mut stop: watch::Receiver<bool>) {
        let inner = &self.inner;
        // In a set, so that renewals end with this worker however it ends: else nobody could take up what it held.
        let mut keeper = JoinSet::new();
        keeper.spawn(lease::keep(
            inner.store.clone(),
            Arc::clone(&inner.clock),
            inner.worker,
            inner.holds.clone(),
            inner.timing.clone(),
        ));
        let mut running = JoinSet::new();
        while !*stop.borrow() {
            while running.try_join_next().is_some() {}
            let free = DELIVERIES.saturating_sub(inner.holds.len());
            match self.claim(free).await {
                Ok(claimed) => {
                    for (release, lost) in claimed {
                        running.spawn(run::run(Arc::clone(inner), release, lost));
                    }
                }
                Err(error) => tracing::warn!(%error, "the queue could not be read, it will be tried again"),
            }
            tokio::select! {
                _ = stop.changed() => {}
                () = inner.work.notified() => {}
                () = tokio::time::sleep(inner.timing.poll) => {}
            }
        }
        // Without renewals each delivery notices within a lease, aborts and writes down what became of it.
        keeper.abort_all();
        inner.holds.lose_all();
        while running.join_next().await.is_some() {}
    }

    async fn claim(&self, limit: usize) -> store::Result<Vec<(Release, lease::Lost)>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let inner = &self.inner;
        let (since, now) = (Instant::now(), inner.clock.now());
        let claim = Claim {
            worker: inner.worker,
            per_destination: PER_DESTINATION,
            limit,
            now,
            until: now.plus_millis(inner.timing.lease.as_millis() as i64),
        };
        let claimed = inner.store.claim(claim).await?;
        let held = claimed.into_iter().filter_map(|release| {
            let lost = inner.holds.add(release.id, since, inner.timing.lease)?;
            Some((release, lost))
        });
        Ok(held.collect())
    }

    /// Releases that wait longer than they should, by recipient: how many, and since when.
    ///
    /// # Errors
    /// As [`Store::waiting_since`].
    pub async fn late(&self) -> store::Result<Vec<(model::RecipientId, u64, model::Timestamp)>> {
        let limit = self.inner.timing.age_alarm.as_millis() as i64;
        let before = self.inner.clock.now().plus_millis(-limit);
        let waiting = self.inner.store.waiting_since().await?;
        Ok(waiting
            .into_iter()
            .filter(|(.., since)| *since < before)
            .collect())
    }
}
