//! A copy that is ready and waits for its permit.
//!
//! The order of the path is compulsory by these types: a [`Prepared`] is made of what the audit cleared, or of an original; only
//! together with a [`Permit`] for its very profile does it become an [`Outgoing`], which is all that a door can send.

use crate::Outgoing;
use crate::outgoing::Content;
use consent::Permit;
use deid::audit::Cleared;
use model::{Digest, Uid};
use seal::Record;

/// How a copy was made safe.
pub(crate) enum Made {
    /// De-identified under a profile, and cleared by the audit.
    Cleared {
        content: Cleared<Content>,
        profile: String,
    },
    /// Not at all: it identifies the patient.
    Original(Content),
}

/// A copy that is ready, and what the account says of it.
pub(crate) struct Prepared {
    pub(crate) made: Made,
    /// The instance here.
    pub(crate) instance: Uid,
    pub(crate) sop_class: Uid,
    pub(crate) sop_instance: Uid,
    pub(crate) study: Uid,
    pub(crate) series: Uid,
    pub(crate) transfer_syntax: Uid,
    pub(crate) head: u64,
    /// SHA-256 of the data set.
    pub(crate) digest: Digest,
    /// The seal of a de-identified copy.
    pub(crate) seal: Option<Record>,
}

impl Prepared {
    /// The copy as it may leave. None when the permit speaks of another profile.
    pub(crate) fn permitted(self, permit: &Permit, evidence: Option<Vec<u8>>) -> Option<Outgoing> {
        let content = match self.made {
            Made::Original(content) if permit.profile().is_original() => content,
            Made::Cleared { content, profile } if permit.profile().as_str() == profile => {
                content.into_output()
            }
            _ => return None,
        };
        Some(Outgoing {
            sop_class: self.sop_class,
            sop_instance: self.sop_instance,
            study: self.study,
            series: self.series,
            transfer_syntax: self.transfer_syntax,
            content,
            head: self.head,
            evidence,
        })
    }
}
