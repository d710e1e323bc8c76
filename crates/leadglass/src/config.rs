//! The configuration file.

use anyhow::{Context as _, Result};
use dimse::Callers;
use model::AeTitle;
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

/// What `serve --config` reads. Every field has a default; what is unknown is an error.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// The address to listen on.
    pub(crate) listen: IpAddr,
    /// The DICOM network.
    pub(crate) dimse: Dimse,
    /// HTTP.
    pub(crate) http: Http,
    /// What arrives.
    pub(crate) intake: Intake,
    /// What goes out.
    pub(crate) release: Release,
    /// Audit messages to an audit repository.
    pub(crate) audit: Audit,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Dimse {
    pub(crate) port: u16,
    pub(crate) ae_title: String,
    /// Answer to any called AE title.
    pub(crate) any_called_ae: bool,
    /// Who may call from elsewhere than loopback.
    pub(crate) callers: Vec<Caller>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Caller {
    pub(crate) ae_title: String,
    pub(crate) address: IpAddr,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Http {
    pub(crate) port: u16,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Intake {
    /// Objects larger than this are refused, in bytes.
    pub(crate) max_object: u64,
    /// A study is closed when nothing was added for so long, in seconds.
    pub(crate) study_quiet_seconds: u32,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Release {
    /// A recipient must have answered a deletion request within so many seconds; after that it is overdue and suspended.
    pub(crate) answer_within_seconds: u32,
    /// The first wait after a failed delivery, in milliseconds; it doubles with each.
    pub(crate) first_retry_millis: u32,
    /// The longest wait after a failed delivery, in seconds.
    pub(crate) longest_retry_seconds: u32,
    /// Files with root certificates (PEM) that are believed beside the machine's own.
    pub(crate) root_certificates: Vec<std::path::PathBuf>,
    /// The proxy for deletion requests, such as `http://proxy.hospital.example:3128`.
    pub(crate) proxy: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Audit {
    /// The audit repository, `host:port`. Without it none is told anything.
    pub(crate) syslog: Option<String>,
    /// Files with root certificates (PEM) that the repository's must lead to. None: plain TCP, on this machine alone.
    pub(crate) root_certificates: Vec<std::path::PathBuf>,
    /// This gateway's own certificate (PEM), for a repository that asks.
    pub(crate) client_certificate: Option<std::path::PathBuf>,
    /// Its private key (PEM).
    pub(crate) client_key: Option<std::path::PathBuf>,
}

impl Default for Release {
    fn default() -> Self {
        Self {
            answer_within_seconds: 7 * 24 * 60 * 60,
            first_retry_millis: 2000,
            longest_retry_seconds: 15 * 60,
            root_certificates: Vec::new(),
            proxy: None,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            dimse: Dimse::default(),
            http: Http::default(),
            intake: Intake::default(),
            release: Release::default(),
            audit: Audit::default(),
        }
    }
}

impl Default for Dimse {
    fn default() -> Self {
        Self {
            port: 11112,
            ae_title: "LEADGLASS".into(),
            any_called_ae: false,
            callers: Vec::new(),
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self { port: 8080 }
    }
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            max_object: 16 << 30,
            study_quiet_seconds: 60,
        }
    }
}

impl Config {
    /// Reads a file, or gives the defaults where there is none.
    pub(crate) fn load(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is no valid configuration", path.display()))
    }

    /// The DICOM door's part.
    pub(crate) fn dimse(&self) -> Result<dimse::Config> {
        let title =
            |text: &str| AeTitle::new(text).with_context(|| format!("in the configuration: {text:?}"));
        let mut config = dimse::Config::new(title(&self.dimse.ae_title)?);
        config.any_called_ae = self.dimse.any_called_ae;
        let known = self
            .dimse
            .callers
            .iter()
            .map(|caller| Ok((title(&caller.ae_title)?, caller.address)));
        config.callers = Callers {
            known: known.collect::<Result<_>>()?,
        };
        Ok(config)
    }
}
