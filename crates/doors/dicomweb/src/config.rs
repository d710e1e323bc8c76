//! What the service takes from outside.

use model::Redacted;
use retrieve::Reader;
use std::time::Duration;

/// Settings of the service.
#[derive(Clone, Debug)]
pub struct Config {
    /// The bearer token that every request must carry.
    pub token: Redacted<String>,
    /// Who the bearer of the token is, in the accounting.
    pub reader: Reader,
    /// The address of the service as others see it, such as `https://pacs.example.org/dicom-web`, for the URLs in
    /// answers. None: what the request was sent to.
    pub base_url: Option<String>,
    /// The port that the service listens on: for URLs to a requester on this machine who leaves it out of the Host header,
    /// as dicomweb-client does.
    pub port: Option<u16>,
    /// Limits.
    pub limits: Limits,
}

impl Config {
    /// The usual settings with this token.
    pub fn new(token: Redacted<String>) -> Self {
        let reader = Reader {
            who: "admin token".to_owned(),
            via: "dicomweb",
            purpose: "inside".to_owned(),
        };
        Self {
            token,
            reader,
            base_url: None,
            port: None,
            limits: Limits::default(),
        }
    }
}

/// What a request may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one object.
    pub object_bytes: u64,
    /// Bytes of one request.
    pub request_bytes: u64,
    /// Objects in one request.
    pub parts: usize,
    /// The longest wait for the next bytes of a request.
    pub idle: Duration,
    /// Bytes per second of waiting that a request must bring, once it has been waited for longer than `idle`.
    pub bytes_per_second: u64,
    /// Results of one query.
    pub results: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            object_bytes: 16 << 30,
            request_bytes: 256 << 30,
            parts: 100_000,
            idle: Duration::from_secs(30),
            bytes_per_second: 1 << 10,
            results: 5_000,
        }
    }
}
