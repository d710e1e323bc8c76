//! Closed studies go where routes say.

use crate::{Releaser, Route, RouteFacts};
use store::{NewRelease, Ordered};

/// Studies that are held against the routes in one go.
const BATCH: u32 = 64;

impl Releaser {
    /// Holds every study that was closed since against the routes, and orders what they say. A study whose AI route is
    /// refused stays with human readers; the refusal is in its account. Gives how many releases were queued.
    ///
    /// # Errors
    /// When the index fails, or a route cannot be read: then nothing is routed.
    pub async fn route_closed_studies(&self) -> store::Result<usize> {
        let store = &self.inner.store;
        let studies = store.unrouted_studies(BATCH).await?;
        if studies.is_empty() {
            return Ok(0);
        }
        let mut routes = Vec::new();
        for (_, document) in store.routes().await? {
            let route: Route =
                serde_json::from_str(&document).map_err(|_| store::Error::Corrupt("a route"))?;
            routes.push(route);
        }
        let mut queued = 0;
        for (study, revision) in studies {
            let facts = RouteFacts::of_study(store, &study).await?.unwrap_or_default();
            let now = self.inner.clock.now();
            let orders = routes
                .iter()
                .filter(|route| route.matches(&facts))
                .map(|route| NewRelease {
                    study: study.clone(),
                    instances: Vec::new(),
                    recipient: route.recipient.as_str().to_owned(),
                    purpose: route.purpose,
                    retention_days: None,
                    origin: format!("route:{}", route.name),
                    ordered_by: "routing".to_owned(),
                    emergency: None,
                    at: now,
                })
                .collect();
            let answers = store
                .route_study(study, revision, orders)
                .await?
                .unwrap_or_default();
            queued += answers
                .iter()
                .filter(|answer| matches!(answer, Ordered::Queued { .. }))
                .count();
        }
        if queued > 0 {
            self.inner.work.notify_one();
        }
        Ok(queued)
    }
}
