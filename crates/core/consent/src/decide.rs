//! The decision.

use crate::facts::is_secondary;
use crate::ruling::rule;
use crate::{
    Agreement, Decision, Denial, Facts, Particulars, Permit, Policies, ProfileName, Reason, Records, Request,
    Ruling, sentences,
};
use model::{Date, Purpose};

/// Decides on a request. Whatever cannot be evaluated denies.
pub fn decide(policies: &Policies, request: &Request, records: &Records<'_>) -> Decision {
    // Without a day of today nothing can be said about agreements and ages.
    if Date::of(records.now).is_none() {
        return deny([sentences::unchecked()]);
    }
    let facts = Facts::of(request, records);
    let particulars = Particulars {
        recipient: records.recipient,
        retention_days: request.retention_days,
    };
    let ruling = rule(policies, &facts, particulars);
    let fired = ruling.policies.iter().map(|id| policies.reason(id).cloned());
    let fired: Vec<Reason> = fired
        .map(|reason| reason.unwrap_or_else(sentences::unchecked))
        .collect();
    match (ruling.allowed, ruling.error) {
        (true, false) => {
            permit(request, records, &facts, fired).unwrap_or_else(|| deny([sentences::unchecked()]))
        }
        (_, true) => deny(std::iter::once(sentences::unchecked()).chain(fired)),
        (false, false) if fired.is_empty() => deny([sentences::not_permitted()]),
        (false, false) => deny(fired),
    }
}

/// What the rules say to facts, without any record: for those who sweep over all of them. It makes no [`Permit`].
pub fn decide_facts(policies: &Policies, facts: &Facts, particulars: Particulars<'_>) -> Ruling {
    rule(policies, facts, particulars)
}

fn deny(reasons: impl IntoIterator<Item = Reason>) -> Decision {
    Decision::Deny(Denial {
        reasons: reasons.into_iter().collect(),
    })
}

/// The permit. None when the records do not say how the copy should look, so that it cannot be made.
fn permit(request: &Request, records: &Records<'_>, facts: &Facts, reasons: Vec<Reason>) -> Option<Decision> {
    let recipient = records.recipient?;
    let purpose = request.purpose;
    let agreement = covering(recipient.agreement.as_ref(), facts);
    let profile = match agreement {
        Some(agreement) => ProfileName::new(&agreement.profile).ok()?,
        None => ProfileName::original(),
    };
    let without_agreement = matches!(purpose, Purpose::Treat | Purpose::Btg | Purpose::Patrqt);
    if (profile.is_original() && is_secondary(purpose)) || (agreement.is_none() && !without_agreement) {
        return None;
    }
    let agreed = agreement.and_then(|agreement| agreement.retention_days);
    let retention_days = match (request.retention_days, agreed) {
        (Some(asked), Some(agreed)) => Some(asked.min(agreed)),
        (asked, agreed) => asked.or(agreed),
    };
    if retention_days.is_none() && is_secondary(purpose) {
        return None;
    }
    Some(Decision::Permit(Permit {
        recipient: recipient.id.clone(),
        purpose,
        profile,
        retention_days,
        banner: sentences::banner(facts.seal_broken, facts.flagged),
        reasons,
        decided_at: records.now,
    }))
}

/// The agreement, where it holds today and covers the purpose. Another one says nothing about this copy: what a part of the
/// facility gets for treatment is not shaped by its agreement on research.
fn covering<'a>(agreement: Option<&'a Agreement>, facts: &Facts) -> Option<&'a Agreement> {
    let covers = facts
        .agreed
        .is_some_and(|agreed| agreed.active && agreed.lists_purpose);
    agreement.filter(|_| covers)
}
