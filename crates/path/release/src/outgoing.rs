//! A copy that may leave.

use dicom::Source;
use model::Uid;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// A copy that may leave: cleared by the audit, or identified under a permit that says so. Made by this crate alone.
pub struct Outgoing {
    pub(crate) sop_class: Uid,
    pub(crate) sop_instance: Uid,
    pub(crate) study: Uid,
    pub(crate) series: Uid,
    pub(crate) transfer_syntax: Uid,
    pub(crate) content: Content,
    /// Where the data set starts in the content.
    pub(crate) head: u64,
    pub(crate) evidence: Option<Vec<u8>>,
}

/// A DICOM file, in memory or in a file without a name.
#[derive(Clone)]
pub(crate) enum Content {
    Memory(Arc<[u8]>),
    File { file: Arc<File>, size: u64 },
}

/// A scratch file that is being written.
pub(crate) struct Scratch(File);

impl Scratch {
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        tempfile::tempfile_in(folder).map(Self)
    }

    pub(crate) fn writer(&mut self) -> &mut File {
        &mut self.0
    }

    pub(crate) fn finish(self) -> io::Result<Content> {
        let size = self.0.metadata()?.len();
        let file = Arc::new(self.0);
        Ok(Content::File { file, size })
    }

    pub(crate) fn copy_of(mut self, source: &impl Source) -> io::Result<Content> {
        let mut buffer = vec![0; 1 << 20];
        let mut at = 0;
        while at < source.size() {
            let count =
                usize::try_from(source.size() - at).map_or(buffer.len(), |left| left.min(buffer.len()));
            let chunk = buffer.get_mut(..count).unwrap_or_default();
            source.read_at(at, chunk)?;
            self.0.write_all(chunk)?;
            at += count as u64;
        }
        self.finish()
    }
}

impl Source for Content {
    fn size(&self) -> u64 {
        self.size()
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        match self {
            Self::Memory(bytes) => bytes.as_ref().read_at(at, into),
            Self::File { file, .. } => std::os::unix::fs::FileExt::read_exact_at(file.as_ref(), into, at),
        }
    }

    fn in_memory(&self) -> Option<&[u8]> {
        match self {
            Self::Memory(bytes) => Some(bytes),
            Self::File { .. } => None,
        }
    }
}

impl Content {
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { size, .. } => *size,
        }
    }

    /// Reads from a position; each reader has its own.
    pub(crate) fn reader(&self, at: u64) -> ContentReader {
        ContentReader {
            content: self.clone(),
            at,
        }
    }
}

/// Reads a content from a position on.
pub(crate) struct ContentReader {
    content: Content,
    at: u64,
}

impl Read for ContentReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = match &self.content {
            Content::Memory(bytes) => {
                let left = usize::try_from(self.at)
                    .ok()
                    .and_then(|at| bytes.get(at..))
                    .unwrap_or_default();
                let mut left = left;
                Read::read(&mut left, into)?
            }
            Content::File { file, .. } => std::os::unix::fs::FileExt::read_at(file.as_ref(), into, self.at)?,
        };
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for ContentReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.content.size().checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

impl Outgoing {
    /// A copy that nobody decided on, for tests of doors: a DICOM file whose file meta information names class, instance and
    /// transfer syntax. None where it does not. What ships is built without this feature.
    #[cfg(feature = "testing")]
    pub fn for_tests(part10: Vec<u8>, study: Uid, series: Uid, evidence: Option<Vec<u8>>) -> Option<Self> {
        let meta = dicom::part10::FileMeta::read(&part10, true).ok().flatten()?;
        Some(Self {
            sop_class: meta.sop_class_uid?,
            sop_instance: meta.sop_instance_uid?,
            study,
            series,
            transfer_syntax: meta.transfer_syntax.uid.clone(),
            head: meta.data_set_at as u64,
            content: Content::Memory(part10.into()),
            evidence,
        })
    }

    /// SOP Class UID.
    pub fn sop_class_uid(&self) -> &Uid {
        &self.sop_class
    }

    /// The copy's SOP Instance UID.
    pub fn sop_instance_uid(&self) -> &Uid {
        &self.sop_instance
    }

    /// The copy's Study Instance UID.
    pub fn study_instance_uid(&self) -> &Uid {
        &self.study
    }

    /// The copy's Series Instance UID.
    pub fn series_instance_uid(&self) -> &Uid {
        &self.series
    }

    /// Its transfer syntax.
    pub fn transfer_syntax(&self) -> &Uid {
        &self.transfer_syntax
    }

    /// Bytes of the DICOM file.
    pub fn file_len(&self) -> u64 {
        self.content.size()
    }

    /// The DICOM file, with preamble and file meta information. It blocks: read it on a thread that may.
    pub fn file(&self) -> impl Read + Seek + Send + use<> {
        self.content.reader(0)
    }

    /// The data set alone, as C-STORE carries it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn data_set(&self) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
        self.stream(self.head)
    }

    /// The DICOM file, as STOW-RS carries it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn file_stream(&self) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
        self.stream(0)
    }

    fn stream(&self, from: u64) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
        match &self.content {
            Content::Memory(bytes) => {
                let mut cursor = io::Cursor::new(Arc::clone(bytes));
                cursor.set_position(from);
                Ok(Box::new(cursor))
            }
            Content::File { file, size } => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(from))?;
                Ok(Box::new(tokio::fs::File::from_std(file).take(size - from)))
            }
        }
    }

    /// The evidence bundle of this copy, where the delivery wants it.
    pub fn evidence(&self) -> Option<&[u8]> {
        self.evidence.as_deref()
    }
}
