//! What an entry of the log stands for: a statement under a salt, kept encrypted under the patient's accounting key.

use crate::Result;
use crate::cipher::Context;
use crate::group::{Group, Patient};
use crate::index::Sealed;
use crate::random;
use model::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tlog::{Entry, Kind};

/// Under which name sealed columns of the ledger are bound to their log entry.
pub(crate) const STATEMENT: &str = "ledger statement";
/// And those that belong to a patient as a whole.
pub(crate) const PERSON: &str = "person";

/// Adds an entry that commits to a statement, and gives what the row keeps of it. Whoever may see the row can
/// recompute the commitment: SHA-256 over the salt and the statement's bytes.
pub(crate) fn state(
    group: &mut Group<'_, '_>,
    patient: &Patient,
    kind: Kind,
    at: Timestamp,
    statement: &Value,
) -> Result<(Sealed, u64)> {
    let salt: [u8; 32] = random::array(group.notary.random.as_ref())?;
    let statement = statement.to_string();
    let commitment = Sha256::new()
        .chain_update(salt)
        .chain_update(&statement)
        .finalize()
        .into();
    let log_index = group.log(&Entry {
        kind,
        time_s: u64::try_from(at.seconds()).unwrap_or(0),
        commitment,
    });
    let record = json!({ "salt": hex::encode(salt), "statement": statement }).to_string();
    let context = Context {
        what: STATEMENT,
        of: &log_index.to_be_bytes(),
    };
    let sealed = patient
        .accounting()
        .seal(group.notary.random.as_ref(), &context, record.as_bytes())?;
    Ok((sealed, log_index))
}

/// The statement in a sealed column.
pub(crate) fn open(patient: &Patient, log_index: u64, sealed: &[u8]) -> Result<Value> {
    let context = Context {
        what: STATEMENT,
        of: &log_index.to_be_bytes(),
    };
    let damaged = || crate::Error::Corrupt("a statement of the ledger");
    let record = patient.accounting().open(&context, sealed)?;
    let record: Value = serde_json::from_slice(&record).map_err(|_| damaged())?;
    let statement = record
        .get("statement")
        .and_then(Value::as_str)
        .ok_or_else(damaged)?;
    serde_json::from_str(statement).map_err(|_| damaged())
}
