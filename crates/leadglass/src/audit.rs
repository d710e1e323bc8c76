//! Audit messages to the site's audit repository.

use crate::config::Config;
use crate::gateway::Gateway;
use anyhow::{Context as _, Result, bail};
use disclosure::{Recorder, syslog::Origin};
use release::AuditFeed;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use syslog::{Identity, Options, SyslogTls};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often news are looked for.
const EVERY: Duration = Duration::from_secs(2);

/// Starts telling the audit repository, where one is configured.
pub(crate) fn start(
    gateway: &Gateway,
    config: &Config,
    stopped: watch::Receiver<bool>,
) -> Result<Option<JoinHandle<()>>> {
    let audit = &config.audit;
    let Some(address) = &audit.syslog else {
        return Ok(None);
    };
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let identity = match (&audit.client_certificate, &audit.client_key) {
        (Some(certificate), Some(key)) => Some(Identity {
            certificate: read(certificate)?,
            key: read(key)?,
        }),
        (None, None) => None,
        _ => bail!("in the configuration, [audit]: client_certificate and client_key go together"),
    };
    let roots = audit.root_certificates.iter().map(|path| read(path));
    let sink = SyslogTls::new(&Options {
        address: address.clone(),
        roots: roots.collect::<Result<_>>()?,
        identity,
        ..Options::default()
    })
    .context("in the configuration, [audit]")?;
    let host = host_name();
    let recorder = Recorder {
        device: "leadglass".into(),
        host: host.clone(),
        ae_title: config.dimse.ae_title.clone(),
        ..Recorder::default()
    };
    let origin = Origin {
        host,
        program: "leadglass".into(),
        process: std::process::id().to_string(),
    };
    let feed = AuditFeed::new(
        gateway.store.clone(),
        Arc::clone(&gateway.clock),
        recorder,
        origin,
    );
    Ok(Some(tokio::spawn(async move {
        feed.run(Box::new(sink), EVERY, stopped).await;
    })))
}

/// The machine's name, as the kernel knows it.
fn host_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    if name.is_empty() { "localhost" } else { name }.to_owned()
}
