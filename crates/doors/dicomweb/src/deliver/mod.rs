//! Copies leave by STOW-RS (PS3.18 section 10.5): [`StowClient`] reaches a destination, [`Posting`] is a delivery to it.

mod answer;
mod body;
mod posting;

pub use posting::{Copy, Posting};

use async_trait::async_trait;
use axum::http::HeaderValue;
use consent::Destination;
use release::{Consignment, Deliver, Delivery, Failure};
use reqwest::{Certificate, Client, Url, redirect};
use std::path::Path;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;

/// Tokens longer than this are none, in bytes.
const LONGEST_TOKEN: u64 = 16 << 10;

/// How long to wait for recipients.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For the connection, TLS with it.
    pub connect: Duration,
    /// Without a byte taken by the recipient, and from the last byte to its answer.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_mins(1),
        }
    }
}

/// Delivers to [`Destination::Stow`]: a request for each copy, so that each has an answer of its own.
///
/// No redirection is followed and no proxy of the environment is used: a copy goes where the recipient's record says.
#[derive(Clone, Debug)]
pub struct StowClient {
    client: Client,
    timeouts: Timeouts,
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// A root certificate cannot be read.
    #[error("a root certificate for recipients cannot be read: give it as PEM ({0})")]
    Certificate(#[source] reqwest::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[source] reqwest::Error),
}

impl StowClient {
    /// A client that believes the system's root certificates, and these (PEM).
    ///
    /// # Errors
    /// When a certificate cannot be read.
    pub fn new(roots: &[&[u8]], timeouts: Timeouts) -> Result<Self, ClientError> {
        let roots: Vec<Certificate> = roots
            .iter()
            .map(|pem| Certificate::from_pem(pem).map_err(ClientError::Certificate))
            .collect::<Result<_, _>>()?;
        let mut client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .tcp_nodelay(true)
            .connect_timeout(timeouts.connect)
            // A connection that has rested may be closed over there: its next request would end in doubt.
            .pool_idle_timeout(Duration::from_secs(4));
        if !roots.is_empty() {
            client = client.tls_certs_merge(roots);
        }
        Ok(Self {
            client: client.build().map_err(ClientError::Tls)?,
            timeouts,
        })
    }

    /// Makes ready to deliver. Nothing is asked of the recipient yet: DICOMweb negotiates nothing.
    ///
    /// # Errors
    /// When the URL or the token cannot be used.
    pub async fn reach(
        &self,
        destination: &Destination,
        consignment: &Consignment,
    ) -> Result<Posting, Failure> {
        let Destination::Stow { url, token_file } = destination else {
            return Err(Failure::NoDoor);
        };
        let misconfigured = |why: &str| Failure::Misconfigured(why.to_owned());
        let url = Url::parse(url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| misconfigured("its url is none: https://host/dicom-web/studies is needed"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(misconfigured("its url holds a password: use token_file"));
        }
        let token = match token_file {
            Some(_) if url.scheme() == "http" && !is_loopback(&url) => {
                return Err(misconfigured(
                    "a token would go over http readable by all: use https",
                ));
            }
            Some(file) => Some(bearer(file).await?),
            None => None,
        };
        Ok(Posting::new(
            self.client.clone(),
            url,
            token,
            self.timeouts.idle,
            consignment.classes.clone(),
        ))
    }
}

#[async_trait]
impl Deliver for StowClient {
    async fn begin(
        &self,
        destination: &Destination,
        consignment: &Consignment,
    ) -> Result<Box<dyn Delivery>, Failure> {
        Ok(Box::new(self.reach(destination, consignment).await?))
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// Reads a token file at each delivery, since tokens change.
async fn bearer(file: &Path) -> Result<HeaderValue, Failure> {
    let read = async {
        let mut text = String::new();
        let file = tokio::fs::File::open(file).await?;
        file.take(LONGEST_TOKEN).read_to_string(&mut text).await?;
        Ok::<String, std::io::Error>(text)
    };
    let text = read
        .await
        .map_err(|error| Failure::Misconfigured(format!("its token_file cannot be read: {error}")))?;
    let unusable = || Failure::Misconfigured("its token_file holds no token".to_owned());
    let token = text.trim();
    if token.is_empty() {
        return Err(unusable());
    }
    let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| unusable())?;
    value.set_sensitive(true);
    Ok(value)
}
