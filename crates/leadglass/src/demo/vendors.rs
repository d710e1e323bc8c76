//! Two peers of an AI vendor, in this process: what takes its copies over the DICOM network, and what answers deletion requests.

use anyhow::{Context as _, Result};
use consent::{Agreement, AgreementKind, Destination, Recipient};
use dimse::{Config, StoreObject, StoreService};
use intake::{Arrival, Form, Reason, Receipt, Status};
use model::{AeTitle, Digest, Purpose, Uid};
use sha2::{Digest as _, Sha256};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use testkit::Object;
use testkit::vendor::{Behaviour, Vendor};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// An object that a vendor has in whole.
#[derive(Clone)]
pub(super) struct Arrived {
    pub(super) object: Object,
    pub(super) digest: Digest,
    pub(super) at: Instant,
}

/// What arrived at a vendor.
#[derive(Default)]
pub(super) struct Inbox {
    pub(super) objects: Vec<Arrived>,
    pub(super) last_byte: Option<Instant>,
}

/// A vendor with an address for copies and one for deletion requests.
pub(super) struct AiVendor {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    /// Its answers to deletion requests.
    pub(super) desk: Arc<Vendor>,
    pub(super) dicom: SocketAddr,
    inbox: Arc<Mutex<Inbox>>,
    _stop: oneshot::Sender<()>,
}

const AE_TITLE: &str = "AI";

impl AiVendor {
    /// Starts a vendor on free ports of the loopback. `pace` is how long it takes over each object.
    pub(super) fn start(
        id: &'static str,
        name: &'static str,
        behaviour: Behaviour,
        seed: u64,
        pace: Duration,
    ) -> Result<Self> {
        let desk = Arc::new(Vendor::start(behaviour, seed).context("a vendor cannot listen for requests")?);
        let listener = dimse::bind((Ipv4Addr::LOCALHOST, 0).into()).context("a vendor cannot listen")?;
        let dicom = listener.local_addr()?;
        let inbox = Arc::<Mutex<Inbox>>::default();
        let service = Taker {
            inbox: Arc::clone(&inbox),
            desk: Arc::clone(&desk),
            pace,
        };
        let (stop, stopped) = oneshot::channel();
        let mut config = Config::new(AeTitle::new(AE_TITLE)?);
        config.limits.shutdown_grace = Duration::from_millis(200);
        tokio::spawn(dimse::serve(listener, config, service, async move {
            let _ = stopped.await;
        }));
        Ok(Self {
            id,
            name,
            desk,
            dicom,
            inbox,
            _stop: stop,
        })
    }

    /// Its record, as an officer would write it.
    pub(super) fn record(&self) -> Result<Recipient> {
        let mut recipient = recipient(self.id, self.name, &[Purpose::AiAnalysis], "vendor", 1)?;
        recipient.destination = Some(Destination::Dicom {
            host: self.dicom.ip().to_string(),
            port: self.dicom.port(),
            ae_title: AE_TITLE.to_owned(),
            commitment: false,
        });
        recipient.deletion = Some(self.desk.origin().to_owned());
        recipient.receipt_key = Some(self.desk.receipt_key());
        Ok(recipient)
    }

    pub(super) fn inbox(&self) -> MutexGuard<'_, Inbox> {
        lock(&self.inbox)
    }

    /// Everything that ever arrived, in its order.
    pub(super) fn arrived(&self) -> Vec<Arrived> {
        self.inbox().objects.clone()
    }

    /// Writes what the vendor still has as files. Gives how many.
    pub(super) fn keep(&self, folder: &Path) -> Result<usize> {
        let folder = folder.join(self.id);
        std::fs::create_dir_all(&folder)?;
        let still: Vec<Uid> = lock(self.desk.received())
            .iter()
            .map(|(uid, _)| uid.clone())
            .collect();
        let mut kept = 0;
        for arrived in self.arrived() {
            let uid = &arrived.object.sop_instance;
            if still.contains(uid) {
                std::fs::write(folder.join(format!("{uid}.dcm")), arrived.object.part10())?;
                kept += 1;
            }
        }
        Ok(kept)
    }
}

/// A recipient with an agreement, and nowhere to send to yet.
pub(super) fn recipient(
    id: &str,
    name: &str,
    purposes: &[Purpose],
    profile: &str,
    retention_days: u32,
) -> Result<Recipient> {
    Ok(Recipient {
        id: id.parse()?,
        name: name.to_owned(),
        address: Some("1 Invented Road, Nowhere".to_owned()),
        contact: None,
        inside: false,
        destination: None,
        deletion: None,
        receipt_key: None,
        agreement: Some(Agreement {
            kind: AgreementKind::Baa,
            signed_on: "2026-01-01".parse()?,
            expires: None,
            purposes: purposes.to_vec(),
            retention_days: Some(retention_days),
            may_train: purposes.contains(&Purpose::AiTrain),
            paid: false,
            storage_place: "Ireland".to_owned(),
            subprocessors: Vec::new(),
            profile: profile.to_owned(),
            breach_notice_hours: None,
        }),
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Clone)]
struct Taker {
    inbox: Arc<Mutex<Inbox>>,
    desk: Arc<Vendor>,
    pace: Duration,
}

struct Taking {
    taker: Taker,
    arrival: Arrival,
    bytes: Vec<u8>,
}

impl StoreService for Taker {
    type Object = Taking;

    fn begin(&self, arrival: Arrival) -> Result<Taking, Reason> {
        Ok(Taking {
            taker: self.clone(),
            arrival,
            bytes: Vec::new(),
        })
    }
}

impl StoreObject for Taking {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        lock(&self.taker.inbox).last_byte = Some(Instant::now());
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    async fn finish(self) -> Receipt {
        let Self {
            taker,
            arrival,
            bytes,
        } = self;
        let mut receipt = Receipt {
            sop_instance_uid: None,
            sop_class_uid: None,
            study_instance_uid: None,
            status: Status::Rejected,
            reason: Some(Reason::Failed("it was not said what this is".to_owned())),
            log_index: None,
        };
        if let (Some(announced), Form::DataSet(transfer_syntax)) = (arrival.announced, arrival.form) {
            let digest = Digest(Sha256::digest(&bytes).into());
            let uid = announced.sop_instance_uid;
            // The vendor has it from here on, whether or not its answer gets back.
            lock(taker.desk.received()).push((uid.clone(), digest));
            lock(&taker.inbox).objects.push(Arrived {
                object: Object {
                    sop_class: announced.sop_class_uid.clone(),
                    sop_instance: uid.clone(),
                    transfer_syntax,
                    data_set: bytes,
                },
                digest,
                at: Instant::now(),
            });
            tokio::time::sleep(taker.pace).await;
            receipt.sop_instance_uid = Some(uid);
            receipt.sop_class_uid = Some(announced.sop_class_uid);
            (receipt.status, receipt.reason) = (Status::Sealed, None);
        }
        receipt
    }
}
