//! Why a document does not count.

use crate::{Kind, MAX_BYTES};

/// Why a document does not count. Its texts go to whoever sent it: they say what to do, and hold nothing of a patient.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// Too large to be read.
    #[error("larger than {MAX_BYTES} bytes: send less")]
    TooLarge,
    /// Not a compact JWS, or its content is not what the protocol says.
    #[error("unreadable: {0}")]
    Unreadable(&'static str),
    /// `alg` is not `EdDSA`; `none` above all.
    #[error("the header's alg is not EdDSA: sign with Ed25519 (RFC 8037)")]
    Algorithm,
    /// The header has `crit` or `b64`.
    #[error("the header has crit or b64: leave both out")]
    Critical,
    /// Another type of document.
    #[error("the header's typ must be {0}")]
    Type(&'static str),
    /// Altered on its way, or signed by somebody else.
    #[error(
        "the signature is not one of the key on record: sign the document with that key, and send it unchanged"
    )]
    Signature,
    /// This very receipt came before.
    #[error("a receipt with this jti came before: it need not be sent again; a new receipt needs a new jti")]
    Replayed,
    /// `iss` is not the recipient that was asked.
    #[error("iss is not the recipient that was asked: write the aud of the request")]
    Recipient,
    /// `aud` is there and is not who asked.
    #[error("aud is not who asked: write the iss of the request, or leave it out")]
    Audience,
    /// `ref` is not the request.
    #[error("ref names another request: write the jti of the request")]
    Reference,
    /// `manifest_root` is not that of the request.
    #[error("manifest_root is not that of the request: compute it over the instances that were received")]
    Manifest,
    /// Issued in the future.
    #[error("iat lies in the future: set the clock that wrote it")]
    Future,
    /// Issued before the request was.
    #[error("iat lies before the request: set the clock that wrote it")]
    BeforeRequest,
    /// `exp` is there and has passed.
    #[error("exp has passed: send a new receipt, best without exp")]
    Expired,
    /// The count does not fit the kind.
    #[error("copies_erased does not fit: {} for this request", rule(*kind, *instances))]
    Count {
        /// The kind that it claims.
        kind: Kind,
        /// The instances of the request.
        instances: u64,
    },
    /// A subprocessor's receipt speaks of something else, or says that it did not erase.
    #[error("a subprocessor's receipt contradicts it: {0}")]
    Subprocessor(&'static str),
}

fn rule(kind: Kind, instances: u64) -> String {
    match kind {
        Kind::Ack | Kind::Refused => format!("{kind} goes with 0"),
        Kind::Partial => format!("PARTIAL goes with more than 0 and less than {instances}"),
        Kind::Erased => format!("ERASED goes with {instances}, for less there is PARTIAL"),
    }
}

impl Refused {
    /// A short name for tables and counters, such as `wrong-manifest`.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Unreadable(_) => "unreadable",
            Self::Algorithm => "wrong-algorithm",
            Self::Critical => "critical-header",
            Self::Type(_) => "wrong-type",
            Self::Signature => "forged",
            Self::Replayed => "replayed",
            Self::Recipient => "wrong-recipient",
            Self::Audience => "wrong-audience",
            Self::Reference => "wrong-request",
            Self::Manifest => "wrong-manifest",
            Self::Future => "from-the-future",
            Self::BeforeRequest => "before-the-request",
            Self::Expired => "expired",
            Self::Count { .. } => "wrong-count",
            Self::Subprocessor(_) => "subprocessor",
        }
    }
}
