//! What stands in for the path: keeps requests, judges receipts.

use async_trait::async_trait;
use consent::Recipient;
use deletion::{Expected, Kind, PublicKey, Reason, Refused, Request, judge, reference_of, sign};
use model::{Digest, RecipientId, Timestamp};
use release::{Courier, CourierError, Receipts, Refusal, Taken};
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use tokio::sync::watch;

const SEED: [u8; 32] = [1; 32];

/// Requests by `jti`, and what came for them.
#[derive(Default)]
pub(crate) struct Gateway {
    cases: Mutex<HashMap<String, Case>>,
    seen: Mutex<HashMap<RecipientId, HashSet<String>>>,
    /// Receipts that were taken.
    pub(crate) taken: watch::Sender<usize>,
}

struct Case {
    request: Request,
    key: PublicKey,
    standing: Option<Kind>,
}

/// What one request brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Outcome {
    pub(crate) jti: String,
    pub(crate) carried: Result<usize, CourierError>,
    pub(crate) refused: Vec<Refused>,
}

fn issued() -> Timestamp {
    Timestamp::from_millis(1_795_348_800_000)
}

impl Gateway {
    pub(crate) fn public_key() -> PublicKey {
        PublicKey::of_seed(&SEED)
    }

    /// A signed request, kept.
    pub(crate) fn request(&self, to: &Recipient, instances: u64) -> String {
        self.request_for(to, instances, Digest([7; 32]))
    }

    pub(crate) fn request_for(&self, to: &Recipient, instances: u64, manifest_root: Digest) -> String {
        let mut cases = self.cases.lock().unwrap();
        let request = Request {
            jti: format!("q-{}", cases.len()),
            iss: "https://gateway.hospital.example".into(),
            aud: to.id.clone(),
            iat: issued(),
            copy: "copy-1".into(),
            manifest_root,
            instances,
            reason: Reason::Revoked,
            due: issued().plus_millis(86_400_000),
        };
        let jws = sign(&request, &SEED);
        let key = to.receipt_key.as_deref().unwrap().parse().unwrap();
        let case = Case {
            key,
            standing: None,
            request: request.clone(),
        };
        cases.insert(request.jti, case);
        jws
    }

    /// Sends a request and takes what comes back at once.
    pub(crate) async fn ask(&self, client: &impl Courier, to: &Recipient) -> Outcome {
        let jws = self.request(to, 5);
        let jti = deletion::verify_request(&jws, &Self::public_key()).unwrap().jti;
        let mut refused = Vec::new();
        let carried = client.carry(to, &jws).await.map(|receipts| {
            // Answers to this request, whatever a receipt itself says that it answers.
            refused.extend(
                receipts
                    .iter()
                    .filter_map(|receipt| self.judge(&jti, receipt).err()),
            );
            receipts.len()
        });
        Outcome {
            jti,
            carried,
            refused,
        }
    }

    pub(crate) fn standing(&self, jti: &str) -> Option<Kind> {
        self.cases.lock().unwrap()[jti].standing
    }

    fn judge(&self, jti: &str, jws: &str) -> Result<Taken, Refused> {
        let (mut cases, mut seen) = (self.cases.lock().unwrap(), self.seen.lock().unwrap());
        let case = cases.get_mut(jti).unwrap();
        let seen = seen.entry(case.request.aud.clone()).or_default();
        let expected = Expected {
            request: &case.request,
            recipient_key: &case.key,
            now: issued().plus_millis(60_000),
            seen,
            previous: case.standing,
        };
        let accepted = judge(jws, &expected)?;
        case.standing = Some(accepted.standing);
        seen.insert(accepted.receipt.jti.clone());
        self.taken.send_modify(|count| *count += 1);
        Ok((&accepted).into())
    }
}

#[async_trait]
impl Receipts for Gateway {
    async fn take(&self, jws: &str) -> Result<Taken, Refusal> {
        let jti = reference_of(jws)?;
        if !self.cases.lock().unwrap().contains_key(&jti) {
            return Err(Refusal::UnknownRequest);
        }
        Ok(self.judge(&jti, jws)?)
    }
}
