//! Audit messages for other systems.

use super::{Desk, patient};
use crate::cli::{AuditFormat, Whose};
use crate::output;
use anyhow::Result;
use disclosure::{Facility, Language, Recorder};
use release::{AccountOf, account_of, audit_messages};
use retrieve::Reader;
use serde_json::json;

pub(super) async fn run(
    desk: &Desk<'_>,
    whose: &Whose,
    format: AuditFormat,
    namespace: String,
) -> Result<()> {
    let store = &desk.gateway.store;
    let patient = patient::known(store, &whose.id, whose.issuer.as_deref()).await?;
    let reader = Reader {
        who: "operator".into(),
        via: "audit",
        purpose: "audit messages".into(),
    };
    desk.gateway
        .retrieve
        .account_search(&reader, &patient.rows)
        .await?;
    let name = store.facility().await?.name;
    let asked = AccountOf {
        patients: &patient.rows,
        facility: Facility {
            name: name.clone(),
            ..Facility::default()
        },
        from: None,
        to: None,
        officer: true,
        language: Language::English,
        now: desk.now(),
    };
    let mut account = account_of(store, &asked).await?;
    account.events.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let recorder = Recorder {
        device: "leadglass".to_owned(),
        host: host(),
        ae_title: "LEADGLASS".to_owned(),
        site: name.clone(),
        organization: ("facility".to_owned(), name),
        namespace: namespace.trim_end_matches('/').to_owned(),
        patient_system: None,
    };
    for event in &account.events {
        let messages = audit_messages(event, &account.patient, &recorder);
        match format {
            AuditFormat::Balp => messages.balp.iter().try_for_each(output::json)?,
            AuditFormat::Dicom => {
                for message in &messages.dicom {
                    desk.item(
                        &json!({"event": event.id, "alarming": message.alarming, "xml": message.xml}),
                        &message.xml,
                    )?;
                }
            }
        }
    }
    Ok(())
}

/// What this machine is called.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    match name.trim() {
        "" => "localhost".to_owned(),
        name => name.to_owned(),
    }
}
