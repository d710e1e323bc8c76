//! The verdicts.

use crate::attributes::Group;
use crate::{Findings, PixelFindings};
use serde::Serialize;

/// What is said of a candidate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The sealed object, unchanged since it arrived.
    Authentic,
    /// Changed only as signed amendments say.
    AuthenticAmended,
    /// The samples are those of the seal; how they are shown is not.
    DisplayAltered,
    /// Attributes other than those of display changed.
    AttributesAltered,
    /// The samples changed.
    PixelsAltered,
    /// A copy that the gateway made of a sealed object and handed out, unchanged since.
    Derived,
    /// A study of which instances are missing.
    Incomplete,
    /// No seal is known.
    Unsealed,
    /// No seal is known for this identity, but these pixels are sealed here under another one.
    Stripped,
    /// Sealed, and withdrawn since.
    Revoked,
    /// It cannot be proved.
    Unproven,
}

impl Verdict {
    /// The name in JSON documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authentic => "authentic",
            Self::AuthenticAmended => "authentic-amended",
            Self::DisplayAltered => "display-altered",
            Self::AttributesAltered => "attributes-altered",
            Self::PixelsAltered => "pixels-altered",
            Self::Derived => "derived",
            Self::Incomplete => "incomplete",
            Self::Unsealed => "unsealed",
            Self::Stripped => "stripped",
            Self::Revoked => "revoked",
            Self::Unproven => "unproven",
        }
    }

    /// The exit code of `leadglass verify`.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Authentic | Self::AuthenticAmended => 0,
            Self::DisplayAltered | Self::AttributesAltered | Self::PixelsAltered | Self::Incomplete => 10,
            Self::Unsealed | Self::Stripped => 11,
            Self::Derived => 12,
            Self::Revoked => 13,
            Self::Unproven => 14,
        }
    }

    /// The verdict on an object of which these differences were found, and why; log and withdrawal aside.
    pub fn of(findings: &Findings) -> (Self, Option<&'static str>) {
        let counts = |display: bool| {
            findings
                .counting()
                .any(|c| (c.group == Group::Display) == display)
        };
        match &findings.pixels {
            PixelFindings::Altered(_) => (Self::PixelsAltered, None),
            _ if counts(false) => (Self::AttributesAltered, None),
            _ if findings.hidden_bits_altered => (Self::DisplayAltered, Some("hidden-bits")),
            _ if counts(true) => (Self::DisplayAltered, None),
            PixelFindings::LossyReencoded => (Self::Unproven, Some("lossy-reencoded")),
            PixelFindings::Undecided => (Self::Unproven, Some("not-decoded")),
            // Whatever was done to the object on the way into the copy, the copy is not that object.
            PixelFindings::Same if findings.derived => (Self::Derived, None),
            PixelFindings::Same if findings.attributes.iter().any(|change| change.amended) => {
                (Self::AuthenticAmended, None)
            }
            PixelFindings::Same => (Self::Authentic, None),
        }
    }
}
