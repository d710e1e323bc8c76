//! `leadglass log`: the transparency log.

use crate::cli::{Common, Log};
use crate::gateway::Gateway;
use crate::output;
use anyhow::{Context as _, Result};
use serde_json::json;
use std::process::ExitCode;
use tlog::Checkpoint;

pub(crate) async fn run(common: &Common, command: Log) -> Result<ExitCode> {
    let gateway = Gateway::existing(&common.data).await?;
    let log = gateway.store.log();
    let mut code = ExitCode::SUCCESS;
    match command {
        Log::Checkpoint => {
            let note = log.checkpoint().await?;
            let head = Checkpoint::open(&note, log.verifier(), log.origin())?;
            if common.json {
                let root = hex::encode(head.root);
                output::json(
                    &json!({"origin": head.origin, "size": head.size, "root": root, "checkpoint": note}),
                )?;
            } else {
                output::line(note.trim_end());
            }
        }
        Log::Prove { index, size: None } => {
            let proof = log.prove(index).await?;
            if common.json {
                let hashes: Vec<String> = proof.inclusion.iter().map(hex::encode).collect();
                output::json(&json!({"index": index, "inclusion": hashes, "proof": proof.encode()}))?;
            } else {
                output::line(proof.encode().trim_end());
            }
        }
        Log::Prove {
            index,
            size: Some(size),
        } => {
            let hashes: Vec<String> = log
                .inclusion(index, size)
                .await?
                .iter()
                .map(hex::encode)
                .collect();
            if common.json {
                output::json(&json!({"index": index, "size": size, "inclusion": hashes}))?;
            } else {
                hashes.iter().for_each(output::line);
            }
        }
        Log::Verify { from } => {
            let from = match from {
                Some(file) => {
                    let text = std::fs::read_to_string(&file);
                    Some(text.with_context(|| format!("cannot read {}", file.display()))?)
                }
                None => None,
            };
            let report = log.verify(from.as_deref()).await?;
            let sound = report.problems.is_empty();
            if common.json {
                output::json(&report)?;
            } else {
                output::line(format!(
                    "{} entries, {} files compared",
                    report.size, report.files
                ));
                for problem in &report.problems {
                    output::line(format!("problem: {problem}"));
                }
                output::line(if sound { "sound" } else { "not sound" });
            }
            if !sound {
                code = ExitCode::FAILURE;
            }
        }
    }
    gateway.close().await;
    Ok(code)
}
