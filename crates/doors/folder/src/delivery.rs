//! A delivery under way.

use crate::copy::{self, Copy, Course};
use crate::journal;
use crate::manifest::{self, Banner, Manifest};
use crate::place::Place;
use async_trait::async_trait;
use consent::Permit;
use model::Uid;
use release::{Consignment, Cut, Delivery, Failure, Finished, Outcome, Outgoing};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use store::DisclosureId;
use tokio::task::{JoinHandle, spawn_blocking};

/// A release's folder while copies are put into it.
pub struct Shelf {
    place: Arc<Place>,
    manifest: Manifest,
    classes: Vec<(Uid, Vec<Uid>)>,
    /// The copy that is being written. The thread that writes does not end when its caller does.
    under_way: Option<(Arc<Course>, JoinHandle<io::Result<()>>)>,
}

impl Shelf {
    /// Opens the folder at `path`, which must be there, and the release's in it. A manifest of an earlier delivery goes: the
    /// folder is unfinished again.
    ///
    /// # Errors
    /// When the folder is not there or cannot be written to.
    pub async fn open(path: &Path, consignment: &Consignment) -> Result<Self, Failure> {
        let manifest = Manifest {
            release: consignment.release.number(),
            recipient: consignment.recipient.clone(),
            purpose: consignment.purpose,
            due: consignment.due,
            banner: None,
            instances: Vec::new(),
        };
        let (path, number) = (path.to_owned(), manifest.release.to_string());
        let place = blocking(move || {
            let release = Place::open(&path)?.enter(&number)?;
            release.remove(manifest::NAME)?;
            Ok(release)
        });
        Ok(Self {
            place: Arc::new(place.await.map_err(|error| Failure::Unreachable(words(&error)))?),
            manifest,
            classes: consignment.classes.clone(),
            under_way: None,
        })
    }

    /// Writes one copy. May be dropped midway; then [`Shelf::cut`] says what became of it.
    pub async fn put<R: Read + Send + 'static>(&mut self, copy: Copy<R>) -> Outcome {
        let (place, course) = (Arc::clone(&self.place), Arc::new(Course::default()));
        let at_work = Arc::clone(&course);
        let task = spawn_blocking(move || copy.write(&place, &at_work));
        let (course, task) = self.under_way.insert((course, task));
        let written = task.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        let named = course.named.load(Ordering::Acquire);
        self.under_way = None;
        match written {
            Ok(()) => Outcome::Delivered,
            Err(error) if named => Outcome::Unknown(words(&error)),
            Err(error) => Outcome::NotSent(words(&error)),
        }
    }

    /// Writes the manifest: the folder is finished.
    ///
    /// # Errors
    /// When it cannot be written. The folder stays unfinished then.
    pub async fn close(self) -> Result<Finished, Failure> {
        let Self {
            place, mut manifest, ..
        } = self;
        let written = blocking(move || {
            manifest.instances = journal::read(&place)?.into_values().collect();
            manifest.banner = manifest
                .instances
                .iter()
                .find_map(|instance| instance.banner.clone());
            let mut json = serde_json::to_vec_pretty(&manifest)?;
            json.push(b'\n');
            copy::named(&place, manifest::NAME, &mut json.as_slice(), &Course::default())
        });
        written
            .await
            .map_err(|error| Failure::Unreachable(words(&error)))?;
        Ok(Finished::default())
    }

    /// Ends the delivery at once. The folder stays unfinished.
    pub async fn cut(mut self) -> Cut {
        let Some((course, task)) = self.under_way.take() else {
            return Cut::BeforeEnd;
        };
        course.stop.store(true, Ordering::Relaxed);
        // It ends within one chunk; only then is it certain how far it got.
        let _ = task.await;
        if course.named.load(Ordering::Acquire) {
            Cut::Perhaps
        } else {
            Cut::BeforeEnd
        }
    }
}

#[async_trait]
impl Delivery for Shelf {
    fn takes(&self, sop_class: &Uid) -> Vec<Uid> {
        let of_class = self.classes.iter().filter(|(class, _)| class == sop_class);
        of_class.flat_map(|(_, syntaxes)| syntaxes.clone()).collect()
    }

    fn wants_evidence(&self) -> bool {
        true
    }

    async fn deliver(&mut self, copy: Outgoing, permit: Permit, _disclosure: DisclosureId) -> Outcome {
        let banner = permit.banner().map(|reason| Banner {
            plain: reason.plain.clone(),
            llano: reason.llano.clone(),
        });
        self.put(Copy {
            study: copy.study_instance_uid().clone(),
            series: copy.series_instance_uid().clone(),
            sop_instance: copy.sop_instance_uid().clone(),
            file: copy.file(),
            evidence: copy.evidence().map(<[u8]>::to_vec),
            banner,
        })
        .await
    }

    async fn finish(self: Box<Self>) -> Result<Finished, Failure> {
        self.close().await
    }

    async fn abort(self: Box<Self>) -> Cut {
        self.cut().await
    }
}

/// What blocks, on a thread that may.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// What an officer can do something with.
fn words(error: &io::Error) -> String {
    let advice = match error.kind() {
        io::ErrorKind::NotFound => "the folder is not there: is the disk or share mounted?",
        io::ErrorKind::PermissionDenied => "the gateway may not write to the folder",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the folder's disk is full",
        io::ErrorKind::ReadOnlyFilesystem => "the folder's disk is read-only",
        io::ErrorKind::NotADirectory => "a file or a link stands where a folder is needed",
        _ => return format!("the folder cannot be written to: {error}"),
    };
    advice.to_owned()
}
