//! One thing that happened, as an event of its patient's account, without the rest of the account.

use super::events::Events;
use super::lookup::Lookup;
use super::{AccountOf, patient};
use consent::Directive;
use disclosure::{Event, Facility, Kind, Language, Patient};
use model::Timestamp;
use store::{Audited, PatientId, Store, Untold};

/// What events of one patient are made of, read once.
pub(crate) struct Subject {
    id: PatientId,
    lookup: Lookup,
    directives: Vec<Directive>,
    /// As audit messages name them.
    pub(crate) patient: Patient,
}

impl Subject {
    pub(crate) async fn new(store: &Store, id: PatientId) -> store::Result<Self> {
        let unreadable = |error: &store::Error| damaged(error);
        Ok(Self {
            id,
            lookup: Lookup::new(store, &[id]).await?,
            directives: match store.directives_of(id).await {
                Err(error) if unreadable(&error) => Vec::new(),
                read => read?,
            },
            patient: match patient(store, &[id]).await {
                Err(error) if unreadable(&error) => Patient::default(),
                read => read?,
            },
        })
    }

    /// The event. Of what is damaged in the store it says what is known without that: it happened all the same.
    pub(crate) async fn event(&self, store: &Store, untold: &Untold, now: Timestamp) -> store::Result<Event> {
        let asked = AccountOf {
            patients: &[self.id],
            facility: Facility::default(),
            from: None,
            to: None,
            officer: true,
            language: Language::English,
            now,
        };
        let mut events = Events::new(store, &self.lookup, &asked);
        let bare = |id: String, kind: Kind| Event::new(id, untold.at, kind);
        let (made, instead) = match &untold.what {
            Audited::Release(release, copy) => {
                let made = events.release(release, copy.as_deref(), &self.directives).await;
                (
                    made,
                    bare(self.lookup.name("release", release.id.number()), Kind::Release),
                )
            }
            Audited::Denial(denial) => return Ok(events.denial(denial, &self.directives)),
            Audited::BreakGlass(used) => {
                let mut instead = bare(self.lookup.name("break-glass", used.number), Kind::BreakGlass);
                instead.who = Some(used.staff.clone());
                instead.study = Some(self.lookup.study(&used.study));
                (events.glass(used).await, instead)
            }
            Audited::Access(access) => {
                let number = i64::try_from(access.log_index).unwrap_or(i64::MAX);
                let mut instead = bare(self.lookup.name("read", number), Kind::Read);
                instead.log_index = Some(access.log_index);
                (events.access(access).await, instead)
            }
            Audited::Directive(directive, log_index) => {
                let mut instead = bare(String::new(), Kind::Directive);
                instead.log_index = Some(*log_index);
                if let Some(directive) = directive {
                    events.directive(self.id, directive, Some(*log_index));
                }
                let made = events.finish().into_iter().find(|it| it.kind == Kind::Directive);
                return Ok(made.unwrap_or(instead));
            }
            Audited::Withdrawal(directive) => {
                if let Some(directive) = directive {
                    events.directive(self.id, directive, None);
                }
                let made = events.finish().into_iter().find(|it| it.kind == Kind::Withdrawal);
                return Ok(made.unwrap_or_else(|| bare(String::new(), Kind::Withdrawal)));
            }
        };
        match made {
            Err(error) if damaged(&error) => Ok(instead),
            made => made,
        }
    }
}

/// A record that will be no better at the next try.
fn damaged(error: &store::Error) -> bool {
    matches!(error, store::Error::Corrupt(_) | store::Error::Erased)
}
