//! One delivery: each instance is prepared, decided on, accounted for and handed over.

use crate::deliver::{Consignment, Cut, Delivery, Failure, Outcome};
use crate::lease::Lost;
use crate::prepare::{NotPrepared, Recipe, prepare};
use crate::prepared::Prepared;
use crate::releaser::Inner;
use consent::Recipient;
use deid::audit::Auditor;
use dicom::{PixelCoding, TransferSyntax, uids};
use model::Uid;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{AttemptState, Ending, Instance, Intended, Intent, PieceState, Release, Settled, WorkerId};
use tlog::{Entry, Kind};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Copies that are prepared ahead of the one being sent.
const AHEAD: usize = 1;

/// How it ended, before it is written down.
struct End {
    withheld: Vec<(Uid, String)>,
    how: How,
}

enum How {
    /// All that could go went.
    Complete,
    /// It is not this worker's any more, or not permitted.
    Stopped,
    /// The destination failed.
    DestinationFailed(String),
    /// This release alone failed.
    Failed(String),
}

/// Works on a claimed release to its end.
pub(crate) async fn run(inner: Arc<Inner>, release: Release, lost: Lost) {
    let end = deliver(&inner, &release, lost).await;
    let now = inner.clock.now();
    let later = |wait: std::time::Duration| now.plus_millis(wait.as_millis() as i64);
    let ending = match &end.how {
        How::Complete => Ending::Complete,
        // A node that is too slow to renew must not take it up again at once, or nothing ever gets through.
        How::Stopped => Ending::Later {
            why: "it was stopped midway".to_owned(),
            next_at: later(inner.timing.renew.saturating_mul(2 * release.attempts.min(50))),
        },
        How::DestinationFailed(why) => {
            let failures = inner
                .store
                .destination_failures(&release.recipient)
                .await
                .unwrap_or(0);
            let next_at = later(inner.timing.retry(failures, inner.chance()));
            Ending::Retry {
                why: why.clone(),
                next_at,
                blocked_until: next_at,
            }
        }
        How::Failed(why) => Ending::Later {
            why: why.clone(),
            next_at: later(inner.timing.retry(release.attempts, inner.chance())),
        },
    };
    let finished = inner
        .store
        .finish(release.id, inner.worker, end.withheld, ending, now)
        .await;
    match finished {
        Ok(state) => {
            let state = state.map_or("gone", store::ReleaseState::as_str);
            tracing::info!(release = %release.id, recipient = %release.recipient, state, "delivery ended");
        }
        // Its lease runs out, and another worker takes it up.
        Err(error) => {
            tracing::error!(release = %release.id, %error, "the end of a delivery was not recorded");
        }
    }
    inner.holds.remove(release.id);
    inner.work.notify_one();
}

async fn deliver(inner: &Arc<Inner>, release: &Release, mut lost: Lost) -> End {
    let ended = |how| End {
        withheld: Vec::new(),
        how,
    };
    let failed = |error: store::Error| ended(How::Failed(error.to_string()));
    let waiting = match waiting(inner, release).await {
        Ok(waiting) => waiting,
        Err(error) => return failed(error),
    };
    if waiting.is_empty() {
        return ended(How::Complete);
    }
    let recipient = match inner.store.recipient(&release.recipient).await {
        Ok(Some(recipient)) => recipient,
        Ok(None) => {
            return ended(How::Failed(
                "the recipient is not on the list any more".to_owned(),
            ));
        }
        Err(error) => return failed(error),
    };
    let Some(destination) = &recipient.destination else {
        return ended(How::DestinationFailed(
            "the recipient's record names no destination: add one with admin recipient set".to_owned(),
        ));
    };
    let consignment = consignment(inner, release, &recipient, &waiting);
    let begun = tokio::select! {
        begun = inner.doors.begin(destination, &consignment) => begun,
        _ = lost.wait_for(|lost| *lost) => return ended(How::Stopped),
    };
    match begun {
        Ok(delivery) => send(inner, release, waiting, delivery, lost).await,
        Err(failure) => ended(How::DestinationFailed(failure.to_string())),
    }
}

async fn waiting(inner: &Inner, release: &Release) -> store::Result<Vec<Instance>> {
    let mut waiting = Vec::new();
    for piece in inner.store.pieces(release.id).await? {
        if piece.state == PieceState::Waiting
            && let Some(instance) = inner.store.instance(&piece.instance).await?
        {
            waiting.push(instance);
        }
    }
    Ok(waiting)
}

/// What is proposed to the destination: each class as its copies will be, or uncompressed.
fn consignment(
    inner: &Inner,
    release: &Release,
    recipient: &Recipient,
    instances: &[Instance],
) -> Consignment {
    let mut classes: BTreeMap<Uid, Vec<Uid>> = BTreeMap::new();
    let uncompressed = [uids::EXPLICIT_LE, uids::IMPLICIT_LE];
    let original = release.profile == "original";
    for instance in instances {
        let syntaxes = classes.entry(instance.sop_class_uid.clone()).or_default();
        let kept = TransferSyntax::by_uid(&instance.transfer_syntax);
        // De-identified native pixels are written in Explicit VR Little Endian, whatever they came in.
        let own = (original || kept.pixels != PixelCoding::Native).then_some(&instance.transfer_syntax);
        let plain = uncompressed.iter().filter_map(|uid| Uid::new(uid).ok());
        for syntax in own.cloned().into_iter().chain(plain) {
            if !syntaxes.contains(&syntax) {
                syntaxes.push(syntax);
            }
        }
    }
    let days = recipient
        .agreement
        .as_ref()
        .and_then(|agreement| agreement.retention_days);
    let days = release.retention_days.into_iter().chain(days).min();
    let day = 24 * 60 * 60 * 1000;
    Consignment {
        release: release.id,
        recipient: release.recipient.clone(),
        purpose: release.purpose,
        classes: classes.into_iter().collect(),
        due: days.map(|days| inner.clock.now().plus_millis(i64::from(days) * day)),
    }
}

/// A copy, or why there is none.
type Made = (Uid, Result<Prepared, NotPrepared>);

/// Prepares copies ahead of those that are being sent, on threads that may block.
fn prepare_all(
    inner: &Arc<Inner>,
    release: &Release,
    instances: Vec<Instance>,
    takes: BTreeMap<Uid, Vec<Uid>>,
) -> mpsc::Receiver<Made> {
    let (ready, made) = mpsc::channel(AHEAD);
    let (inner, release) = (Arc::clone(inner), release.clone());
    tokio::spawn(async move {
        let mut auditor = Auditor::new();
        for instance in instances {
            let uid = instance.sop_instance_uid.clone();
            let none = Vec::new();
            let takes = takes.get(&instance.sop_class_uid).unwrap_or(&none).clone();
            let result = match inner.store.open_blob(&instance.blob).await {
                Err(error) => Err(NotPrepared::Failed(error.to_string())),
                Ok(data) => {
                    let (inner, release) = (Arc::clone(&inner), release.clone());
                    let work = tokio::task::spawn_blocking(move || {
                        let profile = inner.profile(&release);
                        let made = profile.and_then(|profile| {
                            let recipe = Recipe {
                                profile: profile.as_ref().map(|(profile, key)| (profile.as_ref(), key)),
                                takes: &takes,
                                scratch: &inner.scratch,
                                decoder: &inner.decoder,
                                key: &inner.key,
                                random: inner.random.as_ref(),
                                now: inner.clock.now(),
                            };
                            prepare(&instance, data, &mut auditor, &recipe)
                        });
                        (auditor, made)
                    });
                    match work.await {
                        Ok((back, made)) => {
                            auditor = back;
                            made
                        }
                        Err(_) => {
                            auditor = Auditor::new();
                            Err(NotPrepared::Withheld("making the copy failed".to_owned()))
                        }
                    }
                }
            };
            if ready.send((uid, result)).await.is_err() {
                return;
            }
        }
    });
    made
}

async fn send(
    inner: &Arc<Inner>,
    release: &Release,
    instances: Vec<Instance>,
    mut delivery: Box<dyn Delivery>,
    mut lost: Lost,
) -> End {
    let mut withheld = Vec::new();
    let mut takes = BTreeMap::new();
    for instance in &instances {
        let class = &instance.sop_class_uid;
        takes
            .entry(class.clone())
            .or_insert_with(|| delivery.takes(class));
    }
    let mut made = prepare_all(inner, release, instances, takes);
    // What became of the last copy is written down while the next is decided on: they share a commit.
    let mut settling: Option<JoinHandle<()>> = None;
    let mut again = None;
    let how = loop {
        let next = tokio::select! {
            next = made.recv() => next,
            _ = lost.wait_for(|lost| *lost) => break How::Stopped,
        };
        let Some((instance, prepared)) = next else {
            break How::Complete;
        };
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(NotPrepared::Withheld(why)) => {
                withheld.push((instance, why));
                continue;
            }
            Err(NotPrepared::Failed(why)) => {
                again = Some(why);
                continue;
            }
        };
        let intent = intent(release, inner.worker, &prepared, inner.clock.now());
        let (permit, disclosure) = match inner.store.intend(intent).await {
            Ok(Intended::Go { permit, disclosure }) => (permit, disclosure),
            Ok(Intended::Denied(_) | Intended::Lost) => break How::Stopped,
            Err(error) => break How::Failed(error.to_string()),
        };
        if let Some(before) = settling.take() {
            let _ = before.await;
        }
        let number = disclosure.number();
        let copy_study = prepared.study.clone();
        let settle = |state, refused, detail: Option<String>| {
            let settled = Settled {
                attempt: number,
                state,
                refused,
                detail,
                copy_study: Some(copy_study.clone()),
                now: inner.clock.now(),
            };
            let store = inner.store.clone();
            tokio::spawn(async move {
                if let Err(error) = store.settle(settled).await {
                    tracing::error!(%error, attempt = number, "what became of an attempt was not recorded");
                }
            })
        };
        let evidence = match (&prepared.seal, delivery.wants_evidence()) {
            (Some(_), true) => evidence(&inner.store, &prepared.sop_instance).await,
            _ => None,
        };
        let Some(outgoing) = prepared.permitted(&permit, evidence) else {
            settling = Some(settle(
                AttemptState::NotSent,
                false,
                Some("the profile changed".to_owned()),
            ));
            break How::Stopped;
        };
        let outcome = tokio::select! {
            biased;
            _ = lost.wait_for(|lost| *lost) => None,
            outcome = delivery.deliver(outgoing, permit, disclosure) => Some(outcome),
        };
        match outcome {
            None => {
                let state = match delivery.abort().await {
                    Cut::BeforeEnd => AttemptState::NotSent,
                    Cut::Perhaps => AttemptState::Unknown,
                };
                let _ = settle(state, false, Some("it was stopped midway".to_owned())).await;
                return End {
                    withheld,
                    how: How::Stopped,
                };
            }
            Some(Outcome::Delivered) => settling = Some(settle(AttemptState::Sent, false, None)),
            Some(Outcome::Refused(why)) => {
                let detail = format!("the recipient refused it: {why}");
                settling = Some(settle(AttemptState::NotSent, true, Some(detail)));
            }
            Some(Outcome::NotSent(why)) => {
                settling = Some(settle(AttemptState::NotSent, false, Some(why.clone())));
                break How::DestinationFailed(why);
            }
            Some(Outcome::Unknown(why)) => {
                settling = Some(settle(AttemptState::Unknown, false, Some(why.clone())));
                break How::DestinationFailed(why);
            }
        }
    };
    if let Some(last) = settling.take() {
        let _ = last.await;
    }
    let how = match (how, again) {
        (How::Complete, again) => match close(delivery).await {
            Err(why) => How::DestinationFailed(why),
            Ok(()) => again.map_or(How::Complete, How::Failed),
        },
        (how, _) => {
            delivery.abort().await;
            how
        }
    };
    End { withheld, how }
}

/// Ends a delivery whose copies were all answered for.
async fn close(delivery: Box<dyn Delivery>) -> Result<(), String> {
    match delivery.finish().await {
        Ok(finished) => {
            if !finished.not_kept.is_empty() {
                // Storage commitment failed for what was received: who gets copies to analyse need not keep them.
                tracing::warn!(
                    count = finished.not_kept.len(),
                    "the recipient does not commit to keep some copies"
                );
            }
            Ok(())
        }
        Err(failure @ Failure::Misconfigured(_)) => Err(failure.to_string()),
        // Each instance was answered for; how the association ended changes nothing.
        Err(failure) => {
            tracing::info!(%failure, "a delivery did not end in order");
            Ok(())
        }
    }
}

fn intent(release: &Release, worker: WorkerId, prepared: &Prepared, now: model::Timestamp) -> Intent {
    let derived = prepared.seal.as_ref().map(|record| {
        let entry = Entry {
            kind: Kind::Seal,
            time_s: u64::try_from(now.seconds()).unwrap_or(0),
            commitment: record.commitment(),
        };
        (record.encode(), entry)
    });
    Intent {
        release: release.id,
        worker,
        instance: prepared.instance.clone(),
        copy_uid: prepared.sop_instance.clone(),
        copy_digest: prepared.digest.0,
        derived,
        now,
    }
}

/// The evidence bundle of a copy whose seal is in the log.
async fn evidence(store: &store::Store, copy: &Uid) -> Option<Vec<u8>> {
    match verify::bundle_copy(store, copy).await {
        Ok(bundle) => bundle.map(|bundle| bundle.encode()),
        // The copy can go without: its recipient can fetch the bundle later.
        Err(error) => {
            tracing::warn!(%error, "the evidence bundle of a copy could not be made");
            None
        }
    }
}
