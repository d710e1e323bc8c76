//! "Who has my scans?" and "whom does this breach concern?" over a million disclosures. `cargo xtask bench accounts`.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use anyhow::{Context, Result, ensure};
use model::{Clock, Digest, Door, Redacted, Source, Timestamp, Uid};
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use store::{Attributes, Form, MatchKeys, NewInstance, Options, PatientIdentity, Sealing, Store};
use tlog::{Entry, Kind};
use tokio::task::JoinSet;
use xtask::machine;
use xtask::table::{Sample, markdown};

/// Patients, each with a study of ten instances.
const PATIENTS: u32 = 10_000;
/// Recipients, each with a copy of every study.
const RECIPIENTS: u32 = 10;
/// Instances of a study: patients x recipients x instances rows in the accounting.
const INSTANCES: u32 = 10;
/// Patients that are asked about.
const ASKED: usize = 1000;
/// Runs of the breach finder.
const RUNS: usize = 5;

const NOW: i64 = 1_795_359_840_000;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(NOW)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(folder.path(), Options::new(Arc::new(Fixed))).await?;
    archive(&store).await?;
    fill(&folder.path().join("index.sqlite")).await?;
    let disclosures = u64::from(PATIENTS) * u64::from(RECIPIENTS) * u64::from(INSTANCES);

    let mut asked = Vec::with_capacity(ASKED);
    for number in 0..ASKED {
        // A stride that is prime to the number of patients visits them all over the archive.
        let identity = identity((number as u32 * 7919) % PATIENTS);
        asked.push(store.patients(&identity).await?);
    }
    let mut latencies = Sample::default();
    for patients in &asked {
        let begun = Instant::now();
        let held = release::who_has(&store, patients, false, Timestamp::from_millis(NOW)).await?;
        latencies.push(begun.elapsed().as_secs_f64() * 1e3);
        ensure!(held.len() == RECIPIENTS as usize, "{} copies found", held.len());
    }
    let mut breach = Sample::default();
    for _ in 0..RUNS {
        let begun = Instant::now();
        let (from, to) = (Timestamp::from_millis(0), Timestamp::from_millis(NOW + 1));
        let affected = release::exposed(&store, "vendor-3", from, to).await?;
        breach.push(begun.elapsed().as_secs_f64());
        let instances: u64 = affected
            .iter()
            .flat_map(|patient| &patient.studies)
            .map(|study| study.sent)
            .sum();
        ensure!(
            affected.len() == PATIENTS as usize,
            "{} patients found",
            affected.len()
        );
        ensure!(
            instances == u64::from(PATIENTS * INSTANCES),
            "{instances} instances found"
        );
    }
    println!(
        "{}. {disclosures} rows in the accounting: {PATIENTS} patients, {RECIPIENTS} recipients, SQLite on disk.\n",
        machine::description()
    );
    let rows = vec![
        vec![
            "who has my scans, ms".to_owned(),
            format!("{:.2}", latencies.quantile(0.5)),
            format!("{:.2}", latencies.quantile(0.99)),
            format!("{ASKED} patients"),
        ],
        vec![
            "exposed: every patient of one recipient, s".to_owned(),
            format!("{:.2}", breach.quantile(0.5)),
            format!("{:.2}", breach.quantile(1.0)),
            format!("{RUNS} runs"),
        ],
    ];
    println!(
        "{}",
        markdown(&["question", "p50", "p99 (slowest run)", "of"], &rows)
    );
    store.close().await;
    Ok(())
}

fn identity(number: u32) -> PatientIdentity {
    PatientIdentity {
        issuer: Redacted::default(),
        id: Redacted::new(format!("P{number:07}")),
    }
}

/// A study of one sealed instance for each patient: what the accounts say of patients and studies is decrypted from it.
async fn archive(store: &Store) -> Result<()> {
    let mut sealing = JoinSet::new();
    for number in 0..PATIENTS {
        let store = store.clone();
        sealing.spawn(async move {
            let uid = |text: String| Uid::new(&text).context("a UID");
            let new = NewInstance {
                sop_instance_uid: uid(format!("2.25.{number}.1"))?,
                sop_class_uid: uid("1.2.840.10008.5.1.4.1.1.2".into())?,
                study_instance_uid: uid(format!("2.25.{number}"))?,
                series_instance_uid: uid(format!("2.25.{number}.0"))?,
                patient: identity(number),
                transfer_syntax: uid("1.2.840.10008.1.2.1".into())?,
                form: Form::DataSet,
                source: Source {
                    door: Door::Dimse,
                    ae: None,
                    authenticated: false,
                },
                received_at: Timestamp::from_millis(NOW),
                keys: MatchKeys {
                    patient_name: Redacted::new(format!("Name{number}^Given")),
                    study_date: Redacted::new("20260102".into()),
                    modality: "CT".into(),
                    ..MatchKeys::default()
                },
                attributes: Attributes::default(),
                pixel_root: None,
                statement_digest: Digest([0; 32]),
                needs_completion: false,
                settles: None,
                entry: Entry {
                    kind: Kind::Seal,
                    time_s: 0,
                    commitment: [0; 32],
                },
            };
            let mut blob = store.blobs().create()?;
            std::io::Write::write_all(&mut blob, b"none")?;
            let sealing = store.seal(new, blob.finish(b"")?).await?;
            ensure!(matches!(sealing, Sealing::Sealed { .. }), "not sealed");
            anyhow::Ok(())
        });
    }
    while let Some(done) = sealing.join_next().await {
        done??;
    }
    Ok(())
}

/// What years of releases leave behind, written into the tables at once.
async fn fill(index: &Path) -> Result<()> {
    let mut index = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(index)).await?;
    let series = "WITH RECURSIVE vendors (v) AS (SELECT 0 UNION ALL SELECT v + 1 FROM vendors WHERE v < 9) ";
    let statements = [
        format!(
            "{series} INSERT INTO release (patient, study, recipient, purpose, profile, origin, ordered_by, state, made_at, \
             changed_at, next_at, sealed, log_index) SELECT patient, uid, 'vendor-' || v, 'AIANALYSIS', 'vendor', 'route:ct', \
             'routing', 'done', {NOW} - id * 1000, {NOW}, {NOW}, x'00', 0 FROM study, vendors"
        ),
        "INSERT INTO copy (release, patient, study, recipient, purpose, profile, released_at, due_at, state, instances, \
         changed_at) SELECT id, patient, study, recipient, purpose, profile, made_at, made_at + 2592000000, 'live', 10, \
         changed_at FROM release"
            .to_owned(),
        format!(
            "{series} INSERT INTO disclosure (release, patient, recipient, instance, state, began_at, ended_at) \
             SELECT id, patient, recipient, study || '.' || v, 'sent', made_at + v, made_at + v + 5 FROM release, vendors"
        ),
        "ANALYZE".to_owned(),
    ];
    for statement in statements {
        sqlx::query(sqlx::AssertSqlSafe(statement))
            .execute(&mut index)
            .await?;
    }
    index.close().await?;
    Ok(())
}
