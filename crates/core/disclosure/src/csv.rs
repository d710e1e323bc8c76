//! The report as a table for spreadsheets (RFC 4180).

use crate::{Account, Asked, Basis, Event, Kind, View, summary, words};

/// The columns of the view of everything. They never change their names; new ones come at the end.
pub const EVENT_COLUMNS: [&str; 30] = [
    "id",
    "at",
    "kind",
    "what_happened",
    "recipient",
    "recipient_name",
    "recipient_address",
    "recipient_inside",
    "who",
    "purpose",
    "study_uid",
    "study_date",
    "study_description",
    "modality",
    "asked",
    "sent",
    "may_have_been_sent",
    "not_sent",
    "waiting",
    "profile",
    "reasons",
    "copy_state",
    "copy_says",
    "copy_due",
    "copy_requested_at",
    "copy_receipt_at",
    "legal_accounting",
    "exempt_under",
    "log_index",
    "suspended_until",
];

/// The columns of the legal accounting. They never change their names; new ones come at the end.
pub const DISCLOSURE_COLUMNS: [&str; 10] = [
    "first_date",
    "last_date",
    "number",
    "recipient_name",
    "recipient_address",
    "description",
    "purpose",
    "may_have_been_sent",
    "certainty",
    "suspended_until",
];

/// The report as CSV: UTF-8, CR LF, a header line, every field quoted. A text that a spreadsheet would take for a formula
/// starts with an apostrophe. Times are RFC 3339 in UTC, what is absent is empty.
pub fn csv(account: &Account, asked: Asked) -> String {
    let mut out = String::new();
    match asked.view {
        View::Everything => {
            line(&mut out, EVENT_COLUMNS.map(str::to_owned));
            for event in account.visible(asked.reader) {
                line(&mut out, happened(account, event, asked));
            }
        }
        View::Legal => {
            line(&mut out, DISCLOSURE_COLUMNS.map(str::to_owned));
            for group in account.accounting(asked.reader) {
                let address = group
                    .first
                    .recipient
                    .as_ref()
                    .and_then(|party| party.address.clone());
                line(
                    &mut out,
                    [
                        words::day(group.first.at),
                        words::day(group.last().at),
                        group.number().to_string(),
                        words::recipient(group.first, asked.language),
                        address.unwrap_or_default(),
                        summary::description(&group, asked.language),
                        summary::purpose(group.first, asked.language),
                        group.uncertain().to_string(),
                        summary::certainty(&group, asked.language).unwrap_or_default(),
                        suspended_until(account, group.first),
                    ],
                );
            }
        }
    }
    out
}

fn suspended_until(account: &Account, event: &Event) -> String {
    let suspension = event.suspension.as_ref().filter(|_| account.is_suspended(event));
    suspension.map_or_else(String::new, |suspension| suspension.ends().to_string())
}

fn happened(account: &Account, event: &Event, asked: Asked) -> [String; 30] {
    let party = event.recipient.clone().unwrap_or_default();
    let study = event.study.clone().unwrap_or_default();
    let copy = event.copy.as_ref();
    let moment = |at: Option<model::Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    let purpose = event.purpose.as_ref().map_or_else(String::new, |why| match why {
        crate::Why::Purpose(purpose) => purpose.code().to_owned(),
        crate::Why::Words(words) => words.clone(),
    });
    let gives = event.gave_something();
    [
        event.id.clone(),
        event.at.to_string(),
        Kind::code(event.kind).to_owned(),
        words::headline(event, asked.language),
        party.id,
        party.name,
        party.address.unwrap_or_default(),
        event
            .recipient
            .as_ref()
            .map_or_else(String::new, |party| party.inside.to_string()),
        event.who.clone().unwrap_or_default(),
        purpose,
        study.uid,
        study.date.unwrap_or_default(),
        study.description.reveal().clone(),
        study.modality.unwrap_or_default(),
        event.instances.asked.to_string(),
        event.instances.sent.to_string(),
        event.instances.unknown.to_string(),
        event.instances.not_sent.to_string(),
        event.instances.intended.to_string(),
        event.profile.clone().unwrap_or_default(),
        event.reasons.join(" "),
        copy.map_or_else(String::new, |copy| copy.state.code().to_owned()),
        copy.map_or_else(String::new, |copy| {
            words::copy(copy, account.made_at, asked.language).0
        }),
        copy.map_or_else(String::new, |copy| moment(copy.due)),
        copy.map_or_else(String::new, |copy| moment(copy.requested_at)),
        copy.map_or_else(String::new, |copy| moment(copy.receipt_at)),
        account.is_accounted(event).to_string(),
        Basis::clause(event.basis)
            .filter(|_| gives)
            .unwrap_or_default()
            .to_owned(),
        event
            .log_index
            .map_or_else(String::new, |index| index.to_string()),
        suspended_until(account, event),
    ]
}

fn line<const N: usize>(out: &mut String, fields: [String; N]) {
    for (number, field) in fields.iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        out.push('"');
        if is_formula(field) {
            out.push('\'');
        }
        out.push_str(&field.replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

/// Spreadsheets run texts that begin so, also with spaces or control characters before.
fn is_formula(field: &str) -> bool {
    let starts = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '|' | '%');
    let text = field.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    text.starts_with(starts) || field.starts_with(['\t', '\r', '\n'])
}
