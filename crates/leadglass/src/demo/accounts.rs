//! Afterwards: who has what, whom a breach concerns, and whether log and archive hold all of it.

use super::facts::Facts;
use super::scene::{Person, SCHOOL, Scene, now};
use anyhow::Result;
use disclosure::{Asked, Facility, Language};
use release::AccountOf;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use store::{AttemptState, FsckOptions};
use tlog::Kind;

/// Gives the file of the patient's report.
pub(super) async fn tell(scene: &Scene<'_>, facts: &mut Facts) -> Result<PathBuf> {
    rows(scene, facts).await?;
    let report = account(scene, facts).await?;
    breach(scene, facts).await?;
    log(scene, facts).await?;
    Ok(report)
}

/// Holds what each vendor got against the rows that account for it, both ways.
async fn rows(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    let (mut received, mut accounted, mut unaccounted, mut lost) = (0, 0, 0, 0);
    for vendor in scene.vendors() {
        // What is sent counts once for each time; what is unknown may have arrived or not.
        let (mut sent, mut unknown) = (HashMap::<_, usize>::new(), HashMap::<_, usize>::new());
        for person in scene.people() {
            for release in scene.store().releases_of(person.row).await? {
                if release.recipient.as_str() != vendor.id {
                    continue;
                }
                let copies: HashMap<_, _> = scene
                    .store()
                    .pieces(release.id)
                    .await?
                    .into_iter()
                    .filter_map(|piece| Some((piece.instance, (piece.copy_uid?, piece.copy_digest?))))
                    .collect();
                for attempt in scene.store().attempts(release.id).await? {
                    let Some(copy) = copies.get(&attempt.instance) else {
                        continue;
                    };
                    match attempt.state {
                        AttemptState::Sent => *sent.entry(copy.clone()).or_default() += 1,
                        AttemptState::Unknown | AttemptState::Intended => {
                            *unknown.entry(copy.clone()).or_default() += 1;
                        }
                        AttemptState::NotSent => {}
                    }
                }
            }
        }
        accounted += sent.values().sum::<usize>();
        for arrived in vendor.arrived() {
            received += 1;
            let copy = (arrived.object.sop_instance, arrived.digest.0);
            let row = [&mut sent, &mut unknown]
                .into_iter()
                .find_map(|rows| rows.get_mut(&copy).filter(|left| **left > 0));
            match row {
                Some(left) => *left -= 1,
                None => unaccounted += 1,
            }
        }
        lost += sent.values().sum::<usize>();
    }
    facts.hold(
        "all-that-arrived-has-its-row-and-all-that-rows-say-was-sent-arrived",
        received > 0 && unaccounted == 0 && lost == 0,
        format!("{received} instances at vendors, {accounted} rows sent, {unaccounted} without a row"),
    );
    Ok(())
}

async fn account(scene: &Scene<'_>, facts: &mut Facts) -> Result<PathBuf> {
    let patients = [scene.emmy.row];
    let asked = AccountOf {
        patients: &patients,
        facility: Facility {
            name: "Demo Hospital".to_owned(),
            ..Facility::default()
        },
        from: None,
        to: None,
        officer: false,
        language: Language::English,
        now: now(),
    };
    let account = release::account_of(scene.store(), &asked).await?;
    let (page, document) = (
        disclosure::html(&account, Asked::default())?,
        disclosure::json(&account, Asked::default()),
    );
    let report = scene.folder.join("report.html");
    std::fs::write(&report, &page)?;
    std::fs::write(
        scene.folder.join("report.json"),
        serde_json::to_vec_pretty(&document)?,
    )?;
    let events = document
        .get("events")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let of_kind = |kind: &str, recipient: &str| {
        events
            .iter()
            .filter(|event| event.get("kind").is_some_and(|found| found == kind))
            .filter(|event| {
                let id = event.pointer("/recipient/id").and_then(Value::as_str);
                recipient.is_empty() || id == Some(recipient)
            })
            .count()
    };
    let releases = scene.store().releases_of(scene.emmy.row).await?.len();
    let (copies, denied, deleted) = (
        of_kind("release", ""),
        of_kind("denial", SCHOOL),
        of_kind("deletion", scene.good.id),
    );
    let named = page.contains(scene.good.name) && page.contains(scene.emmy.given_name());
    facts.hold(
        "the-patients-report-lists-releases-refusals-and-deletions",
        copies == releases && copies >= 3 && denied == 1 && deleted >= 1 && named,
        format!("{copies} releases, {denied} refused training, {deleted} steps of a deletion"),
    );
    Ok(report)
}

async fn breach(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    let exposed = release::exposed(scene.store(), scene.bad.id, scene.began, now().plus_millis(1)).await?;
    let named: BTreeSet<String> = exposed
        .iter()
        .filter_map(|exposed| exposed.id.as_ref().map(|id| id.reveal().clone()))
        .collect();
    // Whose scans the vendor really has, by the copies that it holds.
    let held: HashSet<_> = scene
        .bad
        .arrived()
        .into_iter()
        .map(|arrived| arrived.object.sop_instance)
        .collect();
    let (mut concerned, mut names) = (BTreeSet::new(), Vec::new());
    for person in scene.people() {
        if has_copies_of(scene, person, &held).await? {
            concerned.insert(person.patient.id.clone());
            names.push(person.given_name());
        }
    }
    facts.hold(
        "after-a-breach-exactly-those-are-named-whose-scans-it-has",
        named == concerned && exposed.len() == concerned.len() && concerned.len() == 2,
        format!("{}: {}", scene.bad.name, names.join(" and ")),
    );
    Ok(())
}

async fn has_copies_of(scene: &Scene<'_>, person: &Person, held: &HashSet<model::Uid>) -> Result<bool> {
    for release in scene.store().releases_of(person.row).await? {
        let pieces = scene.store().pieces(release.id).await?;
        let mut copies = pieces.into_iter().filter_map(|piece| piece.copy_uid);
        if copies.any(|uid| held.contains(&uid)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Every decision and every directive is in the log, provably; and the log is sound.
async fn log(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    let store = scene.store();
    let mut events = Vec::new();
    for person in scene.people() {
        let releases = store.releases_of(person.row).await?;
        events.extend(releases.iter().map(|release| (release.log_index, Kind::Release)));
        let denials = store.denials_of(person.row).await?;
        events.extend(denials.iter().map(|denial| (denial.log_index, Kind::Deny)));
        let directives = store.directive_entries(person.row).await?;
        events.extend(directives.values().map(|index| (*index, Kind::Consent)));
    }
    let log = store.log();
    let mut proved = 0;
    for (index, kind) in &events {
        let entry = log.entry(*index).await?;
        let proof = log.prove(*index).await?;
        let head = proof.verify(&entry.leaf_hash(), log.verifier(), log.origin());
        proved += usize::from(entry.kind == *kind && head.is_ok());
    }
    let distinct: HashSet<u64> = events.iter().map(|(index, _)| *index).collect();
    let report = store.fsck(FsckOptions::default()).await?;
    let kinds = |wanted: Kind| events.iter().filter(|(_, kind)| *kind == wanted).count();
    facts.hold(
        "every-release-refusal-and-wish-is-in-the-log-which-is-sound",
        proved == events.len()
            && distinct.len() == events.len()
            && [Kind::Release, Kind::Deny, Kind::Consent]
                .into_iter()
                .all(|kind| kinds(kind) > 0)
            && report.is_sound(),
        format!(
            "{} releases, {} refusals, {} directives proved; log of {} entries",
            kinds(Kind::Release),
            kinds(Kind::Deny),
            kinds(Kind::Consent),
            report.log.size
        ),
    );
    Ok(())
}
