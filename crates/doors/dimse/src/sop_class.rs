//! Which SOP classes stand for what (PS3.4, PS3.6 annex A).

use model::Uid;

/// Verification SOP Class (C-ECHO).
pub(crate) const VERIFICATION: &str = "1.2.840.10008.1.1";

/// The service that an abstract syntax asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Service {
    /// C-ECHO.
    Verification,
    /// C-STORE.
    Storage,
    /// N-EVENT-REPORT of storage commitment: the peer reports, this gateway asked.
    Commitment,
}

/// UIDs under this root are the standard's; all others are private.
const DICOM_ROOT: &str = "1.2.840.10008.";

/// Nearly all storage SOP classes stand under this root.
const STORAGE_ROOT: &str = "1.2.840.10008.5.1.4.1.1.";

/// Under the storage root and no storage: protocol approval and inventory queries and retrieves.
const NOT_STORAGE: [&str; 8] = [
    "1.2.840.10008.5.1.4.1.1.200.4",
    "1.2.840.10008.5.1.4.1.1.200.5",
    "1.2.840.10008.5.1.4.1.1.200.6",
    "1.2.840.10008.5.1.4.1.1.201.2",
    "1.2.840.10008.5.1.4.1.1.201.3",
    "1.2.840.10008.5.1.4.1.1.201.4",
    "1.2.840.10008.5.1.4.1.1.201.5",
    "1.2.840.10008.5.1.4.1.1.201.6",
];

/// Storage SOP classes that stand elsewhere, retired ones too: what was sent once is still sent.
const OTHER_STORAGE: [&str; 11] = [
    "1.2.840.10008.5.1.1.27",    // Stored Print
    "1.2.840.10008.5.1.1.29",    // Hardcopy Grayscale Image
    "1.2.840.10008.5.1.1.30",    // Hardcopy Color Image
    "1.2.840.10008.5.1.4.34.1",  // RT Beams Delivery Instruction, trial
    "1.2.840.10008.5.1.4.34.7",  // RT Beams Delivery Instruction
    "1.2.840.10008.5.1.4.34.10", // RT Brachy Application Setup Delivery Instruction
    "1.2.840.10008.5.1.4.38.1",  // Hanging Protocol
    "1.2.840.10008.5.1.4.39.1",  // Color Palette
    "1.2.840.10008.5.1.4.43.1",  // Generic Implant Template
    "1.2.840.10008.5.1.4.44.1",  // Implant Assembly Template
    "1.2.840.10008.5.1.4.45.1",  // Implant Template Group
];

impl Service {
    /// The service for an abstract syntax, or nothing when this gateway has none for it.
    ///
    /// Private abstract syntaxes count as storage: modalities send their raw data under them.
    pub fn for_abstract_syntax(uid: &Uid) -> Option<Self> {
        let uid = uid.as_str();
        if uid == VERIFICATION {
            return Some(Self::Verification);
        }
        if uid == crate::commitment::SOP_CLASS {
            return Some(Self::Commitment);
        }
        let private = !uid.starts_with(DICOM_ROOT);
        let under_root = uid.starts_with(STORAGE_ROOT) && !NOT_STORAGE.contains(&uid);
        (private || under_root || OTHER_STORAGE.contains(&uid)).then_some(Self::Storage)
    }
}
