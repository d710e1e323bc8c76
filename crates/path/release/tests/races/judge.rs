//! What recipients got is held against what the gateway wrote down.

use crate::recipients::{Arrival, Notes};
use crate::schedule::{Ongoing, Schedule};
use std::collections::HashMap;
use std::time::Duration;
use store::{Attempt, AttemptState, PieceState, ReleaseState, Store};

/// Nothing may arrive later than this after the commit that forbade it.
const AT_MOST: Duration = Duration::from_secs(1);

/// What is wrong, each in a sentence.
pub(crate) async fn judge(schedule: &mut Schedule<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let notes: Vec<Notes> = schedule
        .recipients
        .iter()
        .map(|recipient| recipient.notes())
        .collect();
    for (recipient, notes) in notes.iter().enumerate() {
        for arrival in &notes.arrivals {
            schedule.figures.arrivals += 1;
            let ongoing = schedule
                .ongoing
                .iter()
                .find(|ongoing| ongoing.id == arrival.release);
            match ongoing.filter(|ongoing| ongoing.recipient == recipient) {
                None => wrong.push(format!(
                    "attempt {} arrived at the wrong recipient",
                    arrival.attempt
                )),
                Some(ongoing) => {
                    wrong.extend(too_late(schedule, ongoing, arrival));
                    let late = ongoing
                        .stopped
                        .map(|stopped| arrival.at.saturating_duration_since(stopped));
                    schedule.figures.late.extend(late.filter(|late| !late.is_zero()));
                }
            }
        }
    }
    for ongoing in &schedule.ongoing {
        let notes = &notes[ongoing.recipient];
        let attempts = schedule.site.store.attempts(ongoing.id).await.unwrap();
        schedule.figures.attempts += attempts.len() as u64;
        let row = schedule.site.store.release(ongoing.id).await.unwrap().unwrap();
        let stopped = matches!(row.state, ReleaseState::Cancelled | ReleaseState::Denied);
        schedule.figures.stopped += u64::from(stopped);
        wrong.extend(untrue(ongoing, notes, &attempts));
        for attempt in attempts.iter().filter(|row| row.state == AttemptState::Unknown) {
            schedule.figures.unknown += 1;
            if !may_be_unknown(schedule, notes, attempt) {
                let number = attempt.number;
                let why = attempt.detail.as_deref().unwrap_or_default();
                wrong.push(format!(
                    "attempt {number} is unknown, and nobody crashed or fell silent: {why}"
                ));
            }
        }
        wrong.extend(unaccounted(&schedule.site.store, ongoing, &attempts).await);
    }
    wrong
}

/// What arrived too long after it was forbidden.
fn too_late(schedule: &Schedule<'_>, ongoing: &Ongoing, arrival: &Arrival) -> Option<String> {
    let number = arrival.attempt;
    if let Some(stopped) = ongoing.stopped
        && arrival.at > stopped + AT_MOST
    {
        let late = (arrival.at - stopped).as_millis();
        return Some(format!(
            "attempt {number} arrived {late} ms after its release was stopped"
        ));
    }
    let inside = schedule.closed.iter().find(|closed| {
        (closed.recipient, closed.study) == (ongoing.recipient, ongoing.study)
            && arrival.at > closed.from + AT_MOST
            && closed.to.is_none_or(|to| arrival.at < to)
    })?;
    let late = (arrival.at - inside.from).as_millis();
    Some(format!(
        "attempt {number} arrived {late} ms after it was forbidden"
    ))
}

/// Rows and arrivals that do not fit.
fn untrue(ongoing: &Ongoing, notes: &Notes, attempts: &[Attempt]) -> Vec<String> {
    let mut wrong = Vec::new();
    let rows: HashMap<i64, AttemptState> = attempts.iter().map(|row| (row.number, row.state)).collect();
    let arrived = |number: i64| {
        notes
            .arrivals
            .iter()
            .filter(|arrival| arrival.attempt == number)
            .count()
    };
    for arrival in notes
        .arrivals
        .iter()
        .filter(|arrival| arrival.release == ongoing.id)
    {
        let number = arrival.attempt;
        match rows.get(&number) {
            Some(AttemptState::Sent | AttemptState::Unknown) => {}
            other => wrong.push(format!("attempt {number} arrived, and its row says {other:?}")),
        }
    }
    for row in attempts {
        let (number, count) = (row.number, arrived(row.number));
        if row.state == AttemptState::Sent && count != 1 {
            wrong.push(format!(
                "attempt {number} counts as sent, and arrived {count} times"
            ));
        }
        if row.state == AttemptState::Intended {
            wrong.push(format!("attempt {number} was never settled"));
        }
    }
    wrong
}

/// Whether nobody here can know what became of an attempt.
fn may_be_unknown(schedule: &Schedule<'_>, notes: &Notes, attempt: &Attempt) -> bool {
    let fell = |worker: &u64| schedule.site.has_fallen(*worker);
    match notes.begun.get(&attempt.number) {
        Some(worker) => notes.silent.contains(&attempt.number) || fell(worker),
        // Accounted for and not begun: the worker ended in between.
        None => notes
            .visits
            .iter()
            .any(|(release, worker)| *release == attempt.release && fell(worker)),
    }
}

/// What the release, its instances and its copy say, held against its attempts.
async fn unaccounted(store: &Store, ongoing: &Ongoing, attempts: &[Attempt]) -> Vec<String> {
    let mut wrong = Vec::new();
    let release = store.release(ongoing.id).await.unwrap().unwrap();
    let id = release.id;
    let outside = attempts
        .iter()
        .any(|row| matches!(row.state, AttemptState::Sent | AttemptState::Unknown));
    let copies = store.copies_of(release.patient).await.unwrap();
    let copy = copies.iter().find(|copy| copy.release == id);
    if copy.is_some() != outside {
        let has = if outside {
            "has no row for its copy"
        } else {
            "has a row for a copy that never was"
        };
        wrong.push(format!("release {id} ({}) {has}", release.state));
    }
    if let Some(copy) = copy {
        let manifest = store.copy_manifest(id).await.unwrap().len() as u64;
        if copy.instances != manifest {
            let counted = copy.instances;
            wrong.push(format!(
                "the copy of release {id} counts {counted} instances, and names {manifest}"
            ));
        }
    }
    if release.state == ReleaseState::Done {
        for piece in store.pieces(id).await.unwrap() {
            if piece.state == PieceState::Waiting {
                wrong.push(format!("release {id} is done, and an instance still waits"));
            }
        }
    }
    wrong
}
