//! An audit repository in this process, which takes nothing but what the RFCs allow.

use model::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::sync::{Arc, Mutex};
use syslog::{Identity, Options};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A record of RFC 5424, taken apart.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Record {
    pub(crate) priority: u32,
    pub(crate) host: String,
    pub(crate) program: String,
    pub(crate) message_id: String,
    pub(crate) xml: String,
}

/// What a repository does with those who come.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Manner {
    Reads,
    /// Shakes hands, and ends without reading.
    Hangs,
}

/// An authority that signs certificates.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut authority = CertificateParams::new(vec![]).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem(&self) -> Vec<u8> {
        self.0.as_ref().pem().into_bytes()
    }

    pub(crate) fn signs(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let signed = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (signed.signed_by(&key, &self.0).unwrap(), key)
    }

    pub(crate) fn identity(&self, name: &str) -> Identity {
        let (certificate, key) = self.signs(name);
        Identity {
            certificate: certificate.pem().into_bytes(),
            key: key.serialize_pem().into_bytes(),
        }
    }
}

pub(crate) struct Repository {
    pub(crate) port: u16,
    tls: Option<TlsAcceptor>,
    received: Arc<Mutex<Vec<u8>>>,
    task: Option<JoinHandle<()>>,
}

impl Repository {
    /// With TLS for `localhost`; with `clients`, only for those whose certificate that authority signed.
    pub(crate) async fn tls(
        authority: &Authority,
        clients: Option<&Authority>,
        versions: &[&'static rustls::SupportedProtocolVersion],
    ) -> Self {
        let (certificate, key) = authority.signs("localhost");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(clients.0.as_ref().der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let config = builder
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Self::start(Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    pub(crate) async fn plain() -> Self {
        Self::start(None).await
    }

    async fn start(tls: Option<TlsAcceptor>) -> Self {
        let mut repository = Self {
            port: 0,
            tls,
            received: Arc::default(),
            task: None,
        };
        repository.up(Manner::Reads).await;
        repository
    }

    pub(crate) async fn up(&mut self, manner: Manner) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.port = listener.local_addr().unwrap().port();
        let (tls, received) = (self.tls.clone(), Arc::clone(&self.received));
        self.task = Some(tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                // One after the other: what arrives keeps its order.
                let mut got = Vec::new();
                let read = match &tls {
                    Some(tls) => match tls.accept(socket).await {
                        Err(error) => Err(error),
                        Ok(_) if manner == Manner::Hangs => continue,
                        Ok(mut stream) => {
                            let read = stream.read_to_end(&mut got).await;
                            let _ = tokio::io::AsyncWriteExt::shutdown(&mut stream).await;
                            read
                        }
                    },
                    None => socket.read_to_end(&mut got).await,
                };
                if read.is_ok() {
                    received.lock().unwrap().extend_from_slice(&got);
                }
            }
        }));
    }

    pub(crate) async fn down(&mut self) {
        let task = self.task.take().unwrap();
        task.abort();
        let _ = task.await;
    }

    pub(crate) fn options(&self, authority: &Authority) -> Options {
        Options {
            address: format!("localhost:{}", self.port),
            roots: vec![authority.pem()],
            ..Options::default()
        }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.received.lock().unwrap().clone()
    }

    /// All that was received; every byte of it belongs to a record.
    pub(crate) fn records(&self) -> Vec<Record> {
        let bytes = self.bytes();
        let (mut rest, mut records) = (bytes.as_slice(), Vec::new());
        while !rest.is_empty() {
            let space = rest.iter().position(|byte| *byte == b' ').unwrap();
            let digits = std::str::from_utf8(&rest[..space]).unwrap();
            assert!(!digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()));
            let (record, after) = rest[space + 1..].split_at(digits.parse().unwrap());
            records.push(parse(std::str::from_utf8(record).unwrap()));
            rest = after;
        }
        records
    }
}

/// RFC 5424, 6: HEADER SP STRUCTURED-DATA SP MSG, without structured data, in UTF-8 with its mark.
fn parse(record: &str) -> Record {
    let fields: Vec<&str> = record.splitn(8, ' ').collect();
    let [head, time, host, program, process, message_id, data, message] = fields[..] else {
        panic!("a record has eight fields: {record:?}")
    };
    let priority = head.strip_prefix('<').unwrap().strip_suffix(">1").unwrap();
    time.parse::<Timestamp>().unwrap();
    for field in [host, program, process, message_id] {
        assert!(!field.is_empty() && field.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    assert_eq!(data, "-");
    Record {
        priority: priority.parse().unwrap(),
        host: host.to_owned(),
        program: program.to_owned(),
        message_id: message_id.to_owned(),
        xml: message.strip_prefix('\u{FEFF}').unwrap().to_owned(),
    }
}

/// The elements of an XML document in order, each with its attributes' text; tags must be closed in order.
pub(crate) fn elements(xml: &str) -> Vec<(String, String)> {
    let body = xml
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        .unwrap();
    let (mut open, mut found): (Vec<String>, _) = (Vec::new(), Vec::new());
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        assert!(!text.contains('>'), "{piece:?}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let is_empty = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert_eq!(attributes.matches('"').count() % 2, 0, "{piece:?}");
        found.push((name.to_owned(), attributes.to_owned()));
        if !is_empty {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(found[0].0, "AuditMessage");
    found
}

/// The code of what happened.
pub(crate) fn event_code(record: &Record) -> String {
    let found = elements(&record.xml);
    let (_, attributes) = found.iter().find(|(name, _)| name == "EventID").unwrap();
    let code = attributes.split("csd-code=\"").nth(1).unwrap();
    code.split('"').next().unwrap().to_owned()
}
