//! How recipients may be reached.

use std::time::Duration;

/// How recipients may be reached.
#[derive(Clone, Debug)]
pub struct Options {
    /// Root certificates (PEM, one or several in each) that are believed beside the machine's own.
    pub extra_roots: Vec<Vec<u8>>,
    /// The proxy for all but this machine, such as `http://proxy.hospital.example:3128`. None to connect directly; the
    /// environment is not looked at.
    pub proxy: Option<String>,
    /// Until a connection stands.
    pub connect: Duration,
    /// For a whole exchange: discovery, request, answer.
    pub total: Duration,
    /// How long a discovery document is kept.
    pub keep_discovery: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            extra_roots: Vec::new(),
            proxy: None,
            connect: Duration::from_secs(5),
            total: Duration::from_secs(20),
            keep_discovery: Duration::from_mins(5),
        }
    }
}

/// The options cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidOptions {
    /// A root certificate cannot be read.
    #[error("a root certificate for recipients cannot be read: PEM is needed")]
    Root,
    /// The proxy is no address.
    #[error("the proxy for recipients is no address: write such as http://proxy.example:3128")]
    Proxy,
    /// TLS cannot be set up.
    #[error("TLS for recipients cannot be set up: look whether this machine has root certificates")]
    Tls,
}
