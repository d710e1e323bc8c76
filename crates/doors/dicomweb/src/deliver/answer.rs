//! What a recipient's answer means for a copy (PS3.18 section 10.5.3).

use model::Uid;
use release::Outcome;
use serde_json::Value;

/// Longer answers to one instance are none, in bytes.
pub(super) const LONGEST: usize = 1 << 20;

const FAILED_SOP_SEQUENCE: &str = "00081198";
const REFERENCED_SOP_SEQUENCE: &str = "00081199";
const OTHER_FAILURES_SEQUENCE: &str = "0008119A";
const REFERENCED_SOP_INSTANCE_UID: &str = "00081155";
const FAILURE_REASON: &str = "00081197";

/// What became of a copy, by status and body. Nothing of the body's text is repeated: it may hold anything.
pub(super) fn outcome(status: u16, body: &[u8], sop_instance: &Uid) -> Outcome {
    let not_sent = |why: &str| Outcome::NotSent(format!("{why} (HTTP status {status})"));
    match status {
        200..=299 => stored(status, body, sop_instance),
        300..=399 => not_sent("the recipient sends elsewhere: put the new address into its record"),
        401 => not_sent("the recipient does not accept the token: renew its token_file"),
        403 => not_sent("the recipient does not allow this"),
        404 | 405 => not_sent("nothing there takes copies: check the url in the recipient's record"),
        408 => not_sent("the recipient waited too long for the copy"),
        425 | 429 => not_sent("the recipient wants no more now"),
        400..=499 => Outcome::Refused(match verdict(body, sop_instance) {
            Some(Verdict::Failed(Some(reason))) => failure(reason),
            _ => format!("HTTP status {status}"),
        }),
        _ => not_sent("the recipient's server failed"),
    }
}

enum Verdict {
    Stored,
    Failed(Option<u64>),
}

fn stored(status: u16, body: &[u8], sop_instance: &Uid) -> Outcome {
    match verdict(body, sop_instance) {
        Some(Verdict::Stored) => Outcome::Delivered,
        Some(Verdict::Failed(reason)) => {
            Outcome::Refused(reason.map_or_else(|| "no failure reason given".to_owned(), failure))
        }
        None => Outcome::Unknown(format!(
            "the answer does not say what became of the copy (HTTP status {status})"
        )),
    }
}

fn failure(reason: u64) -> String {
    format!("failure reason {reason:04X}H")
}

/// What the answer says of this instance.
fn verdict(body: &[u8], sop_instance: &Uid) -> Option<Verdict> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    // Some servers put the data set into an array.
    let answer = answer.get(0).unwrap_or(&answer);
    let items = |sequence: &str| answer.get(sequence)?.get("Value")?.as_array();
    let is_meant = |item: &&Value| {
        let uid = first(item, REFERENCED_SOP_INSTANCE_UID).and_then(Value::as_str);
        uid.and_then(|uid| Uid::new(uid).ok()).as_ref() == Some(sop_instance)
    };
    if let Some(item) = items(FAILED_SOP_SEQUENCE).and_then(|items| items.iter().find(is_meant)) {
        return Some(Verdict::Failed(reason(item)));
    }
    if items(REFERENCED_SOP_SEQUENCE).is_some_and(|items| items.iter().any(|item| is_meant(&item))) {
        return Some(Verdict::Stored);
    }
    // What could not be named: there was one copy in the request.
    let other = items(OTHER_FAILURES_SEQUENCE)?.first()?;
    Some(Verdict::Failed(reason(other)))
}

fn first<'a>(item: &'a Value, tag: &str) -> Option<&'a Value> {
    item.get(tag)?.get("Value")?.get(0)
}

fn reason(item: &Value) -> Option<u64> {
    first(item, FAILURE_REASON)?.as_u64()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn uid(text: &str) -> Uid {
        Uid::new(text).unwrap()
    }

    fn item(instance: &str, reason: Option<u16>) -> Value {
        let mut item = json!({
            "00081150": { "vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.2"] },
            "00081155": { "vr": "UI", "Value": [instance] },
        });
        if let Some(reason) = reason {
            item["00081197"] = json!({ "vr": "US", "Value": [reason] });
        }
        item
    }

    #[test]
    fn an_answer_counts_for_the_instance_that_it_names() {
        let stored = json!({ "00081199": { "vr": "SQ", "Value": [item("1.2.3", None)] } }).to_string();
        assert_eq!(outcome(200, stored.as_bytes(), &uid("1.2.3")), Outcome::Delivered);
        assert!(matches!(
            outcome(200, stored.as_bytes(), &uid("1.2.4")),
            Outcome::Unknown(_)
        ));
        let failed =
            json!({ "00081198": { "vr": "SQ", "Value": [item("1.2.3", Some(0xA900))] } }).to_string();
        for status in [200, 202, 409] {
            assert_eq!(
                outcome(status, failed.as_bytes(), &uid("1.2.3")),
                Outcome::Refused("failure reason A900H".into())
            );
        }
        let other = json!({ "0008119A": { "vr": "SQ", "Value": [{
            "00081197": { "vr": "US", "Value": [0xC000] } }] } });
        assert_eq!(
            outcome(202, other.to_string().as_bytes(), &uid("1.2.3")),
            Outcome::Refused("failure reason C000H".into())
        );
    }

    #[test]
    fn an_answer_that_says_nothing_is_doubt_not_success() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            "<html>welcome</html>",
            "{\"00081199\":{\"vr\":\"SQ\"}}",
            "[[[[[[",
        ] {
            let outcome = outcome(200, body.as_bytes(), &uid("1.2.3"));
            assert!(matches!(outcome, Outcome::Unknown(_)), "{body}: {outcome:?}");
        }
    }

    #[test]
    fn what_may_pass_is_tried_again_and_what_will_not_is_refused() {
        for (status, refused) in [
            (301, false),
            (400, true),
            (401, false),
            (403, false),
            (404, false),
            (409, true),
            (413, true),
            (415, true),
            (429, false),
            (500, false),
            (503, false),
        ] {
            let outcome = outcome(status, b"", &uid("1.2.3"));
            assert_eq!(
                matches!(outcome, Outcome::Refused(_)),
                refused,
                "{status}: {outcome:?}"
            );
            assert_eq!(
                matches!(outcome, Outcome::NotSent(_)),
                !refused,
                "{status}: {outcome:?}"
            );
        }
    }
}
