//! How recipients are reached over HTTPS: deletion requests go out, receipts come in (docs/deletion-protocol.md).
//!
//! [`VendorClient`] carries requests; [`router`] hears receipts. Neither judges: what came is handed on as it is.

mod answer;
mod client;
mod discovered;
mod options;
mod route;

pub use client::VendorClient;
pub use options::{InvalidOptions, Options};
pub use route::{RECEIPTS_PATH, router};
