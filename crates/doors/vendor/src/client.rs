//! Carries deletion requests to recipients.

use crate::answer::{body, receipts, why};
use crate::discovered::Discovered;
use crate::{InvalidOptions, Options};
use async_trait::async_trait;
use consent::Recipient;
use deletion::{Discovery, MEDIA_TYPE, Origin, PublicKey};
use release::{Courier, CourierError};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, NoProxy, Proxy, StatusCode};
use std::time::Duration;

/// Reaches recipients over HTTPS, under the origin of their record and nowhere else: redirects are not followed.
pub struct VendorClient {
    http: Client,
    total: Duration,
    discovered: Discovered,
}

/// An exchange failed.
struct Failure {
    error: CourierError,
    /// True when the endpoint may have moved since it was discovered, and nothing was done there.
    moved: bool,
}

impl VendorClient {
    /// A client with these options.
    ///
    /// # Errors
    /// [`InvalidOptions`].
    pub fn new(options: &Options) -> Result<Self, InvalidOptions> {
        let mut roots = Vec::new();
        for pem in &options.extra_roots {
            let some = Certificate::from_pem_bundle(pem).map_err(|_| InvalidOptions::Root)?;
            if some.is_empty() {
                return Err(InvalidOptions::Root);
            }
            roots.extend(some);
        }
        let mut http = Client::builder()
            .user_agent("leadglass")
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(options.connect)
            .timeout(options.total)
            .tls_certs_merge(roots)
            .no_proxy();
        if let Some(address) = &options.proxy {
            let proxy = Proxy::all(address).map_err(|_| InvalidOptions::Proxy)?;
            http = http.proxy(proxy.no_proxy(NoProxy::from_string("localhost,127.0.0.0/8,::1")));
        }
        Ok(Self {
            http: http.build().map_err(|_| InvalidOptions::Tls)?,
            total: options.total,
            discovered: Discovered::new(options.keep_discovery),
        })
    }

    async fn exchange(
        &self,
        origin: &Origin,
        key: &PublicKey,
        request: &str,
    ) -> Result<Vec<String>, CourierError> {
        if let Some(endpoint) = self.discovered.find(origin, key) {
            match self.post(&endpoint, request).await {
                Ok(receipts) => return Ok(receipts),
                Err(failure) => {
                    self.discovered.forget(origin, key);
                    if !failure.moved {
                        return Err(failure.error);
                    }
                }
            }
        }
        let endpoint = self.discover(origin, key).await?;
        let receipts = self
            .post(&endpoint, request)
            .await
            .map_err(|failure| failure.error)?;
        self.discovered.keep(origin, key, &endpoint);
        Ok(receipts)
    }

    async fn discover(&self, origin: &Origin, key: &PublicKey) -> Result<String, CourierError> {
        let asked = self
            .http
            .get(origin.well_known())
            .header(ACCEPT, "application/json");
        let response = asked
            .send()
            .await
            .map_err(|error| CourierError::Unreachable(why(&error)))?;
        if response.status() != StatusCode::OK {
            let status = response.status().as_u16();
            return Err(CourierError::Protocol(format!(
                "status {status} for the discovery document"
            )));
        }
        let checked = |document: Discovery| document.endpoint_for(origin, key).map(str::to_owned);
        Discovery::parse(&body(response).await?)
            .and_then(checked)
            .map_err(|error| CourierError::Protocol(error.to_string()))
    }

    async fn post(&self, endpoint: &str, request: &str) -> Result<Vec<String>, Failure> {
        let asked = self
            .http
            .post(endpoint)
            .header(CONTENT_TYPE, MEDIA_TYPE)
            .header(ACCEPT, "application/jose, application/json")
            .body(request.to_owned());
        let response = asked.send().await.map_err(|error| Failure {
            moved: error.is_connect(),
            error: CourierError::Unreachable(why(&error)),
        })?;
        let status = response.status();
        if !matches!(status.as_u16(), 200 | 201 | 202 | 204) {
            return Err(Failure {
                moved: status.is_redirection() || matches!(status.as_u16(), 404 | 405 | 410 | 421),
                error: CourierError::Protocol(format!("status {}", status.as_u16())),
            });
        }
        let read = async { receipts(&body(response).await?) };
        read.await.map_err(|error| Failure { error, moved: false })
    }
}

#[async_trait]
impl Courier for VendorClient {
    async fn carry(&self, recipient: &Recipient, request: &str) -> Result<Vec<String>, CourierError> {
        let unusable = |what: String| CourierError::Unreachable(format!("its record cannot be used: {what}"));
        let origin = recipient.deletion.as_deref().ok_or(CourierError::NoEndpoint)?;
        let origin = Origin::parse(origin).map_err(|error| unusable(format!("deletion is {error}")))?;
        let key = recipient.receipt_key.as_deref();
        let key =
            key.ok_or_else(|| unusable("receipt_key is missing, and no receipt could be checked".into()))?;
        let key: PublicKey = key
            .parse()
            .map_err(|error| unusable(format!("receipt_key is {error}")))?;
        match tokio::time::timeout(self.total, self.exchange(&origin, &key, request)).await {
            Ok(done) => done,
            Err(_) => Err(CourierError::Unreachable("it does not answer in time".into())),
        }
    }
}
