//! What a recipient says about a request.

use crate::{RECEIPT_TYPE, Refused, jws, numeric_date, words};
use model::{Date, Digest, RecipientId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::fmt;

/// At most so many data sets, models and subprocessors in a receipt.
const MAX_LIST: usize = 256;

/// A recipient's signed answer to a request.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Receipt {
    /// The receipt's own name, never used twice.
    pub jti: String,
    /// The `jti` of the request.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Who answers: the `aud` of the request.
    pub iss: RecipientId,
    /// When it was issued; whole seconds on the wire.
    #[serde(with = "numeric_date")]
    pub iat: Timestamp,
    /// What it says.
    pub kind: Kind,
    /// That of the request, best computed anew.
    pub manifest_root: Digest,
    /// Instances of the manifest that were erased, with every copy of each.
    #[serde(default)]
    pub copies_erased: u64,
    /// The day on which the last backup that holds them ends. None when no backup does.
    #[serde(default)]
    pub backups_expire_on: Option<Date>,
    /// What was made of the copy.
    #[serde(default)]
    pub derived: Derived,
    /// Receipts (compact JWS) of those to whom the recipient had given it.
    #[serde(default)]
    pub subprocessors: Vec<String>,
    /// A remark in the recipient's words: a stranger's text of at most 1,000 characters, which pages must escape.
    #[serde(default)]
    pub note: Option<String>,
}

/// What was made of a copy, by the names that the recipient gave to it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Derived {
    /// Data sets that the copy had been taken into.
    #[serde(default)]
    pub datasets: Vec<String>,
    /// Models that were trained on it.
    #[serde(default)]
    pub models: Vec<String>,
}

/// What a receipt says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// The request arrived. Nothing is erased by that.
    Ack,
    /// All instances are erased.
    Erased,
    /// The recipient will not erase.
    Refused,
    /// Some instances are erased.
    Partial,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ack, Self::Erased, Self::Refused, Self::Partial];

    /// As on the wire, such as `ERASED`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ack => "ACK",
            Self::Erased => "ERASED",
            Self::Refused => "REFUSED",
            Self::Partial => "PARTIAL",
        }
    }

    /// What stands after this kind came upon an earlier one: a later word wins unless it is a step backwards. ACK changes nothing
    /// once there is an answer, and nothing changes ERASED.
    pub fn after(self, previous: Option<Self>) -> Self {
        match (previous, self) {
            (None | Some(Self::Ack), new) => new,
            (Some(Self::Erased), _) => Self::Erased,
            (Some(stands), Self::Ack) => stands,
            (Some(Self::Refused | Self::Partial), new) => new,
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Refused> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| kind.as_str() == text).ok_or(Refused::Unreadable(
            "kind must be ACK, ERASED, REFUSED or PARTIAL",
        ))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Signs a receipt with the recipient's key, which is the 32-byte seed of RFC 8032. The result is a compact JWS.
pub fn sign_receipt(receipt: &Receipt, seed: &[u8; 32]) -> String {
    let claims = json!({
        "jti": receipt.jti,
        "ref": receipt.reference,
        "iss": receipt.iss.as_str(),
        "iat": receipt.iat.seconds(),
        "kind": receipt.kind.as_str(),
        "manifest_root": receipt.manifest_root.to_string(),
        "copies_erased": receipt.copies_erased,
        "backups_expire_on": receipt.backups_expire_on.map(|day| day.to_string()),
        "derived": {"datasets": receipt.derived.datasets, "models": receipt.derived.models},
        "subprocessors": receipt.subprocessors,
        "note": receipt.note,
    });
    jws::sign_compact(RECEIPT_TYPE, claims.to_string().as_bytes(), seed)
}

/// The `jti` of the request that a receipt claims to answer, so that the request can be looked up. Nothing is checked: only
/// [`judge`](crate::judge) says whether the receipt counts.
///
/// # Errors
/// [`Refused`] when it is too large, no receipt, or names no request.
pub fn reference_of(jws: &str) -> Result<String, Refused> {
    let claims = jws::claims_unverified(jws, RECEIPT_TYPE)?;
    match claims.get("ref") {
        Some(Value::String(reference)) if words::is_id(reference) => Ok(reference.clone()),
        _ => Err(Refused::Unreadable("ref must name the request: write its jti")),
    }
}

/// Reads the claims of a receipt and holds them to the bounds of the protocol.
pub(crate) fn read(claims: Map<String, Value>) -> Result<Receipt, Refused> {
    let receipt: Receipt = serde_json::from_value(Value::Object(claims))
        .map_err(|_| Refused::Unreadable("the payload is not that of a deletion receipt"))?;
    let Derived { datasets, models } = &receipt.derived;
    let ids = [&receipt.jti, &receipt.reference];
    if !ids
        .into_iter()
        .chain(datasets)
        .chain(models)
        .all(|id| words::is_id(id))
    {
        return Err(Refused::Unreadable(
            "jti, ref and the names in derived must be 1 to 256 visible ASCII characters",
        ));
    }
    let lists = [datasets.len(), models.len(), receipt.subprocessors.len()];
    if lists.into_iter().any(|length| length > MAX_LIST) {
        return Err(Refused::Unreadable(
            "at most 256 datasets, models and subprocessors can be named",
        ));
    }
    if !receipt.note.as_deref().is_none_or(words::is_remark) {
        return Err(Refused::Unreadable(
            "note must be 1,000 characters at most, without control characters",
        ));
    }
    Ok(receipt)
}
