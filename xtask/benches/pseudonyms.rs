//! Can pseudonyms be tried out? Whoever has the program and all 10^8 eight-digit record numbers, but not the key, tries
//! every one of them. MD5 of the number, as other tools have it, falls to the same attempt in seconds.
#![expect(clippy::print_stdout, reason = "a measurement speaks on standard output")]

use anyhow::{Result, ensure};
use deid::ProjectKey;
use std::collections::HashSet;
use std::time::Instant;
use xtask::machine;

const IDS: u32 = 100_000_000;
/// How many pseudonyms the attacker has, of patients whose numbers are among those tried.
const TARGETS: u32 = 1_000;

fn main() -> Result<()> {
    let described = machine::description();
    let secret = ProjectKey::new(&[0xA7; 32]);
    let targets: HashSet<String> = (0..TARGETS).map(|n| secret.patient(&id(n * 99_991))).collect();
    ensure!(
        targets.len() == TARGETS as usize,
        "two numbers have one pseudonym"
    );
    // The attempt itself works: with the key, every one of them is found.
    let found = (0..TARGETS)
        .filter(|n| targets.contains(&secret.patient(&id(n * 99_991))))
        .count();
    ensure!(found == TARGETS as usize, "the key's holder does not find them");
    let started = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u32);
    let mut matches = 0;
    for guess in [[0; 32], [0xA6; 32]] {
        let key = ProjectKey::new(&guess);
        matches += std::thread::scope(|scope| {
            let parts: Vec<_> = (0..threads)
                .map(|part| {
                    let (key, targets) = (&key, &targets);
                    scope.spawn(move || {
                        (part..IDS)
                            .step_by(threads as usize)
                            .filter(|n| targets.contains(&key.patient(&id(*n))))
                            .count()
                    })
                })
                .collect();
            parts
                .into_iter()
                .filter_map(|part| part.join().ok())
                .sum::<usize>()
        });
    }
    println!(
        "\n{described}. {TARGETS} pseudonyms; all {IDS} eight-digit numbers tried under two other keys in {:.0} s: {matches} matches.\n",
        started.elapsed().as_secs_f64()
    );
    ensure!(matches == 0, "a pseudonym was found without its key");
    Ok(())
}

fn id(number: u32) -> String {
    format!("{number:08}")
}
