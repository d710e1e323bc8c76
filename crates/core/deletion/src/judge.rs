//! Does a receipt count?

use crate::{
    CLOCK_SKEW_MILLIS, Kind, PublicKey, RECEIPT_TYPE, Receipt, Refused, Request, jws, numeric_date, receipt,
};
use model::{RecipientId, Timestamp};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// What a receipt is held against; all of it the gateway's own.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The request, as it was sent.
    pub request: &'a Request,
    /// The key of the recipient's record.
    pub recipient_key: &'a PublicKey,
    /// The present moment.
    pub now: Timestamp,
    /// The `jti` of every receipt that this recipient sent before.
    pub seen: &'a HashSet<String>,
    /// What the receipts so far say; None when there is none.
    pub previous: Option<Kind>,
}

/// A receipt that counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Accepted {
    /// What it says.
    pub kind: Kind,
    /// What stands now for the request: its kind, or the earlier one where this is a step backwards.
    pub standing: Kind,
    /// False for a step backwards or a word said before: it is noted, and changes nothing.
    pub changes: bool,
    /// All of it.
    pub receipt: Receipt,
    /// What it tells of subprocessors.
    pub subprocessors: Vec<Subprocessor>,
}

/// What a recipient hands on of a subprocessor. No key of a subprocessor is known here: the recipient vouches for it, nobody else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subprocessor {
    /// Its name with the recipient.
    pub name: RecipientId,
    /// What it says.
    pub kind: Kind,
    /// Instances that it says it erased.
    pub copies_erased: u64,
}

/// Decides whether a receipt counts.
///
/// # Errors
/// [`Refused`], with the first reason found: size, form, header and signature, then the receipt's own claims.
pub fn judge(receipt_jws: &str, expected: &Expected<'_>) -> Result<Accepted, Refused> {
    let claims = jws::claims(receipt_jws, expected.recipient_key, RECEIPT_TYPE)?;
    let (expiry, audience) = (expiry(&claims)?, claims.get("aud").cloned());
    let receipt = receipt::read(claims)?;
    let request = expected.request;

    if expected.seen.contains(&receipt.jti) {
        return Err(Refused::Replayed);
    }
    if receipt.iss != request.aud {
        return Err(Refused::Recipient);
    }
    if !audience.is_none_or(|audience| names(&audience, &request.iss)) {
        return Err(Refused::Audience);
    }
    if receipt.reference != request.jti {
        return Err(Refused::Reference);
    }
    if receipt.manifest_root != request.manifest_root {
        return Err(Refused::Manifest);
    }
    if receipt.iat > expected.now.plus_millis(CLOCK_SKEW_MILLIS) {
        return Err(Refused::Future);
    }
    if receipt.iat.plus_millis(CLOCK_SKEW_MILLIS).seconds() < request.iat.seconds() {
        return Err(Refused::BeforeRequest);
    }
    if expiry.is_some_and(|end| end.plus_millis(CLOCK_SKEW_MILLIS) <= expected.now) {
        return Err(Refused::Expired);
    }
    if !fits(receipt.kind, receipt.copies_erased, request.instances) {
        return Err(Refused::Count {
            kind: receipt.kind,
            instances: request.instances,
        });
    }
    let subprocessors = subprocessors(&receipt)?;

    let standing = receipt.kind.after(expected.previous);
    // A second PARTIAL tells a new count.
    let tells = standing == receipt.kind && matches!(standing, Kind::Partial | Kind::Refused);
    Ok(Accepted {
        kind: receipt.kind,
        standing,
        changes: tells || Some(standing) != expected.previous,
        receipt,
        subprocessors,
    })
}

fn expiry(claims: &Map<String, Value>) -> Result<Option<Timestamp>, Refused> {
    let Some(value) = claims.get("exp") else {
        return Ok(None);
    };
    let end = numeric_date::moment(value).ok_or(Refused::Unreadable("exp must be seconds since 1970"))?;
    Ok(Some(end))
}

/// RFC 7519 section 4.1.3: one name, or an array of names.
fn names(audience: &Value, name: &str) -> bool {
    match audience {
        Value::String(one) => one == name,
        Value::Array(several) => several.iter().any(|one| one == name),
        _ => false,
    }
}

fn fits(kind: Kind, erased: u64, instances: u64) -> bool {
    match kind {
        Kind::Ack | Kind::Refused => erased == 0,
        Kind::Partial => (1..instances).contains(&erased),
        Kind::Erased => erased == instances,
    }
}

fn subprocessors(receipt: &Receipt) -> Result<Vec<Subprocessor>, Refused> {
    let read = |jws: &String| {
        let theirs = jws::claims_unverified(jws, RECEIPT_TYPE)
            .and_then(receipt::read)
            .map_err(|_| Refused::Subprocessor("it cannot be read"))?;
        if theirs.manifest_root != receipt.manifest_root {
            return Err(Refused::Subprocessor("its manifest_root is another"));
        }
        if receipt.kind == Kind::Erased && theirs.kind != Kind::Erased {
            return Err(Refused::Subprocessor(
                "it is not ERASED, so the whole is PARTIAL at most",
            ));
        }
        Ok(Subprocessor {
            name: theirs.iss,
            kind: theirs.kind,
            copies_erased: theirs.copies_erased,
        })
    };
    receipt.subprocessors.iter().map(read).collect()
}
