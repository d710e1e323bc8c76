//! What the rules look at: records boiled down to plain facts.

use crate::signing::Signatories;
use crate::wishes::Question;
use crate::{Agreement, AiDefault, BreakGlass, Facility, ProfileName, Records, Request};
use model::{Date, Purpose};

/// The least length of a reason for breaking the glass, in characters without the white space around it.
const LEAST_REASON: usize = 10;

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

impl Facts {
    /// Boils records down, as of `records.now`. Days are those of UTC.
    pub fn of(request: &Request, records: &Records<'_>) -> Self {
        let today = Date::of(records.now);
        let person = records.person;
        let signatories = Signatories {
            person,
            majority: records.facility.majority,
            today,
        };
        let deceased = person.died.is_some();
        let wishes = Question {
            purpose: request.purpose,
            recipient: records.recipient.map(|recipient| &recipient.id),
            now: records.now,
            deceased,
            signatories: &signatories,
        }
        .answer(records.directives);
        let agreement = records
            .recipient
            .and_then(|recipient| recipient.agreement.as_ref());
        Self {
            purpose: request.purpose,
            known: records.recipient.is_some(),
            inside: records.recipient.is_some_and(|recipient| recipient.inside),
            suspended: records.standing.suspended,
            overdue: records.standing.overdue > 0,
            agreed: agreement.map(|agreement| Agreed::of(agreement, request, records.facility, today)),
            said_no: wishes.said_no,
            withdrawn: wishes.withdrawn,
            yes: wishes.yes,
            age: signatories.age_on(today),
            deceased,
            sensitive: !person.sensitive.is_empty(),
            identified: records.scan.identified,
            seal_broken: records.scan.seal_broken,
            flagged: records.scan.flagged,
            ai_opt_in: records.facility.ai_analysis == AiDefault::OptIn,
            break_glass: records.break_glass.map(GlassFacts::of),
        }
    }
}

impl Agreed {
    fn of(agreement: &Agreement, request: &Request, facility: &Facility, today: Option<Date>) -> Self {
        let purpose = request.purpose;
        let lists = |purpose: &Purpose| agreement.purposes.contains(purpose);
        let holds_on =
            |day: Date| agreement.signed_on <= day && agreement.expires.is_none_or(|last| day <= last);
        let within = |agreed: u32| request.retention_days.is_none_or(|asked| asked <= agreed);
        let places = &facility.storage_places;
        Self {
            active: today.is_some_and(holds_on),
            lists_purpose: lists(&purpose) || (purpose == Purpose::Btg && lists(&Purpose::Treat)),
            retention_within: match agreement.retention_days {
                Some(agreed) => within(agreed),
                // No end was agreed: fine for those who keep what they get, and for nobody else.
                None => !is_secondary(purpose),
            },
            may_train: agreement.may_train,
            paid: agreement.paid,
            place_allowed: places.is_empty() || places.contains(&agreement.storage_place),
            deidentifies: ProfileName::new(&agreement.profile).is_ok_and(|profile| !profile.is_original()),
        }
    }
}

impl GlassFacts {
    fn of(glass: &BreakGlass) -> Self {
        Self {
            clinician: glass.clinician,
            reason_given: glass.reason.trim().chars().count() >= LEAST_REASON,
            open_review: glass.open_review,
        }
    }
}

/// True for the purposes other than care, payment, the patient and the law: their copies must be de-identified and must have
/// an end.
pub(crate) fn is_secondary(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::Hoperat | Purpose::AiAnalysis | Purpose::AiTrain | Purpose::Hresch
    )
}
