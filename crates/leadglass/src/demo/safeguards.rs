//! What needs more than an agreement: a signed yes, a reason, a whole cohort's wishes.

use super::facts::Facts;
use super::scene::{CLINICIAN, READING_ROOM, SCHOOL, Scene, UNIVERSITY, new_release, now, refusal};
use anyhow::{Context as _, Result};
use consent::{Says, Scope};
use model::{Purpose, Uid};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use store::{NewRelease, Ordered, ReleaseState};

pub(super) async fn tell(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    training(scene, facts).await?;
    emergency(scene, facts).await?;
    cohort(scene, facts).await
}

async fn training(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    let answer = scene
        .order(new_release(&scene.emmy, SCHOOL, Purpose::AiTrain))
        .await?;
    let folders = std::fs::read_dir(scene.folder_of(SCHOOL))?.count();
    facts.hold(
        "training-without-a-yes-is-refused",
        matches!(answer, Ordered::Denied(_)) && folders == 0,
        format!("\"{}\"", refusal(&answer).unwrap_or("it was permitted")),
    );
    scene
        .say(&scene.emmy, Says::Yes, Scope::Purpose(Purpose::AiTrain))
        .await?;
    let release = scene
        .deliver(new_release(&scene.emmy, SCHOOL, Purpose::AiTrain))
        .await?;
    let sent = scene.store().attempt_counts(release.id).await?.sent;
    facts.hold(
        "training-with-the-patients-signed-yes-is-permitted",
        release.state == ReleaseState::Done
            && sent == scene.emmy.scans.len() as u64
            && release.profile != "original",
        format!("{sent} instances, profile {}", release.profile),
    );
    Ok(())
}

fn broken_glass(scene: &Scene<'_>, reason: &str) -> NewRelease {
    let mut order = new_release(&scene.inge, READING_ROOM, Purpose::Btg);
    CLINICIAN.clone_into(&mut order.ordered_by);
    order.emergency = Some(reason.to_owned());
    order
}

async fn emergency(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    const REASON: &str = "brought in unconscious after a fall";
    let answer = scene.order(broken_glass(scene, "")).await?;
    let used = scene.store().break_glass_of(scene.inge.row).await?.len();
    facts.hold(
        "breaking-the-glass-without-a-reason-is-refused",
        matches!(answer, Ordered::Denied(_)) && used == 0,
        format!("\"{}\"", refusal(&answer).unwrap_or("it was permitted")),
    );

    let release = scene.deliver(broken_glass(scene, REASON)).await?;
    let uses = scene.store().break_glass_of(scene.inge.row).await?;
    let used = uses.first().context("the use was not noted")?;
    let mut told = Vec::new();
    for (audience, within) in [("officer", 60_000), ("patient", 24 * 60 * 60 * 1000)] {
        let notices = scene.store().notices(audience, true).await?;
        let in_time = notices.iter().any(|notice| {
            notice.patient == Some(scene.inge.row)
                && notice.kind == "break-glass"
                && notice.about == used.number.to_string()
                && notice.due_at.millis() - used.made_at.millis() <= within
        });
        told.extend(in_time.then_some(audience));
    }
    facts.hold(
        "breaking-the-glass-with-a-reason-is-permitted-and-told",
        release.state == ReleaseState::Done && uses.len() == 1 && told.len() == 2,
        format!(
            "{} sees the scans; to be told of it: the {}",
            used.staff,
            told.join(" within a minute, the ") + " within a day"
        ),
    );

    let again = scene.order(broken_glass(scene, REASON)).await?;
    let reviewed = scene
        .store()
        .review_break_glass(used.number, "officer", "justified", now())
        .await?;
    let after = scene.order(broken_glass(scene, REASON)).await?;
    let permitted = match after {
        Ordered::Queued { release, .. } => scene.over(release).await?.state == ReleaseState::Done,
        _ => false,
    };
    facts.hold(
        "breaking-it-again-must-wait-for-the-review",
        matches!(again, Ordered::Denied(_)) && reviewed && permitted,
        format!("\"{}\"", refusal(&again).unwrap_or("it was permitted")),
    );
    Ok(())
}

async fn cohort(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    for person in scene.people() {
        scene
            .say(person, Says::Yes, Scope::Purpose(Purpose::Hresch))
            .await?;
    }
    scene.say(&scene.fritz, Says::No, Scope::Everything).await?;
    let people = scene.people();
    let orders: Vec<NewRelease> = people
        .iter()
        .map(|person| new_release(person, UNIVERSITY, Purpose::Hresch))
        .collect();
    let answers = scene.running.releaser.order_cohort(orders).await?;
    let (mut wanted, mut left_out, mut releases) = (BTreeSet::new(), Vec::new(), Vec::new());
    for (person, answer) in people.iter().zip(&answers) {
        if let Ordered::Queued { release, .. } = answer {
            scene.over(*release).await?;
            let pieces = scene.store().pieces(*release).await?;
            wanted.extend(pieces.into_iter().filter_map(|piece| piece.copy_uid));
            releases.push(*release);
        } else {
            left_out.push(person.given_name());
        }
    }
    let expected: usize = people
        .iter()
        .filter(|person| person.row != scene.fritz.row)
        .map(|person| person.scans.len())
        .sum();
    let (mut listed, mut sound, mut folders) = (BTreeSet::new(), true, 0);
    for entry in std::fs::read_dir(scene.folder_of(UNIVERSITY))? {
        let folder = entry?.path();
        let manifest = std::fs::read(folder.join("manifest.json")).context("a folder without a manifest")?;
        let manifest: folder::Manifest = serde_json::from_slice(&manifest)?;
        for instance in manifest.instances {
            let bytes = std::fs::read(folder.join(&instance.file))?;
            sound &= hex::encode(Sha256::digest(&bytes)) == instance.sha256;
            listed.insert(Uid::new(&instance.sop_instance_uid)?);
        }
        folders += 1;
    }
    facts.hold(
        "a-cohort-holds-all-who-said-yes-and-nobody-who-said-no",
        left_out == [scene.fritz.given_name()]
            && folders == releases.len()
            && listed == wanted
            && listed.len() == expected
            && sound,
        format!(
            "{folders} patients, {} instances listed; left out: {}",
            listed.len(),
            left_out.join(", ")
        ),
    );
    Ok(())
}
