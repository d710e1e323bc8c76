//! Who read what, as the accounting and the log keep it.

use crate::{Error, Result, Target};
use model::{Redacted, Timestamp};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tlog::{Entry, Kind};

/// Who reads, and why.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The account or machine, by name.
    pub who: String,
    /// The door through which the bytes go, such as `dicomweb`.
    pub via: &'static str,
    /// The purpose, in the reader's words or by code.
    pub purpose: String,
}

/// What the statement says was read.
pub(crate) enum Subject<'a> {
    /// All of a target's instances, so many.
    Target(&'a Target, usize),
    /// Attributes, as results of a search.
    Search,
}

/// What was read, in a fixed order of fields: the text of it is what the log's commitment binds.
#[derive(Serialize)]
struct Statement<'a> {
    who: &'a str,
    via: &'a str,
    purpose: &'a str,
    level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instances: Option<usize>,
    at: String,
}

/// The row of the accounting: with the salt and the statement, byte for byte, anyone who may see it can
/// recompute the commitment.
#[derive(Serialize)]
struct Record<'a> {
    salt: String,
    statement: &'a str,
}

/// The accounting record of a read and its log entry.
pub(crate) fn account(
    reader: &Reader,
    subject: &Subject<'_>,
    at: Timestamp,
) -> Result<(Redacted<String>, Entry)> {
    let (level, uid, instances) = match subject {
        Subject::Target(target, instances) => (target.level(), Some(target.uid().as_str()), Some(*instances)),
        Subject::Search => ("search", None, None),
    };
    let statement = to_json(&Statement {
        who: &reader.who,
        via: reader.via,
        purpose: &reader.purpose,
        level,
        uid,
        instances,
        at: at.to_string(),
    })?;
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(|_| Error::Randomness)?;
    let commitment = Sha256::new()
        .chain_update(salt)
        .chain_update(&statement)
        .finalize()
        .into();
    let record = to_json(&Record {
        salt: hex::encode(salt),
        statement: &statement,
    })?;
    let time_s = u64::try_from(at.seconds()).unwrap_or(0);
    Ok((
        Redacted::new(record),
        Entry {
            kind: Kind::Read,
            time_s,
            commitment,
        },
    ))
}

fn to_json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Io(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_opens_the_commitment_and_salts_differ() {
        let reader = Reader {
            who: "viewer".into(),
            via: "dicomweb",
            purpose: "TREAT".into(),
        };
        let target = Target::Study("1.2.3".parse().unwrap());
        let at = Timestamp::from_millis(1_000_500);
        let (_, search) = account(&reader, &Subject::Search, at).unwrap();
        assert_eq!(search.kind, Kind::Read);
        let (record, entry) = account(&reader, &Subject::Target(&target, 7), at).unwrap();
        let json: serde_json::Value = serde_json::from_str(record.reveal()).unwrap();
        let salt = hex::decode(json["salt"].as_str().unwrap()).unwrap();
        let statement = json["statement"].as_str().unwrap();
        assert_eq!(
            statement,
            r#"{"who":"viewer","via":"dicomweb","purpose":"TREAT","level":"study","uid":"1.2.3","instances":7,"at":"1970-01-01T00:16:40.5Z"}"#
        );
        let commitment: [u8; 32] = Sha256::new()
            .chain_update(salt)
            .chain_update(statement)
            .finalize()
            .into();
        assert_eq!(
            entry,
            Entry {
                kind: Kind::Read,
                time_s: 1000,
                commitment
            }
        );
        assert_ne!(
            account(&reader, &Subject::Target(&target, 7), at).unwrap().1,
            entry,
            "the same read again has another salt"
        );
    }
}
