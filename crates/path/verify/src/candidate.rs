//! What somebody holds and wants verified.

use crate::Error;
use dicom::part10::{FileMeta, MAX_META};
use dicom::scan::Limits;
use dicom::{DataSetReader, Tag, TransferSyntax};
use model::Uid;
use seal::{Decoded, Identity, Observation, Observer};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use store::BlobReader;

#[derive(Clone)]
enum DataSet {
    File(PathBuf, u64),
    Bytes(Arc<[u8]>, u64),
    Stored(Arc<Mutex<BlobReader>>),
}

/// An object to be verified: one pass over it is made already; its data set can be read again to decode pixels.
#[derive(Clone)]
pub struct Candidate {
    /// What the pass found.
    pub observation: Observation,
    /// The identity it claims; `None` where it claims none.
    pub identity: Option<Identity>,
    /// The transfer syntax of its data set.
    pub transfer_syntax: TransferSyntax,
    data_set: DataSet,
}

/// A stored data set read from its own position, however many read it.
struct StoredReader {
    blob: Arc<Mutex<BlobReader>>,
    position: u64,
}

impl Read for StoredReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut blob = self.blob.lock().unwrap_or_else(PoisonError::into_inner);
        blob.seek(SeekFrom::Start(self.position))?;
        let count = blob.read(buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl DataSet {
    fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(match self {
            Self::File(path, at) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(*at))?;
                Box::new(BufReader::with_capacity(256 << 10, file))
            }
            Self::Bytes(bytes, at) => {
                let mut cursor = Cursor::new(Arc::clone(bytes));
                cursor.set_position(*at);
                Box::new(cursor)
            }
            Self::Stored(blob) => Box::new(StoredReader {
                blob: Arc::clone(blob),
                position: 0,
            }),
        })
    }
}

impl Candidate {
    /// A DICOM file on disk.
    ///
    /// # Errors
    /// When it cannot be read, or is no DICOM file.
    pub fn file(path: &Path) -> Result<Self, Error> {
        let mut head = Vec::new();
        File::open(path)?
            .take(MAX_META as u64 + 4096)
            .read_to_end(&mut head)?;
        let meta = file_meta(&head)?;
        Self::observe(DataSet::File(path.to_owned(), meta.data_set_at as u64), meta)
    }

    /// A DICOM file in memory.
    ///
    /// # Errors
    /// When it is no DICOM file.
    pub fn bytes(bytes: Arc<[u8]>) -> Result<Self, Error> {
        let meta = file_meta(&bytes)?;
        Self::observe(DataSet::Bytes(Arc::clone(&bytes), meta.data_set_at as u64), meta)
    }

    /// An object of the store as it is there, verified from its own bytes.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn stored(store: &store::Store, instance: &store::Instance) -> Result<Self, Error> {
        let blob = store.open_blob(&instance.blob).await?;
        let meta = FileMeta {
            transfer_syntax: TransferSyntax::by_uid(&instance.transfer_syntax),
            sop_class_uid: Some(instance.sop_class_uid.clone()),
            sop_instance_uid: Some(instance.sop_instance_uid.clone()),
            data_set_at: 0,
        };
        Self::observe(DataSet::Stored(Arc::new(Mutex::new(blob))), meta)
    }

    /// An object that the store keeps apart, in quarantine.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn kept(
        store: &store::Store,
        kept: &store::KeptBlob,
        transfer_syntax: &Uid,
    ) -> Result<Self, Error> {
        let blob = store.open_blob(kept).await?;
        let meta = FileMeta {
            transfer_syntax: TransferSyntax::by_uid(transfer_syntax),
            sop_class_uid: None,
            sop_instance_uid: None,
            data_set_at: 0,
        };
        Self::observe(DataSet::Stored(Arc::new(Mutex::new(blob))), meta)
    }

    /// An object that was observed elsewhere and whose bytes are staged in the store.
    pub fn staged(
        observation: Observation,
        identity: Identity,
        transfer_syntax: TransferSyntax,
        blob: BlobReader,
    ) -> Self {
        let data_set = DataSet::Stored(Arc::new(Mutex::new(blob)));
        Self {
            observation,
            identity: Some(identity),
            transfer_syntax,
            data_set,
        }
    }

    fn observe(data_set: DataSet, meta: FileMeta) -> Result<Self, Error> {
        let unreadable = |refusal: seal::Refusal| Error::Unreadable(refusal.to_string());
        let mut observer = Observer::new(&meta.transfer_syntax);
        let mut reader = DataSetReader::new(&meta.transfer_syntax, Limits::default());
        let mut source = data_set.open()?;
        let mut buffer = vec![0; 256 << 10];
        loop {
            let count = source.read(&mut buffer)?;
            if count == 0 {
                break;
            }
            reader
                .push(buffer.get(..count).unwrap_or_default(), &mut observer)
                .map_err(unreadable)?;
        }
        reader.finish(&mut observer).map_err(unreadable)?;
        let observation = observer.finish().map_err(unreadable)?;
        let header = &observation.header;
        let identity = header
            .uid(Tag(0x0008, 0x0018))
            .or(meta.sop_instance_uid)
            .zip(header.uid(Tag(0x0008, 0x0016)).or(meta.sop_class_uid))
            .map(|(sop_instance_uid, sop_class_uid)| Identity {
                sop_class_uid,
                sop_instance_uid,
            });
        Ok(Self {
            observation,
            identity,
            transfer_syntax: meta.transfer_syntax,
            data_set,
        })
    }

    /// SOP Instance UID, where it has one.
    pub fn sop_instance_uid(&self) -> Option<&Uid> {
        self.identity.as_ref().map(|identity| &identity.sop_instance_uid)
    }

    /// The data set again, from its start.
    ///
    /// # Errors
    /// When it is gone.
    pub fn data_set(&self) -> io::Result<Box<dyn Read>> {
        self.data_set.open()
    }

    /// PX1 of compressed pixels, by a decoding child. Blocks.
    pub fn decode(&self, decoder: &decode::Decoder) -> Decoded {
        let Some(description) = self.observation.header.pixel_description() else {
            return Decoded::Failed;
        };
        let Ok(mut data_set) = self.data_set() else {
            return Decoded::NotTried;
        };
        match decoder.digest(&self.transfer_syntax, &description, &mut data_set) {
            Ok((digest, lossless)) => Decoded::Pixels { digest, lossless },
            Err(decode::DecodeError::Child(_) | decode::DecodeError::Source(_)) => Decoded::NotTried,
            Err(_) => Decoded::Failed,
        }
    }
}

fn file_meta(head: &[u8]) -> Result<FileMeta, Error> {
    let meta = FileMeta::read(head, true).map_err(|error| Error::Unreadable(error.to_string()))?;
    meta.ok_or_else(|| Error::Unreadable("the file ends within its meta information".into()))
}
