//! A fake AI vendor on the loopback: a real HTTP server that answers deletion requests well or badly.
//!
//! It follows docs/deletion-protocol.md with code of its own, not with the crate `deletion` that it tests. It knows no time:
//! its receipts are dated by the request.

mod answers;
mod behaviour;
mod jose;
mod manifest;
mod server;

pub use behaviour::Behaviour;

use crate::Random;
use ed25519_dalek::{SigningKey, VerifyingKey};
use model::{Digest, Uid};
use serde_json::Value;
use server::State;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpSocket;
use tokio::task::JoinHandle;

/// A vendor, until it is dropped.
pub struct Vendor {
    state: Arc<State>,
    address: String,
    server: Option<JoinHandle<()>>,
    /// The port of a vendor that is down: kept, so that nobody else listens there.
    _silent: Option<TcpSocket>,
}

/// A request that a vendor got.
#[derive(Clone, PartialEq, Debug)]
pub struct Heard {
    /// The compact JWS.
    pub jws: String,
    /// Its claims.
    pub claims: Value,
}

/// A receipt that a vendor posted to the gateway.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posted {
    /// The compact JWS.
    pub jws: String,
    /// The gateway's status. None when it could not be reached, or no gateway is set.
    pub status: Option<u16>,
    /// The gateway's answer.
    pub answer: String,
}

impl Vendor {
    /// Starts a vendor on a free port of the loopback. Its key and the names of its receipts follow from behaviour and seed: vendors
    /// of one behaviour need seeds of their own.
    ///
    /// Called within a tokio runtime, which runs the server.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn start(behaviour: Behaviour, seed: u64) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, 1], 0).into())?;
        let address = format!("http://{}", socket.local_addr()?);
        let state = Arc::new(State::new(behaviour, seed, &address)?);
        let (server, silent) = if behaviour == Behaviour::Down {
            (None, Some(socket))
        } else {
            let (listener, router) = (socket.listen(128)?, server::router(&state));
            let serve = async move { axum::serve(listener, router).await.unwrap_or_default() };
            (Some(tokio::spawn(serve)), None)
        };
        Ok(Self {
            state,
            address,
            server,
            _silent: silent,
        })
    }

    /// How it behaves.
    pub fn behaviour(&self) -> Behaviour {
        self.state.behaviour
    }

    /// Where its server listens, such as `http://127.0.0.1:40123`: the `deletion` of a recipient's record.
    pub fn origin(&self) -> &str {
        &self.address
    }

    /// Its public key as 64 hex digits: the `receipt_key` of a recipient's record.
    pub fn receipt_key(&self) -> String {
        let key = self.state.key.verifying_key().to_bytes();
        Digest(key).to_string()
    }

    /// From now on, requests that this gateway's key did not sign are answered with 400.
    ///
    /// # Errors
    /// When the bytes are no key.
    pub fn trust(&self, gateway: &[u8; 32]) -> io::Result<()> {
        let key = VerifyingKey::from_bytes(gateway).map_err(|_| io::ErrorKind::InvalidInput)?;
        *lock(&self.state.gateway_key) = Some(key);
        Ok(())
    }

    /// From now on, late receipts are posted to this address, such as `http://127.0.0.1:8080/deletion/receipts`.
    pub fn post_receipts_to(&self, url: &str) {
        *lock(&self.state.receipts_url) = Some(url.to_owned());
    }

    /// From now on, its discovery document names its endpoint under this origin: a proxy stands before it.
    pub fn stand_behind(&self, origin: &str) {
        origin.clone_into(&mut lock(&self.state.origin));
    }

    /// From now on, its endpoint lies at another path, and the old one is gone.
    pub fn move_endpoint(&self, path: &str) {
        path.clone_into(&mut lock(&self.state.path));
    }

    /// The requests that it got, in their order; those of the same `jti` too.
    pub fn requests(&self) -> Vec<Heard> {
        lock(&self.state.requests).clone()
    }

    /// What it posted, in its order.
    pub fn posted(&self) -> Vec<Posted> {
        lock(&self.state.posted).clone()
    }

    /// The copies that it has: SOP Instance UID and SHA-256 of the data set, in the order of arrival. Whoever receives for the vendor
    /// fills it. An honest vendor looks here for the copy with the manifest of a request, among neighbours in the order of arrival,
    /// and takes it out; when there are copies and none fits, it answers REFUSED. While the list is empty, it erases what it does not have.
    pub fn received(&self) -> &Mutex<Vec<(Uid, Digest)>> {
        &self.state.received
    }

    /// A slow vendor erases: makes ERASED for each request that has none yet, and posts it where a gateway is set.
    pub async fn erase_now(&self) -> Vec<Posted> {
        let mut done = Vec::new();
        for claims in self.state.take_open() {
            let receipt = self.state.erase(&claims);
            done.push(self.state.post(receipt).await);
        }
        done
    }

    /// Signs any claims with the vendor's key, as a receipt.
    pub fn sign(&self, claims: &Value) -> String {
        jose::sign(claims, &self.state.key, &self.state.key)
    }

    /// Posts a receipt to the gateway that was set.
    pub async fn post(&self, jws: &str) -> Posted {
        self.state.post(jws.to_owned()).await
    }

    /// Stops listening; a gateway finds nobody.
    pub async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.abort();
            let _ended = server.await;
        }
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

/// A key that follows from a seed.
fn key(random: &mut Random) -> SigningKey {
    let mut seed = [0; 32];
    for part in seed.chunks_mut(8) {
        part.copy_from_slice(&random.next_u64().to_le_bytes());
    }
    SigningKey::from_bytes(&seed)
}

/// What a test's panic left behind is good enough.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
