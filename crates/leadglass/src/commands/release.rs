//! `leadglass release`: an order, decided, and delivered if it is permitted.

use crate::cli::{Common, Release as Options};
use crate::config::Config;
use crate::exit;
use crate::gateway::Gateway;
use crate::output;
use anyhow::{Context as _, Result, bail};
use model::Uid;
use release::Releaser;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Duration;
use store::{NewRelease, Ordered, PieceState, ReleaseId, ReleaseState};
use tokio::sync::watch;
use tokio::time::Instant;

/// How often to look whether a delivery is over.
const LOOK: Duration = Duration::from_millis(50);

pub(crate) async fn run(common: &Common, options: &Options) -> Result<ExitCode> {
    let studies = studies(options)?;
    let instances: Vec<Uid> = options
        .instance
        .iter()
        .map(|text| uid(text))
        .collect::<Result<_>>()?;
    let gateway = Gateway::existing(&common.data).await?;
    let config = Config::default();
    let releaser = exit::open(&gateway, &config, exit::scu(&config)?)?;
    let orders: Vec<NewRelease> = studies
        .into_iter()
        .map(|study| NewRelease {
            study,
            instances: instances.clone(),
            recipient: options.recipient.clone(),
            purpose: options.purpose,
            retention_days: options.retention_days,
            origin: "cli".to_owned(),
            ordered_by: options.by.clone(),
            emergency: options.reason.clone(),
            at: gateway.clock.now(),
        })
        .collect();
    let done = order(common, options, &gateway, &releaser, orders).await;
    gateway.close().await;
    done
}

fn uid(text: &str) -> Result<Uid> {
    Uid::new(text).with_context(|| format!("{text} is no UID"))
}

fn studies(options: &Options) -> Result<Vec<Uid>> {
    if let Some(study) = &options.study {
        return Ok(vec![uid(study)?]);
    }
    let Some(file) = &options.cohort else {
        bail!("say what to send: --study UID or --cohort FILE")
    };
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lines = text.lines().map(str::trim);
    let studies: Vec<Uid> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(uid)
        .collect::<Result<_>>()?;
    if studies.is_empty() {
        bail!("{} lists no study", file.display());
    }
    Ok(studies)
}

async fn order(
    common: &Common,
    options: &Options,
    gateway: &Gateway,
    releaser: &Releaser,
    orders: Vec<NewRelease>,
) -> Result<ExitCode> {
    let studies: Vec<Uid> = orders.iter().map(|order| order.study.clone()).collect();
    let answers = take(options, releaser, orders)
        .await
        .context("nothing was queued, and nothing leaves")?;
    let queued: Vec<ReleaseId> = answers
        .iter()
        .filter_map(|answer| match answer {
            Ordered::Queued { release, .. } => Some(*release),
            _ => None,
        })
        .collect();
    if !options.no_wait && !queued.is_empty() {
        deliver(gateway, releaser, &queued, Duration::from_secs(options.timeout)).await?;
    }
    let (mut whole, mut none) = (true, true);
    for (study, answer) in studies.iter().zip(&answers) {
        let (document, fate) = describe(gateway, study, answer, options.no_wait).await?;
        whole &= fate == Fate::Whole;
        none &= fate == Fate::Nothing;
        if common.json {
            output::json(&document)?;
        } else {
            output::line(words(&document));
        }
    }
    Ok(if whole {
        ExitCode::SUCCESS
    } else if none {
        ExitCode::FAILURE
    } else {
        ExitCode::from(3)
    })
}

/// Orders a cohort as one, or none of it. A study alone is refused like anybody's: with a sentence, and accounted for.
async fn take(
    options: &Options,
    releaser: &Releaser,
    orders: Vec<NewRelease>,
) -> store::Result<Vec<Ordered>> {
    if options.cohort.is_some() {
        return releaser.order_cohort(orders).await;
    }
    let mut answers = Vec::with_capacity(orders.len());
    for order in orders {
        answers.push(releaser.order(order).await?);
    }
    Ok(answers)
}

/// Delivers in this process, beside whoever else works on the archive, until these are over or the time is up.
async fn deliver(
    gateway: &Gateway,
    releaser: &Releaser,
    releases: &[ReleaseId],
    patience: Duration,
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let working = {
        let releaser = releaser.clone();
        tokio::spawn(async move { releaser.work(stopped).await })
    };
    let deadline = Instant::now() + patience;
    // All must be over: it is enough to look at one that is not, whatever the number of the others.
    let mut open = releases.iter().copied();
    let mut awaited = open.next();
    while let Some(id) = awaited
        && Instant::now() < deadline
    {
        let release = gateway.store.release(id).await?;
        if release.is_some_and(|r| matches!(r.state, ReleaseState::Queued | ReleaseState::Running)) {
            tokio::time::sleep(LOOK).await;
        } else {
            awaited = open.next();
        }
    }
    let _ = stop.send(true);
    let _ = working.await;
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Whole,
    Part,
    Nothing,
}

async fn describe(
    gateway: &Gateway,
    study: &Uid,
    answer: &Ordered,
    queued_only: bool,
) -> Result<(Value, Fate)> {
    match answer {
        Ordered::NotFound => Ok((
            json!({ "study": study.as_str(), "release": null, "state": "not-found",
                "reason": "no such study is here, or no such instance in it" }),
            Fate::Nothing,
        )),
        Ordered::Denied(denial) => Ok((
            json!({ "study": study.as_str(), "release": null, "state": "denied", "reason": denial.plain(),
                "reasons": denial.reasons }),
            Fate::Nothing,
        )),
        Ordered::Queued {
            release,
            instances,
            profile,
            reasons,
            banner,
        } => {
            let row = gateway
                .store
                .release(*release)
                .await?
                .context("the release is gone")?;
            let counts = gateway.store.attempt_counts(*release).await?;
            let pieces = gateway.store.pieces(*release).await?;
            let count = |state| pieces.iter().filter(|piece| piece.state == state).count();
            let fate = match row.state {
                ReleaseState::Queued | ReleaseState::Running if queued_only => Fate::Whole,
                ReleaseState::Done if counts.sent == *instances => Fate::Whole,
                ReleaseState::Denied | ReleaseState::Withheld | ReleaseState::Cancelled
                    if counts.sent == 0 =>
                {
                    Fate::Nothing
                }
                _ => Fate::Part,
            };
            let document = json!({
                "study": study.as_str(), "release": release.number(), "state": row.state.as_str(),
                "reason": row.reason, "recipient": row.recipient.as_str(), "purpose": row.purpose.code(),
                "profile": profile, "instances": instances, "sent": counts.sent, "unknown": counts.unknown,
                "withheld": count(PieceState::Withheld), "refused": count(PieceState::Refused),
                "waiting": count(PieceState::Waiting), "reasons": reasons, "banner": banner,
            });
            Ok((document, fate))
        }
    }
}

fn words(document: &Value) -> String {
    let text = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| document.get(name).and_then(Value::as_u64).unwrap_or(0);
    match text("state") {
        state @ ("denied" | "not-found") if document.get("release").is_some_and(Value::is_null) => {
            format!("{}  {state}: {}", text("study"), text("reason"))
        }
        state => {
            let mut line = format!(
                "{}  release {}: {state}, {} of {} sent to {}",
                text("study"),
                number("release"),
                number("sent"),
                number("instances"),
                text("recipient")
            );
            for kept in ["unknown", "withheld", "refused", "waiting"] {
                if number(kept) > 0 {
                    let _ = write!(line, ", {} {kept}", number(kept));
                }
            }
            if !text("reason").is_empty() {
                let _ = write!(line, " ({})", text("reason"));
            }
            line
        }
    }
}
