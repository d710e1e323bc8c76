//! The end of a delivery whose recipient is to say that it keeps what it got (PS3.4 annex J).

use crate::commitment::Report;
use crate::{Association, Commitments, Error};
use model::Uid;
use release::Finished;
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// So many instances are asked for in one transaction: its report stays far below what is read of one.
const INSTANCES: usize = 1000;

/// A recipient that reports on the association of the request does so soon; others wait until it is released.
const ON_THE_SAME: Duration = Duration::from_secs(2);

/// Asks for commitment to what was delivered, waits for the reports, ends the association. What is not reported in time is
/// not known, which is no failure.
pub(super) async fn ask(
    mut association: Association,
    commitments: &Commitments,
    delivered: &[(Uid, Uid)],
    wait: Duration,
) -> Finished {
    let deadline = Instant::now() + wait;
    let mut reports = Vec::new();
    let mut awaited = Vec::new();
    let mut usable = true;
    for instances in delivered.chunks(INSTANCES) {
        let Some(transaction) = transaction() else { break };
        let mut report = commitments.await_report(transaction.clone());
        let asked = association.ask_commitment(&transaction, instances).await;
        match asked {
            Ok(response) if response.status == crate::Status::SUCCESS => {}
            Ok(response) => {
                tracing::info!(status = %response.status, "the recipient refuses storage commitment");
                break;
            }
            Err(error) => {
                tracing::info!(%error, "storage commitment could not be asked for");
                usable = matches!(error, Error::NoCommitment);
                break;
            }
        }
        let soon = deadline.min(Instant::now() + ON_THE_SAME);
        let told = tokio::select! {
            biased;
            told = report.report() => Some(Ok(told)),
            told = timeout_at(soon, association.commitment_report()) => told.ok(),
        };
        match told {
            Some(Ok(told)) if told.transaction == transaction => reports.push(told),
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                tracing::info!(%error, "the association ended before a report of storage commitment");
                usable = false;
                awaited.push(report);
                break;
            }
            None => awaited.push(report),
        }
    }
    // Some recipients report only once this association is gone.
    if usable && association.is_between_messages() {
        if let Err(error) = association.release().await {
            tracing::debug!(%error, "a recipient did not release the association in order");
        }
    } else {
        association.abort().await;
    }
    for mut report in awaited {
        match timeout_at(deadline, report.report()).await {
            Ok(told) => reports.push(told),
            Err(_) => {
                tracing::info!("no report of storage commitment came in time");
                break;
            }
        }
    }
    conclude(&reports, delivered)
}

/// What was reported of what was asked for, and of nothing else.
fn conclude(reports: &[Report], delivered: &[(Uid, Uid)]) -> Finished {
    let failed: HashSet<&Uid> = reports.iter().flat_map(|report| &report.failed).collect();
    let committed: HashSet<&Uid> = reports.iter().flat_map(|report| &report.committed).collect();
    let mut finished = Finished::default();
    for (_, instance) in delivered {
        if failed.contains(instance) {
            finished.not_kept.push(instance.clone());
        } else if committed.contains(instance) {
            finished.committed.push(instance.clone());
        }
    }
    finished
}

/// A new UID that nobody can guess: whoever names it was asked.
fn transaction() -> Option<Uid> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).ok()?;
    let uuid = u128::from_be_bytes(random) & !(0xF << 76 | 0x3 << 62) | (4 << 76 | 2 << 62);
    Uid::new(&format!("2.25.{uuid}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_counts_and_a_failure_wins() {
        let uid = |text: &str| Uid::new(text).unwrap();
        let delivered: Vec<_> = ["1.1", "1.2", "1.3", "1.4"]
            .map(|n| (uid("1.0"), uid(n)))
            .to_vec();
        let report = Report {
            transaction: uid("2.25.1"),
            committed: ["1.1", "1.2", "9.9"].map(uid).to_vec(),
            failed: ["1.2", "1.3", "8.8"].map(uid).to_vec(),
        };
        assert_eq!(
            conclude(&[report], &delivered),
            Finished {
                committed: vec![uid("1.1")],
                not_kept: vec![uid("1.2"), uid("1.3")],
            }
        );
    }

    #[test]
    fn a_transaction_is_a_random_uuid() {
        let [a, b] = [transaction().unwrap(), transaction().unwrap()];
        assert_ne!(a, b);
        let number: u128 = a.as_str().strip_prefix("2.25.").unwrap().parse().unwrap();
        assert_eq!((number >> 76 & 0xF, number >> 62 & 3), (4, 2));
    }
}
