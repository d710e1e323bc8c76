//! The URLs of what is here (PS3.18 10.1).

use crate::Config;
use crate::refusal::Refusal;
use axum::extract::OriginalUri;
use axum::http::header::HOST;
use axum::http::request::Parts;
use model::Uid;

/// The address of the service, below which all URLs of answers are.
#[derive(Clone)]
pub(crate) struct Base(String);

impl Base {
    /// As configured, else what the request was sent to.
    pub(crate) fn of(config: &Config, request: &Parts) -> Self {
        if let Some(base) = &config.base_url {
            return Self(base.trim_end_matches('/').to_owned());
        }
        let host = request.headers.get(HOST).and_then(|host| host.to_str().ok());
        let authority = host.or_else(|| request.uri.authority().map(axum::http::uri::Authority::as_str));
        // The requester's own words come back to it; they must still be a host and nothing else.
        let legal = |host: &&str| {
            host.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b".-_:[]".contains(&b))
        };
        let authority = authority.filter(legal).unwrap_or("localhost");
        // Below the path that the routes are mounted at.
        let original = request
            .extensions
            .get::<OriginalUri>()
            .map_or(request.uri.path(), |uri| uri.0.path());
        let mount = original.strip_suffix(request.uri.path()).unwrap_or_default();
        let port = config
            .port
            .filter(|_| matches!(authority, "localhost" | "127.0.0.1" | "[::1]"));
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Self(format!("http://{authority}{port}{mount}"))
    }

    pub(crate) fn study(&self, study: &Uid) -> String {
        format!("{}/studies/{study}", self.0)
    }

    pub(crate) fn series(&self, study: &Uid, series: &Uid) -> String {
        format!("{}/series/{series}", self.study(study))
    }

    pub(crate) fn instance(&self, study: &Uid, series: &Uid, instance: &Uid) -> String {
        format!("{}/instances/{instance}", self.series(study, series))
    }
}

/// A UID as it stands in a path.
pub(crate) fn uid(text: &str) -> Result<Uid, Refusal> {
    Uid::new(text)
        .ok()
        .filter(|uid| uid.as_str() == text)
        .ok_or_else(|| {
            Refusal::BadRequest("a UID in the path is no UID: 1 to 64 digits and dots are needed".to_owned())
        })
}
