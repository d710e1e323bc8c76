//! `leadglass worker`: a node that only delivers.

use crate::cli::Common;
use crate::commands::serve::asked_to_end;
use crate::config::Config;
use crate::exit;
use crate::gateway::Gateway;
use crate::output;
use anyhow::Result;
use serde_json::json;
use std::path::Path;
use std::process::ExitCode;
use tokio::sync::watch;

pub(crate) async fn run(common: &Common, config: Option<&Path>) -> Result<ExitCode> {
    let config = Config::load(config)?;
    let gateway = Gateway::existing(&common.data).await?;
    let releaser = exit::open(&gateway, &config, exit::scu(&config)?)?;
    let (stop, stopped) = watch::channel(false);
    let works = {
        let (releaser, stopped) = (releaser.clone(), stopped.clone());
        tokio::spawn(async move { releaser.work(stopped).await })
    };
    let looks = tokio::spawn(async move { releaser.look_after_copies(stopped).await });
    if common.json {
        output::json(&json!({ "working": true }))?;
    } else {
        output::line("Delivering what waits. End with Ctrl-C.");
    }
    asked_to_end().await;
    let _ = stop.send(true);
    let _ = tokio::join!(works, looks);
    gateway.close().await;
    Ok(ExitCode::SUCCESS)
}
