//! Copies go out: to whom they may, without a name, and no further than the patient allows.

use super::facts::Facts;
use super::scene::{Scene, eventually, new_release, refusal};
use crate::gateway;
use anyhow::{Context as _, Result};
use consent::{Says, Scope};
use model::{Digest, Purpose, Uid};
use seal::Verdict;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use store::{Ordered, Release, ReleaseState};
use testkit::Encoding;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;
use verify::{Candidate, Verifier};

/// A revocation must stop the last byte within this time.
const AT_MOST: Duration = Duration::from_secs(1);

/// Gives the release by which Emmy's scans went to the good vendor.
pub(super) async fn tell(scene: &Scene<'_>, facts: &mut Facts) -> Result<Release> {
    stranger(scene, facts).await?;
    let release = permitted(scene, facts).await?;
    derived(scene, facts).await?;
    said_no(scene, facts).await?;
    change_of_mind(scene, facts).await?;
    Ok(release)
}

async fn stranger(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    let order = new_release(&scene.emmy, "unknown-ai", Purpose::AiAnalysis);
    let answer = scene.order(order).await?;
    // Nor does the door for reading open without its token.
    let mut stream = TcpStream::connect(scene.running.http).await?;
    let path = format!("/dicom-web/studies/{}", scene.emmy.study);
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        scene.running.http
    );
    stream.write_all(request.as_bytes()).await?;
    let mut said = Vec::new();
    stream.read_to_end(&mut said).await?;
    let said = String::from_utf8_lossy(&said).into_owned();
    let status = said.split(' ').nth(1).unwrap_or("nothing").to_owned();
    let sent = scene.store().releases_of(scene.emmy.row).await?.len();
    let why = refusal(&answer);
    facts.hold(
        "a-stranger-gets-nothing",
        why.is_some() && status == "401" && sent == 0,
        format!(
            "\"{}\"; without a token, HTTP {status}",
            why.unwrap_or("it was permitted")
        ),
    );
    Ok(())
}

async fn permitted(scene: &Scene<'_>, facts: &mut Facts) -> Result<Release> {
    let mut order = new_release(&scene.emmy, scene.good.id, Purpose::AiAnalysis);
    // For as long as it takes to read them, and no longer.
    order.retention_days = Some(0);
    let release = scene.deliver(order).await?;
    let arrived = scene.good.arrived();
    let original = scene.emmy.scans.first().context("no scan")?;
    let mut words = vec![
        scene.emmy.patient.name.clone(),
        scene.emmy.given_name().to_owned(),
        scene.emmy.patient.id.clone(),
        original.study.to_string(),
        original.series.to_string(),
    ];
    words.extend(scene.emmy.scans.iter().map(|scan| scan.sop_instance.to_string()));
    let holds = |bytes: &[u8], word: &String| bytes.windows(word.len()).any(|w| w == word.as_bytes());
    // What is looked for must be there to be found.
    let all: Vec<u8> = scene
        .emmy
        .scans
        .iter()
        .flat_map(|scan| scan.object(Encoding::ExplicitLe).data_set)
        .collect();
    let there = words.iter().filter(|word| holds(&all, word)).count();
    let left = arrived
        .iter()
        .flat_map(|arrived| words.iter().filter(|word| holds(&arrived.object.data_set, word)))
        .count();
    let whole = release.state == ReleaseState::Done && arrived.len() == scene.emmy.scans.len();
    facts.hold(
        "a-permitted-copy-reaches-the-ai-vendor-without-name-number-or-uid",
        whole && there == words.len() && left == 0,
        format!(
            "{} of {} instances at {}; {there} of {} identifiers in the originals, {left} in the copies",
            arrived.len(),
            scene.emmy.scans.len(),
            scene.good.name,
            words.len()
        ),
    );
    Ok(release)
}

/// What the vendor can check with the two files it is given, and nothing else.
async fn derived(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    let arrived = scene.good.arrived().into_iter().next().context("no copy")?;
    let store = scene.store();
    let bundle = verify::bundle_copy(store, &arrived.object.sop_instance)
        .await?
        .context("the copy has no seal")?;
    let trust = verify::export_trust(store, &scene.running.gateway.key).await?;
    let decoder = gateway::decoder()?;
    let judge = |bytes: Vec<u8>| {
        let mut verifier = Verifier::offline(trust.clone(), decoder.clone());
        let bundle = &bundle;
        async move {
            let candidate = Candidate::bytes(Arc::from(bytes))?;
            Ok::<_, anyhow::Error>(verifier.verify(&candidate, Some(bundle)).await?.verdict)
        }
    };
    let as_sent = judge(arrived.object.part10()).await?;
    let mut altered = arrived.object.part10();
    if let Some(last) = altered.last_mut() {
        *last ^= 1;
    }
    let altered = judge(altered).await?;
    facts.hold(
        "a-vendor-verifies-its-copy-offline",
        as_sent == Verdict::Derived && altered == Verdict::PixelsAltered,
        format!("{}; with one bit changed {}", as_sent.as_str(), altered.as_str()),
    );
    Ok(())
}

async fn said_no(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    let no = Scope::Purpose(Purpose::AiAnalysis);
    scene.say(&scene.fritz, Says::No, no).await?;
    let before = scene.good.arrived().len();
    let order = new_release(&scene.fritz, scene.good.id, Purpose::AiAnalysis);
    let answer = scene.order(order).await?;
    let queued = scene.store().releases_of(scene.fritz.row).await?.len();
    let got = scene.good.arrived().len() - before;
    let why = refusal(&answer).unwrap_or("it was permitted");
    facts.hold(
        "opted-out-patient-not-released",
        matches!(answer, Ordered::Denied(_)) && queued == 0 && got == 0,
        format!("{}'s scan stays here: \"{why}\"", scene.fritz.given_name()),
    );
    Ok(())
}

async fn change_of_mind(scene: &Scene<'_>, facts: &mut Facts) -> Result<()> {
    let order = new_release(&scene.grace, scene.slow.id, Purpose::AiAnalysis);
    let Ordered::Queued {
        release, instances, ..
    } = scene.order(order).await?
    else {
        anyhow::bail!("the release to the slow vendor was not permitted");
    };
    let under_way = eventually(|| async { Ok((scene.slow.inbox().objects.len() >= 3).then_some(())) });
    under_way.await?.context("nothing arrives at the slow vendor")?;
    let no = Scope::Purpose(Purpose::AiAnalysis);
    let effect = scene.say(&scene.grace, Says::No, no).await?;
    let committed = Instant::now();
    // As long again, for whatever may come late.
    tokio::time::sleep(2 * AT_MOST).await;
    let (arrived, last_byte) = (scene.slow.arrived(), scene.slow.inbox().last_byte);
    let is_late = |at: Instant| at > committed + AT_MOST;
    let late = arrived.iter().filter(|arrived| is_late(arrived.at)).count();
    let ended = scene.over(release).await?;
    let stopped = effect.stopped.contains(&release) && ended.state == ReleaseState::Cancelled;
    facts.hold(
        "a-change-of-mind-stops-a-running-release-within-a-second",
        stopped && late == 0 && !last_byte.is_some_and(is_late) && (arrived.len() as u64) < instances,
        format!(
            "{} of {instances} had gone when {} said no; {late} came later than a second after",
            arrived.len(),
            scene.grace.given_name()
        ),
    );

    let copy = scene.copy(&ended).await?;
    let asked = eventually(|| async {
        let heard = scene.slow.desk.requests();
        Ok(heard.into_iter().find(|heard| {
            let of = heard.claims.get("jti").and_then(serde_json::Value::as_str);
            of.is_some() && heard.claims.get("aud").is_some_and(|aud| aud == scene.slow.id)
        }))
    });
    let asked = asked.await?.context("the slow vendor was not asked to delete")?;
    let manifest: HashSet<(Uid, [u8; 32])> =
        scene.store().copy_manifest(release).await?.into_iter().collect();
    let instances: Vec<(Uid, Digest)> = manifest
        .iter()
        .map(|(uid, digest)| (uid.clone(), Digest(*digest)))
        .collect();
    let named = asked
        .claims
        .get("manifest_root")
        .and_then(serde_json::Value::as_str);
    let root = named == Some(deletion::manifest_root(&instances).to_string().as_str());
    let has = |uid: &Uid, digest: &Digest| manifest.contains(&(uid.clone(), digest.0));
    let covered = arrived
        .iter()
        .filter(|arrived| has(&arrived.object.sop_instance, &arrived.digest))
        .count();
    let reason = asked.claims.get("reason").and_then(serde_json::Value::as_str);
    facts.hold(
        "a-change-of-mind-calls-back-what-had-gone",
        root && covered == arrived.len() && reason == Some("revoked") && copy.reason.as_deref() == reason,
        format!(
            "a signed request names all {covered} instances that {} has",
            scene.slow.name
        ),
    );
    Ok(())
}
