//! One copy onto the disk.

use crate::journal;
use crate::manifest::{Banner, Instance};
use crate::place::Place;
use model::Uid;
use sha2::{Digest as _, Sha256};
use std::io::{self, Read, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

const CHUNK: usize = 256 << 10;

/// What is written for one instance.
pub struct Copy<R> {
    /// Its Study Instance UID.
    pub study: Uid,
    /// Its Series Instance UID.
    pub series: Uid,
    /// Its SOP Instance UID.
    pub sop_instance: Uid,
    /// The DICOM file.
    pub file: R,
    /// Its evidence bundle.
    pub evidence: Option<Vec<u8>>,
    /// What must be told of it.
    pub banner: Option<Banner>,
}

/// How far a copy got, and whether to stop.
#[derive(Debug, Default)]
pub(crate) struct Course {
    pub(crate) stop: AtomicBool,
    /// The copy has its name: the recipient can see it.
    pub(crate) named: AtomicBool,
}

impl Course {
    fn go_on(&self) -> io::Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(io::Error::other("stopped"));
        }
        Ok(())
    }
}

impl<R: Read> Copy<R> {
    /// Writes the copy, then its evidence, then its line in the journal.
    pub(crate) fn write(self, release: &Place, course: &Course) -> io::Result<()> {
        let Self {
            study,
            series,
            sop_instance,
            mut file,
            evidence,
            banner,
        } = self;
        let place = release.enter(study.as_str())?.enter(series.as_str())?;
        let name = format!("{sop_instance}.dcm");
        let evidence_name = format!("{sop_instance}.lgseal");
        // Evidence of an earlier copy says nothing of this one.
        place.remove(&evidence_name)?;
        let (sha256, bytes) = named(&place, &name, &mut file, course)?;
        if let Some(evidence) = evidence {
            named(
                &place,
                &evidence_name,
                &mut evidence.as_slice(),
                &Course::default(),
            )?;
        }
        journal::add(
            release,
            &Instance {
                file: format!("{study}/{series}/{name}"),
                sop_instance_uid: sop_instance.as_str().to_owned(),
                sha256,
                bytes,
                banner,
            },
        )
    }
}

/// Writes a file under its name, whole or not at all: its SHA-256 in hex, and its size.
pub(crate) fn named(
    place: &Place,
    name: &str,
    content: &mut impl Read,
    course: &Course,
) -> io::Result<(String, u64)> {
    let mut fill = || -> io::Result<(String, u64)> {
        let mut file = place.begin(name)?;
        let (mut digest, mut bytes) = (Sha256::new(), 0);
        let mut buffer = vec![0; CHUNK];
        loop {
            course.go_on()?;
            let read = match content.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            let chunk = buffer.get(..read).unwrap_or_default();
            if chunk.is_empty() {
                break;
            }
            digest.update(chunk);
            file.write_all(chunk)?;
            bytes += read as u64;
        }
        file.sync_all()?;
        course.go_on()?;
        place.finish(name)?;
        course.named.store(true, Ordering::Release);
        place.sync()?;
        Ok((hex::encode(digest.finalize()), bytes))
    };
    fill().inspect_err(|_| place.give_up(name))
}
