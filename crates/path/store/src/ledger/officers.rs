//! What officers set up and review.

use super::gather::{self, FACILITY, RECIPIENT, STAFF, SUSPENSION};
use super::operation::Operation;
use super::queue;
use super::rows::{ReleaseState, SuspensionRow};
use crate::group::Group;
use crate::store::Store;
use crate::{Error, PatientId, Result};
use async_trait::async_trait;
use consent::{Facility, Recipient};
use model::{RecipientId, Timestamp};

/// Names a kind of what is registered beside recipients, staff and the facility: routes.
const ROUTE: &str = "route";

struct Register {
    kind: &'static str,
    name: String,
    document: Option<String>,
    now: Timestamp,
}

#[async_trait]
impl Operation for Register {
    type Answer = bool;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<bool> {
        let changed = group
            .tx
            .rows()
            .register(self.kind, &self.name, self.document.as_deref(), self.now)
            .await?;
        // Whoever was cut off must not get what is already on its way to them.
        if self.kind == RECIPIENT || self.kind == SUSPENSION {
            let open = group.tx.rows().open_releases_to(&self.name).await?;
            for release in open {
                queue::check(group, &release, ReleaseState::Cancelled, self.now).await?;
            }
        }
        Ok(changed)
    }
}

struct Review {
    number: i64,
    by: String,
    finding: String,
    now: Timestamp,
}

#[async_trait]
impl Operation for Review {
    type Answer = bool;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<bool> {
        group
            .tx
            .rows()
            .review_glass(self.number, &self.by, &self.finding, self.now)
            .await
    }
}

struct Tell {
    numbers: Vec<i64>,
    now: Timestamp,
}

#[async_trait]
impl Operation for Tell {
    type Answer = ();

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<()> {
        group.tx.rows().tell_notices(&self.numbers, self.now).await
    }
}

struct Suspend {
    patient: PatientId,
    row: SuspensionRow,
}

#[async_trait]
impl Operation for Suspend {
    type Answer = ();

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<()> {
        group.tx.rows().insert_suspension(self.patient, &self.row).await
    }
}

fn document(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|_| Error::Corrupt("a record that was handed in"))
}

impl Store {
    async fn register(
        &self,
        kind: &'static str,
        name: &str,
        document: Option<String>,
        now: Timestamp,
    ) -> Result<bool> {
        let name = name.to_owned();
        self.perform(Register {
            kind,
            name,
            document,
            now,
        })
        .await
    }

    /// A recipient is set up, in place of what was recorded of it. The caller has checked it.
    ///
    /// # Errors
    /// As [`seal`](Self::seal), and so for every method here that changes something.
    pub async fn set_recipient(&self, recipient: &Recipient, now: Timestamp) -> Result<()> {
        let text = document(recipient)?;
        self.register(RECIPIENT, recipient.id.as_str(), Some(text), now)
            .await
            .map(|_| ())
    }

    /// A recipient is struck off: it is a stranger from now on. Its copies and accounts stay. False when it was none.
    pub async fn remove_recipient(&self, id: &RecipientId, now: Timestamp) -> Result<bool> {
        self.register(RECIPIENT, id.as_str(), None, now).await
    }

    /// A recipient by its name.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`], and so for every method here that reads.
    pub async fn recipient(&self, id: &RecipientId) -> Result<Option<Recipient>> {
        gather::recipient(&mut self.index().rows().await?, id.as_str()).await
    }

    /// All recipients, by name.
    pub async fn recipients(&self) -> Result<Vec<Recipient>> {
        let documents = self.index().rows().await?.register_list(RECIPIENT).await?;
        documents
            .iter()
            .map(|(_, document)| gather::read(document))
            .collect()
    }

    /// How a recipient behaved, as decisions see it.
    pub async fn standing(&self, id: &RecipientId, now: Timestamp) -> Result<consent::Standing> {
        gather::standing(&mut self.index().rows().await?, id.as_str(), now).await
    }

    /// An officer suspends a recipient, for a reason; or lifts that (None).
    pub async fn suspend_recipient(
        &self,
        id: &RecipientId,
        why: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        let text = why
            .map(|why| document(&serde_json::json!({ "reason": why })))
            .transpose()?;
        self.register(SUSPENSION, id.as_str(), text, now).await
    }

    /// A route is set up (JSON text that the store does not read), or taken away (None).
    pub async fn set_route(&self, name: &str, route: Option<String>, now: Timestamp) -> Result<bool> {
        self.register(ROUTE, name, route, now).await
    }

    /// The routes, by name.
    pub async fn routes(&self) -> Result<Vec<(String, String)>> {
        self.index().rows().await?.register_list(ROUTE).await
    }

    /// Somebody is put on the list of staff with a role, such as `clinician`; or taken off it (None).
    pub async fn set_staff(&self, name: &str, role: Option<&str>, now: Timestamp) -> Result<bool> {
        let text = role
            .map(|role| document(&serde_json::json!({ "role": role })))
            .transpose()?;
        self.register(STAFF, name, text, now).await
    }

    /// The list of staff: name and role.
    pub async fn staff(&self) -> Result<Vec<(String, String)>> {
        let documents = self.index().rows().await?.register_list(STAFF).await?;
        let role = |document: &str| -> Result<String> {
            let value: serde_json::Value = gather::read(document)?;
            Ok(value
                .get("role")
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default()
                .to_owned())
        };
        documents
            .into_iter()
            .map(|(name, document)| Ok((name, role(&document)?)))
            .collect()
    }

    /// The facility's settings.
    pub async fn facility(&self) -> Result<Facility> {
        gather::facility(&mut self.index().rows().await?).await
    }

    /// The facility's settings are replaced. The caller has checked that its policies can be used.
    pub async fn set_facility(&self, facility: &Facility, now: Timestamp) -> Result<()> {
        let text = document(facility)?;
        self.register(FACILITY, FACILITY, Some(text), now)
            .await
            .map(|_| ())
    }

    /// A privacy officer reviewed a use of break-glass. False when there was none that waited.
    pub async fn review_break_glass(
        &self,
        number: i64,
        by: &str,
        finding: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let (by, finding) = (by.to_owned(), finding.to_owned());
        self.perform(Review {
            number,
            by,
            finding,
            now,
        })
        .await
    }

    /// These notices were told.
    pub async fn tell_notices(&self, numbers: Vec<i64>, now: Timestamp) -> Result<()> {
        self.perform(Tell { numbers, now }).await
    }

    /// Law enforcement asks that disclosures to a recipient be left out of the patient's own account for a time (45 CFR
    /// 164.528(a)(2)). The rows stay.
    pub async fn suspend_accounting(&self, patient: PatientId, row: SuspensionRow) -> Result<()> {
        self.perform(Suspend { patient, row }).await
    }
}
