//! `leadglass admin`: what the privacy officer sets up, records and reviews. A file a noun.

mod audit;
mod break_glass;
mod copies;
mod directive;
mod facility;
mod flag;
mod notices;
pub(super) mod patient;
mod person;
mod recipient;
mod releases;
mod route;
mod staff;
mod suspension;

use crate::cli::{Common, Office};
use crate::gateway::Gateway;
use crate::output;
use anyhow::{Context as _, Result};
use model::{Timestamp, Uid};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::path::Path;

/// An officer at work on an archive.
pub(super) struct Desk<'a> {
    pub(super) common: &'a Common,
    pub(super) gateway: &'a Gateway,
}

impl Desk<'_> {
    fn now(&self) -> Timestamp {
        self.gateway.clock.now()
    }

    /// Prints the answer.
    fn answer(&self, document: &Value) -> Result<()> {
        super::admin::print(self.common, document)
    }

    /// Prints one item of a list: a line of JSON, or these words.
    fn item(&self, document: &Value, words: impl AsRef<str>) -> Result<()> {
        if self.common.json {
            output::json(document)
        } else {
            output::line(words);
            Ok(())
        }
    }
}

pub(super) async fn run(common: &Common, gateway: &Gateway, command: Office) -> Result<()> {
    let desk = Desk { common, gateway };
    match command {
        Office::Recipient { command } => recipient::run(&desk, command).await,
        Office::Route { command } => route::run(&desk, command).await,
        Office::Directive { command } => directive::run(&desk, command).await,
        Office::Person { command } => person::run(&desk, command).await,
        Office::Staff { command } => staff::run(&desk, command).await,
        Office::Facility { command } => facility::run(&desk, command).await,
        Office::Flag { study, reason, by } => flag::set(&desk, &study, reason, by).await,
        Office::Unflag { study, by } => flag::clear(&desk, &study, by).await,
        Office::BreakGlass { command } => break_glass::run(&desk, command).await,
        Office::Notices { audience, all, told } => notices::run(&desk, audience, all, told).await,
        Office::Copies {
            patient,
            issuer,
            recipient,
        } => copies::run(&desk, patient, issuer, recipient).await,
        Office::Releases { state, limit } => releases::list(&desk, state, limit).await,
        Office::Release { command } => releases::run(&desk, command).await,
        Office::SuspendAccounting {
            whose,
            recipient,
            agency,
            until,
            written,
        } => suspension::run(&desk, &whose, &recipient, agency, until, written).await,
        Office::Audit {
            whose,
            format,
            namespace,
        } => audit::run(&desk, &whose, format, namespace).await,
    }
}

/// What an officer wrote.
fn read<T: DeserializeOwned>(file: &Path) -> Result<T> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    toml::from_str(&text).with_context(|| file.display().to_string())
}

fn uid(text: &str) -> Result<Uid> {
    Uid::new(text).with_context(|| format!("{text} is no UID"))
}

/// The names and values that serde gives, such as `opt-out`.
fn name(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(name)) => name,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}
