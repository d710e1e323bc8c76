//! One connection for each batch.

use crate::{Error, Options};
use async_trait::async_trait;
use release::{AuditSink, NotTaken};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// A peer that ends the stream of its own accord is noticed within this time: more than a round trip.
const LISTEN: Duration = Duration::from_millis(500);

/// A client of an audit repository.
pub struct SyslogTls {
    address: String,
    /// None: plain TCP, to this machine alone.
    tls: Option<(TlsConnector, ServerName<'static>)>,
    connect: Duration,
    write: Duration,
}

impl SyslogTls {
    /// Sets it up; nothing is connected yet.
    ///
    /// # Errors
    /// [`Error`], when an option cannot be used.
    pub fn new(options: &Options) -> Result<Self, Error> {
        let (host, port) = options.address.rsplit_once(':').ok_or(Error::Address)?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let bare = bare.unwrap_or(host);
        if bare.is_empty() || port.parse::<u16>().is_err() {
            return Err(Error::Address);
        }
        let tls = if options.roots.is_empty() {
            if options.identity.is_some() {
                return Err(Error::Plain);
            }
            None
        } else {
            let name = ServerName::try_from(bare.to_owned()).map_err(|_| Error::Address)?;
            Some((TlsConnector::from(Arc::new(config(options)?)), name))
        };
        Ok(Self {
            address: options.address.clone(),
            tls,
            connect: options.connect,
            write: options.write,
        })
    }

    /// Sends framed records over a connection of their own. It is done once the repository has read them all and closed.
    ///
    /// # Errors
    /// [`Error`]. Any part of them may have got there: send all again.
    pub async fn send(&mut self, frames: &[Vec<u8>]) -> Result<(), Error> {
        if frames.is_empty() {
            return Ok(());
        }
        let connecting = TcpStream::connect(self.address.as_str());
        let late = |_| Error::TooSlow("to connect");
        let socket = timeout(self.connect, connecting).await.map_err(late)?;
        let socket = socket.map_err(Error::Connect)?;
        match &self.tls {
            Some((connector, name)) => {
                let shaking = connector.connect(name.clone(), socket);
                let shaken = timeout(self.connect, shaking).await.map_err(late)?;
                let mut stream = shaken.map_err(Error::Connect)?;
                hand_over(&mut stream, frames, self.write).await
            }
            None => {
                // Names can lead anywhere: what counts is where this one led.
                if !socket.peer_addr().map_err(Error::Connect)?.ip().is_loopback() {
                    return Err(Error::Plain);
                }
                let mut socket = socket;
                hand_over(&mut socket, frames, self.write).await
            }
        }
    }
}

#[async_trait]
impl AuditSink for SyslogTls {
    async fn send(&mut self, frames: &[Vec<u8>]) -> Result<(), NotTaken> {
        Self::send(self, frames)
            .await
            .map_err(|error| NotTaken(error.to_string()))
    }
}

fn config(options: &Options) -> Result<ClientConfig, Error> {
    let mut roots = RootCertStore::empty();
    for pem in &options.roots {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| Error::Root)?;
            roots.add(certificate).map_err(|_| Error::Root)?;
        }
        if roots.len() == before {
            return Err(Error::Root);
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::Tls)?
        .with_root_certificates(roots);
    let Some(identity) = &options.identity else {
        return Ok(builder.with_no_client_auth());
    };
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&identity.certificate)
        .collect::<Result<_, _>>()
        .map_err(|_| Error::Identity)?;
    let key = PrivateKeyDer::from_pem_slice(&identity.key).map_err(|_| Error::Identity)?;
    builder
        .with_client_auth_cert(chain, key)
        .map_err(|_| Error::Identity)
}

/// Writes all, sees that the peer still listens, closes our side (in TLS with `close_notify`, RFC 5425 4.4), and waits until the
/// peer has closed its own.
///
/// A peer that ended the stream before us never read what came after: its kernel takes that, and resets. (So ends one that refuses
/// our certificate after the handshake.) One that closes after us with something unread resets too.
async fn hand_over<S>(stream: &mut S, frames: &[Vec<u8>], limit: Duration) -> Result<(), Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let writing = async {
        for frame in frames {
            stream.write_all(frame).await?;
        }
        stream.flush().await
    };
    let slow = |_| Error::TooSlow("to read");
    timeout(limit, writing)
        .await
        .map_err(slow)?
        .map_err(Error::Write)?;
    let mut answer = [0; 1];
    match timeout(LISTEN, stream.read(&mut answer)).await {
        Err(_) => {}
        Ok(Ok(0)) => return Err(Error::Write(ErrorKind::ConnectionAborted.into())),
        Ok(Ok(_)) => return Err(Error::Answered),
        Ok(Err(error)) => return Err(Error::Write(error)),
    }
    timeout(limit, stream.shutdown())
        .await
        .map_err(slow)?
        .map_err(Error::Write)?;
    let closing = timeout(limit, stream.read(&mut answer)).await;
    match closing.map_err(|_| Error::TooSlow("to close"))? {
        Ok(0) => Ok(()),
        Ok(_) => Err(Error::Answered),
        // RFC 5425 wants close_notify in return; common receivers leave it out.
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(()),
        Err(error) => Err(Error::Write(error)),
    }
}
