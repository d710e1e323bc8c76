//! One object on its way in.

use crate::attributes::{levels, match_keys, own_uid, patient};
use crate::conflict::{self, Known};
use crate::{Reason, Receipt, Status};
use decode::Decoder;
use dicom::part10::FileMeta;
use dicom::scan::Limits;
use dicom::{DataSetReader, Tag, TransferSyntax};
use model::{Clock, Digest, Source, Uid};
use seal::px1::private_root;
use seal::{Circumstances, Identity, Observation, Observer, PixelObservation, SealKey, SealVerifier};
use std::io::Write as _;
use std::sync::Arc;
use store::{BlobWriter, NewInstance, Random, Sealing, StagedBlob, Store};
use tlog::{Entry, Kind};

/// How the bytes of an arriving object are wrapped.
#[derive(Clone, Debug)]
pub enum Form {
    /// A bare data set in this transfer syntax, as C-STORE carries it.
    DataSet(Uid),
    /// A DICOM file (PS3.10 section 7) with preamble and file meta information.
    Part10,
}

/// What the sender said the object is, to be held against what it is.
#[derive(Clone, Debug)]
pub struct Announced {
    /// Affected SOP Class UID.
    pub sop_class_uid: Uid,
    /// Affected SOP Instance UID.
    pub sop_instance_uid: Uid,
}

/// An object that a door is about to hand over.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Who brings it, by which door.
    pub source: Source,
    /// How it is wrapped.
    pub form: Form,
    /// What the sender said it is, where the door has that.
    pub announced: Option<Announced>,
    /// The study it must belong to (STOW-RS to /studies/{study}).
    pub study_instance_uid: Option<Uid>,
}

/// What the intake works with.
pub struct Parts {
    /// Where everything is kept.
    pub store: Store,
    /// Decodes compressed pixels, where a re-send must be compared.
    pub decoder: Decoder,
    /// Where the present moment comes from.
    pub clock: Arc<dyn Clock>,
    /// Where salts come from.
    pub random: Arc<dyn Random>,
    /// Objects larger than this are refused, in bytes.
    pub max_object: u64,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) decoder: Decoder,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) key: SealKey,
    pub(crate) verifier: SealVerifier,
    max_object: u64,
}

/// The intake. Cheap to clone; shared by every door.
#[derive(Clone)]
pub struct Intake {
    pub(crate) inner: Arc<Inner>,
}

impl Inner {
    pub(crate) fn salt(&self) -> Result<[u8; 32], Reason> {
        let mut salt = [0; 32];
        let filled = self.random.fill(&mut salt);
        filled
            .map(|()| salt)
            .map_err(|_| Reason::Failed("no randomness".into()))
    }

    pub(crate) fn entry(&self, kind: Kind, commitment: [u8; 32]) -> Entry {
        Entry {
            kind,
            time_s: self.clock.now().seconds().max(0) as u64,
            commitment,
        }
    }
}

impl Intake {
    /// An intake over these parts.
    pub fn new(parts: Parts) -> Self {
        let Parts {
            store,
            decoder,
            clock,
            random,
            max_object,
        } = parts;
        let key = SealKey::from_seed(store.seal_seed());
        let verifier = SealVerifier::new([key.public()]);
        Self {
            inner: Arc::new(Inner {
                store,
                decoder,
                clock,
                random,
                key,
                verifier,
                max_object,
            }),
        }
    }

    /// Makes ready to receive one object.
    ///
    /// # Errors
    /// When storage is not there or full.
    pub fn begin(&self, arrival: Arrival) -> Result<Reception, Reason> {
        let writer = self.inner.store.blobs().create().map_err(Reason::from)?;
        let stage = match &arrival.form {
            Form::Part10 => Stage::Head(Vec::new()),
            Form::DataSet(uid) => Stage::body(TransferSyntax::by_uid(uid)),
        };
        Ok(Reception {
            inner: Arc::clone(&self.inner),
            arrival,
            meta: None,
            stage,
            writer: Some(writer),
            refused: None,
        })
    }
}

struct Body {
    syntax: TransferSyntax,
    reader: DataSetReader,
    observer: Observer,
}

enum Stage {
    /// Collecting preamble and file meta information.
    Head(Vec<u8>),
    /// Within the data set.
    Body(Box<Body>),
}

impl Stage {
    fn body(syntax: TransferSyntax) -> Self {
        let reader = DataSetReader::new(&syntax, Limits::default());
        let observer = Observer::new(&syntax);
        Self::Body(Box::new(Body {
            syntax,
            reader,
            observer,
        }))
    }
}

/// One object while it streams in. Dropped unfinished, it leaves nothing behind.
pub struct Reception {
    inner: Arc<Inner>,
    arrival: Arrival,
    meta: Option<FileMeta>,
    stage: Stage,
    writer: Option<BlobWriter>,
    refused: Option<Reason>,
}

impl Reception {
    /// Takes the next bytes: reads, digests, encrypts and spools them, without waiting for the disk to sync.
    ///
    /// # Errors
    /// Why the object is refused. No more bytes are needed then; [`Reception::finish`] gives the receipt.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        if let Some(reason) = &self.refused {
            return Err(reason.clone());
        }
        self.take(bytes, false).inspect_err(|reason| self.refuse(reason))
    }

    fn refuse(&mut self, reason: &Reason) {
        self.refused = Some(reason.clone());
        // What was spooled goes at once, not only when the peer is done talking.
        self.writer = None;
    }

    fn take(&mut self, bytes: &[u8], complete: bool) -> Result<(), Reason> {
        if let Stage::Head(head) = &mut self.stage {
            head.extend_from_slice(bytes);
            let meta =
                FileMeta::read(head, complete).map_err(|error| Reason::Malformed(error.to_string()))?;
            let Some(meta) = meta else { return Ok(()) };
            let head = std::mem::take(head);
            self.stage = Stage::body(meta.transfer_syntax.clone());
            let rest = head.get(meta.data_set_at..).unwrap_or_default();
            self.meta = Some(meta);
            return self.data_set(rest);
        }
        self.data_set(bytes)
    }

    fn data_set(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        let (Stage::Body(body), Some(writer)) = (&mut self.stage, &mut self.writer) else {
            return Err(Reason::Failed("the object is closed".into()));
        };
        if writer.data_len() + bytes.len() as u64 > self.inner.max_object {
            return Err(Reason::TooLarge(format!(
                "objects of {} bytes at most",
                self.inner.max_object
            )));
        }
        body.reader
            .push(bytes, &mut body.observer)
            .map_err(|refusal: seal::Refusal| Reason::Malformed(refusal.to_string()))?;
        writer
            .write_all(bytes)
            .map_err(|error| Reason::from(store::Error::from(error)))
    }

    /// The object is complete: seals it and waits until it is durable.
    pub async fn finish(mut self) -> Receipt {
        if self.refused.is_none()
            && matches!(self.stage, Stage::Head(_))
            && let Err(reason) = self.take(&[], true)
        {
            self.refuse(&reason);
        }
        if let Some(reason) = self.refused.take() {
            return self.refusal(reason);
        }
        match self.observe() {
            Err(reason) => self.refusal(reason),
            Ok(seen) => seen.keep(&self.inner, &self.arrival).await,
        }
    }

    fn refusal(&self, reason: Reason) -> Receipt {
        let announced = self.arrival.announced.as_ref();
        let meta = self.meta.as_ref();
        let header = match &self.stage {
            Stage::Body(body) => Some(body.observer.header()),
            Stage::Head(_) => None,
        };
        let uid = |tag| header.and_then(|header| header.uid(tag));
        Receipt {
            sop_instance_uid: uid(Tag(0x0008, 0x0018))
                .or_else(|| announced.map(|a| a.sop_instance_uid.clone()))
                .or_else(|| meta.and_then(|meta| meta.sop_instance_uid.clone())),
            sop_class_uid: uid(Tag(0x0008, 0x0016))
                .or_else(|| announced.map(|a| a.sop_class_uid.clone()))
                .or_else(|| meta.and_then(|meta| meta.sop_class_uid.clone())),
            study_instance_uid: uid(Tag(0x0020, 0x000D)),
            status: Status::Rejected,
            reason: Some(reason),
            log_index: None,
        }
    }

    /// What the object is, once its last byte is here.
    fn observe(&mut self) -> Result<Seen, Reason> {
        let malformed = |refusal: seal::Refusal| Reason::Malformed(refusal.to_string());
        let closed = || Reason::Failed("the object is closed".into());
        let stage = std::mem::replace(&mut self.stage, Stage::Head(Vec::new()));
        let Stage::Body(body) = stage else {
            return Err(closed());
        };
        let Body {
            syntax,
            mut reader,
            mut observer,
        } = *body;
        reader.finish(&mut observer).map_err(malformed)?;
        let observation = observer.finish().map_err(malformed)?;
        let writer = self.writer.take().ok_or_else(closed)?;
        let identity = self.identity(&observation)?;
        let form = match self.arrival.form {
            Form::DataSet(_) => store::Form::DataSet,
            Form::Part10 => store::Form::Part10,
        };
        Ok(Seen {
            observation,
            identity,
            syntax,
            form,
            writer,
        })
    }

    /// The identity that the data set has, or else what came with it; and it must be what the sender announced.
    fn identity(&self, observation: &Observation) -> Result<Identity, Reason> {
        let header = &observation.header;
        let read = |tag: Tag| match header.bytes(tag) {
            Some(bytes) if !bytes.is_empty() => Uid::from_bytes(bytes)
                .map(Some)
                .map_err(|_| Reason::Malformed(format!("element {tag} is no UID"))),
            _ => Ok(None),
        };
        let announced = self.arrival.announced.as_ref();
        let class = read(Tag(0x0008, 0x0016))?;
        let instance = read(Tag(0x0008, 0x0018))?;
        let study = read(Tag(0x0020, 0x000D))?;
        read(Tag(0x0020, 0x000E))?;
        let differs =
            |own: &Option<Uid>, said: Option<&Uid>| matches!((own, said), (Some(a), Some(b)) if a != b);
        if differs(&class, announced.map(|a| &a.sop_class_uid)) {
            return Err(Reason::Mismatch("sop class uid".into()));
        }
        if differs(&instance, announced.map(|a| &a.sop_instance_uid)) {
            return Err(Reason::Mismatch("sop instance uid".into()));
        }
        if let Some(wanted) = &self.arrival.study_instance_uid
            && study.as_ref() != Some(wanted)
        {
            return Err(Reason::Mismatch("study instance uid".into()));
        }
        let meta = self.meta.as_ref();
        let class = class
            .or_else(|| announced.map(|a| a.sop_class_uid.clone()))
            .or_else(|| meta.and_then(|meta| meta.sop_class_uid.clone()))
            .ok_or_else(|| Reason::Malformed("no sop class uid".into()))?;
        let instance = instance
            .or_else(|| announced.map(|a| a.sop_instance_uid.clone()))
            .or_else(|| meta.and_then(|meta| meta.sop_instance_uid.clone()))
            .ok_or_else(|| Reason::Malformed("no sop instance uid".into()))?;
        // Media Storage Directory: a list of files, not an object of its own.
        if class.as_str() == "1.2.840.10008.1.3.10" {
            return Err(Reason::NotStorable("a dicomdir lists objects and is none".into()));
        }
        Ok(Identity {
            sop_class_uid: class,
            sop_instance_uid: instance,
        })
    }
}

/// An object that is here whole and can be sealed.
pub(crate) struct Seen {
    observation: Observation,
    identity: Identity,
    syntax: TransferSyntax,
    form: store::Form,
    writer: BlobWriter,
}

impl Seen {
    async fn keep(self, inner: &Inner, arrival: &Arrival) -> Receipt {
        let mut receipt = Receipt {
            sop_instance_uid: Some(self.identity.sop_instance_uid.clone()),
            sop_class_uid: Some(self.identity.sop_class_uid.clone()),
            study_instance_uid: self.observation.header.uid(Tag(0x0020, 0x000D)),
            status: Status::Rejected,
            reason: None,
            log_index: None,
        };
        match self.try_keep(inner, arrival).await {
            Err(reason) => receipt.reason = Some(reason),
            Ok((status, reason, log_index)) => {
                (receipt.status, receipt.reason, receipt.log_index) = (status, reason, log_index);
            }
        }
        receipt
    }

    async fn try_keep(
        self,
        inner: &Inner,
        arrival: &Arrival,
    ) -> Result<(Status, Option<Reason>, Option<u64>), Reason> {
        let (new, blob, seen) = self.sealed(inner, arrival)?;
        let (sealing, blob) = inner.store.seal_or_return(new, blob).await?;
        let (what, existing) = match sealing {
            Sealing::Sealed { log_index } => return Ok((Status::Sealed, None, Some(log_index))),
            Sealing::Exists(existing) => (
                "the same sop instance uid is here with other content",
                Some(existing),
            ),
            Sealing::Contradiction(contradiction) => (conflict::words(contradiction), None),
        };
        let blob = blob.ok_or_else(|| Reason::Failed("the store kept neither object nor blob".into()))?;
        match existing {
            Some(existing) => match conflict::compare(inner, &existing, &seen, &blob).await? {
                Known::Same => Ok((Status::Duplicate, None, Some(existing.log_index))),
                Known::Other(what) => conflict::quarantine(inner, arrival, &seen, blob, what).await,
            },
            None => conflict::quarantine(inner, arrival, &seen, blob, what).await,
        }
    }

    /// Seals the object and stages what the store is to keep of it.
    fn sealed(self, inner: &Inner, arrival: &Arrival) -> Result<(NewInstance, StagedBlob, Arrived), Reason> {
        let Self {
            observation,
            identity,
            syntax,
            form,
            writer,
        } = self;
        let now = inner.clock.now();
        let circumstances = Circumstances {
            identity: identity.clone(),
            source: arrival.source.clone(),
            sealed_at: now,
            salt: inner.salt()?,
            entry_salt: inner.salt()?,
            parent: None,
        };
        let failed = |error: seal::SealError| Reason::Failed(error.to_string());
        let record = seal::seal(&observation, circumstances, &inner.key).map_err(failed)?;
        let blob = writer.finish(&record.encode())?;
        let header = &observation.header;
        let own = |kind: &[u8]| own_uid(kind, &identity.sop_instance_uid);
        let no_uid = || Reason::Failed("no uid could be made".into());
        let study = header
            .uid(Tag(0x0020, 0x000D))
            .or_else(|| own(b"study"))
            .ok_or_else(no_uid)?;
        let series = header
            .uid(Tag(0x0020, 0x000E))
            .or_else(|| own(b"series"))
            .ok_or_else(no_uid)?;
        let new = NewInstance {
            sop_instance_uid: identity.sop_instance_uid.clone(),
            sop_class_uid: identity.sop_class_uid.clone(),
            study_instance_uid: study,
            series_instance_uid: series,
            patient: patient(header),
            transfer_syntax: syntax.uid.clone(),
            form,
            source: arrival.source.clone(),
            received_at: now,
            keys: match_keys(header),
            attributes: levels(header),
            pixel_root: match &observation.pixels {
                PixelObservation::Native(digest) => Some(private_root(digest)),
                _ => None,
            },
            statement_digest: Digest(record.digest()),
            needs_completion: matches!(observation.pixels, PixelObservation::Encapsulated(_)),
            settles: None,
            entry: inner.entry(Kind::Seal, record.commitment()),
        };
        Ok((
            new,
            blob,
            Arrived {
                observation,
                identity,
                syntax,
                form,
            },
        ))
    }
}

/// An object whose blob is staged.
pub(crate) struct Arrived {
    pub(crate) observation: Observation,
    pub(crate) identity: Identity,
    pub(crate) syntax: TransferSyntax,
    pub(crate) form: store::Form,
}
