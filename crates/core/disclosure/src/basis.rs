//! Which disclosures the law wants accounted for (45 CFR 164.528(a)(1)).

use crate::Why;
use model::Purpose;
use serde::Serialize;

/// Whether a disclosure belongs into the legal accounting, and if not, why not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// It must be accounted for.
    Accounted,
    /// (i) Treatment, payment, health care operations.
    Operations,
    /// (ii) To the patient.
    Individual,
    /// (iii) Incident to a use or disclosure that is permitted.
    Incident,
    /// (iv) The patient authorised it (45 CFR 164.508).
    Authorized,
    /// (v) For the facility's directory, or to persons involved in the patient's care.
    Directory,
    /// (vi) National security or intelligence.
    NationalSecurity,
    /// (vii) To a correctional institution or law enforcement official who has the patient in custody.
    Correctional,
    /// (viii) As a part of a limited data set (45 CFR 164.514(e)).
    LimitedDataSet,
    /// (ix) Before the rule applied to the facility.
    BeforeCompliance,
    /// It stayed inside the facility: a use, and no disclosure (45 CFR 160.103).
    Inside,
    /// It was de-identified (45 CFR 164.514(a)): no protected health information.
    Deidentified,
}

/// How far a copy was de-identified, in the words of the law.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Identity {
    /// Not at all, or not enough.
    Identified,
    /// A limited data set under a data use agreement (45 CFR 164.514(e)).
    Limited,
    /// De-identified (45 CFR 164.514(a)).
    Removed,
}

impl Basis {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Accounted,
        Self::Operations,
        Self::Individual,
        Self::Incident,
        Self::Authorized,
        Self::Directory,
        Self::NationalSecurity,
        Self::Correctional,
        Self::LimitedDataSet,
        Self::BeforeCompliance,
        Self::Inside,
        Self::Deidentified,
    ];

    /// The basis of a disclosure, as far as its purpose tells. What the facts do not exempt must be accounted for.
    /// `authorized`: a signed yes of the patient covers it.
    pub fn of(purpose: &Why, inside: bool, identity: Identity, authorized: bool) -> Self {
        match identity {
            _ if inside => return Self::Inside,
            Identity::Removed => return Self::Deidentified,
            Identity::Limited => return Self::LimitedDataSet,
            Identity::Identified => {}
        }
        match purpose {
            Why::Purpose(
                Purpose::Treat | Purpose::Btg | Purpose::Hpaymt | Purpose::Hoperat | Purpose::AiAnalysis,
            ) => Self::Operations,
            Why::Purpose(Purpose::Patrqt) => Self::Individual,
            Why::Purpose(Purpose::AiTrain | Purpose::Hresch | Purpose::Hlegal) | Why::Words(_) => {
                if authorized {
                    Self::Authorized
                } else {
                    Self::Accounted
                }
            }
        }
    }

    /// True when it must be accounted for.
    pub fn is_accounted(self) -> bool {
        self == Self::Accounted
    }

    /// The clause that exempts it. None when it must be accounted for.
    pub fn clause(self) -> Option<&'static str> {
        Some(match self {
            Self::Accounted => return None,
            Self::Operations => "45 CFR 164.528(a)(1)(i)",
            Self::Individual => "45 CFR 164.528(a)(1)(ii)",
            Self::Incident => "45 CFR 164.528(a)(1)(iii)",
            Self::Authorized => "45 CFR 164.528(a)(1)(iv)",
            Self::Directory => "45 CFR 164.528(a)(1)(v)",
            Self::NationalSecurity => "45 CFR 164.528(a)(1)(vi)",
            Self::Correctional => "45 CFR 164.528(a)(1)(vii)",
            Self::LimitedDataSet => "45 CFR 164.528(a)(1)(viii)",
            Self::BeforeCompliance => "45 CFR 164.528(a)(1)(ix)",
            Self::Inside => "45 CFR 160.103",
            Self::Deidentified => "45 CFR 164.502(d)(2)",
        })
    }
}
