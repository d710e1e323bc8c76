//! What a patient decided.

use model::{Purpose, RecipientId, Timestamp};
use serde::{Deserialize, Serialize};

/// Names a directive in this gateway.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DirectiveId(pub i64);

/// Yes or no.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// It may be done.
    Yes,
    /// It must not be done.
    No,
}

/// For which purposes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Every purpose that a patient may refuse wholesale: AIANALYSIS, AITRAIN, HRESCH, HOPERAT, HPAYMT. Only a no can have it.
    Everything,
    /// One purpose.
    Purpose(Purpose),
}

/// Who signed.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "kebab-case")]
pub enum Signer {
    /// The patient.
    Patient,
    /// Somebody recorded as their guardian, by the name recorded.
    Guardian {
        /// The name.
        name: String,
    },
    /// Nobody: said and not signed. Good for a no; never for a yes that must be explicit.
    Nobody,
}

/// A directive as it is recorded. Nothing in it changes but its end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Directive {
    /// Its name.
    pub id: DirectiveId,
    /// Yes or no.
    pub says: Says,
    /// For which purposes.
    pub scope: Scope,
    /// For which recipient. None: for all.
    pub recipient: Option<RecipientId>,
    /// From when.
    pub starts: Timestamp,
    /// Until when. None: until withdrawn.
    pub ends: Option<Timestamp>,
    /// Who signed.
    pub signed_by: Signer,
    /// A yes that also covers that the facility is paid.
    pub covers_payment: bool,
    /// A yes that holds after death.
    pub after_death: bool,
    /// When it was recorded.
    pub made_at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

impl Directive {
    /// Whether it speaks of this purpose and this recipient.
    pub fn covers(&self, purpose: Purpose, recipient: &RecipientId) -> bool {
        let purposes = match self.scope {
            Scope::Everything => matches!(
                purpose,
                Purpose::AiAnalysis | Purpose::AiTrain | Purpose::Hresch | Purpose::Hoperat | Purpose::Hpaymt
            ),
            Scope::Purpose(named) => named == purpose,
        };
        purposes && self.recipient.as_ref().is_none_or(|named| named == recipient)
    }
}
