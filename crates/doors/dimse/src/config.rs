//! What the SCP is told about itself, its callers and its limits.

use crate::Commitments;
use model::AeTitle;
use std::net::IpAddr;
use std::time::Duration;

/// The SCP's configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The AE title under which it is called.
    pub ae_title: AeTitle,
    /// Answer to any called AE title. Otherwise a wrong one is rejected.
    pub any_called_ae: bool,
    /// Who may call.
    pub callers: Callers,
    /// The longest P-DATA-TF body that is taken, in bytes, and announced. Kept between 4 KiB and 16 MiB.
    pub max_pdu: u32,
    /// Limits and time-outs.
    pub limits: Limits,
    /// Take reports of storage commitment for those who await them. None: the service is not offered.
    pub commitments: Option<Commitments>,
}

impl Config {
    /// The defaults under this AE title: callers on loopback only.
    pub fn new(ae_title: AeTitle) -> Self {
        Self {
            ae_title,
            any_called_ae: false,
            callers: Callers::default(),
            max_pdu: 131_072,
            limits: Limits::default(),
            commitments: None,
        }
    }

    pub(crate) fn max_pdu(&self) -> u32 {
        self.max_pdu.clamp(4096, 16 << 20)
    }
}

/// Who may call. On loopback any calling AE title is accepted, elsewhere only known pairs.
///
/// An AE title is a name and an IP address can be borrowed: neither proves who is calling.
#[derive(Clone, Debug, Default)]
pub struct Callers {
    /// Pairs of calling AE title and the IP address it calls from.
    pub known: Vec<(AeTitle, IpAddr)>,
}

impl Callers {
    /// True when this AE title may call from this address.
    pub fn allow(&self, calling: &AeTitle, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        let known = |(title, address): &(AeTitle, IpAddr)| title == calling && address.to_canonical() == peer;
        peer.is_loopback() || self.known.iter().any(known)
    }
}

/// Limits and time-outs. The time-outs lie under five seconds, within which every malformed exchange must have
/// its answer.
#[derive(Clone, Debug)]
pub struct Limits {
    /// ARTIM: how long a peer may take from connecting to a complete A-ASSOCIATE-RQ (PS3.8 section 9.1.5).
    pub artim: Duration,
    /// How long an association may rest between messages.
    pub idle: Duration,
    /// Inside a message, [`Limits::progress_bytes`] or the message's end must come within this time.
    pub progress_window: Duration,
    /// Bytes that count as progress.
    pub progress_bytes: usize,
    /// Associations at a time. Beyond, they are rejected as transient.
    pub max_associations: usize,
    /// Associations at a time from one IP address; loopback is exempt.
    pub max_associations_per_peer: usize,
    /// Connections at a time that have no association yet. Beyond, the oldest from the address that has most
    /// of them is closed, so that a newcomer never waits for peers that say nothing.
    pub max_handshakes: usize,
    /// The longest A-ASSOCIATE-RQ in bytes. 128 contexts with 50 transfer syntaxes each take 180 KB.
    pub max_request: usize,
    /// How long messages that are under way may take to end when the service goes down.
    pub shutdown_grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            artim: Duration::from_millis(4500),
            idle: Duration::from_mins(1),
            progress_window: Duration::from_millis(4500),
            progress_bytes: 1024,
            max_associations: 4096,
            max_associations_per_peer: 64,
            max_handshakes: 1024,
            max_request: 256 * 1024,
            shutdown_grace: Duration::from_secs(10),
        }
    }
}
