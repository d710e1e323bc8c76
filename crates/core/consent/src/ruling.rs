//! What the rules say to facts, and the Cedar request made of them.

use crate::vocabulary::Vocabulary;
use crate::{Agreed, Agreement, AgreementKind, Facts, Policies, Recipient};
use cedar_policy::{Context, Decision, Entities, Request, RestrictedExpression as Value};

/// What the site's rules can see beside the [`Facts`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Particulars<'a> {
    /// The recipient. None for a stranger, or where no rule of the site looks at it.
    pub recipient: Option<&'a Recipient>,
    /// The retention asked for, in days. None: as agreed.
    pub retention_days: Option<u32>,
}

/// What the rules say. It lets nothing leave: a [`Permit`](crate::Permit) comes from [`decide`](crate::decide()) alone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ruling {
    /// A rule permits it, none forbids it, and all could be evaluated.
    pub allowed: bool,
    /// The `@id` of the rules that decided, the most telling first: those that permit, or those that forbid. None when
    /// nothing permits it, or what would have permitted it stands beside an error.
    pub policies: Vec<String>,
    /// A rule could not be evaluated, or the question could not be put.
    pub error: bool,
}

/// Puts the question to the rules.
pub(crate) fn rule(policies: &Policies, facts: &Facts, particulars: Particulars<'_>) -> Ruling {
    let Some(request) = request(policies, facts, particulars) else {
        return Ruling {
            allowed: false,
            policies: Vec::new(),
            error: true,
        };
    };
    let response = policies
        .authorizer
        .is_authorized(&request, &policies.set, &Entities::empty());
    // Cedar skips a rule that errs, also one that would forbid: an error therefore denies, whatever the others say.
    let error = response.diagnostics().errors().next().is_some();
    let allow = response.decision() == Decision::Allow;
    let mut fired: Vec<_> = response
        .diagnostics()
        .reason()
        .map(|id| (policies.rank(id), id))
        .collect();
    fired.sort_unstable();
    if allow && error {
        // What was about to permit is no reason for a denial.
        fired.clear();
    }
    Ruling {
        allowed: allow && !error,
        policies: fired.into_iter().map(|(_, id)| id.to_string()).collect(),
        error,
    }
}

/// The Cedar request, checked against the schema.
fn request(policies: &Policies, facts: &Facts, particulars: Particulars<'_>) -> Option<Request> {
    let words = &policies.vocabulary;
    let name = particulars
        .recipient
        .map_or("", |recipient| recipient.id.as_str());
    let bool = |name: &str, value| (name.to_owned(), Value::new_bool(value));
    let mut pairs = vec![
        ("recipient".to_owned(), Value::new_string(name.to_owned())),
        bool("known", facts.known),
        bool("inside", facts.inside),
        bool("suspended", facts.suspended),
        bool("overdue", facts.overdue),
        bool("said_no", facts.said_no),
        bool("withdrawn", facts.withdrawn),
        ("age".to_owned(), Value::new_entity_uid(words.age(facts.age))),
        bool("deceased", facts.deceased),
        bool("sensitive", facts.sensitive),
        bool("identified", facts.identified),
        bool("seal_broken", facts.seal_broken),
        bool("flagged", facts.flagged),
        bool("ai_opt_in", facts.ai_opt_in),
    ];
    if let Some(agreed) = facts.agreed {
        let agreement = particulars
            .recipient
            .and_then(|recipient| recipient.agreement.as_ref());
        pairs.push(("agreement".to_owned(), agreement_value(words, agreed, agreement)?));
    }
    if let Some(days) = particulars.retention_days {
        pairs.push(("retention_asked".to_owned(), Value::new_long(days.into())));
    }
    if let Some(yes) = &facts.yes {
        let fields = [
            bool("covers_payment", yes.covers_payment),
            bool("after_death", yes.after_death),
        ];
        pairs.push(("yes".to_owned(), Value::new_record(fields).ok()?));
    }
    if let Some(glass) = &facts.break_glass {
        let fields = [
            bool("clinician", glass.clinician),
            bool("reason_given", glass.reason_given),
            bool("open_review", glass.open_review),
        ];
        pairs.push(("glass".to_owned(), Value::new_record(fields).ok()?));
    }
    let context = Context::from_pairs(pairs).ok()?;
    let (principal, action, resource) = (words.recipient(name), words.action(facts.purpose), words.scan());
    Request::new(principal, action, resource, context, Some(&policies.schema)).ok()
}

/// The agreement as the rules see it. Facts without a record, as in a sweep, have the place left empty.
fn agreement_value(words: &Vocabulary, agreed: Agreed, agreement: Option<&Agreement>) -> Option<Value> {
    let bool = |name: &str, value| (name.to_owned(), Value::new_bool(value));
    let kind = agreement.map_or(AgreementKind::Contract, |agreement| agreement.kind);
    let place = agreement.map_or("", |agreement| &agreement.storage_place);
    let others = agreement.map_or(&[][..], |agreement| &agreement.subprocessors);
    let mut fields = vec![
        bool("active", agreed.active),
        bool("lists_purpose", agreed.lists_purpose),
        bool("retention_within", agreed.retention_within),
        bool("may_train", agreed.may_train),
        bool("paid", agreed.paid),
        bool("place_allowed", agreed.place_allowed),
        bool("deidentifies", agreed.deidentifies),
        ("kind".to_owned(), Value::new_entity_uid(words.kind(kind))),
        ("storage_place".to_owned(), Value::new_string(place.to_owned())),
        (
            "subprocessors".to_owned(),
            Value::new_set(others.iter().map(|name| Value::new_string(name.clone()))),
        ),
    ];
    if let Some(days) = agreement.and_then(|agreement| agreement.retention_days) {
        fields.push(("retention_days".to_owned(), Value::new_long(days.into())));
    }
    Value::new_record(fields).ok()
}
