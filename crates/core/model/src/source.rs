//! How a scan came in.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The door through which a scan arrived, or that it was made here.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    /// The DICOM network (C-STORE).
    Dimse,
    /// DICOMweb (STOW-RS).
    Dicomweb,
    /// A file, folder, zip or DICOMDIR brought in by an operator.
    Import,
    /// None: this gateway made it, of a scan that it holds, to hand it out.
    Release,
}

impl Door {
    /// The name that seals and JSON documents carry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dimse => "dimse",
            Self::Dicomweb => "dicomweb",
            Self::Import => "import",
            Self::Release => "release",
        }
    }

    /// Reads [`Door::as_str`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Dimse, Self::Dicomweb, Self::Import, Self::Release]
            .into_iter()
            .find(|door| door.as_str() == name)
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who brought a scan, and whether that was proved.
///
/// A seal says "unchanged since it arrived"; this says how it arrived, so that a forgery sent by a
/// stranger does not look blessed.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Source {
    /// The door.
    pub door: Door,
    /// The calling AE title, where the door has one. A name, not a credential.
    pub ae: Option<String>,
    /// True only when a certificate or a token proved who was calling.
    pub authenticated: bool,
}
