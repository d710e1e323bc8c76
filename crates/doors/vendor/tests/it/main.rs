//! Deletion requests and receipts over real sockets, with vendors that behave well and badly.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod behaviours;
mod endpoints;
mod gateway;
mod receipts;
mod tls;
mod twenty;

use consent::Recipient;
use gateway::Gateway;
use model::RecipientId;
use release::Courier;
use std::time::Duration;
use testkit::vendor::Vendor;
use vendor::{Options, VendorClient};

/// A recipient's record, as an officer wrote it.
fn record(name: &str, origin: &str, receipt_key: &str) -> Recipient {
    Recipient {
        id: RecipientId::new(name).unwrap(),
        name: name.into(),
        address: None,
        contact: None,
        inside: false,
        destination: None,
        deletion: Some(origin.into()),
        receipt_key: Some(receipt_key.into()),
        agreement: None,
    }
}

fn record_of(vendor: &Vendor) -> Recipient {
    let name = format!("{}-ai", vendor.behaviour().name());
    record(&name, vendor.origin(), &vendor.receipt_key())
}

fn client() -> VendorClient {
    VendorClient::new(&Options::default()).unwrap()
}

/// A client that gives up soon, for those who hang.
fn impatient() -> VendorClient {
    let options = Options {
        total: Duration::from_secs(5),
        ..Options::default()
    };
    VendorClient::new(&options).unwrap()
}

/// Serves a router on the loopback, and gives its origin.
async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

/// Carries one request of a new gateway.
async fn carry(client: &impl Courier, to: &Recipient) -> Result<Vec<String>, release::CourierError> {
    let gateway = Gateway::default();
    client.carry(to, &gateway.request(to, 5)).await
}
