//! `leadglass demo`: the whole story with sample scans.

mod accounts;
mod coming_back;
mod copies;
mod facts;
mod going_out;
mod safeguards;
mod scene;
mod story;
mod vendors;

use crate::cli::Common;
use crate::commands::serve::{self, Running};
use crate::config::Config;
use crate::output;
use anyhow::Result;
use facts::Facts;
use scene::Scene;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// So soon a vendor must have answered a deletion request, in seconds: the story does not wait for a week.
const ANSWER_WITHIN: u32 = 3;

pub(crate) async fn run(common: &Common, check: bool) -> Result<ExitCode> {
    let folder = tempfile::Builder::new().prefix("leadglass-demo-").tempdir()?;
    let data = folder.path().join("archive");
    let mut config = Config::default();
    // The demo never gets in the way of a gateway that runs already.
    (config.dimse.port, config.http.port) = (0, 0);
    config.release.answer_within_seconds = ANSWER_WITHIN;
    let running = serve::start(&data, &config).await?;
    let mut facts = Facts::new(!common.json);
    if !common.json {
        output::line(
            "A gateway is up on an empty archive. A scanner sends it a CT, an MR and a chest radiograph.",
        );
    }
    let mut told = story::tell(&running, folder.path(), &mut facts).await;
    let mut left = None;
    if told.is_ok() {
        match exit(&running, folder.path(), &mut facts).await {
            Ok(outcome) => left = Some(outcome),
            Err(error) => told = Err(error),
        }
    }
    if let Err(error) = &told {
        facts.hold("the-story-was-told-to-its-end", false, format!("{error:#}"));
    }
    let all_hold = facts.all_hold();
    if common.json {
        output::json(&json!({ "facts": facts.list() }))?;
    } else {
        output::line(format!(
            "\n{} of {} facts hold.",
            facts.holding(),
            facts.list().len()
        ));
    }
    if !check {
        stays_up(&running, folder.path());
        if let Some((scene, report)) = &left {
            left_behind(scene, report)?;
        }
        serve::asked_to_end().await;
    }
    drop(left);
    running.stop().await;
    Ok(if all_hold {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The second half: copies go out and come to their end. Gives who took part, and the file of a patient's report.
async fn exit<'a>(running: &'a Running, folder: &Path, facts: &mut Facts) -> Result<(Scene<'a>, PathBuf)> {
    facts.say(
        "Six more patients are scanned. Two AI vendors, a slow one, and a university have agreements, and ask for copies.",
    );
    let scene = Scene::set(running, folder).await?;
    let analysed = going_out::tell(&scene, facts).await?;
    facts.say(
        "The time of some copies is over: the gateway asks for their deletion, and judges what comes back.",
    );
    coming_back::tell(&scene, &analysed, facts).await?;
    facts.say("Training, emergencies and research need more than an agreement.");
    safeguards::tell(&scene, facts).await?;
    facts.say("Afterwards, anyone may ask who has what.");
    let report = accounts::tell(&scene, facts).await?;
    Ok((scene, report))
}

fn stays_up(running: &Running, folder: &Path) {
    let token = running.gateway.token_file();
    output::note(format!(
        "\nThe gateway stays up until Ctrl-C. Everything it holds is in {}",
        running.gateway.folder.display()
    ));
    output::note(format!(
        "  DICOM        {}  (AE LEADGLASS; try: echoscu -aec LEADGLASS {} {})",
        running.dimse,
        running.dimse.ip(),
        running.dimse.port()
    ));
    output::note(format!("  verify page  http://{}/verify", running.http));
    output::note(format!("  public log   http://{}/log/checkpoint", running.http));
    output::note(format!(
        "  DICOMweb     http://{}/dicom-web  (bearer token in {})",
        running.http,
        token.display()
    ));
    output::note(format!("  files to try {}", folder.join("copies").display()));
}

/// What the second half leaves, and where.
fn left_behind(scene: &Scene<'_>, report: &Path) -> Result<()> {
    output::note(format!("  report       {}", report.display()));
    let folder = scene.folder.join("recipients");
    output::note(format!("  recipients   {}", folder.display()));
    for vendor in scene.vendors() {
        let kept = vendor.keep(&folder)?;
        output::note(format!(
            "    {:<10} {kept} copies left; takes copies on {}, deletion requests under {}",
            vendor.name,
            vendor.dicom,
            vendor.desk.origin()
        ));
    }
    Ok(())
}
