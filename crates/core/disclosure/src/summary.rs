//! Disclosures to one recipient for one purpose, in a few words.

use crate::{Disclosures, Event, Language, words};

/// The most studies that a summed-up entry names; the rest is counted.
const STUDIES_NAMED: usize = 12;

/// What was disclosed, in a few words, for all of a group.
pub(crate) fn description(group: &Disclosures<'_>, l: Language) -> String {
    let mut studies: Vec<String> = Vec::new();
    for event in group.events() {
        let text = event.study.as_ref().map_or_else(
            || {
                l.pick("information on scans", "información sobre imágenes")
                    .to_owned()
            },
            |study| words::study(study, l),
        );
        if !studies.contains(&text) {
            studies.push(text);
        }
    }
    let more = studies.len().saturating_sub(STUDIES_NAMED);
    studies.truncate(STUDIES_NAMED);
    if more > 0 {
        studies.push(match l {
            Language::English => format!("and {more} more"),
            Language::Spanish => format!("y {more} más"),
        });
    }
    studies.join("; ")
}

/// What is said of disclosures that are not certain. None when all are.
pub(crate) fn certainty(group: &Disclosures<'_>, l: Language) -> Option<String> {
    let (all, uncertain) = (group.number(), group.uncertain());
    match (uncertain, l) {
        (0, _) => None,
        (_, Language::English) if uncertain == all => Some("It may have been sent.".to_owned()),
        (_, Language::Spanish) if uncertain == all => Some("Puede haberse enviado.".to_owned()),
        (_, Language::English) => Some(format!("{uncertain} of them may have been sent.")),
        (_, Language::Spanish) => Some(format!("En {uncertain} de ellas el envío no es seguro.")),
    }
}

/// What for, also where nobody wrote it down.
pub(crate) fn purpose(event: &Event, l: Language) -> String {
    let unknown = || l.pick("not recorded", "no consta").to_owned();
    event
        .purpose
        .as_ref()
        .map_or_else(unknown, |why| words::why(why, l))
}
