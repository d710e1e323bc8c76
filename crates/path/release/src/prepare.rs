//! De-identify, audit, seal: from a stored instance to a copy that is ready.

use crate::outgoing::{Content, Scratch};
use crate::prepared::{Made, Prepared};
use crate::stored::{IN_MEMORY, Stored};
use crate::transcode::{self, Target};
use decode::Decoder;
use deid::audit::Auditor;
use deid::{Profile, ProjectKey};
use dicom::part10::{FileMeta, MAX_META};
use dicom::{Source as _, Tag};
use model::{Digest, Door, Source, Timestamp, Uid};
use seal::{Circumstances, Identity, SealKey, parent_commitment, seal};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read as _};
use std::os::fd::AsRawFd as _;
use std::path::Path;
use store::{Instance, Random};
use verify::Candidate;

/// Why a copy could not be made. The texts hold no PHI.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotPrepared {
    /// It cannot be made safe, or not read here: trying again would not help.
    #[error("{0}")]
    Withheld(String),
    /// Something here failed that may work later.
    #[error("{0}")]
    Failed(String),
}

impl From<io::Error> for NotPrepared {
    fn from(error: io::Error) -> Self {
        Self::Failed(format!("storage failed: {error}"))
    }
}

/// How copies of a release are made.
pub(crate) struct Recipe<'a> {
    /// None for originals.
    pub(crate) profile: Option<(&'a Profile, &'a ProjectKey)>,
    /// The transfer syntaxes that the destination takes, best first.
    pub(crate) takes: &'a [Uid],
    pub(crate) scratch: &'a Path,
    pub(crate) decoder: &'a Decoder,
    pub(crate) key: &'a SealKey,
    pub(crate) random: &'a dyn Random,
    pub(crate) now: Timestamp,
}

/// Makes a copy. Blocks.
pub(crate) fn prepare(
    instance: &Instance,
    data: store::BlobReader,
    auditor: &mut Auditor,
    recipe: &Recipe<'_>,
) -> Result<Prepared, NotPrepared> {
    let stored = Stored::new(instance, data)?;
    let (made, content) = match recipe.profile {
        None => {
            let content = match stored {
                Stored::Memory(bytes) => Content::Memory(bytes.into()),
                large @ Stored::Blob { .. } => Scratch::new(recipe.scratch)?.copy_of(&large)?,
            };
            let content = suited(content, recipe)?;
            (Made::Original(content.clone()), content)
        }
        Some((profile, key)) => {
            let content = suited(deidentified(&stored, profile, key, recipe)?, recipe)?;
            let cleared = auditor
                .audit(&stored, "", content.clone(), "", profile.kept())
                .map_err(|error| NotPrepared::Withheld(error.to_string()))?;
            let profile = profile.name.clone();
            (
                Made::Cleared {
                    content: cleared,
                    profile,
                },
                content,
            )
        }
    };
    describe(instance, made, &content, recipe)
}

fn deidentified(
    stored: &Stored,
    profile: &Profile,
    key: &ProjectKey,
    recipe: &Recipe<'_>,
) -> Result<Content, NotPrepared> {
    let withheld = |error: deid::Withheld| NotPrepared::Withheld(error.to_string());
    if stored.size() <= IN_MEMORY {
        let mut out = io::Cursor::new(Vec::with_capacity(stored.size() as usize + 4096));
        deid::apply(stored, key, profile, false, &mut out).map_err(withheld)?;
        return Ok(Content::Memory(out.into_inner().into()));
    }
    let mut scratch = Scratch::new(recipe.scratch)?;
    deid::apply(stored, key, profile, false, scratch.writer()).map_err(withheld)?;
    Ok(scratch.finish()?)
}

/// The content in a transfer syntax that the destination takes.
fn suited(content: Content, recipe: &Recipe<'_>) -> Result<Content, NotPrepared> {
    let (meta, _) = meta(&content)?;
    let has = &meta.transfer_syntax.uid;
    if recipe.takes.contains(has) {
        return Ok(content);
    }
    let target = recipe.takes.iter().find_map(Target::by_uid).ok_or_else(|| {
        NotPrepared::Withheld("the recipient takes no transfer syntax in which this object can be had".into())
    })?;
    let written = transcode::to_uncompressed(&content, target, recipe.decoder)
        .map_err(|error| NotPrepared::Withheld(error.to_string()))?;
    Ok(written.content)
}

/// The file meta information of a content, and where its data set starts.
fn meta(content: &Content) -> Result<(FileMeta, u64), NotPrepared> {
    let mut head = Vec::new();
    content
        .reader(0)
        .take(MAX_META as u64 + 4096)
        .read_to_end(&mut head)?;
    let meta = FileMeta::read(&head, true)
        .ok()
        .flatten()
        .ok_or_else(|| NotPrepared::Failed("a copy was made that is no DICOM file".into()))?;
    let at = meta.data_set_at as u64;
    Ok((meta, at))
}

fn describe(
    instance: &Instance,
    made: Made,
    content: &Content,
    recipe: &Recipe<'_>,
) -> Result<Prepared, NotPrepared> {
    let unreadable = |error: verify::Error| NotPrepared::Withheld(error.to_string());
    let (_, head) = meta(content)?;
    let candidate = match content {
        Content::Memory(bytes) => Candidate::bytes(bytes.clone()).map_err(unreadable)?,
        // The file has no name; its descriptor has one.
        Content::File { file, .. } => {
            let path = format!("/proc/self/fd/{}", file.as_raw_fd());
            Candidate::file(Path::new(&path)).map_err(unreadable)?
        }
    };
    let Some(Identity {
        sop_class_uid,
        sop_instance_uid,
    }) = candidate.identity.clone()
    else {
        return Err(NotPrepared::Withheld("the copy has no SOP Instance UID".into()));
    };
    let header = &candidate.observation.header;
    let uid = |tag| {
        header
            .uid(tag)
            .ok_or_else(|| NotPrepared::Withheld("the copy has no study or series".into()))
    };
    let (study, series) = (uid(Tag(0x0020, 0x000D))?, uid(Tag(0x0020, 0x000E))?);
    let seal = match &made {
        Made::Original(_) => None,
        Made::Cleared { .. } => Some(derived(instance, &candidate, recipe)?),
    };
    Ok(Prepared {
        made,
        instance: instance.sop_instance_uid.clone(),
        sop_class: sop_class_uid,
        sop_instance: sop_instance_uid,
        study,
        series,
        transfer_syntax: candidate.transfer_syntax.uid.clone(),
        head,
        digest: digest(content, head)?,
        seal,
    })
}

/// The seal of a copy: what it is, when it was released, and of what it was made as a commitment that tells nothing.
fn derived(
    instance: &Instance,
    candidate: &Candidate,
    recipe: &Recipe<'_>,
) -> Result<seal::Record, NotPrepared> {
    let salt = || -> Result<[u8; 32], NotPrepared> {
        let mut salt = [0; 32];
        recipe.random.fill(&mut salt)?;
        Ok(salt)
    };
    let Some(identity) = candidate.identity.clone() else {
        return Err(NotPrepared::Withheld("the copy has no SOP Instance UID".into()));
    };
    let circumstances = Circumstances {
        identity,
        source: Source {
            door: Door::Release,
            ae: None,
            authenticated: true,
        },
        sealed_at: recipe.now,
        salt: salt()?,
        entry_salt: salt()?,
        parent: Some(parent_commitment(&salt()?, &instance.statement_digest)),
    };
    seal(&candidate.observation, circumstances, recipe.key)
        .map_err(|error| NotPrepared::Failed(error.to_string()))
}

fn digest(content: &Content, from: u64) -> io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut reader = content.reader(from);
    let mut buffer = vec![0; 256 << 10];
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            return Ok(Digest(hash.finalize().into()));
        }
        hash.update(buffer.get(..count).unwrap_or_default());
    }
}
