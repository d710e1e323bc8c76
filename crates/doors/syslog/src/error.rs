//! Why messages were not taken.

/// Why messages were not taken, or the options cannot be used. It says nothing of what was to be sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be used.
    #[error("the address of the audit repository cannot be used: write host:port")]
    Address,
    /// A root certificate cannot be read.
    #[error("a root certificate for the audit repository cannot be read: PEM is needed")]
    Root,
    /// The client's certificate or key cannot be used.
    #[error("the client certificate or its key cannot be used: PEM is needed, and both of one pair")]
    Identity,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(rustls::Error),
    /// Plain TCP would leave this machine.
    #[error("audit messages leave this machine only over TLS: name root_certificates")]
    Plain,
    /// No connection, or none that can be trusted.
    #[error("the audit repository cannot be reached: {0}")]
    Connect(std::io::Error),
    /// The connection broke.
    #[error("the connection to the audit repository broke: {0}")]
    Write(std::io::Error),
    /// The repository took too long.
    #[error("the audit repository took too long {0}")]
    TooSlow(&'static str),
    /// The repository wrote something back.
    #[error("the audit repository answered, and syslog has no answers: look what listens there")]
    Answered,
}
