//! The SCU, against our own SCP and against servers that misbehave.

use crate::gateway::{Behaviour, CT, EXPLICIT, Gateway, J2K, config, title, uid};
use dimse::pdu::{Abort, AssociateAc, ContextResult, TitleField, UserInformation};
use dimse::{Association, Config, Error, Limits, Proposal, Request, Status};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn request() -> Request {
    let proposals = vec![
        Proposal::object(&uid(CT), &uid(EXPLICIT)),
        Proposal::object(&uid(CT), &uid(J2K)),
    ];
    Request::new(title("MODALITY"), title("LEADGLASS"), proposals)
}

#[tokio::test]
async fn echo_store_and_release() {
    let gateway = Gateway::start();
    let mut association = Association::request(gateway.address, &request()).await.unwrap();
    assert_eq!(association.echo().await.unwrap().status, Status::SUCCESS);
    assert!(association.takes(&uid(CT), &uid(J2K)));
    assert!(!association.takes(&uid(CT), &uid("1.2.840.10008.1.2")));
    // Lengths around the fragment's: the last fragment must be told from the others.
    let fragment = 131_072 - 6;
    let lengths = [
        0,
        1,
        1000,
        fragment - 1,
        fragment,
        fragment + 1,
        2 * fragment,
        2 * fragment + 1,
        1_000_003,
    ];
    for (number, length) in lengths.into_iter().enumerate() {
        let bytes: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
        let instance = uid(&format!("1.2.3.{}", number + 1));
        let response = association
            .store(&uid(CT), &instance, &uid(EXPLICIT), &bytes[..])
            .await
            .unwrap();
        assert_eq!(response.status, Status::SUCCESS);
        let recorded = gateway.store.objects().pop().unwrap();
        assert_eq!(recorded.bytes, bytes, "{length} bytes");
        let announced = recorded.arrival.announced.unwrap();
        assert_eq!(
            (announced.sop_class_uid, announced.sop_instance_uid),
            (uid(CT), instance)
        );
        assert_eq!(recorded.arrival.source.ae.as_deref(), Some("MODALITY"));
        assert!(!recorded.arrival.source.authenticated);
    }
    association.release().await.unwrap();
    gateway.stop().await;
}

#[tokio::test]
async fn the_peers_maximum_length_is_kept() {
    let gateway = Gateway::with(
        Config {
            max_pdu: 4096,
            ..config()
        },
        Behaviour::Keep,
    );
    let mut association = Association::request(gateway.address, &request()).await.unwrap();
    let bytes = vec![7; 100_000];
    // The SCP aborts longer PDUs.
    let response = association
        .store(&uid(CT), &uid("1.2"), &uid(J2K), &bytes[..])
        .await
        .unwrap();
    assert_eq!(response.status, Status::SUCCESS);
    assert_eq!(gateway.store.objects()[0].bytes, bytes);
}

#[tokio::test]
async fn what_was_not_agreed_on_is_not_sent() {
    let gateway = Gateway::start();
    let mut association = Association::request(gateway.address, &request()).await.unwrap();
    let error = association
        .store(
            &uid("1.2.840.10008.5.1.4.1.1.4"),
            &uid("1.2"),
            &uid(EXPLICIT),
            &[][..],
        )
        .await;
    assert!(matches!(error, Err(Error::NoContext { .. })));
    assert_eq!(association.echo().await.unwrap().status, Status::SUCCESS);
}

#[tokio::test]
async fn rejections_are_told_apart() {
    let gateway = Gateway::start();
    let wrong = Request {
        called: title("NOBODY"),
        ..request()
    };
    let error = Association::request(gateway.address, &wrong).await.err().unwrap();
    assert_eq!(
        error.to_string(),
        "the peer rejected the association: called AE title not recognized (permanently)"
    );
    let limits = Limits {
        max_associations: 0,
        ..Limits::default()
    };
    let full = Gateway::with(Config { limits, ..config() }, Behaviour::Keep);
    let error = Association::request(full.address, &request())
        .await
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        "the peer rejected the association: local limit exceeded (for now)"
    );
}

#[tokio::test]
async fn a_source_that_fails_is_not_the_peers_fault() {
    struct Broken;
    impl tokio::io::AsyncRead for Broken {
        fn poll_read(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
            _: &mut tokio::io::ReadBuf<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            std::task::Poll::Ready(Err(std::io::Error::other("bad sector")))
        }
    }
    let gateway = Gateway::start();
    let mut association = Association::request(gateway.address, &request()).await.unwrap();
    let error = association
        .store(&uid(CT), &uid("1.2"), &uid(EXPLICIT), Broken)
        .await;
    assert!(matches!(error, Err(Error::Source(_))));
    association.abort().await;
    assert_eq!(gateway.store.finished(), 0);
}

#[tokio::test]
async fn a_peer_that_answers_nothing_ends_in_a_timeout() {
    let address = server(|_| Vec::new()).await;
    let mut request = request();
    request.timeouts.associate = Duration::from_millis(200);
    assert!(matches!(
        Association::request(address, &request).await.err(),
        Some(Error::TimedOut)
    ));
}

#[tokio::test]
async fn a_peer_that_breaks_the_protocol_is_left() {
    let accept = |id: u8, transfer_syntax: &str, max_pdu: u32| AssociateAc {
        called: TitleField::from(&title("LEADGLASS")),
        calling: TitleField::from(&title("MODALITY")),
        contexts: vec![ContextResult {
            id,
            result: 0,
            transfer_syntax: Some(uid(transfer_syntax)),
        }],
        user: UserInformation {
            max_pdu: Some(max_pdu),
            ..UserInformation::default()
        },
    };
    for answer in [
        accept(99, EXPLICIT, 0).encode().unwrap(),
        accept(1, J2K, 0).encode().unwrap(),
        accept(1, EXPLICIT, 3).encode().unwrap(),
        vec![2, 0, 0xff, 0xff, 0xff, 0xff],
        vec![2, 0, 0, 0, 0, 2, 1, 1],
        b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        dimse::pdu::RELEASE_RP.to_vec(),
    ] {
        let address = server(move |_| answer.clone()).await;
        let error = Association::request(address, &request()).await.err();
        assert!(matches!(error, Some(Error::Protocol(_))), "{error:?}");
    }
}

#[tokio::test]
async fn an_abort_in_the_midst_of_an_object_is_reported() {
    let accept = AssociateAc {
        called: TitleField::from(&title("LEADGLASS")),
        calling: TitleField::from(&title("MODALITY")),
        contexts: vec![ContextResult {
            id: 1,
            result: 0,
            transfer_syntax: Some(uid(EXPLICIT)),
        }],
        user: UserInformation {
            max_pdu: Some(16_384),
            ..UserInformation::default()
        },
    };
    let address = server(move |turn| match turn {
        0 => accept.encode().unwrap(),
        _ => Abort::INVALID_PARAMETER.encode().to_vec(),
    })
    .await;
    let mut association = Association::request(address, &request()).await.unwrap();
    let bytes = vec![0; 50_000_000];
    let error = association
        .store(&uid(CT), &uid("1.2"), &uid(EXPLICIT), &bytes[..])
        .await
        .err()
        .unwrap();
    // A reset can overtake the abort; either way the object was not stored.
    assert!(
        matches!(error, Error::Aborted(_) | Error::Connection(_)),
        "{error:?}"
    );
}

/// A server for one peer: answers each read with what `turn` says, and closes after the second.
async fn server(turn: impl Fn(usize) -> Vec<u8> + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for number in 0..2 {
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(&turn(number)).await;
        }
    });
    address
}
