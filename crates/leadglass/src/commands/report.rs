//! `leadglass report`: who got copies of a patient's scans, who read them, what was denied.

use super::office::patient;
use crate::cli::{Common, Format, Lang, Report, ViewName};
use crate::gateway::Gateway;
use crate::output;
use anyhow::{Context as _, Result, bail};
use disclosure::{Asked, Facility, Language, View};
use model::Redacted;
use release::{AccountOf, account_of};
use serde_json::json;
use std::io::IsTerminal as _;
use std::process::ExitCode;

pub(crate) async fn run(common: &Common, options: &Report) -> Result<ExitCode> {
    let format = options
        .format
        .unwrap_or(if common.json { Format::Json } else { Format::Html });
    if format == Format::Pdf && options.out.is_none() && std::io::stdout().is_terminal() {
        bail!("a PDF is not for a terminal: give a file with --out");
    }
    let gateway = Gateway::existing(&common.data).await?;
    let made = make(&gateway, options, format).await;
    gateway.close().await;
    let made = made?;
    let Some(file) = &options.out else {
        output::bytes(&made)?;
        return Ok(ExitCode::SUCCESS);
    };
    super::deid::write_private(file, &made).with_context(|| format!("cannot write {}", file.display()))?;
    if common.json {
        output::json(&json!({"file": file, "bytes": made.len()}))?;
    } else {
        output::line(format!("written to {}", file.display()));
    }
    Ok(ExitCode::SUCCESS)
}

async fn make(gateway: &Gateway, options: &Report, format: Format) -> Result<Vec<u8>> {
    let store = &gateway.store;
    let patient = patient::known(store, &options.patient, options.issuer.as_deref()).await?;
    let reader = retrieve::Reader {
        who: "operator".into(),
        via: "report",
        purpose: "report of disclosures".into(),
    };
    gateway.retrieve.account_search(&reader, &patient.rows).await?;
    let language = match options.lang {
        Lang::En => Language::English,
        Lang::Es => Language::Spanish,
    };
    let asked = AccountOf {
        patients: &patient.rows,
        facility: Facility {
            name: store.facility().await?.name,
            ..Facility::default()
        },
        from: options.from.map(crate::cli::Moment::first),
        to: options.to.map(crate::cli::Moment::over),
        officer: options.officer,
        language,
        now: gateway.clock.now(),
    };
    let mut account = account_of(store, &asked).await?;
    // Of an erased patient it is all that is left.
    if account.patient.id.reveal().is_empty() {
        account.patient.id = Redacted::new(options.patient.trim().to_owned());
    }
    let asked = Asked {
        view: match options.view {
            ViewName::Everything => View::Everything,
            ViewName::Legal => View::Legal,
        },
        reader: if options.officer {
            disclosure::Reader::Officer
        } else {
            disclosure::Reader::Patient
        },
        language,
    };
    Ok(match format {
        Format::Html => disclosure::html(&account, asked)?.into_bytes(),
        Format::Pdf => disclosure::pdf(&account, asked)?,
        Format::Csv => disclosure::csv(&account, asked).into_bytes(),
        Format::Json => format!("{}\n", disclosure::json(&account, asked)).into_bytes(),
    })
}
