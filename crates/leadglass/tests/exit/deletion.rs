//! Copies come back from twenty vendors, six of which are bad: what each says is what is shown, and no more.

use super::archive::{bring, study, wait_for};
use super::desk::{Desk, patient};
use super::gateway::Gateway;
use super::inbox::Listening;
use super::{http, party};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use testkit::vendor::{Behaviour, Vendor};
use testkit::{Modality, Patient, Study};

const SLICES: u32 = 3;
const CONFIG: &str = "[release]\nanswer_within_seconds = 3\n";
const PATIENCE: Duration = Duration::from_mins(1);
/// Fourteen that erase in the end, six that do not, each in its own way.
const BAD: [(Behaviour, &str); 6] = [
    (Behaviour::OnlyAcks, "overdue"),
    (Behaviour::Refuses, "refused"),
    (Behaviour::Partial, "overdue"),
    (Behaviour::Forges, "overdue"),
    (Behaviour::WrongManifest, "overdue"),
    (Behaviour::Down, "overdue"),
];
const GOOD: usize = 14;

struct Party {
    name: String,
    vendor: Vendor,
    receiver: Listening,
    /// The state in which its copy must end.
    ends: &'static str,
}

fn parties() -> Vec<Party> {
    let good = (0..GOOD).map(|number| {
        let behaviour = if number % 7 == 6 {
            Behaviour::Slow
        } else {
            Behaviour::Honest
        };
        (behaviour, "erased")
    });
    let all = good.chain(BAD).enumerate();
    all.map(|(number, (behaviour, ends))| Party {
        name: format!("{}-{number}", behaviour.name()),
        vendor: Vendor::start(behaviour, number as u64).unwrap(),
        receiver: Listening::start(Duration::ZERO),
        ends,
    })
    .collect()
}

fn state(desk: &Desk, recipient: &str) -> String {
    let copies = desk.lines(&["admin", "copies", "--recipient", recipient]);
    assert_eq!(copies.len(), 1, "{recipient}: {copies:?}");
    copies[0]["state"].as_str().unwrap().to_owned()
}

/// States of all copies of a patient, by recipient.
fn states(desk: &Desk, who: &Patient) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let copies = desk.lines(&["admin", "copies", "--patient", &who.id]);
    copies
        .iter()
        .map(|copy| (text(&copy["recipient"]), text(&copy["state"])))
        .collect()
}

async fn deliver(desk: &Desk, scan: &Study, parties: &[Party]) {
    for party in parties {
        party::order(desk, scan.uid().as_str(), &party.name);
    }
    wait_for("all copies", Duration::from_mins(2), || {
        super::archive::open_releases(desk).is_empty().then_some(())
    })
    .await;
    for party in parties {
        let received = party.receiver.inbox.received();
        assert_eq!(received.len(), SLICES as usize, "{}", party.name);
        let held = received.into_iter().map(|it| (it.uid, it.digest));
        party.vendor.received().lock().unwrap().extend(held);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_vendor_is_named_and_every_good_one_believed() {
    let desk = Desk::new();
    let who = patient(31);
    let scan = study(1, &who, Modality::Ct, SLICES, 64);
    let next = study(2, &patient(32), Modality::Dx, 1, 64);
    bring(&desk, &[scan.clone(), next.clone()]);
    let parties = parties();
    for party in &parties {
        let more = format!(
            "deletion = \"{}\"\nreceipt_key = \"{}\"",
            party.vendor.origin(),
            party.vendor.receipt_key()
        );
        party::ai(
            &desk,
            &party.name,
            &party::dicom(party.receiver.port, "INBOX"),
            &more,
        );
    }
    let gateway = Gateway::start(&desk, CONFIG);
    let receipts = format!("http://127.0.0.1:{}/deletion/receipts", gateway.http);
    // Some answer with both receipts at once, some post the second.
    for party in parties.iter().skip(3).step_by(2) {
        party.vendor.post_receipts_to(&receipts);
    }
    deliver(&desk, &scan, &parties).await;
    let live = states(&desk, &who);
    assert!(
        live.len() == parties.len() && live.values().all(|state| state == "live"),
        "{live:?}"
    );

    for party in &parties {
        let recalled = desk.one(&["admin", "recipient", "recall", &party.name, "--reason", "breach"]);
        assert_eq!(recalled["recalled"], 1, "{recalled}");
    }
    for party in parties
        .iter()
        .filter(|party| party.vendor.behaviour() == Behaviour::Slow)
    {
        wait_for("the request", PATIENCE, || {
            (!party.vendor.requests().is_empty()).then_some(())
        })
        .await;
        wait_for("an acknowledgement", PATIENCE, || {
            let state = state(&desk, &party.name);
            assert_ne!(state, "erased", "an acknowledgement is no erasure");
            ["acknowledged", "overdue"]
                .contains(&state.as_str())
                .then_some(())
        })
        .await;
        party.vendor.post_receipts_to(&receipts);
        let posted = party.vendor.erase_now().await;
        assert_eq!(
            posted.iter().map(|it| it.status).collect::<Vec<_>>(),
            [Some(202)],
            "{posted:?}"
        );
    }
    let expected: BTreeMap<String, String> = parties
        .iter()
        .map(|it| (it.name.clone(), it.ends.to_owned()))
        .collect();
    wait_for("every vendor is what it is", PATIENCE, || {
        let now = states(&desk, &who);
        for party in parties.iter().filter(|party| party.ends != "erased") {
            assert_ne!(now[&party.name], "erased", "{}", party.name);
        }
        (now == expected).then_some(())
    })
    .await;

    forgeries_change_nothing(&desk, &gateway, &parties);
    assert_eq!(states(&desk, &who), expected);
    let report = desk.one(&["report", &who.id]);
    let events = report["events"].as_array().unwrap().iter();
    let told: BTreeMap<String, String> = events
        .filter(|event| event["kind"] == "release")
        .map(|event| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&event["recipient"]["id"]), text(&event["copy"]["state"]))
        })
        .collect();
    assert_eq!(told, expected, "the patient is told the same");

    // A refusal does not wait for the last day; what is owed shows at once.
    for party in &parties {
        let answer = desk.release(
            next.uid().as_str(),
            &party.name,
            &["--purpose", "AIANALYSIS", "--no-wait"],
        );
        if party.ends == "erased" {
            assert!(
                ["queued", "running", "done"].contains(&answer["state"].as_str().unwrap()),
                "{}: {answer}",
                party.name
            );
        } else {
            assert_eq!(answer["state"], "denied", "{}: {answer}", party.name);
            let sentence = answer["reason"].as_str().unwrap();
            assert!(sentence.contains(' ') && sentence.ends_with('.'), "{sentence}");
            let shown = desk.one(&["admin", "recipient", "show", &party.name]);
            assert_eq!(shown["overdue"], 1, "{shown}");
        }
    }
}

/// Receipts that nobody must believe.
fn forgeries_change_nothing(desk: &Desk, gateway: &Gateway, parties: &[Party]) {
    let of = |behaviour: Behaviour| {
        parties
            .iter()
            .find(|party| party.vendor.behaviour() == behaviour)
            .unwrap()
    };
    let (acks, refuses, slow) = (
        of(Behaviour::OnlyAcks),
        of(Behaviour::Refuses),
        of(Behaviour::Slow),
    );
    let erased = |party: &Party, name: &str| {
        let request = party.vendor.requests()[0].claims.clone();
        json!({"jti": name, "ref": request["jti"], "iss": request["aud"], "iat": request["iat"], "kind": "ERASED",
            "manifest_root": request["manifest_root"], "copies_erased": request["instances"]})
    };
    let with = |mut claims: Value, name: &str, value: Value| {
        claims[name] = value;
        claims
    };
    let own = erased(acks, "f-1");
    let replayed = slow.vendor.posted()[0].jws.clone();
    let signed = acks.vendor.sign(&own);
    let (head, rest) = signed.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let cases = [
        ("signed by another vendor", refuses.vendor.sign(&own)),
        (
            "for another manifest",
            acks.vendor
                .sign(&with(own.clone(), "manifest_root", json!("00".repeat(32)))),
        ),
        (
            "another vendor's request",
            acks.vendor.sign(&erased(refuses, "f-2")),
        ),
        (
            "in another's name",
            acks.vendor.sign(&with(own.clone(), "iss", json!(refuses.name))),
        ),
        (
            "for too few",
            acks.vendor
                .sign(&with(own.clone(), "copies_erased", json!(SLICES - 1))),
        ),
        (
            "of tomorrow",
            acks.vendor.sign(&with(
                own.clone(),
                "iat",
                json!(own["iat"].as_i64().unwrap() + 86_400),
            )),
        ),
        (
            "for no request",
            acks.vendor.sign(&with(own.clone(), "ref", json!("q-unknown"))),
        ),
        ("seen before", replayed),
        ("unsigned", format!("{head}.{payload}.")),
        ("of another head", format!("{payload}.{payload}.{signature}")),
        ("no receipt", "erased, honestly".to_owned()),
    ];
    let before: Vec<_> = parties
        .iter()
        .map(|party| (party.name.clone(), state(desk, &party.name)))
        .collect();
    for (what, jws) in cases {
        let (status, answer) = http::post_receipt(gateway.http, &jws);
        assert!((400..500).contains(&status), "{what}: {status} {answer}");
        assert_eq!(status == 409, what == "seen before", "{what}: {status} {answer}");
    }
    let after: Vec<_> = parties
        .iter()
        .map(|party| (party.name.clone(), state(desk, &party.name)))
        .collect();
    assert_eq!(before, after);
}
