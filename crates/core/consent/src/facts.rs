//! What the rules look at: records boiled down to plain facts.

use model::Purpose;

/// A patient's age, as it bears on signatures.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Age {
    /// Signs for themselves.
    Adult,
    /// A guardian signs.
    Minor,
    /// Nobody recorded a day of birth.
    Unknown,
}

/// A yes that stands now for this purpose and recipient, and is signed by who may sign today: the patient, or for a minor a
/// guardian on record. (A guardian's yes ends with the patient's majority.)
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Yes {
    /// It also covers that the facility is paid.
    pub covers_payment: bool,
    /// It holds after death.
    pub after_death: bool,
}

/// What was agreed, as it bears on this request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Agreed {
    /// It holds today.
    pub active: bool,
    /// It lists the purpose.
    pub lists_purpose: bool,
    /// The retention asked for is not longer than agreed.
    pub retention_within: bool,
    /// Models may be trained.
    pub may_train: bool,
    /// The facility is paid.
    pub paid: bool,
    /// The facility allows storage there.
    pub place_allowed: bool,
    /// Its profile de-identifies: it is not `original`.
    pub deidentifies: bool,
}

/// Who breaks the glass, as it bears on the decision.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct GlassFacts {
    /// A clinician on the list of staff.
    pub clinician: bool,
    /// A reason of at least ten characters was given.
    pub reason_given: bool,
    /// An earlier use was not reviewed yet.
    pub open_review: bool,
}

/// The facts of one request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Facts {
    /// What for.
    pub purpose: Purpose,
    /// The recipient is on the gateway's list.
    pub known: bool,
    /// It is a part of this facility.
    pub inside: bool,
    /// The officer suspended it.
    pub suspended: bool,
    /// It owes confirmations of deletion.
    pub overdue: bool,
    /// What was agreed with it. None: nothing.
    pub agreed: Option<Agreed>,
    /// A no of the patient stands.
    pub said_no: bool,
    /// A yes for this was withdrawn, and none was given since.
    pub withdrawn: bool,
    /// A yes that counts.
    pub yes: Option<Yes>,
    /// The patient's age.
    pub age: Age,
    /// The patient died.
    pub deceased: bool,
    /// The patient's records are in a specially protected category.
    pub sensitive: bool,
    /// It is known whose scan it is.
    pub identified: bool,
    /// The seal does not hold.
    pub seal_broken: bool,
    /// The scan was flagged.
    pub flagged: bool,
    /// AI analysis needs a yes here.
    pub ai_opt_in: bool,
    /// Who breaks the glass.
    pub break_glass: Option<GlassFacts>,
}
