//! May this copy leave, for this purpose, to this recipient, now? And why, in plain words.
//!
//! [`decide`] looks at [`Records`], all of them the gateway's own, and gives a [`Permit`] or a [`Denial`]. Nothing else makes
//! a `Permit`. The rules are Cedar policies (`policies/`), default deny; a rule that cannot be evaluated denies.

mod decide;
mod decision;
mod directive;
mod facility;
mod facts;
mod person;
mod policies;
mod profile;
mod recipient;
mod records;
mod ruling;
#[cfg(test)]
mod scenarios;
mod sentences;
mod signing;
mod vocabulary;
mod wishes;

pub use decide::{decide, decide_facts};
pub use decision::{Decision, Denial, Permit, Reason};
pub use directive::{Directive, DirectiveId, Says, Scope, Signer};
pub use facility::{AiDefault, Facility};
pub use facts::{Age, Agreed, Facts, GlassFacts, Yes};
pub use person::{Guardian, Person, Sensitive};
pub use policies::{Policies, PolicyError};
pub use profile::{InvalidProfileName, ProfileName};
pub use recipient::{Agreement, AgreementKind, Destination, InvalidRecipient, Recipient};
pub use records::{BreakGlass, Records, Request, Scan, Standing};
pub use ruling::{Particulars, Ruling};
