//! What is to be read.

use model::Uid;

/// A study, a series or an instance. Where more UIDs than the last are given, they must agree with what is here.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// A whole study.
    Study(Uid),
    /// A series.
    Series {
        /// The study it must be in.
        study: Option<Uid>,
        /// Its Series Instance UID.
        series: Uid,
    },
    /// One instance.
    Instance {
        /// The study it must be in.
        study: Option<Uid>,
        /// The series it must be in.
        series: Option<Uid>,
        /// Its SOP Instance UID.
        instance: Uid,
    },
}

impl Target {
    /// The level's name.
    pub fn level(&self) -> &'static str {
        match self {
            Self::Study(_) => "study",
            Self::Series { .. } => "series",
            Self::Instance { .. } => "instance",
        }
    }

    /// The UID at that level.
    pub fn uid(&self) -> &Uid {
        match self {
            Self::Study(uid) | Self::Series { series: uid, .. } | Self::Instance { instance: uid, .. } => uid,
        }
    }

    /// Whether an instance agrees with every UID that is given.
    pub(crate) fn agrees(&self, study: &Uid, series: &Uid) -> bool {
        let fits = |given: &Option<Uid>, here: &Uid| given.as_ref().is_none_or(|uid| uid == here);
        match self {
            Self::Study(_) => true,
            Self::Series { study: given, .. } => fits(given, study),
            Self::Instance {
                study: given_study,
                series: given_series,
                ..
            } => fits(given_study, study) && fits(given_series, series),
        }
    }
}
