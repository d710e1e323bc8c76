//! Who may sign a yes.

use crate::{Age, Directive, Guardian, Person, Signer};
use model::Date;

/// Who signs for a person.
pub(crate) struct Signatories<'a> {
    pub(crate) person: &'a Person,
    pub(crate) majority: u8,
    pub(crate) today: Option<Date>,
}

impl Signatories<'_> {
    /// The person's age on a day.
    pub(crate) fn age_on(&self, day: Option<Date>) -> Age {
        match (self.person.born, day) {
            (Some(born), Some(day)) if day.years_since(born) >= i32::from(self.majority) => Age::Adult,
            (Some(_), Some(_)) => Age::Minor,
            _ => Age::Unknown,
        }
    }

    /// True when the signature under a yes makes it count today.
    pub(crate) fn make_count(&self, directive: &Directive) -> bool {
        match &directive.signed_by {
            Signer::Nobody => false,
            // What a child signed does not come to count when the child comes of age.
            Signer::Patient => {
                self.age_on(Date::of(directive.made_at)) != Age::Minor
                    && self.age_on(self.today) != Age::Minor
            }
            Signer::Guardian { name } => {
                let on_record = |guardian: &Guardian| {
                    guardian.name == *name
                        && guardian
                            .until
                            .is_none_or(|until| self.today.is_some_and(|today| today <= until))
                };
                self.age_on(self.today) == Age::Minor && self.person.guardians.iter().any(on_record)
            }
        }
    }
}
