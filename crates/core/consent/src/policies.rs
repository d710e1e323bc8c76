//! The Cedar policies: those built in, and those of the site.

use crate::vocabulary::Vocabulary;
use crate::{Reason, sentences};
use cedar_policy::{Authorizer, Effect, Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};
use std::collections::HashMap;

const SCHEMA: &str = include_str!("../policies/leadglass.cedarschema");
/// What forbids stands first: reasons are given in this order.
const BUILT_IN: [&str; 2] = [
    include_str!("../policies/forbid.cedar"),
    include_str!("../policies/permit.cedar"),
];

/// The rules, checked against their schema.
pub struct Policies {
    pub(crate) set: PolicySet,
    pub(crate) schema: Schema,
    pub(crate) authorizer: Authorizer,
    pub(crate) vocabulary: Vocabulary,
    reasons: HashMap<PolicyId, (usize, Reason)>,
}

/// The rules cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A policy does not parse or does not fit the schema.
    #[error("the site's policies cannot be used: {0}")]
    Invalid(String),
    /// A rule of the site permits.
    #[error("the site's policy {0} permits: a site can only forbid")]
    Permits(String),
    /// A rule of the site has slots.
    #[error(
        "the site's policies hold a template: write out whom it is for instead of ?principal or ?resource"
    )]
    Template,
    /// A rule of the site has no name, or one that cannot be used.
    #[error(
        "the site's policy number {0} needs a name: @id(\"...\") of 1 to 64 lower-case letters, digits and hyphens"
    )]
    NoId(usize),
    /// A rule of the site has no sentence.
    #[error("the site's policy {0} needs a sentence for patients: @plain(\"...\")")]
    NoPlain(String),
    /// Two rules have one name.
    #[error("there are two policies of the name {0}: give the site's another @id")]
    Twice(String),
    /// The built-in rules are broken.
    #[error("the built-in policies cannot be used: {0}")]
    BuiltIn(String),
}

impl Policies {
    /// The built-in rules, narrowed by those of the site (`forbid` only; empty for none).
    ///
    /// # Errors
    /// When the site's rules do not parse, do not fit the schema, can never apply, permit anything, lack `@id` or `@plain`, or
    /// have the name of another rule.
    pub fn new(site: &str) -> Result<Self, PolicyError> {
        let broken = |error: &dyn std::fmt::Display| PolicyError::BuiltIn(error.to_string());
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| broken(&error))?;
        let mut policies = Self {
            set: PolicySet::new(),
            schema,
            authorizer: Authorizer::new(),
            vocabulary: Vocabulary::new().map_err(|error| broken(&error))?,
            reasons: HashMap::new(),
        };
        for text in BUILT_IN {
            let set = text.parse::<PolicySet>().map_err(|error| broken(&error))?;
            for policy in in_order(&set) {
                policies.add(policy).map_err(|error| broken(&error))?;
            }
        }
        policies.validate().map_err(PolicyError::BuiltIn)?;
        policies.add_site(site)?;
        Ok(policies)
    }

    /// All sentences: those of the rules in the order in which reasons are given, then those that belong to no rule.
    pub fn sentences(&self) -> Vec<Reason> {
        let mut rules: Vec<_> = self.reasons.values().collect();
        rules.sort_unstable_by_key(|(rank, _)| *rank);
        let rules = rules.into_iter().map(|(_, reason)| reason.clone());
        rules.chain(sentences::all()).collect()
    }

    /// A rule's place in the order in which reasons are given.
    pub(crate) fn rank(&self, id: &PolicyId) -> usize {
        self.reasons.get(id).map_or(usize::MAX, |(rank, _)| *rank)
    }

    /// The same rules but for one, to show that each is needed. For tests of this crate alone: nobody else may widen what the
    /// rules permit.
    #[cfg(test)]
    pub(crate) fn without(mut self, id: &str) -> Self {
        self.set.remove_static(PolicyId::new(id)).unwrap();
        self
    }

    /// The sentence of a rule.
    pub(crate) fn reason(&self, id: &str) -> Option<&Reason> {
        self.reasons.get(&PolicyId::new(id)).map(|(_, reason)| reason)
    }

    fn add_site(&mut self, text: &str) -> Result<(), PolicyError> {
        let set = text
            .parse::<PolicySet>()
            .map_err(|error| PolicyError::Invalid(chain(&error)))?;
        if set.num_of_templates() > 0 {
            return Err(PolicyError::Template);
        }
        for policy in in_order(&set) {
            if policy.effect() != Effect::Forbid {
                let name = policy.annotation("id").unwrap_or("without @id");
                return Err(PolicyError::Permits(name.to_owned()));
            }
            self.add(policy)?;
        }
        self.validate().map_err(PolicyError::Invalid)
    }

    fn add(&mut self, policy: &Policy) -> Result<(), PolicyError> {
        let rank = self.reasons.len();
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let id = policy
            .annotation("id")
            .filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(legal))
            .ok_or_else(|| PolicyError::NoId(number_of(policy)))?;
        let sentence = |language| {
            let text = policy.annotation(language).map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let plain = sentence("plain").ok_or_else(|| PolicyError::NoPlain(id.to_owned()))?;
        let reason = Reason {
            policy: id.to_owned(),
            llano: sentence("llano").unwrap_or_else(|| plain.clone()),
            plain,
        };
        let name = PolicyId::new(id);
        if sentences::is_taken(id) || self.reasons.contains_key(&name) {
            return Err(PolicyError::Twice(id.to_owned()));
        }
        self.set
            .add(policy.new_id(name.clone()))
            .map_err(|error| PolicyError::Invalid(chain(&error)))?;
        self.reasons.insert(name, (rank, reason));
        Ok(())
    }

    /// Strict validation. A warning counts as well: a rule that can never apply, or that looks like another one, protects
    /// nobody.
    fn validate(&self) -> Result<(), String> {
        let result = Validator::new(self.schema.clone()).validate(&self.set, ValidationMode::Strict);
        let errors = result.validation_errors().map(|error| chain(error));
        let complaints: Vec<_> = errors
            .chain(result.validation_warnings().map(|warning| chain(warning)))
            .collect();
        if complaints.is_empty() {
            Ok(())
        } else {
            Err(complaints.join("; "))
        }
    }
}

/// The policies of a text in the order in which they stand there: Cedar numbers those it reads `policy0`, `policy1`, ...
fn in_order(set: &PolicySet) -> Vec<&Policy> {
    let mut policies: Vec<_> = set.policies().collect();
    policies.sort_by_key(|policy| number_of(policy));
    policies
}

/// The place of a policy in its text, from 1.
fn number_of(policy: &Policy) -> usize {
    let name = policy.id().to_string();
    let number = name
        .strip_prefix("policy")
        .and_then(|number| number.parse::<usize>().ok());
    number.map_or(usize::MAX, |number| number + 1)
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
