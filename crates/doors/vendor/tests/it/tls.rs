//! A recipient behind real TLS, with a certificate of its own authority.

use crate::{carry, client, record};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use release::CourierError;
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use std::sync::Arc;
use testkit::vendor::{Behaviour, Vendor};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use vendor::{Options, VendorClient};

/// Ends TLS for `localhost` before a plain server; gives the port and the authority's certificate.
async fn front(plain: &str) -> (u16, Vec<u8>) {
    let mut authority = CertificateParams::new(vec![]).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();

    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let plain = plain.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (acceptor, plain) = (acceptor.clone(), plain.clone());
            tokio::spawn(async move {
                let mut outside = acceptor.accept(socket).await?;
                let mut inside = TcpStream::connect(plain).await?;
                tokio::io::copy_bidirectional(&mut outside, &mut inside).await
            });
        }
    });
    (port, authority.as_ref().pem().into_bytes())
}

#[tokio::test]
async fn a_certificate_must_hold_and_name_the_host() {
    let vendor = Vendor::start(Behaviour::Honest, 1).unwrap();
    let (port, authority) = front(vendor.origin()).await;
    let by_name = format!("https://localhost:{port}");
    vendor.stand_behind(&by_name);
    let trusting = VendorClient::new(&Options {
        extra_roots: vec![authority],
        ..Options::default()
    })
    .unwrap();

    let named = record("honest-ai", &by_name, &vendor.receipt_key());
    assert_eq!(carry(&trusting, &named).await.unwrap().len(), 2);

    let unknown = carry(&client(), &named).await;
    assert!(
        matches!(&unknown, Err(CourierError::Unreachable(why)) if why.contains("certificate")),
        "{unknown:?}"
    );
    // The certificate is for the name, not for the address.
    let by_address = format!("https://127.0.0.1:{port}");
    vendor.stand_behind(&by_address);
    let addressed = carry(
        &trusting,
        &record("honest-ai", &by_address, &vendor.receipt_key()),
    )
    .await;
    assert!(
        matches!(&addressed, Err(CourierError::Unreachable(why)) if why.contains("certificate")),
        "{addressed:?}"
    );
    assert_eq!(vendor.requests().len(), 1);
}
