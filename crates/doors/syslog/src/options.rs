//! How the audit repository is reached.

use std::time::Duration;

/// How the audit repository is reached.
#[derive(Clone)]
pub struct Options {
    /// `host:port`; an IPv6 address in brackets.
    pub address: String,
    /// Certificates (PEM, one or several in each) that the repository's must lead to; the machine's own do not count. None at
    /// all: plain TCP, for a repository or a relay on this machine.
    pub roots: Vec<Vec<u8>>,
    /// Who we are, for a repository that asks.
    pub identity: Option<Identity>,
    /// Until a connection stands, its TLS included.
    pub connect: Duration,
    /// Until a batch is written, and again until the repository has closed after it.
    pub write: Duration,
}

/// A certificate with its key, as PEM.
#[derive(Clone)]
pub struct Identity {
    /// The certificate, followed by those between it and its root.
    pub certificate: Vec<u8>,
    /// Its private key.
    pub key: Vec<u8>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            address: String::new(),
            roots: Vec::new(),
            identity: None,
            connect: Duration::from_secs(5),
            write: Duration::from_secs(10),
        }
    }
}
