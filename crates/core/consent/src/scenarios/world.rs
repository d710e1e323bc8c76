//! A world in which every purpose is permitted, to be spoilt in one place.

use crate::{
    Agreement, AgreementKind, BreakGlass, Decision, Directive, DirectiveId, Facility, Guardian, Person,
    Policies, Recipient, Records, Request, Says, Scan, Scope, Signer, Standing, decide,
};
use model::{Purpose, RecipientId, Timestamp};

#[derive(Clone)]
pub(super) struct World {
    pub(super) request: Request,
    pub(super) recipient: Option<Recipient>,
    pub(super) standing: Standing,
    pub(super) directives: Vec<Directive>,
    pub(super) person: Person,
    pub(super) scan: Scan,
    pub(super) glass: Option<BreakGlass>,
    pub(super) facility: Facility,
    pub(super) now: Timestamp,
}

pub(super) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl World {
    /// An outside recipient with an agreement on everything, an adult who signed a yes to the purpose, a clinician with a
    /// reason.
    pub(super) fn good(purpose: Purpose) -> Self {
        let id = RecipientId::new("acme-chest-ai").unwrap();
        let agreement = Agreement {
            kind: AgreementKind::Baa,
            signed_on: "2026-01-01".parse().unwrap(),
            expires: Some("2026-12-31".parse().unwrap()),
            purposes: Purpose::ALL.to_vec(),
            retention_days: Some(30),
            may_train: true,
            paid: false,
            storage_place: "Ireland".to_owned(),
            subprocessors: Vec::new(),
            profile: "vendor".to_owned(),
            breach_notice_hours: None,
        };
        Self {
            request: Request {
                purpose,
                retention_days: None,
            },
            recipient: Some(Recipient {
                id: id.clone(),
                name: "Acme Chest AI".to_owned(),
                address: None,
                contact: None,
                inside: false,
                destination: None,
                deletion: None,
                receipt_key: None,
                agreement: Some(agreement),
            }),
            standing: Standing::default(),
            directives: vec![Directive {
                id: DirectiveId(1),
                says: Says::Yes,
                scope: Scope::Purpose(purpose),
                recipient: Some(id),
                starts: moment("2026-02-01T00:00:00Z"),
                ends: None,
                signed_by: Signer::Patient,
                covers_payment: false,
                after_death: false,
                made_at: moment("2026-02-01T00:00:00Z"),
                withdrawn_at: None,
            }],
            person: Person {
                born: Some("1980-05-05".parse().unwrap()),
                ..Person::default()
            },
            scan: Scan {
                identified: true,
                seal_broken: false,
                flagged: false,
            },
            glass: Some(BreakGlass {
                clinician: true,
                reason: "unconscious in the emergency room".to_owned(),
                open_review: false,
            }),
            facility: Facility::default(),
            now: moment("2026-11-22T12:00:00Z"),
        }
    }

    pub(super) fn but(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub(super) fn agreement(&mut self) -> &mut Agreement {
        self.recipient().agreement.as_mut().unwrap()
    }

    pub(super) fn recipient(&mut self) -> &mut Recipient {
        self.recipient.as_mut().unwrap()
    }

    /// The one directive there is.
    pub(super) fn yes(&mut self) -> &mut Directive {
        self.directives.first_mut().unwrap()
    }

    pub(super) fn child(&mut self) {
        self.person.born = Some("2015-05-05".parse().unwrap());
    }

    /// A guardian on record who signed.
    pub(super) fn guardian_signs(&mut self) {
        let name = "Robin Example".to_owned();
        self.person.guardians.push(Guardian {
            name: name.clone(),
            until: None,
        });
        self.yes().signed_by = Signer::Guardian { name };
    }

    pub(super) fn decide(&self, policies: &Policies) -> Decision {
        let records = Records {
            recipient: self.recipient.as_ref(),
            standing: self.standing,
            directives: &self.directives,
            person: &self.person,
            scan: self.scan,
            break_glass: self.glass.as_ref(),
            facility: &self.facility,
            now: self.now,
        };
        decide(policies, &self.request, &records)
    }
}
