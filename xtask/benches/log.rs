//! How fast the log takes entries that are durable when it answers, and how long its proofs are. `cargo xtask bench log`.
#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use anyhow::{Context, Result, ensure};
use model::{Clock, Timestamp};
use std::sync::Arc;
use std::time::Instant;
use store::{Options, Store};
use tlog::{Checkpoint, Entry, Kind, MemoryLog, Signer, TlogProof, proof};
use xtask::machine;
use xtask::table::{Sample, markdown};

/// Runs of each kind; the median is reported.
const RUNS: usize = 3;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_768_469_400_000)
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let described = machine::description();
    let mut rows = Vec::new();
    for (callers, batch, batches) in [(1, 1, 200), (64, 1, 100), (16, 1000, 10), (4, 10_000, 4)] {
        let (mut speed, mut typical, mut slow) = (Sample::default(), Sample::default(), Sample::default());
        for _ in 0..RUNS {
            let (entries_per_second, latencies) = append(callers, batch, batches).await?;
            speed.push(entries_per_second);
            typical.push(latencies.quantile(0.5) * 1e3);
            slow.push(latencies.quantile(0.99) * 1e3);
        }
        rows.push(vec![
            callers.to_string(),
            batch.to_string(),
            speed.shown(),
            typical.shown(),
            slow.shown(),
        ]);
    }
    println!(
        "{described}. Entries appended to a log on disk (SQLite, fsync); each call waits until its entries are \
        durable and sequenced; median [lowest-highest] of {RUNS} runs.\n"
    );
    let heads = [
        "callers at once",
        "entries a call",
        "entries/s",
        "p50 of a call, ms",
        "p99 of a call, ms",
    ];
    println!("{}", markdown(&heads, &rows));
    println!(
        "A proof of inclusion in a log of 1,000,000 entries, with its checkpoint: {} bytes.",
        proof_bytes()?
    );
    Ok(())
}

/// Appends `batches` batches by each of `callers`: entries a second, and seconds a call.
async fn append(callers: u64, batch: u64, batches: u64) -> Result<(f64, Sample)> {
    let folder = tempfile::tempdir().context("make a folder")?;
    let store = Store::open(folder.path(), Options::new(Arc::new(Fixed)))
        .await
        .context("open a store")?;
    let started = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut seconds = Vec::new();
                for number in 0..batches {
                    let entries = (0..batch)
                        .map(|entry| entry_of((caller * batches + number) * batch + entry))
                        .collect();
                    let asked = Instant::now();
                    store.append(entries).await?;
                    seconds.push(asked.elapsed().as_secs_f64());
                }
                Ok::<_, store::Error>(seconds)
            })
        })
        .collect();
    let mut latencies = Sample::default();
    for task in tasks {
        task.await
            .context("a caller failed")?
            .context("append")?
            .into_iter()
            .for_each(|seconds| latencies.push(seconds));
    }
    let speed = (callers * batch * batches) as f64 / started.elapsed().as_secs_f64();
    let head = store
        .log()
        .issue_checkpoint()
        .await
        .context("ask for the log's head")?;
    let size = head.lines().nth(1).unwrap_or_default();
    ensure!(
        size == (callers * batch * batches).to_string(),
        "the log holds {size} entries"
    );
    store.close().await;
    Ok((speed, latencies))
}

fn entry_of(number: u64) -> Entry {
    let mut commitment = [0; 32];
    commitment
        .iter_mut()
        .zip(number.to_be_bytes())
        .for_each(|(to, from)| *to = from);
    Entry {
        kind: Kind::Seal,
        time_s: 1_768_469_400,
        commitment,
    }
}

fn proof_bytes() -> Result<usize> {
    let signer = Signer::new("log.example/scans", [7; 32]).context("make a key")?;
    let mut log = MemoryLog::new();
    (0..1_000_000).for_each(|number| log.append(entry_of(number).leaf_hash()));
    let head = Checkpoint::new("log.example/scans", log.size(), log.root());
    let index = 654_321;
    let inclusion = proof::inclusion(index, log.size(), &log).context("prove")?;
    let proof = TlogProof {
        extra: None,
        index,
        inclusion,
        checkpoint: head.signed(&signer).context("sign")?,
    };
    Ok(proof.encode().len())
}
