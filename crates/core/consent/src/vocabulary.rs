//! The names that the schema gives to things, parsed once.

use crate::{Age, AgreementKind};
use cedar_policy::{EntityId, EntityTypeName, EntityUid, ParseErrors};
use model::Purpose;

/// Entity types of the schema.
pub(crate) struct Vocabulary {
    recipient: EntityTypeName,
    scan: EntityTypeName,
    action: EntityTypeName,
    age: EntityTypeName,
    kind: EntityTypeName,
}

impl Vocabulary {
    pub(crate) fn new() -> Result<Self, Box<ParseErrors>> {
        Ok(Self {
            recipient: "Recipient".parse().map_err(Box::new)?,
            scan: "Scan".parse().map_err(Box::new)?,
            action: "Action".parse().map_err(Box::new)?,
            age: "Age".parse().map_err(Box::new)?,
            kind: "AgreementKind".parse().map_err(Box::new)?,
        })
    }

    pub(crate) fn recipient(&self, name: &str) -> EntityUid {
        uid(&self.recipient, name)
    }

    /// Rules speak of any scan; what matters about it is in the context.
    pub(crate) fn scan(&self) -> EntityUid {
        uid(&self.scan, "scan")
    }

    pub(crate) fn action(&self, purpose: Purpose) -> EntityUid {
        uid(&self.action, purpose.code())
    }

    pub(crate) fn age(&self, age: Age) -> EntityUid {
        let name = match age {
            Age::Adult => "adult",
            Age::Minor => "minor",
            Age::Unknown => "unknown",
        };
        uid(&self.age, name)
    }

    pub(crate) fn kind(&self, kind: AgreementKind) -> EntityUid {
        let name = match kind {
            AgreementKind::Baa => "baa",
            AgreementKind::Dua => "dua",
            AgreementKind::Contract => "contract",
            AgreementKind::Order => "order",
        };
        uid(&self.kind, name)
    }
}

fn uid(of: &EntityTypeName, name: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(of.clone(), EntityId::new(name))
}
