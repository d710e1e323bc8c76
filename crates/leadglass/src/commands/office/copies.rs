//! Copies outside.

use super::{Desk, patient};
use anyhow::{Result, bail};
use model::{RecipientId, Timestamp};
use serde_json::{Value, json};

pub(super) async fn run(
    desk: &Desk<'_>,
    patient: Option<String>,
    issuer: Option<String>,
    recipient: Option<RecipientId>,
) -> Result<()> {
    let store = &desk.gateway.store;
    if let Some(id) = patient {
        let patient = patient::known(store, &id, issuer.as_deref()).await?;
        for held in release::who_has(store, &patient.rows, true, desk.now()).await? {
            let document = json!({"number": held.number, "recipient": held.party.id, "recipient_name": held.party.name,
                "study": held.study.uid, "purpose": held.purpose, "profile": held.profile,
                "released_at": held.released_at, "instances": held.instances, "state": held.copy.state,
                "due": held.copy.due, "requested_at": held.copy.requested_at, "receipt_at": held.copy.receipt_at,
                "reason": held.reason});
            desk.item(&document, words(&document, held.copy.due))?;
        }
    } else if let Some(recipient) = recipient {
        let copies = store.copies_at(&recipient).await?;
        if copies.is_empty() && store.recipient(&recipient).await?.is_none() {
            bail!("no recipient has the name {recipient}, and none of that name has copies");
        }
        for copy in copies {
            let document = json!({"number": copy.number, "recipient": copy.recipient, "study": copy.study.as_str(),
                "purpose": copy.purpose, "profile": copy.profile, "released_at": copy.released_at,
                "instances": copy.instances, "state": copy.state.as_str(), "due": copy.due_at,
                "requested_at": copy.requested_at, "receipt_at": copy.receipt_at, "reason": copy.reason});
            desk.item(&document, words(&document, copy.due_at))?;
        }
    }
    Ok(())
}

fn words(document: &Value, due: Option<Timestamp>) -> String {
    let text = |name: &str| document.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| document.get(name).and_then(Value::as_u64).unwrap_or(0);
    let due = due.map_or("may be kept".to_owned(), |due| format!("due {due}"));
    format!(
        "{}  {} instances of study {} at {} for {}: {}, {due}",
        number("number"),
        number("instances"),
        text("study"),
        text("recipient"),
        text("purpose"),
        text("state")
    )
}
