//! What routes order when a study is closed.

use super::operation::Operation;
use super::order::{NewRelease, Order, Ordered};
use crate::Result;
use crate::group::Group;
use crate::store::Store;
use async_trait::async_trait;
use model::Uid;

struct Routed {
    study: Uid,
    revision: u64,
    orders: Vec<NewRelease>,
}

#[async_trait]
impl Operation for Routed {
    type Answer = Option<Vec<Ordered>>;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Option<Vec<Ordered>>> {
        if !group.tx.rows().set_routed(&self.study, self.revision).await? {
            return Ok(None);
        }
        let mut answers = Vec::with_capacity(self.orders.len());
        for order in &self.orders {
            let before = group.tx.rows().routed_before(&self.study, &order.origin).await?;
            let mut order = order.clone();
            if !before.is_empty() {
                // The study was closed before and grew since: only what is new goes.
                let Some((_, all)) = group.tx.rows().study_instances(&self.study).await? else {
                    continue;
                };
                let new = all.into_iter().map(|(uid, _)| uid);
                order.instances = new.filter(|uid| !before.contains(uid)).collect();
                if order.instances.is_empty() {
                    continue;
                }
            }
            answers.push(Order(order).apply(group).await?);
        }
        Ok(Some(answers))
    }
}

impl Store {
    /// Closed studies that were not held against the routes yet, with the revision that they are at; at most `limit`.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database).
    pub async fn unrouted_studies(&self, limit: u32) -> Result<Vec<(Uid, u64)>> {
        self.index().rows().await?.unrouted(limit).await
    }

    /// A study was held against the routes, which order this; what a route ordered of it before is left out. All of it happens
    /// once, whichever node does it: None when it was done.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub async fn route_study(
        &self,
        study: Uid,
        revision: u64,
        orders: Vec<NewRelease>,
    ) -> Result<Option<Vec<Ordered>>> {
        self.perform(Routed {
            study,
            revision,
            orders,
        })
        .await
    }
}
