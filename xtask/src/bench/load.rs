//! The load: several associations or connections at once, each with its share of the scans.

use super::http::Endpoint;
use super::scans::{self, Scan};
use super::server::Server;
use anyhow::{Context, Result, anyhow, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// By which door scans are sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Door {
    Dimse,
    Stow,
}

impl Door {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dimse => "C-STORE",
            Self::Stow => "STOW",
        }
    }
}

/// Sends all scans over `associations` at once; returns when the last one is acknowledged.
pub(crate) fn send(
    server: &Server,
    door: Door,
    scans: &[Scan],
    associations: usize,
    client: &Path,
) -> Result<()> {
    let shares = scans::deal(scans, associations);
    match door {
        Door::Dimse => c_store(server.dimse, &shares, client),
        Door::Stow => stow(
            server.web.as_ref().context("this server has no DICOMweb door")?,
            &shares,
        ),
    }
}

/// DCMTK's storescu for every server, a process an association; it stops with an error at the first refusal.
fn c_store(port: u16, shares: &[Vec<&Scan>], client: &Path) -> Result<()> {
    let mut clients = Vec::new();
    for share in shares.iter().filter(|share| !share.is_empty()) {
        let child = Command::new(client)
            .args([
                "--required",
                "--max-pdu",
                "131072",
                "-aec",
                "LEADGLASS",
                "127.0.0.1",
                &port.to_string(),
            ])
            .args(share.iter().map(|scan| &scan.file))
            .env("TCP_NODELAY", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("start storescu")?;
        clients.push(child);
    }
    let mut failed = 0;
    for mut client in clients {
        failed += u32::from(!client.wait().context("wait for storescu")?.success());
    }
    if failed > 0 {
        bail!("{failed} associations ended with a scan that was not accepted");
    }
    Ok(())
}

fn stow(endpoint: &Endpoint, shares: &[Vec<&Scan>]) -> Result<()> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = shares
            .iter()
            .map(|share| scope.spawn(|| endpoint.store(share)))
            .collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow!("a STOW client failed"))??;
        }
        Ok(())
    })
}
