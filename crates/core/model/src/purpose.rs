//! Why a copy is wanted.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A purpose of use. HL7 v3 `PurposeOfUse` codes, with two of our own where no agreed code exists: `AIANALYSIS`
/// and `AITRAIN`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Purpose {
    /// Treatment.
    Treat,
    /// Payment, such as an insurer's claim.
    Hpaymt,
    /// The facility's own operations, such as quality control.
    Hoperat,
    /// An AI reads the scan for this patient's care.
    AiAnalysis,
    /// An AI is trained on the scan.
    AiTrain,
    /// Research.
    Hresch,
    /// The patient asks for it.
    Patrqt,
    /// A legal demand, such as a court's.
    Hlegal,
    /// Break-glass: an emergency.
    Btg,
}

/// The text is no purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a purpose: TREAT, HPAYMT, HOPERAT, AIANALYSIS, AITRAIN, HRESCH, PATRQT, HLEGAL or BTG is needed"
)]
pub struct InvalidPurpose;

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Treat,
        Self::Hpaymt,
        Self::Hoperat,
        Self::AiAnalysis,
        Self::AiTrain,
        Self::Hresch,
        Self::Patrqt,
        Self::Hlegal,
        Self::Btg,
    ];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Treat => "TREAT",
            Self::Hpaymt => "HPAYMT",
            Self::Hoperat => "HOPERAT",
            Self::AiAnalysis => "AIANALYSIS",
            Self::AiTrain => "AITRAIN",
            Self::Hresch => "HRESCH",
            Self::Patrqt => "PATRQT",
            Self::Hlegal => "HLEGAL",
            Self::Btg => "BTG",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl std::str::FromStr for Purpose {
    type Err = InvalidPurpose;

    fn from_str(text: &str) -> Result<Self, InvalidPurpose> {
        let named = |purpose: &Self| purpose.code().eq_ignore_ascii_case(text.trim());
        Self::ALL.into_iter().find(named).ok_or(InvalidPurpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_reads_back_also_from_json() {
        for purpose in Purpose::ALL {
            assert_eq!(purpose.code().parse(), Ok(purpose));
            let json = format!("\"{}\"", purpose.code());
            assert_eq!(serde_json::to_string(&purpose).unwrap(), json);
            assert_eq!(serde_json::from_str::<Purpose>(&json).unwrap(), purpose);
        }
        assert_eq!("ALL".parse::<Purpose>(), Err(InvalidPurpose));
    }
}
