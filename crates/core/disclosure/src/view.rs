//! Which events a reader gets to see, and how.

use crate::{Account, Event, Why};
use model::{Date, Timestamp};
use serde::Serialize;

/// The years back to which an accounting reaches (45 CFR 164.528(a)(1)).
pub const LEGAL_YEARS: i32 = 6;

/// What is listed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// Everything that happened, newest first.
    #[default]
    Everything,
    /// The accounting of disclosures that the law wants (45 CFR 164.528), oldest first.
    Legal,
}

/// Who reads.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// The patient, or whoever acts for them: what is under a suspension is not there.
    #[default]
    Patient,
    /// A privacy officer: all of it.
    Officer,
}

/// In which language.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Spanish.
    #[serde(rename = "es")]
    Spanish,
}

impl Language {
    /// The tag of BCP 47.
    pub fn tag(self) -> &'static str {
        self.pick("en", "es")
    }

    /// The one of two wordings that is in this language.
    pub(crate) fn pick(self, english: &'static str, spanish: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
    }
}

/// What is asked of a report. By default everything, for the patient, in English.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Asked {
    /// What is listed.
    pub view: View,
    /// Who reads.
    pub reader: Reader,
    /// In which language.
    pub language: Language,
}

/// Disclosures to one recipient for one purpose: what 45 CFR 164.528(b)(3) lets a facility sum up. At least one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disclosures<'a> {
    /// The first one.
    pub first: &'a Event,
    /// Those after it, oldest first.
    pub later: Vec<&'a Event>,
}

impl<'a> Disclosures<'a> {
    /// All of them, oldest first.
    pub fn events(&self) -> impl Iterator<Item = &'a Event> + '_ {
        std::iter::once(self.first).chain(self.later.iter().copied())
    }

    /// The newest one.
    pub fn last(&self) -> &'a Event {
        self.later.last().copied().unwrap_or(self.first)
    }

    /// How many there are.
    pub fn number(&self) -> usize {
        1 + self.later.len()
    }

    /// How many of them are not certain: the copy may have been sent.
    pub fn uncertain(&self) -> usize {
        self.events().filter(|event| event.instances.sent == 0).count()
    }
}

impl Account {
    /// What a reader may see of the period, newest first.
    pub fn visible(&self, reader: Reader) -> Vec<&Event> {
        let mut events: Vec<&Event> = self
            .events
            .iter()
            .filter(|event| self.from.is_none_or(|from| event.at >= from))
            .filter(|event| self.to.is_none_or(|to| event.at < to))
            .filter(|event| reader == Reader::Officer || !self.is_suspended(event))
            .collect();
        events.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| b.id.cmp(&a.id)));
        events
    }

    /// True while the patient must not be told of an event (45 CFR 164.528(a)(2)).
    pub fn is_suspended(&self, event: &Event) -> bool {
        let suspension = event.suspension.as_ref();
        suspension.is_some_and(|suspension| suspension.is_active(self.made_at))
    }

    /// The moment from which disclosures are accounted for: that asked for, and at most six years back.
    pub fn accounted_from(&self) -> Timestamp {
        let limit = self.legal_limit();
        self.from.map_or(limit, |from| from.max(limit))
    }

    fn legal_limit(&self) -> Timestamp {
        years_before(self.made_at, LEGAL_YEARS)
    }

    /// True for an event that belongs into the legal accounting: something was disclosed or may have been, no exemption
    /// applies, and six years are not over.
    pub fn is_accounted(&self, event: &Event) -> bool {
        event.gave_something() && event.basis.is_accounted() && event.at >= self.legal_limit()
    }

    /// The accounting of 45 CFR 164.528: what was disclosed or may have been, without what the law exempts, summed up by
    /// recipient and purpose, by date of the first.
    pub fn accounting(&self, reader: Reader) -> Vec<Disclosures<'_>> {
        let from = self.accounted_from();
        let mut all: Vec<Disclosures<'_>> = Vec::new();
        for event in self.visible(reader).into_iter().rev() {
            if event.at < from || !self.is_accounted(event) {
                continue;
            }
            let same = |group: &&mut Disclosures<'_>| {
                event.recipient.is_some()
                    && key(group.first) == key(event)
                    && self.is_suspended(group.first) == self.is_suspended(event)
            };
            match all.iter_mut().find(same) {
                Some(group) => group.later.push(event),
                None => all.push(Disclosures {
                    first: event,
                    later: Vec::new(),
                }),
            }
        }
        all
    }
}

/// Same recipient, same purpose.
fn key(event: &Event) -> (Option<(&str, &str)>, Option<&Why>) {
    let party = event.recipient.as_ref();
    (
        party.map(|party| (party.id.as_str(), party.name.as_str())),
        event.purpose.as_ref(),
    )
}

/// The same day so many years earlier, from its first moment. 29 February becomes the 28th.
fn years_before(now: Timestamp, years: i32) -> Timestamp {
    let earlier = || {
        let today = Date::of(now)?.to_string();
        let (year, rest) = today.split_at_checked(4)?;
        let year = year.parse::<i32>().ok()? - years;
        let day = format!("{year:04}{rest}").parse::<Date>();
        day.or_else(|_| format!("{year:04}-02-28").parse()).ok()
    };
    earlier().map_or(Timestamp::from_millis(i64::MIN), Date::start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_years_are_six_calendar_years() {
        let day = |text: &str| text.parse::<Date>().unwrap().start();
        assert_eq!(
            years_before(day("2026-11-22").plus_millis(5), 6),
            day("2020-11-22")
        );
        assert_eq!(years_before(day("2024-02-29"), 6), day("2018-02-28"));
    }
}
