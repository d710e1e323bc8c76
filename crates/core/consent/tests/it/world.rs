//! A recipient with an agreement on everything, and a question.

use consent::{
    BreakGlass, Decision, Directive, DirectiveId, Facility, Facts, Person, Policies, Recipient, Records,
    Request, Says, Scan, Scope, Signer, Standing, decide,
};
use model::{Purpose, RecipientId, Timestamp};

const RECIPIENT: &str = r#"{"id": "acme-chest-ai", "name": "Acme Chest AI", "agreement": {"kind": "baa", "signed_on": "2026-01-01",
    "purposes": ["TREAT", "HPAYMT", "HOPERAT", "AIANALYSIS", "AITRAIN", "HRESCH", "PATRQT", "HLEGAL", "BTG"], "retention_days": 30,
    "may_train": true, "storage_place": "Ireland", "subprocessors": ["Cloud Example"], "profile": "vendor"}}"#;

#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) request: Request,
    pub(crate) recipient: Recipient,
    pub(crate) directives: Vec<Directive>,
    pub(crate) person: Person,
    pub(crate) facility: Facility,
    pub(crate) now: Timestamp,
}

pub(crate) fn day(number: u32) -> Timestamp {
    let first: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    first.plus_millis(i64::from(number) * 86_400_000)
}

pub(crate) fn acme() -> Recipient {
    serde_json::from_str(RECIPIENT).unwrap()
}

impl World {
    /// It is day 100.
    pub(crate) fn new(purpose: Purpose) -> Self {
        Self {
            request: Request {
                purpose,
                retention_days: None,
            },
            recipient: acme(),
            directives: Vec::new(),
            person: Person {
                born: Some("1980-05-05".parse().unwrap()),
                ..Person::default()
            },
            facility: Facility::default(),
            now: day(100),
        }
    }

    /// Records a signed directive for the purpose and the recipient, on a day from which it holds.
    pub(crate) fn says(mut self, says: Says, on: u32) -> Self {
        self.directives.push(Directive {
            id: DirectiveId(i64::try_from(self.directives.len()).unwrap()),
            says,
            scope: Scope::Purpose(self.request.purpose),
            recipient: Some(RecipientId::new("acme-chest-ai").unwrap()),
            starts: day(on),
            ends: None,
            signed_by: Signer::Patient,
            covers_payment: false,
            after_death: false,
            made_at: day(on),
            withdrawn_at: None,
        });
        self
    }

    /// Changes the directive recorded last.
    pub(crate) fn but(mut self, change: impl FnOnce(&mut Directive)) -> Self {
        change(self.directives.last_mut().unwrap());
        self
    }

    fn with_records<T>(&self, look: impl FnOnce(&Records<'_>) -> T) -> T {
        let glass = BreakGlass {
            clinician: true,
            reason: "unconscious in the emergency room".to_owned(),
            open_review: false,
        };
        look(&Records {
            recipient: Some(&self.recipient),
            standing: Standing::default(),
            directives: &self.directives,
            person: &self.person,
            scan: Scan {
                identified: true,
                seal_broken: false,
                flagged: false,
            },
            break_glass: Some(&glass),
            facility: &self.facility,
            now: self.now,
        })
    }

    pub(crate) fn facts(&self) -> Facts {
        self.with_records(|records| Facts::of(&self.request, records))
    }

    pub(crate) fn decide(&self, policies: &Policies) -> Decision {
        self.with_records(|records| decide(policies, &self.request, records))
    }

    pub(crate) fn permitted(&self, policies: &Policies) -> bool {
        matches!(self.decide(policies), Decision::Permit(_))
    }
}
