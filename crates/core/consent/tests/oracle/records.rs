//! From records to a decision, straight from the sections "What a yes and a no cover" and "What a permit says".

use crate::tables::oracle;
use consent::{
    Age, Agreed, Agreement, AiDefault, Directive, Facts, GlassFacts, Records, Request, Says, Scope, Signer,
    Yes,
};
use model::{Date, Purpose, RecipientId};

/// What a permit must say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Terms {
    pub(crate) profile: String,
    pub(crate) retention_days: Option<u32>,
    pub(crate) banner: bool,
}

/// May it leave, and on what terms?
pub(crate) fn oracle_records(request: &Request, records: &Records<'_>) -> Option<Terms> {
    let facts = facts(request, records);
    oracle(&facts).then(|| terms(request, records, &facts))
}

/// "What a permit says".
fn terms(request: &Request, records: &Records<'_>, facts: &Facts) -> Terms {
    let agreement = records
        .recipient
        .and_then(|recipient| recipient.agreement.as_ref())
        .filter(|_| facts.agreed.is_some_and(|a| a.active && a.lists_purpose));
    Terms {
        profile: agreement.map_or("original".to_owned(), |agreement| agreement.profile.clone()),
        retention_days: match (agreement.and_then(|a| a.retention_days), request.retention_days) {
            (Some(agreed), Some(asked)) => Some(agreed.min(asked)),
            (one, other) => one.or(other),
        },
        banner: (facts.seal_broken || facts.flagged)
            && matches!(request.purpose, Purpose::Treat | Purpose::Patrqt),
    }
}

/// The facts that the tables speak of.
pub(crate) fn facts(request: &Request, records: &Records<'_>) -> Facts {
    let today = Date::of(records.now).unwrap();
    let recipient = records.recipient;
    let agreement = recipient.and_then(|recipient| recipient.agreement.as_ref());
    let wishes = Wishes::of(request.purpose, recipient.map(|recipient| &recipient.id), records);
    Facts {
        purpose: request.purpose,
        known: recipient.is_some(),
        inside: recipient.is_some_and(|r| r.inside),
        suspended: records.standing.suspended,
        overdue: records.standing.overdue != 0,
        agreed: agreement.map(|agreement| agreed(agreement, request, records, today)),
        said_no: wishes.said_no,
        withdrawn: wishes.withdrawn,
        yes: wishes.yes,
        age: age(records, today),
        deceased: records.person.died.is_some(),
        sensitive: !records.person.sensitive.is_empty(),
        identified: records.scan.identified,
        seal_broken: records.scan.seal_broken,
        flagged: records.scan.flagged,
        ai_opt_in: records.facility.ai_analysis == AiDefault::OptIn,
        break_glass: records.break_glass.map(|glass| GlassFacts {
            clinician: glass.clinician,
            reason_given: glass.reason.trim().chars().count() >= 10,
            open_review: glass.open_review,
        }),
    }
}

fn agreed(agreement: &Agreement, request: &Request, records: &Records<'_>, today: Date) -> Agreed {
    let lists = |purpose| agreement.purposes.contains(&purpose);
    let must_end = [
        Purpose::Hoperat,
        Purpose::AiAnalysis,
        Purpose::AiTrain,
        Purpose::Hresch,
    ];
    let places = &records.facility.storage_places;
    Agreed {
        active: agreement.signed_on <= today && agreement.expires.is_none_or(|last| last >= today),
        lists_purpose: lists(request.purpose) || (request.purpose == Purpose::Btg && lists(Purpose::Treat)),
        retention_within: match (agreement.retention_days, request.retention_days) {
            (Some(agreed), Some(asked)) => asked <= agreed,
            (Some(_), None) => true,
            (None, _) => !must_end.contains(&request.purpose),
        },
        may_train: agreement.may_train,
        paid: agreement.paid,
        place_allowed: places.is_empty() || places.contains(&agreement.storage_place),
        deidentifies: agreement.profile != "original",
    }
}

/// How old the patient is on a day, by the calendar's numbers.
fn age(records: &Records<'_>, day: Date) -> Age {
    let Some(born) = records.person.born else {
        return Age::Unknown;
    };
    let numbers = |date: Date| -> (i32, String) {
        let text = date.to_string();
        let (year, rest) = text.split_at(4);
        (year.parse().unwrap(), rest.to_owned())
    };
    let ((birth_year, birthday), (year, this_day)) = (numbers(born), numbers(day));
    let years = if this_day < birthday {
        year - birth_year - 1
    } else {
        year - birth_year
    };
    if years >= i32::from(records.facility.majority) {
        Age::Adult
    } else {
        Age::Minor
    }
}

/// What the patient wants, as it bears on one purpose and one recipient.
struct Wishes {
    said_no: bool,
    withdrawn: bool,
    yes: Option<Yes>,
}

impl Wishes {
    fn of(purpose: Purpose, recipient: Option<&RecipientId>, records: &Records<'_>) -> Self {
        // What is said for this recipient and what is said for all is kept apart. Only the latter speaks of a stranger.
        let own = recipient.map_or_else(Place::default, |id| Place::of(purpose, Some(id), records));
        let all = Place::of(purpose, None, records);
        let refusable = [
            Purpose::AiAnalysis,
            Purpose::AiTrain,
            Purpose::Hresch,
            Purpose::Hoperat,
            Purpose::Hpaymt,
        ];
        let no_to_everything = records.directives.iter().any(|d| {
            d.says == Says::No
                && d.scope == Scope::Everything
                && (d.recipient.is_none() || d.recipient.as_ref() == recipient)
                && stands(d, records)
        });
        let mut counting: Vec<&Directive> = [own.counts, all.counts].into_iter().flatten().collect();
        if records.person.died.is_some() && counting.iter().any(|yes| yes.after_death) {
            counting.retain(|yes| yes.after_death);
        }
        Self {
            said_no: own.no || all.no || (no_to_everything && refusable.contains(&purpose)),
            withdrawn: own.withdrawn || all.withdrawn,
            yes: (!counting.is_empty()).then(|| Yes {
                covers_payment: counting.iter().any(|yes| yes.covers_payment),
                after_death: counting.iter().any(|yes| yes.after_death),
            }),
        }
    }
}

/// What directives for one purpose and exactly this recipient (None: for all) come to.
#[derive(Default)]
struct Place<'a> {
    counts: Option<&'a Directive>,
    no: bool,
    withdrawn: bool,
}

impl<'a> Place<'a> {
    fn of(purpose: Purpose, named: Option<&RecipientId>, records: &Records<'a>) -> Self {
        let here: Vec<&Directive> = records
            .directives
            .iter()
            .filter(|d| d.scope == Scope::Purpose(purpose) && d.recipient.as_ref() == named)
            // A yes to PATRQT must name its recipient.
            .filter(|d| !(d.says == Says::Yes && purpose == Purpose::Patrqt && named.is_none()))
            .collect();
        let standing_nos = || {
            here.iter()
                .copied()
                .filter(|d| d.says == Says::No && stands(d, records))
        };
        let counts = here
            .iter()
            .copied()
            .filter(|d| d.says == Says::Yes && d.starts <= records.now)
            .chain(standing_nos())
            .max_by_key(|d| (d.made_at, d.id.0))
            .filter(|d| d.says == Says::Yes && stands(d, records) && signed(d, records));
        let withdrawn = here
            .iter()
            .filter(|d| d.says == Says::Yes)
            .filter_map(|d| d.withdrawn_at)
            .any(|withdrawal| counts.is_none_or(|yes| yes.made_at < withdrawal));
        // Each standing no that no newer yes sets aside.
        let no =
            standing_nos().any(|no| counts.is_none_or(|yes| (yes.made_at, yes.id.0) < (no.made_at, no.id.0)));
        Self {
            counts,
            no,
            withdrawn,
        }
    }
}

/// Begun, not ended, not withdrawn.
fn stands(d: &Directive, records: &Records<'_>) -> bool {
    d.starts <= records.now && d.ends.is_none_or(|end| records.now < end) && d.withdrawn_at.is_none()
}

/// Signed by who may.
fn signed(d: &Directive, records: &Records<'_>) -> bool {
    let today = Date::of(records.now).unwrap();
    match &d.signed_by {
        Signer::Nobody => false,
        Signer::Patient => age(records, Date::of(d.made_at).unwrap()) != Age::Minor,
        Signer::Guardian { name } => {
            age(records, today) == Age::Minor
                && records
                    .person
                    .guardians
                    .iter()
                    .any(|g| g.name == *name && g.until.is_none_or(|last| today <= last))
        }
    }
}
