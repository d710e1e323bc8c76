//! What happens in an archive gets to its audit repository: all of it, in order.

use crate::archive::{Archive, now};
use crate::repository::{Authority, Repository, elements, event_code};
use async_trait::async_trait;
use consent::Says;
use model::Purpose;
use release::{AuditSink, NotTaken};
use rustls::version::TLS13;
use syslog::SyslogTls;

/// Passes until there is nothing more to tell.
async fn drain(archive: &Archive, sink: &mut dyn AuditSink) {
    let feed = archive.feed();
    while feed.pass(sink).await.unwrap() > 0 {}
}

fn codes(repository: &Repository) -> Vec<String> {
    repository.records().iter().map(event_code).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_happened_arrives_in_its_order_over_tls() {
    let archive = Archive::new().await;
    let authority = Authority::new();
    let repository = Repository::tls(&authority, None, &[&TLS13]).await;
    let mut client = SyslogTls::new(&repository.options(&authority)).unwrap();

    archive.order("stranger", Purpose::AiAnalysis).await;
    archive.deliver().await;
    archive.read().await;
    let no = archive.says(Says::No).await;
    archive.store.withdraw_directive(no, now()).await.unwrap();
    drain(&archive, &mut client).await;

    // A denial, a transfer, a read, a no, and its withdrawal.
    assert_eq!(
        codes(&repository),
        ["110113", "110104", "110103", "110113", "110113"]
    );
    let records = repository.records();
    for record in &records {
        assert_eq!(
            (record.host.as_str(), record.program.as_str()),
            ("gw.example", "leadglass")
        );
        assert_eq!(record.message_id, "IHE+RFC-3881");
        let found = elements(&record.xml);
        assert!(found.iter().any(|(name, _)| name == "AuditSourceIdentification"));
        assert!(record.xml.contains(&testkit::Patient::number(1).id));
    }
    assert_eq!((records[0].priority, records[1].priority), (84, 85));
    assert!(records[0].xml.contains("stranger") && records[0].xml.contains("Use of Restricted Function"));
    assert!(records[1].xml.contains("Acme AI Ltd") && records[1].xml.contains(archive.study.as_str()));
    assert!(records[2].xml.contains("dr-phantom"));

    // What was told is not told again, and what happens next is.
    drain(&archive, &mut client).await;
    assert_eq!(repository.records().len(), 5);
    archive.order("stranger", Purpose::AiTrain).await;
    drain(&archive, &mut client).await;
    assert_eq!(codes(&repository)[5..], ["110113"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_repository_is_down_everything_waits_in_order() {
    let archive = Archive::new().await;
    let authority = Authority::new();
    let mut repository = Repository::tls(&authority, None, &[&TLS13]).await;
    let mut client = SyslogTls::new(&repository.options(&authority)).unwrap();
    repository.down().await;
    // More than one pass takes.
    for number in 0..80 {
        archive
            .order(&format!("stranger-{number:02}"), Purpose::AiAnalysis)
            .await;
        if number % 20 == 0 {
            assert!(archive.feed().pass(&mut client).await.is_err());
        }
    }
    repository.up(crate::repository::Manner::Reads).await;
    drain(&archive, &mut client).await;
    let told: Vec<String> = repository
        .records()
        .into_iter()
        .map(|record| record.xml)
        .collect();
    assert_eq!(told.len(), 80);
    for (number, xml) in told.iter().enumerate() {
        assert!(
            xml.contains(&format!("UserID=\"stranger-{number:02}\"")),
            "{number}"
        );
    }
}

/// Takes what it is given, and says that it did not: as when the process ends before it noted what was told.
struct Forgetful(Vec<Vec<u8>>);

#[async_trait]
impl AuditSink for Forgetful {
    async fn send(&mut self, frames: &[Vec<u8>]) -> Result<(), NotTaken> {
        self.0.extend_from_slice(frames);
        Err(NotTaken("it ended".to_owned()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_noted_as_told_comes_again_the_same() {
    let archive = Archive::new().await;
    archive.deliver().await;
    let mut forgetful = Forgetful(Vec::new());
    assert!(archive.feed().pass(&mut forgetful).await.is_err());
    let mut repository = Repository::plain().await;
    let mut client = SyslogTls::new(&syslog::Options {
        address: format!("127.0.0.1:{}", repository.port),
        ..syslog::Options::default()
    })
    .unwrap();
    drain(&archive, &mut client).await;
    assert_eq!(repository.bytes(), forgetful.0.concat());
    repository.down().await;
}
