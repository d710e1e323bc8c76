//! Frames over real sockets.

use crate::repository::{Authority, Manner, Repository};
use rustls::version::{TLS12, TLS13};
use std::time::Duration;
use syslog::{Error, Options, SyslogTls};

fn frames(from: usize, count: usize) -> Vec<Vec<u8>> {
    (from..from + count)
        .map(|number| {
            let record = format!(
                "<85>1 2026-11-20T10:00:00.000Z gw.example leadglass 1 IHE+RFC-3881 - \u{FEFF}<a{number}/>"
            );
            disclosure::syslog::frame(record.as_bytes())
        })
        .collect()
}

fn numbers(repository: &Repository) -> Vec<String> {
    repository
        .records()
        .into_iter()
        .map(|record| record.xml)
        .collect()
}

fn expected(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("<a{number}/>")).collect()
}

#[tokio::test]
async fn records_get_there_whole_and_in_order_by_both_versions_of_tls() {
    for version in [&TLS12, &TLS13] {
        let authority = Authority::new();
        let repository = Repository::tls(&authority, None, &[version]).await;
        let mut client = SyslogTls::new(&repository.options(&authority)).unwrap();
        client.send(&frames(0, 500)).await.unwrap();
        client.send(&[]).await.unwrap();
        client.send(&frames(500, 3)).await.unwrap();
        assert_eq!(numbers(&repository), expected(503));
    }
}

#[tokio::test]
async fn a_repository_that_is_not_the_one_is_told_nothing() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let repository = Repository::tls(&stranger, None, &[&TLS13]).await;
    let mut client = SyslogTls::new(&repository.options(&authority)).unwrap();
    let refused = client.send(&frames(0, 1)).await;
    assert!(matches!(refused, Err(Error::Connect(_))), "{refused:?}");
    // The right authority, for another name.
    let mut elsewhere = repository.options(&stranger);
    elsewhere.address = format!("127.0.0.1:{}", repository.port);
    let refused = SyslogTls::new(&elsewhere).unwrap().send(&frames(0, 1)).await;
    assert!(matches!(refused, Err(Error::Connect(_))), "{refused:?}");
    assert!(repository.bytes().is_empty());
}

#[tokio::test]
async fn a_repository_that_asks_who_we_are_gets_our_certificate() {
    for version in [&TLS12, &TLS13] {
        let (authority, clients) = (Authority::new(), Authority::new());
        let repository = Repository::tls(&authority, Some(&clients), &[version]).await;
        let with = |identity| Options {
            identity,
            ..repository.options(&authority)
        };
        // In TLS 1.3 the client has shaken hands before its certificate is looked at.
        for wrong in [None, Some(authority.identity("gateway"))] {
            let refused = SyslogTls::new(&with(wrong)).unwrap().send(&frames(0, 1)).await;
            assert!(refused.is_err());
        }
        assert!(repository.bytes().is_empty());
        let ours = with(Some(clients.identity("gateway")));
        SyslogTls::new(&ours).unwrap().send(&frames(0, 2)).await.unwrap();
        assert_eq!(numbers(&repository), expected(2));
    }
}

#[tokio::test]
async fn what_a_dying_repository_has_not_read_was_not_taken() {
    for version in [&TLS12, &TLS13] {
        let authority = Authority::new();
        let mut repository = Repository::tls(&authority, None, &[version]).await;
        let mut client = SyslogTls::new(&repository.options(&authority)).unwrap();
        repository.down().await;
        assert!(client.send(&frames(0, 4)).await.is_err());
        repository.up(Manner::Hangs).await;
        assert!(client.send(&frames(0, 4)).await.is_err());
        repository.down().await;
        repository.up(Manner::Reads).await;
        client.send(&frames(0, 4)).await.unwrap();
        assert_eq!(numbers(&repository), expected(4));
    }
}

#[tokio::test]
async fn a_repository_that_does_not_read_is_given_up_on() {
    // It accepts by its queue alone.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut client = SyslogTls::new(&Options {
        address: listener.local_addr().unwrap().to_string(),
        write: Duration::from_millis(300),
        ..Options::default()
    })
    .unwrap();
    let late = client.send(&frames(0, 1)).await;
    assert!(matches!(late, Err(Error::TooSlow(_))), "{late:?}");
}

#[tokio::test]
async fn plain_tcp_stays_on_this_machine() {
    let repository = Repository::plain().await;
    let plain = |address: String| {
        SyslogTls::new(&Options {
            address,
            ..Options::default()
        })
    };
    let mut client = plain(format!("127.0.0.1:{}", repository.port)).unwrap();
    client.send(&frames(0, 2)).await.unwrap();
    assert_eq!(numbers(&repository), expected(2));
    for wrong in ["", "localhost", ":6514", "localhost:x", "[::1]:99999"] {
        assert!(matches!(plain(wrong.to_owned()), Err(Error::Address)), "{wrong}");
    }
    let no_pem = SyslogTls::new(&Options {
        address: "localhost:6514".into(),
        roots: vec![b"not a certificate".to_vec()],
        ..Options::default()
    });
    assert!(matches!(no_pem, Err(Error::Root)));
}
