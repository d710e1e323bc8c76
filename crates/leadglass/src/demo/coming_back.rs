//! Copies come to their end: a vendor that erases, one that only says it heard, and one that lies.

use super::facts::Facts;
use super::scene::{READING_ROOM, Scene, eventually, new_release, now, refusal};
use anyhow::{Context as _, Result};
use disclosure::CopyState as Told;
use model::Purpose;
use serde_json::json;
use store::{CopyRow, CopyState, Ordered, Release, ReleaseState};

pub(super) async fn tell(scene: &Scene<'_>, analysed: &Release, facts: &mut Facts) -> Result<()> {
    erased(scene, analysed, facts).await?;
    let hoarded = hoarded(scene, facts).await?;
    forged(scene, &hoarded, facts).await?;
    overdue(scene, &hoarded, facts).await
}

async fn receipts(scene: &Scene<'_>, copy: &CopyRow) -> Result<Vec<String>> {
    let rows = scene.store().receipts_of(copy.number).await?;
    let mut kinds: Vec<String> = rows.into_iter().map(|row| row.kind).collect();
    kinds.sort();
    Ok(kinds)
}

/// Waits for a state of a copy; gives where it stands in the end.
async fn reaches(scene: &Scene<'_>, release: &Release, state: CopyState) -> Result<CopyRow> {
    let reached = eventually(|| async {
        let copy = scene.copy(release).await?;
        Ok((copy.state == state).then_some(copy))
    });
    match reached.await? {
        Some(copy) => Ok(copy),
        None => scene.copy(release).await,
    }
}

async fn erased(scene: &Scene<'_>, release: &Release, facts: &mut Facts) -> Result<()> {
    let copy = reaches(scene, release, CopyState::Erased).await?;
    // The receipt for the request itself may come after the one for its result.
    let both = eventually(|| async {
        let kinds = receipts(scene, &copy).await?;
        Ok((kinds == ["ACK", "ERASED"]).then_some(kinds))
    });
    let both = both.await?;
    let told = scene.told(&scene.copy(release).await?).await?.copy.state;
    let requests = scene.good.desk.requests();
    let asked = requests
        .iter()
        .filter(|heard| {
            heard.claims.get("jti").and_then(serde_json::Value::as_str) == copy.request.as_deref()
        })
        .filter(|heard| {
            heard.claims.get("reason").and_then(serde_json::Value::as_str) == Some("retention-expired")
        })
        .count();
    facts.hold(
        "at-the-end-of-retention-a-good-vendor-erases-and-is-shown-so",
        both.is_some() && asked > 0 && told == Told::Erased,
        format!(
            "a signed request, then receipts {}; shown as {}",
            both.unwrap_or_default().join(" and "),
            told.code()
        ),
    );
    Ok(())
}

/// Gives the releases by which the bad vendor has something.
async fn hoarded(scene: &Scene<'_>, facts: &mut Facts) -> Result<Vec<Release>> {
    let mut releases = Vec::new();
    for person in [&scene.henrietta, &scene.inge] {
        let mut order = new_release(person, scene.bad.id, Purpose::AiAnalysis);
        order.retention_days = Some(0);
        releases.push(scene.deliver(order).await?);
    }
    let (mut shown, mut only_heard) = (Vec::new(), true);
    for release in &releases {
        let copy = scene.copy(release).await?;
        let heard = eventually(|| async {
            let kinds = receipts(scene, &copy).await?;
            Ok((!kinds.is_empty()).then_some(kinds))
        });
        only_heard &= heard.await?.unwrap_or_default() == ["ACK"];
        shown.push(scene.told(&scene.copy(release).await?).await?.copy.state);
    }
    // A machine that stands still for seconds finds the answer late already: also then it is not erased.
    let honest = shown
        .iter()
        .all(|state| matches!(state, Told::Acknowledged | Told::Overdue));
    let shown: Vec<&str> = shown.iter().map(|state| state.code()).collect();
    facts.hold(
        "an-acknowledgement-is-not-shown-as-erasure",
        only_heard && honest && shown.len() == releases.len(),
        format!(
            "{} says that it heard; shown as {}",
            scene.bad.name,
            shown.join(", ")
        ),
    );
    Ok(releases)
}

async fn forged(scene: &Scene<'_>, hoarded: &[Release], facts: &mut Facts) -> Result<()> {
    let release = hoarded.first().context("no release")?;
    let before = scene.copy(release).await?;
    let request = scene
        .bad
        .desk
        .requests()
        .into_iter()
        .find(|heard| {
            heard.claims.get("jti").and_then(serde_json::Value::as_str) == before.request.as_deref()
        })
        .context("the bad vendor was not asked")?;
    let of = |name: &str| request.claims.get(name).cloned().unwrap_or_default();
    let claims = json!({
        "jti": "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0", "ref": of("jti"), "iss": of("aud"), "iat": now().seconds(),
        "kind": "ERASED", "manifest_root": of("manifest_root"), "copies_erased": of("instances"),
    });
    // Right in every word, and signed by somebody else's key.
    let posted = scene.good.desk.post(&scene.good.desk.sign(&claims)).await;
    let kinds = receipts(scene, &before).await?;
    let after = scene.copy(release).await?;
    let refused = posted.status.is_some_and(|status| (400..500).contains(&status));
    facts.hold(
        "a-forged-receipt-is-refused-and-changes-nothing",
        refused && kinds == ["ACK"] && after.state != CopyState::Erased,
        format!(
            "HTTP {}: {}",
            posted.status.unwrap_or_default(),
            posted.answer.trim()
        ),
    );
    Ok(())
}

async fn overdue(scene: &Scene<'_>, hoarded: &[Release], facts: &mut Facts) -> Result<()> {
    let mut shown = Vec::new();
    for release in hoarded {
        let copy = reaches(scene, release, CopyState::Overdue).await?;
        shown.push(scene.told(&copy).await?.copy.state);
    }
    let before = scene.bad.arrived().len();
    let order = new_release(&scene.jose, scene.bad.id, Purpose::AiAnalysis);
    let answer = scene.order(order).await?;
    let more = scene.bad.arrived().len() - before;
    let why = refusal(&answer).unwrap_or("it was permitted");
    facts.hold(
        "a-vendor-that-does-not-erase-is-overdue-and-gets-no-more",
        shown.iter().all(|state| *state == Told::Overdue)
            && matches!(answer, Ordered::Denied(_))
            && more == 0,
        format!("{} copies overdue; the next is refused: \"{why}\"", shown.len()),
    );

    let order = new_release(&scene.henrietta, READING_ROOM, Purpose::Treat);
    let treated = scene.deliver(order).await?;
    let sent = scene.store().attempt_counts(treated.id).await?.sent;
    let order = new_release(&scene.jose, scene.good.id, Purpose::AiAnalysis);
    let analysed = scene.deliver(order).await?;
    facts.hold(
        "treatment-and-other-vendors-do-not-suffer-for-it",
        treated.state == ReleaseState::Done
            && sent == scene.henrietta.scans.len() as u64
            && analysed.state == ReleaseState::Done,
        format!(
            "{sent} instances in the reading room, and {} works on",
            scene.good.name
        ),
    );
    Ok(())
}
