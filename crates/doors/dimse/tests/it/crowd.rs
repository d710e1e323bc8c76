//! Many peers at once: those that say nothing do not keep out those that do.

use crate::gateway::{Behaviour, CT, EXPLICIT, Gateway, config, title, uid};
use crate::raw::{Raw, request};
use crate::streaming::resident;
use dimse::{Association, Config, Limits, Proposal, Request, Status};
use std::time::{Duration, Instant};

async fn echo(gateway: &Gateway) -> Duration {
    let begun = Instant::now();
    let request = Request::new(title("GOOD"), title("LEADGLASS"), vec![]);
    let mut association = Association::request(gateway.address, &request).await.unwrap();
    assert_eq!(association.echo().await.unwrap().status, Status::SUCCESS);
    let took = begun.elapsed();
    association.release().await.unwrap();
    took
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_slow_and_idle_peers_do_not_delay_a_good_one() {
    let gateway = Gateway::start();
    let good = request().encode().unwrap();
    let mut crowd = Vec::new();
    for number in 0..crowd_size() {
        let mut silent = Raw::connect(gateway.address).await;
        if number % 2 == 0 {
            silent.send(&good[..number % good.len()]).await;
        }
        crowd.push(silent);
        crowd.push(Raw::associate(gateway.address).await);
    }
    let mut times = Vec::new();
    for _ in 0..50 {
        times.push(echo(&gateway).await);
    }
    times.sort();
    eprintln!(
        "an echo among {} others: median {:?}, slowest {:?}",
        crowd.len(),
        times[25],
        times[49]
    );
    assert!(times[48] < Duration::from_millis(100), "{times:?}");
}

/// 2,000 of each kind, or as many as this process may open files for: both ends are here.
fn crowd_size() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let files = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let soft = files
        .and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok())
        .unwrap_or(256);
    (soft.saturating_sub(200) / 5).min(2000)
}

#[tokio::test]
async fn when_handshakes_are_full_the_oldest_makes_room() {
    let limits = Limits {
        max_handshakes: 8,
        ..Limits::default()
    };
    let gateway = Gateway::with(Config { limits, ..config() }, Behaviour::Keep);
    let mut silent = Vec::new();
    for _ in 0..12 {
        silent.push(Raw::connect(gateway.address).await);
        // Accepted one after the other, so that their order is certain.
        echo_or_wait().await;
    }
    assert!(echo(&gateway).await < Duration::from_millis(500));
    let begun = Instant::now();
    for raw in &mut silent[..4] {
        raw.closed().await;
    }
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "the oldest were closed at once"
    );
}

async fn echo_or_wait() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_associations_do_not_mix() {
    let gateway = Gateway::start();
    let senders = (0..16u8).map(|number| {
        let address = gateway.address;
        tokio::spawn(async move {
            let proposals = vec![Proposal::object(&uid(CT), &uid(EXPLICIT))];
            let request = Request::new(title(&format!("M{number}")), title("LEADGLASS"), proposals);
            let mut association = Association::request(address, &request).await.unwrap();
            for object in 1..10 {
                let instance = uid(&format!("1.{number}.{object}"));
                let bytes = vec![number; 10_000 * object];
                let response = association
                    .store(&uid(CT), &instance, &uid(EXPLICIT), &bytes[..])
                    .await
                    .unwrap();
                assert_eq!(response.status, Status::SUCCESS);
            }
            association.release().await.unwrap();
        })
    });
    for sender in senders.collect::<Vec<_>>() {
        sender.await.unwrap();
    }
    let objects = gateway.store.objects();
    assert_eq!(objects.len(), 16 * 9);
    for object in objects {
        let sender = object.arrival.source.ae.unwrap()[1..].parse::<u8>().unwrap();
        let instance = object.arrival.announced.unwrap().sop_instance_uid;
        assert!(instance.as_str().starts_with(&format!("1.{sender}.")));
        assert!(object.bytes.iter().all(|byte| *byte == sender));
    }
}

#[tokio::test]
async fn an_idle_association_is_ended_after_its_time() {
    let limits = Limits {
        idle: Duration::from_millis(1500),
        ..Limits::default()
    };
    let gateway = Gateway::with(Config { limits, ..config() }, Behaviour::Keep);
    let mut raw = Raw::associate(gateway.address).await;
    let begun = Instant::now();
    assert_eq!(raw.answer().await.abort_reason(), Some(0));
    assert!((1400..2500).contains(&begun.elapsed().as_millis()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures this process' memory: run it alone"]
async fn associations_leave_nothing_behind() {
    let gateway = Gateway::start();
    let run = async |count: usize| {
        for _ in 0..count {
            echo(&gateway).await;
        }
    };
    run(2_000).await;
    let before = resident();
    run(50_000).await;
    let grown = resident().saturating_sub(before);
    eprintln!("50,000 associations: {grown} bytes");
    assert!(grown < 1 << 20, "{grown}");
    let before = resident();
    let mut idle = Vec::new();
    for _ in 0..crowd_size() {
        idle.push(Raw::associate(gateway.address).await);
    }
    let each = resident().saturating_sub(before) / idle.len() as u64;
    eprintln!("an idle association, both ends: {each} bytes");
    assert!(each < 16 * 1024, "{each}");
}
