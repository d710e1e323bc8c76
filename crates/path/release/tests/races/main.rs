//! Random schedules of consent changes, releases, crashes and retries, in real time: a few in every run of the tests, as many
//! as asked for with `LEADGLASS_SCHEDULES` (`cargo xtask bench races`).

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod figures;
mod judge;
mod recipients;
mod schedule;
mod simulation;
mod site;
mod wishes;
mod workers;

use simulation::{Plan, run};

/// A number from the environment.
fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn no_schedule_lets_a_copy_arrive_late_or_without_a_true_row() {
    let plan = Plan {
        seed: number("LEADGLASS_SEED", 1),
        first: number("LEADGLASS_FIRST", 0),
        schedules: number("LEADGLASS_SCHEDULES", 100),
        together: number("LEADGLASS_TOGETHER", 25) as usize,
        to_a_store: number("LEADGLASS_TO_A_STORE", 250),
        stores: number("LEADGLASS_STORES", 2) as usize,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let figures = runtime.block_on(run(plan));
    println!("{figures}");
    assert!(figures.orders > 0 && figures.arrivals > 0, "nothing was tried");
    assert!(
        figures.violations.is_empty(),
        "{} violations",
        figures.violations.len()
    );
}
