//! Workers that come, crash and go.

use crate::site::Site;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use testkit::Random;
use tokio::sync::{oneshot, watch};

/// Workers of a store at a time.
const WORKERS: usize = 3;

/// How a worker ends.
enum End {
    /// In order.
    Stops,
    /// Its process is gone: nothing that it had under way goes on.
    Dies,
    /// Its main task is gone; what it had handed on goes on.
    Breaks,
}

struct Worker {
    number: u64,
    end: oneshot::Sender<End>,
    thread: JoinHandle<()>,
}

/// A worker with a runtime and a thread of its own, so that all of it can go at once.
fn start(site: &Arc<Site>, number: u64, mut closing: watch::Receiver<bool>) -> Worker {
    let (end, ends) = oneshot::channel();
    let site = Arc::clone(site);
    let thread = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let (stop, stopped) = watch::channel(false);
            let releaser = site.releaser(number);
            drop(site);
            let work = tokio::spawn(async move { releaser.work(stopped).await });
            match ends.await {
                Ok(End::Stops) | Err(_) => {
                    let _ = stop.send(true);
                    work.await.unwrap();
                }
                Ok(End::Dies) => {}
                Ok(End::Breaks) => {
                    work.abort();
                    let _ = closing.wait_for(|closing| *closing).await;
                }
            }
        });
        runtime.shutdown_background();
    });
    Worker { number, end, thread }
}

/// Keeps workers going, and lets them crash, until `over`. Gives the number of crashes.
pub(crate) async fn keep(site: Arc<Site>, mut random: Random, over: oneshot::Receiver<()>) -> u64 {
    let mut number = 0;
    let mut next = || {
        number += 1;
        number
    };
    let (close, closing) = watch::channel(false);
    let mut workers: Vec<Worker> = (0..WORKERS)
        .map(|_| start(&site, next(), closing.clone()))
        .collect();
    let mut gone = Vec::new();
    let mut crashes = 0;
    let mut over = std::pin::pin!(over);
    loop {
        let pause = Duration::from_millis(100 + random.below(700));
        tokio::select! {
            _ = &mut over => break,
            () = tokio::time::sleep(pause) => {}
        }
        if workers.len() == WORKERS || workers.len() > 1 && random.below(2) == 0 {
            let worker = workers.swap_remove(random.below(workers.len() as u64) as usize);
            let end = match random.below(10) {
                0 => End::Stops,
                1..=3 => End::Breaks,
                _ => End::Dies,
            };
            if !matches!(end, End::Stops) {
                site.fell(worker.number);
                crashes += 1;
            }
            let _ = worker.end.send(end);
            gone.push(worker.thread);
        } else {
            workers.push(start(&site, next(), closing.clone()));
        }
    }
    let _ = close.send(true);
    for worker in workers {
        let _ = worker.end.send(End::Stops);
        gone.push(worker.thread);
    }
    tokio::task::spawn_blocking(move || gone.into_iter().for_each(|thread| thread.join().unwrap()))
        .await
        .unwrap();
    crashes
}
