//! Many schedules at a time in one store, and several stores.

use crate::figures::Figures;
use crate::schedule;
use crate::site::Site;
use crate::workers;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use testkit::Random;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;

/// What to try.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    /// The number of the first schedule, to try one again.
    pub(crate) first: u64,
    pub(crate) schedules: u64,
    /// Schedules that run at a time in a store.
    pub(crate) together: usize,
    /// Schedules for a store, before the next one is founded.
    pub(crate) to_a_store: u64,
    /// Stores at a time.
    pub(crate) stores: usize,
}

/// Runs them all.
pub(crate) async fn run(plan: Plan) -> Figures {
    let began = Instant::now();
    let next = Arc::new(AtomicU64::new(0));
    let mut stores = JoinSet::new();
    for _ in 0..plan.stores {
        let next = Arc::clone(&next);
        stores.spawn(async move {
            let mut figures = Figures::default();
            // A store more than there are schedules for costs more than it gives.
            let share = plan.to_a_store.min(plan.schedules.div_ceil(plan.stores as u64));
            loop {
                let from = next.fetch_add(share, Ordering::Relaxed);
                if from >= plan.schedules {
                    return figures;
                }
                let to = (from + share).min(plan.schedules);
                figures.add(in_a_store(plan, plan.first + from..plan.first + to).await);
            }
        });
    }
    let mut figures = Figures::default();
    while let Some(part) = stores.join_next().await {
        figures.add(part.unwrap());
    }
    figures.seconds = began.elapsed().as_secs_f64();
    figures
}

async fn in_a_store(plan: Plan, numbers: std::ops::Range<u64>) -> Figures {
    let site = Arc::new(Site::new().await);
    let (over, is_over) = oneshot::channel();
    let crashing = Random::new(plan.seed, &[0, numbers.start]);
    let crew = tokio::spawn(workers::keep(Arc::clone(&site), crashing, is_over));
    let places = Arc::new(Semaphore::new(plan.together));
    let mut running = JoinSet::new();
    for number in numbers {
        let place = Arc::clone(&places).acquire_owned().await.unwrap();
        let site = Arc::clone(&site);
        running.spawn(async move {
            let figures = schedule::play(&site, plan.seed, number).await;
            drop(place);
            figures
        });
    }
    let mut figures = Figures::default();
    while let Some(played) = running.join_next().await {
        figures.add(played.unwrap());
    }
    let _ = over.send(());
    figures.crashes = crew.await.unwrap();
    site.store.close().await;
    figures
}
