//! What the network layer alone costs: a door whose store only counts, and a sender in a process of its own.
//!
//! `cargo run --release -p dimse --example throughput -- [ASSOCIATIONS] [OBJECTS EACH] [BYTES] [MAX PDU]`

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement for people to read"
)]

use dimse::{Association, Config, Proposal, Request, Status, StoreObject, StoreService, bind, serve};
use intake::{Arrival, Reason, Receipt};
use model::{AeTitle, Uid};
use std::time::Instant;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const EXPLICIT_LE: &str = "1.2.840.10008.1.2.1";

#[derive(Clone)]
struct Counter;
struct Counted(u64);

impl StoreService for Counter {
    type Object = Counted;

    fn begin(&self, _: Arrival) -> Result<Counted, Reason> {
        Ok(Counted(0))
    }
}

impl StoreObject for Counted {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        self.0 += bytes.len() as u64;
        Ok(())
    }

    async fn finish(self) -> Receipt {
        Receipt {
            sop_instance_uid: None,
            sop_class_uid: None,
            study_instance_uid: None,
            status: intake::Status::Sealed,
            reason: None,
            log_index: None,
        }
    }
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "send") {
        return send(&numbers(
            arguments.get(1..).unwrap_or_default(),
            [0, 4, 2000, 525_000],
        ))
        .await;
    }
    let [associations, objects, bytes, max_pdu] = numbers(&arguments, [4, 2000, 525_000, 131_072]);
    let listener = bind(([127, 0, 0, 1], 0).into()).unwrap();
    let port = listener.local_addr().unwrap().port();
    let config = Config {
        max_pdu: max_pdu as u32,
        ..Config::new(title("LEADGLASS"))
    };
    let begun = Instant::now();
    let sender = Command::new(std::env::current_exe().unwrap())
        .arg("send")
        .args([u64::from(port), associations, objects, bytes].map(|number| number.to_string()))
        .status();
    serve(listener, config, Counter, async {
        assert!(sender.await.unwrap().success());
    })
    .await;
    let (wall, cpu) = (begun.elapsed().as_secs_f64(), cpu_seconds());
    let total = (associations * objects) as f64;
    println!("{associations} associations, {total} objects of {bytes} bytes, PDUs of {max_pdu}");
    println!(
        "{:.0} objects/s, {:.0} MB/s by the clock",
        total / wall,
        total * bytes as f64 / wall / 1e6
    );
    println!("{:.0} objects per CPU-second of the receiver", total / cpu);
}

async fn send(&[port, associations, objects, bytes]: &[u64; 4]) {
    let senders = (0..associations).map(|number| async move {
        let (class, syntax) = (Uid::new(CT).unwrap(), Uid::new(EXPLICIT_LE).unwrap());
        let proposals = vec![Proposal::object(&class, &syntax)];
        let request = Request::new(title("SENDER"), title("LEADGLASS"), proposals);
        let mut association = Association::request(("127.0.0.1", port as u16), &request)
            .await
            .unwrap();
        for object in 0..objects {
            let instance = Uid::new(&format!("1.2.{number}.{object}")).unwrap();
            let data = tokio::io::repeat(1).take(bytes);
            let response = association.store(&class, &instance, &syntax, data).await.unwrap();
            assert_eq!(response.status, Status::SUCCESS);
        }
        association.release().await.unwrap();
    });
    for sender in senders.map(tokio::spawn).collect::<Vec<_>>() {
        sender.await.unwrap();
    }
}

fn title(text: &str) -> AeTitle {
    AeTitle::new(text).unwrap()
}

fn numbers(arguments: &[String], mut defaults: [u64; 4]) -> [u64; 4] {
    defaults
        .iter_mut()
        .zip(arguments)
        .for_each(|(number, text)| *number = text.parse().unwrap());
    defaults
}

/// User and system time of this process so far, where Linux tells it (100 ticks a second).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .skip(11)
        .take(2);
    ticks
        .map(|field| field.parse::<f64>().unwrap_or(0.0))
        .sum::<f64>()
        / 100.0
}
