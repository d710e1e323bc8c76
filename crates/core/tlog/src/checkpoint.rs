//! The head of a log ([tlog-checkpoint](https://c2sp.org/tlog-checkpoint)).

use crate::hash::Hash;
use crate::note::{self, Signer, Verifier};
use crate::{Error, line};

/// How many entries a log had, and the root over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's identity, best its address without scheme and with no slash at the end.
    pub origin: String,
    /// Entries in the tree.
    pub size: u64,
    /// The root of the tree.
    pub root: Hash,
    /// Further lines; best none, since nobody can audit them.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// The checkpoint of a log, without extensions.
    pub fn new(origin: impl Into<String>, size: u64, root: Hash) -> Self {
        Self {
            origin: origin.into(),
            size,
            root,
            extensions: Vec::new(),
        }
    }

    /// The note text: origin, size, root and extensions, a line each.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] when origin or an extension is empty or has a control character.
    pub fn body(&self) -> Result<String, Error> {
        let Self {
            origin,
            size,
            root,
            extensions,
        } = self;
        if !line::is_plain(origin) || !extensions.iter().all(|extension| line::is_plain(extension)) {
            return Err(Error::Checkpoint);
        }
        let mut body = format!("{origin}\n{size}\n{}\n", line::to_base64(root));
        for extension in extensions {
            body.push_str(extension);
            body.push('\n');
        }
        Ok(body)
    }

    /// Reads a note text. It proves nothing before its note is opened: see [`open`](Self::open).
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for anything but the one spelling that [`body`](Self::body) gives.
    pub fn parse(body: &str) -> Result<Self, Error> {
        let read = || {
            let mut lines = body.strip_suffix('\n')?.split('\n');
            let checkpoint = Self {
                origin: lines.next()?.to_owned(),
                size: line::decimal(lines.next()?)?,
                root: line::hash(lines.next()?)?,
                extensions: lines.map(str::to_owned).collect(),
            };
            (checkpoint.body().ok()? == body).then_some(checkpoint)
        };
        read().ok_or(Error::Checkpoint)
    }

    /// The checkpoint as a signed note. A log must never sign two that are inconsistent.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] as [`body`](Self::body).
    pub fn signed(&self, signer: &Signer) -> Result<String, Error> {
        signer.sign(&self.body()?)
    }

    /// Reads a signed checkpoint of the log `origin`.
    ///
    /// # Errors
    /// As [`note::open`]; [`Error::Checkpoint`] when the text is none; [`Error::Origin`] when it is that of another log.
    pub fn open(note: &str, verifier: &Verifier, origin: &str) -> Result<Self, Error> {
        let checkpoint = Self::parse(note::open(note, verifier)?)?;
        if checkpoint.origin != origin {
            return Err(Error::Origin(origin.to_owned()));
        }
        Ok(checkpoint)
    }
}
