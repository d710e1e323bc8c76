//! What the manifest says.

use model::{Purpose, RecipientId, Timestamp};
use serde::{Deserialize, Serialize};

/// The manifest's name.
pub(crate) const NAME: &str = "manifest.json";

/// What the recipient must be told of an instance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Banner {
    /// In English.
    pub plain: String,
    /// In Spanish.
    pub llano: String,
}

/// One instance in the folder.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Instance {
    /// Its file, from the manifest's folder on.
    pub file: String,
    /// Its SOP Instance UID.
    pub sop_instance_uid: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// Bytes of the file.
    pub bytes: u64,
    /// What must be told of it. None, as a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banner: Option<Banner>,
}

/// `manifest.json`: written last, so that a folder without it is unfinished.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The release's number.
    pub release: i64,
    /// To whom.
    pub recipient: RecipientId,
    /// What for, and for nothing else.
    pub purpose: Purpose,
    /// When the copies must be deleted. None when they may be kept.
    pub due: Option<Timestamp>,
    /// What must be told of the copies: the first banner among the instances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banner: Option<Banner>,
    /// All instances in the folder.
    pub instances: Vec<Instance>,
}
