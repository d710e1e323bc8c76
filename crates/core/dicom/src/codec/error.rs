//! Why a frame is not decoded.

/// Why a frame is not decoded. The message names the codec and the fault, never a value of the header.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// The codestream breaks its own standard.
    #[error("{codec}: {fault}; keep the fragments and ask the sender for the object again")]
    Malformed {
        /// Which codec.
        codec: &'static str,
        /// What is wrong.
        fault: &'static str,
    },
    /// The codestream ends before its image does.
    #[error("{codec}: the codestream ends too early; ask the sender for the object again")]
    Truncated {
        /// Which codec.
        codec: &'static str,
    },
    /// Header and codestream describe different images.
    #[error("{codec}: header and codestream disagree on {on}; quarantine the object")]
    Disagrees {
        /// Which codec.
        codec: &'static str,
        /// What they disagree on.
        on: &'static str,
    },
    /// Allowed by a standard, not decoded here.
    #[error("{codec}: {what} not supported; keep the fragments as they came")]
    Unsupported {
        /// Which codec.
        codec: &'static str,
        /// What is not supported.
        what: &'static str,
    },
    /// The header describes no image.
    #[error("the header describes no image: {fault}; quarantine the object")]
    Description {
        /// What is wrong.
        fault: &'static str,
    },
}
