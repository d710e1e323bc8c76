//! How many decisions a second on one core: `cargo run --release -p consent --example decisions`.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement prints what it found"
)]

use consent::{Decision, Facility, Person, Policies, Recipient, Records, Request, Scan, Standing, decide};
use model::{Purpose, Timestamp};
use std::hint::black_box;
use std::time::Instant;

const RECIPIENT: &str = r#"{"id": "acme-chest-ai", "name": "Acme Chest AI", "agreement": {"kind": "baa", "signed_on": "2026-01-01",
    "purposes": ["AIANALYSIS"], "retention_days": 30, "storage_place": "Ireland", "profile": "vendor"}}"#;

fn main() {
    let policies = Policies::new("").unwrap();
    let recipient: Recipient = serde_json::from_str(RECIPIENT).unwrap();
    let (person, facility) = (Person::default(), Facility::default());
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    for (name, purpose) in [("permitted", Purpose::AiAnalysis), ("denied", Purpose::Hresch)] {
        let request = Request {
            purpose,
            retention_days: None,
        };
        let records = Records {
            recipient: Some(&recipient),
            standing: Standing::default(),
            directives: &[],
            person: &person,
            scan: Scan {
                identified: true,
                seal_broken: false,
                flagged: false,
            },
            break_glass: None,
            facility: &facility,
            now,
        };
        let start = Instant::now();
        let rounds = 20_000_u32;
        let mut permitted = 0_u32;
        for _ in 0..rounds {
            let decision = black_box(decide(&policies, black_box(&request), &records));
            permitted += u32::from(matches!(decision, Decision::Permit(_)));
        }
        let each = start.elapsed() / rounds;
        println!("{name}: {each:?} a decision, {permitted} of {rounds} permitted");
    }
}
