//! Many orders at once, for research: all who may be in it, or nothing.

use super::operation::Operation;
use super::order::{NewRelease, Order, Ordered};
use crate::group::Group;
use crate::store::Store;
use crate::{Error, Result};
use async_trait::async_trait;

struct Cohort(Vec<NewRelease>);

#[async_trait]
impl Operation for Cohort {
    type Answer = Vec<Ordered>;

    async fn apply(&self, group: &mut Group<'_, '_>) -> Result<Vec<Ordered>> {
        let mut answers = Vec::with_capacity(self.0.len());
        for new in &self.0 {
            let ordered = Order(new.clone()).apply(group).await?;
            // A patient whose wishes cannot be read may have said no: then nobody can say who belongs into the cohort.
            if let Ordered::Denied(denial) = &ordered
                && denial
                    .reasons
                    .iter()
                    .any(|reason| super::gather::UNREADABLE.contains(&reason.policy.as_str()))
            {
                return Err(Error::Corrupt("a record that decides on this cohort"));
            }
            answers.push(ordered);
        }
        Ok(answers)
    }
}

impl Store {
    /// Decides on many orders in one transaction, before anything is de-identified: those that are permitted are queued, the
    /// others refused and accounted for, in the order of the orders.
    ///
    /// # Errors
    /// As [`seal`](Self::seal); also when a record that decides on any of them cannot be read. Then nothing is queued.
    pub async fn order_cohort(&self, orders: Vec<NewRelease>) -> Result<Vec<Ordered>> {
        self.perform(Cohort(orders)).await
    }
}
