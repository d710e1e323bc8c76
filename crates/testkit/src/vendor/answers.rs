//! What each behaviour answers.

use super::server::State;
use super::{Behaviour, jose, key, lock, manifest};
use crate::Random;
use serde_json::{Value, json};

/// What goes back in the answer to a request, and what is posted later.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) now: Vec<String>,
    pub(super) later: Vec<String>,
}

impl State {
    /// Behaves.
    pub(super) fn answer(&self, request: &Value) -> Answer {
        let now = |receipts: Vec<String>| Answer {
            now: receipts,
            later: Vec::new(),
        };
        let instances = request.get("instances").and_then(Value::as_u64).unwrap_or(0);
        match self.behaviour {
            Behaviour::Honest => {
                let (ack, erased) = (self.receipt(request, "ACK", 0), self.erase(request));
                if lock(&self.receipts_url).is_some() {
                    Answer {
                        now: vec![ack],
                        later: vec![erased],
                    }
                } else {
                    now(vec![ack, erased])
                }
            }
            Behaviour::Slow => {
                lock(&self.open).push(request.clone());
                now(vec![self.receipt(request, "ACK", 0)])
            }
            Behaviour::OnlyAcks | Behaviour::Hangs => now(vec![self.receipt(request, "ACK", 0)]),
            Behaviour::Silent | Behaviour::Garbage | Behaviour::Down => Answer::default(),
            Behaviour::Refuses => now(vec![self.receipt(request, "REFUSED", 0)]),
            Behaviour::Partial if instances < 2 => now(vec![self.receipt(request, "REFUSED", 0)]),
            Behaviour::Partial => now(vec![self.receipt(request, "PARTIAL", instances - 1)]),
            Behaviour::Forges => {
                let claims = self.claims(request, "ERASED", instances);
                let other = key(&mut Random::new(self.seed, &[self.behaviour as u64, 2]));
                now(vec![jose::sign(&claims, &other, &self.key)])
            }
            Behaviour::WrongManifest => {
                let mut claims = self.claims(request, "ERASED", instances);
                set(&mut claims, "manifest_root", json!(manifest::root(&[])));
                now(vec![self.sign(&claims)])
            }
            Behaviour::Replays => {
                let mut first = lock(&self.first);
                if let Some(first) = first.as_ref() {
                    return now(vec![first.clone()]);
                }
                let (ack, erased) = (self.receipt(request, "ACK", 0), self.erase(request));
                *first = Some(erased.clone());
                now(vec![ack, erased])
            }
            Behaviour::ClaimsAll => now(vec![self.receipt(request, "ERASED", instances.saturating_sub(1))]),
        }
    }

    /// Erases what was received of a copy, and says so; where other copies are there and this one is not, refuses.
    pub(super) fn erase(&self, request: &Value) -> String {
        let instances = request.get("instances").and_then(Value::as_u64).unwrap_or(0);
        let root = request
            .get("manifest_root")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let mut received = lock(&self.received);
        if received.is_empty() || manifest::take_out(&mut received, root, instances as usize) {
            return self.receipt(request, "ERASED", instances);
        }
        let mut claims = self.claims(request, "REFUSED", 0);
        set(
            &mut claims,
            "note",
            json!("no copy with this manifest was received here"),
        );
        self.sign(&claims)
    }

    /// The requests for which a slow vendor has not erased yet.
    pub(super) fn take_open(&self) -> Vec<Value> {
        std::mem::take(&mut lock(&self.open))
    }

    fn receipt(&self, request: &Value, kind: &str, erased: u64) -> String {
        self.sign(&self.claims(request, kind, erased))
    }

    fn sign(&self, claims: &Value) -> String {
        jose::sign(claims, &self.key, &self.key)
    }

    fn claims(&self, request: &Value, kind: &str, erased: u64) -> Value {
        let of = |name: &str| request.get(name).cloned().unwrap_or_default();
        let jti = {
            let mut names = lock(&self.names);
            format!("{:016x}{:016x}", names.next_u64(), names.next_u64())
        };
        // A second after the request: the vendor's clock goes with the gateway's, whatever that is.
        let iat = request.get("iat").and_then(Value::as_i64).unwrap_or(0) + 1;
        json!({
            "jti": jti, "ref": of("jti"), "iss": of("aud"), "iat": iat, "kind": kind,
            "manifest_root": of("manifest_root"), "copies_erased": erased,
        })
    }
}

fn set(claims: &mut Value, name: &str, value: Value) {
    if let Some(claims) = claims.as_object_mut() {
        claims.insert(name.into(), value);
    }
}
