//! The report as JSON.

use crate::{
    Account, Asked, Counts, Disclosures, Event, OutsideCopy, Party, Study, Suspension, View, Why, summary,
    words,
};
use model::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

/// The report as one JSON document. Field names never change; new ones may come. Times are RFC 3339 in UTC, what is absent
/// is null.
///
/// `format` (`leadglass-disclosures/1`), `view` (`everything` | `legal`), `reader` (`patient` | `officer`), `language`,
/// `made_at`, `from`, `to`, `facility` {`name`, `address`, `phone`}, `patient` {`id`, `name`, `born`}, `log` {`origin`,
/// `size`, `root_base64`, `checkpoint`} or null, and
/// - with `everything`: `events`, newest first: `id`, `at`, `kind`, `text`, `recipient` {`id`, `name`, `address`, `inside`},
///   `who`, `purpose`, `study` {`uid`, `date`, `description`, `modality`}, `instances` {`asked`, `sent`, `not_sent`,
///   `unknown`, `intended`}, `profile`, `reasons`, `policies`, `agreement`, `directive`, `copy` {`state`, `text`, `due`, `requested_at`,
///   `receipt_at`, `manifest_root`}, `legal` {`basis`, `accounted`, `clause`}, `suspension` {`agency`, `since`, `until`, `written`},
///   `log_index`;
/// - with `legal`: `disclosures`, by date of the first: `first_date`, `last_date`, `number`, `recipient` {`name`, `address`},
///   `description`, `purpose`, `may_have_been_sent`, `suspension`, `events` (their names).
pub fn json(account: &Account, asked: Asked) -> Value {
    let from = match asked.view {
        View::Everything => account.from,
        View::Legal => Some(account.accounted_from()),
    };
    let mut document = json!({
        "format": "leadglass-disclosures/1",
        "view": asked.view,
        "reader": asked.reader,
        "language": asked.language,
        "made_at": account.made_at,
        "from": from,
        "to": account.to,
        "facility": {
            "name": account.facility.name,
            "address": account.facility.address,
            "phone": account.facility.phone,
        },
        "patient": {
            "id": account.patient.id.reveal(),
            "name": account.patient.name.reveal(),
            "born": account.patient.born.reveal(),
        },
        "log": account.log.as_ref().map(|head| json!({
            "origin": head.origin,
            "size": head.size,
            "root_base64": head.root_base64,
            "checkpoint": head.checkpoint,
        })),
    });
    let (name, rows): (_, Vec<Value>) = match asked.view {
        View::Everything => {
            let events = account.visible(asked.reader);
            (
                "events",
                events
                    .into_iter()
                    .map(|event| happened(account, event, asked))
                    .collect(),
            )
        }
        View::Legal => {
            let groups = account.accounting(asked.reader);
            (
                "disclosures",
                groups
                    .iter()
                    .map(|group| disclosed(account, group, asked))
                    .collect(),
            )
        }
    };
    if let Some(fields) = document.as_object_mut() {
        fields.insert(name.to_owned(), rows.into());
    }
    document
}

#[derive(Serialize)]
struct Recipient<'a> {
    id: &'a str,
    name: &'a str,
    address: Option<&'a str>,
    inside: bool,
}

impl<'a> From<&'a Party> for Recipient<'a> {
    fn from(party: &'a Party) -> Self {
        Self {
            id: &party.id,
            name: &party.name,
            address: party.address.as_deref(),
            inside: party.inside,
        }
    }
}

fn suspension<'a>(account: &Account, event: &'a Event) -> Option<&'a Suspension> {
    event.suspension.as_ref().filter(|_| account.is_suspended(event))
}

fn study(study: &Study) -> Value {
    json!({
        "uid": study.uid,
        "date": study.date,
        "description": study.description.reveal(),
        "modality": study.modality,
    })
}

fn copy(copy: &OutsideCopy, now: Timestamp, asked: Asked) -> Value {
    json!({
        "state": copy.state,
        "text": words::copy(copy, now, asked.language).0,
        "due": copy.due,
        "requested_at": copy.requested_at,
        "receipt_at": copy.receipt_at,
        "manifest_root": copy.manifest_root,
    })
}

fn happened(account: &Account, event: &Event, asked: Asked) -> Value {
    let purpose = event.purpose.as_ref().map(|why| match why {
        Why::Purpose(purpose) => purpose.code(),
        Why::Words(words) => words,
    });
    let counts: Counts = event.instances;
    json!({
        "id": event.id,
        "at": event.at,
        "kind": event.kind,
        "text": words::headline(event, asked.language),
        "recipient": event.recipient.as_ref().map(Recipient::from),
        "who": event.who,
        "purpose": purpose,
        "study": event.study.as_ref().map(study),
        "instances": counts,
        "profile": event.profile,
        "reasons": event.reasons,
        "policies": event.policies,
        "agreement": event.agreement,
        "directive": event.directive,
        "copy": event.copy.as_ref().map(|it| copy(it, account.made_at, asked)),
        "legal": {
            "basis": event.basis,
            "accounted": account.is_accounted(event),
            "clause": event.basis.clause(),
        },
        "suspension": suspension(account, event),
        "log_index": event.log_index,
    })
}

fn disclosed(account: &Account, group: &Disclosures<'_>, asked: Asked) -> Value {
    let first = group.first;
    json!({
        "first_date": words::day(first.at),
        "last_date": words::day(group.last().at),
        "number": group.number(),
        "recipient": {
            "name": words::recipient(first, asked.language),
            "address": first.recipient.as_ref().and_then(|party| party.address.as_deref()),
        },
        "description": summary::description(group, asked.language),
        "purpose": summary::purpose(first, asked.language),
        "may_have_been_sent": group.uncertain(),
        "suspension": suspension(account, first),
        "events": group.events().map(|event| event.id.as_str()).collect::<Vec<_>>(),
    })
}
