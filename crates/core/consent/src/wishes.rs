//! What a patient's directives amount to today, for one purpose and one recipient (docs/consent.md, "What a yes and a no
//! cover").

use crate::signing::Signatories;
use crate::{Directive, Says, Scope, Yes};
use model::{Purpose, RecipientId, Timestamp};

/// What the directives amount to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Wishes {
    pub(crate) said_no: bool,
    pub(crate) withdrawn: bool,
    pub(crate) yes: Option<Yes>,
}

/// What is asked of the directives.
pub(crate) struct Question<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) recipient: Option<&'a RecipientId>,
    pub(crate) now: Timestamp,
    pub(crate) deceased: bool,
    pub(crate) signatories: &'a Signatories<'a>,
}

impl Question<'_> {
    /// The answer. Directives are looked at in groups of the same scope and the same recipient, since only within such a
    /// group does a newer directive replace an older one.
    pub(crate) fn answer(&self, directives: &[Directive]) -> Wishes {
        let mut wishes = Wishes {
            said_no: false,
            withdrawn: false,
            yes: None,
        };
        let named = self.recipient.map(Some);
        for scope in [Scope::Everything, Scope::Purpose(self.purpose)] {
            for recipient in std::iter::once(None).chain(named) {
                let same = |directive: &&Directive| {
                    directive.scope == scope && directive.recipient.as_ref() == recipient
                };
                self.hear(scope, recipient, directives.iter().filter(same), &mut wishes);
            }
        }
        wishes
    }

    /// Adds what one group says.
    fn hear<'d>(
        &self,
        scope: Scope,
        recipient: Option<&RecipientId>,
        group: impl Iterator<Item = &'d Directive> + Clone,
        wishes: &mut Wishes,
    ) {
        let counting = self.yes_of(scope, recipient, group.clone());
        if let Some(yes) = counting {
            let yes = Yes {
                covers_payment: yes.covers_payment,
                after_death: yes.after_death,
            };
            wishes.yes = Some(self.merge(wishes.yes, yes));
        }
        for directive in group {
            match directive.says {
                // A counting yes is the newest of its group, so every no in it is older.
                Says::No => {
                    wishes.said_no |=
                        no_covers(scope, self.purpose) && self.stands(directive) && counting.is_none();
                }
                Says::Yes => {
                    let given_since = |withdrawn_at| counting.is_some_and(|yes| yes.made_at >= withdrawn_at);
                    wishes.withdrawn |= yes_covers(scope, recipient)
                        && directive.withdrawn_at.is_some_and(|at| !given_since(at));
                }
            }
        }
    }

    /// The yes of a group that counts: the newest directive that has started, leaving out each no that is as if it never
    /// was.
    fn yes_of<'d>(
        &self,
        scope: Scope,
        recipient: Option<&RecipientId>,
        group: impl Iterator<Item = &'d Directive>,
    ) -> Option<&'d Directive> {
        if !yes_covers(scope, recipient) {
            return None;
        }
        let speaks = |directive: &&Directive| match directive.says {
            Says::Yes => directive.starts <= self.now,
            Says::No => self.stands(directive),
        };
        let newest = group
            .filter(speaks)
            .max_by_key(|directive| (directive.made_at, directive.id))?;
        let counts = newest.says == Says::Yes && self.stands(newest) && self.signatories.make_count(newest);
        counts.then_some(newest)
    }

    /// From its start until its end, unless withdrawn.
    fn stands(&self, directive: &Directive) -> bool {
        directive.withdrawn_at.is_none()
            && directive.starts <= self.now
            && directive.ends.is_none_or(|end| self.now < end)
    }

    /// Two yeses count together. After death, one that does not hold then adds nothing to one that does.
    fn merge(&self, earlier: Option<Yes>, other: Yes) -> Yes {
        match earlier {
            None => other,
            Some(earlier) if self.deceased && earlier.after_death != other.after_death => {
                if earlier.after_death { earlier } else { other }
            }
            Some(earlier) => Yes {
                covers_payment: earlier.covers_payment || other.covers_payment,
                after_death: earlier.after_death || other.after_death,
            },
        }
    }
}

/// True when a no of this scope, in force, covers the purpose. The scope is that of the purpose, or everything.
fn no_covers(scope: Scope, purpose: Purpose) -> bool {
    match scope {
        Scope::Everything => matches!(
            purpose,
            Purpose::AiAnalysis | Purpose::AiTrain | Purpose::Hresch | Purpose::Hoperat | Purpose::Hpaymt
        ),
        Scope::Purpose(_) => !matches!(purpose, Purpose::Hlegal | Purpose::Btg),
    }
}

/// True when a yes of this scope and recipient covers anything: a patient agrees to one purpose at a time, and to having
/// scans sent only where they say.
fn yes_covers(scope: Scope, recipient: Option<&RecipientId>) -> bool {
    match scope {
        Scope::Everything => false,
        Scope::Purpose(Purpose::Patrqt) => recipient.is_some(),
        Scope::Purpose(_) => true,
    }
}
