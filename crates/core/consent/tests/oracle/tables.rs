//! The two tables of `docs/consent.md`, row by row.

use consent::{Age, Facts};
use model::Purpose::{self, AiAnalysis, AiTrain, Btg, Hlegal, Hoperat, Hpaymt, Hresch, Patrqt, Treat};

/// May it leave? When a row of the first table permits and no row of the second forbids.
pub(crate) fn oracle(facts: &Facts) -> bool {
    permits(facts) && !forbids(facts).contains(&true)
}

/// "What permits".
pub(crate) fn permits(facts: &Facts) -> bool {
    let under_agreement = facts.agreed.is_some_and(|a| a.active && a.lists_purpose);
    let deidentified = facts.agreed.is_some_and(|a| a.deidentifies);
    let retention = facts.agreed.is_some_and(|a| a.retention_within);
    let may_train = facts.agreed.is_some_and(|a| a.may_train);
    let yes = facts.yes.is_some();
    let analysis = under_agreement && deidentified && retention;
    match facts.purpose {
        Treat => facts.inside || under_agreement,
        Hpaymt | Hlegal => under_agreement,
        Hoperat => under_agreement && deidentified,
        AiAnalysis => analysis && (!facts.ai_opt_in || yes),
        AiTrain => analysis && may_train && yes,
        Hresch => analysis && yes,
        Patrqt => yes,
        Btg => {
            let entitled = facts
                .break_glass
                .is_some_and(|g| g.clinician && g.reason_given && !g.open_review);
            entitled && (facts.inside || under_agreement)
        }
    }
}

/// "What forbids, whatever else permits": the rows, in order, and which of them do.
pub(crate) fn forbids(facts: &Facts) -> [bool; 19] {
    let purpose = facts.purpose;
    let agreed = facts.agreed;
    let is = |purposes: &[Purpose]| purposes.contains(&purpose);
    let needs_agreement = match purpose {
        Patrqt => false,
        Treat | Btg => !facts.inside,
        _ => true,
    };
    let no_yes = facts.yes.is_none();
    [
        !facts.known,
        (facts.suspended || facts.overdue) && !is(&[Treat, Patrqt]),
        is(&[Btg])
            && facts
                .break_glass
                .is_none_or(|g| !g.clinician || !g.reason_given || g.open_review),
        needs_agreement && agreed.is_none_or(|a| !a.active),
        needs_agreement && agreed.is_some_and(|a| !a.lists_purpose),
        needs_agreement && agreed.is_some_and(|a| !a.retention_within),
        is(&[Hoperat, AiAnalysis, AiTrain, Hresch]) && agreed.is_some_and(|a| !a.deidentifies),
        is(&[AiTrain]) && agreed.is_some_and(|a| !a.may_train),
        needs_agreement && agreed.is_some_and(|a| !a.place_allowed),
        no_yes && (is(&[AiTrain, Hresch, Patrqt]) || (is(&[AiAnalysis]) && facts.ai_opt_in)),
        is(&[Hoperat, AiAnalysis, AiTrain, Hresch])
            && agreed.is_some_and(|a| a.paid)
            && facts.yes.is_none_or(|yes| !yes.covers_payment),
        facts.said_no && !is(&[Hlegal, Btg]),
        facts.withdrawn && is(&[AiAnalysis, AiTrain, Hresch, Patrqt, Hoperat, Hpaymt]),
        facts.age == Age::Minor && no_yes && is(&[AiAnalysis, AiTrain, Hresch]),
        facts.age == Age::Unknown && is(&[AiTrain, Hresch]),
        facts.deceased && facts.yes.is_none_or(|yes| !yes.after_death) && is(&[AiAnalysis, AiTrain, Hresch]),
        facts.sensitive && no_yes && is(&[AiAnalysis, AiTrain, Hresch, Hoperat]),
        (facts.seal_broken || facts.flagged) && !is(&[Treat, Patrqt]),
        !facts.identified && !is(&[Treat, Btg]),
    ]
}

/// The rules that stand for each row of the second table, in its order.
pub(crate) const RULES: [&[&str]; 19] = [
    &["stranger"],
    &["suspended", "deletion-overdue"],
    &[
        "emergency-unnamed",
        "emergency-not-clinician",
        "emergency-no-reason",
        "emergency-open-review",
    ],
    &["no-agreement"],
    &["purpose-not-agreed"],
    &["kept-too-long"],
    &["not-deidentified"],
    &["training-not-agreed"],
    &["place-not-allowed"],
    &["no-yes", "ai-without-yes"],
    &["paid-without-yes"],
    &["patient-said-no"],
    &["yes-withdrawn"],
    &["minor-without-guardian"],
    &["age-unknown"],
    &["deceased"],
    &["sensitive-without-yes"],
    &["seal-broken", "flagged"],
    &["unidentified"],
];
