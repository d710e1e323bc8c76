//! `leadglass demo`: the whole story with sample scans.

mod copies;
mod facts;
mod story;

use crate::cli::Common;
use crate::commands::serve;
use crate::config::Config;
use crate::output;
use anyhow::Result;
use facts::Facts;
use serde_json::json;
use std::process::ExitCode;

pub(crate) async fn run(common: &Common, check: bool) -> Result<ExitCode> {
    let folder = tempfile::Builder::new().prefix("leadglass-demo-").tempdir()?;
    let data = folder.path().join("archive");
    let mut config = Config::default();
    // The demo never gets in the way of a gateway that runs already.
    (config.dimse.port, config.http.port) = (0, 0);
    let running = serve::start(&data, &config).await?;
    let mut facts = Facts::new(!common.json);
    if !common.json {
        output::line(
            "A gateway is up on an empty archive. A scanner sends it a CT, an MR and a chest radiograph.",
        );
    }
    let told = story::tell(&running, folder.path(), &mut facts).await;
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
        let token = running.gateway.token_file();
        output::note(format!(
            "\nThe gateway stays up until Ctrl-C. Everything it holds is in {}",
            data.display()
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
        output::note(format!(
            "  files to try {}",
            folder.path().join("copies").display()
        ));
        serve::asked_to_end().await;
    }
    running.stop().await;
    Ok(if all_hold {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
