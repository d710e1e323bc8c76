//! What the facility decides for all its patients.

use serde::{Deserialize, Serialize};

/// What holds for AI analysis where the patient said nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AiDefault {
    /// It may be done until the patient says no.
    #[default]
    OptOut,
    /// It may be done once the patient says yes.
    OptIn,
}

/// The facility's settings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facility {
    /// The name, as accounts and reports show it.
    pub name: String,
    /// AI analysis where the patient said nothing.
    pub ai_analysis: AiDefault,
    /// The age in years from which a person signs for themselves.
    pub majority: u8,
    /// Places where copies may be stored, as agreements write them. Empty: anywhere.
    pub storage_places: Vec<String>,
    /// Cedar policies of this site, `forbid` only: they can narrow what is permitted, never widen it.
    pub site_policies: String,
}

impl Default for Facility {
    fn default() -> Self {
        Self {
            name: String::new(),
            ai_analysis: AiDefault::default(),
            majority: 18,
            storage_places: Vec::new(),
            site_policies: String::new(),
        }
    }
}
