//! The published rules, one for each action.

use super::read::Document;
use super::run::Map;
use super::words;
use crate::planted::key::{Action, Check};
use crate::planted::md5;

/// Whether a check passes; `None` is "blank", which counts as not passed.
pub(super) fn passes(check: &Check, file: &Document, map: &Map) -> Option<bool> {
    let value = file.at(&check.path);
    Some(match check.action {
        Action::TagRetained => value.is_some(),
        Action::TextNotNull => value.is_some_and(|value| !value.is_empty()),
        Action::TextRetained => match value {
            None | Some("") => false,
            Some(value) => retained(value, &check.text)?,
        },
        Action::TextRemoved => match value {
            None | Some("") => true,
            Some(value) => removed(value, &check.text)?,
        },
        Action::DateShifted | Action::UidChanged => {
            value.is_none_or(|value| !value.replace('\\', "").contains(&check.value.replace('\\', "")))
        }
        Action::UidConsistent => value.is_none_or(|value| map.uid(&check.value) == Some(value)),
        Action::PatientIdConsistent => value.is_none_or(|value| map.patient(&check.value) == Some(value)),
        Action::PixelsRetained => file
            .pixels
            .as_ref()
            .is_some_and(|bytes| md5::hex(bytes) == check.text),
    })
}

fn retained(value: &str, text: &str) -> Option<bool> {
    if let Some(equal) = words::as_numbers(value, text) {
        return Some(equal);
    }
    if value.to_lowercase().contains(&text.to_lowercase()) {
        return Some(true);
    }
    let (found, all) = words::found(value, text);
    (all > 0).then_some(found == all)
}

fn removed(value: &str, text: &str) -> Option<bool> {
    if let Some(equal) = words::as_numbers(value, text) {
        return Some(!equal);
    }
    if value.to_lowercase().contains(&text.to_lowercase()) {
        return Some(false);
    }
    let (found, all) = words::found(value, text);
    (all > 0).then_some(found == 0)
}
