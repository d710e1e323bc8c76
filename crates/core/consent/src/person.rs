//! What the gateway knows of a patient that bears on decisions.

use model::Date;
use serde::{Deserialize, Serialize};

/// Specially protected categories (HL7 v3 ActCode).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Sensitive {
    /// Substance abuse.
    Eth,
    /// Psychiatry.
    Psy,
    /// Sexual assault, abuse, or domestic violence.
    Sdv,
    /// HIV/AIDS.
    Hiv,
}

/// Somebody who may sign for a patient.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guardian {
    /// The name.
    pub name: String,
    /// The last day on which they may.
    #[serde(default)]
    pub until: Option<Date>,
}

/// What is recorded of a patient.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Day of birth: as recorded by the officer, else as the newest scan says.
    #[serde(default)]
    pub born: Option<Date>,
    /// Day of death.
    #[serde(default)]
    pub died: Option<Date>,
    /// Protected categories.
    #[serde(default)]
    pub sensitive: Vec<Sensitive>,
    /// Who may sign for them.
    #[serde(default)]
    pub guardians: Vec<Guardian>,
}
