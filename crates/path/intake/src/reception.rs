//! One object on its way in.

use crate::{Reason, Receipt, Status};
use model::{Source, Uid};

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

/// The intake. Cheap to clone; shared by every door.
#[derive(Clone)]
pub struct Intake {}

impl Intake {
    /// Makes ready to receive one object.
    ///
    /// # Errors
    /// When storage is not there or full.
    pub fn begin(&self, arrival: Arrival) -> Result<Reception, Reason> {
        let _ = arrival;
        Ok(Reception {})
    }
}

/// One object while it streams in. Dropped unfinished, it leaves nothing behind.
pub struct Reception {}

impl Reception {
    /// Takes the next bytes: reads, digests, encrypts and spools them, without waiting for the disk to sync.
    ///
    /// # Errors
    /// Why the object is refused. No more bytes are needed then; [`Reception::finish`] gives the receipt.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        let _ = bytes;
        Ok(())
    }

    /// The object is complete: seals it and waits until it is durable.
    pub async fn finish(self) -> Receipt {
        Receipt {
            sop_instance_uid: None,
            sop_class_uid: None,
            study_instance_uid: None,
            status: Status::Rejected,
            reason: None,
            log_index: None,
        }
    }
}
