//! Reads by those inside, out of the statements that the read path keeps.

use super::events::Events;
use disclosure::{Basis, Counts, Event, Kind, Why};
use model::{Purpose, Uid};
use serde_json::Value;
use store::Record;

impl Events<'_> {
    /// A read, out of its statement.
    pub(super) async fn access(&self, access: &Record) -> store::Result<Event> {
        let damaged = || store::Error::Corrupt("the record of a read");
        let record: Value = serde_json::from_slice(&access.record).map_err(|_| damaged())?;
        let statement = record
            .get("statement")
            .and_then(Value::as_str)
            .ok_or_else(damaged)?;
        let statement: Value = serde_json::from_str(statement).map_err(|_| damaged())?;
        let text = |name: &str| statement.get(name).and_then(Value::as_str);
        let kind = match (text("level"), text("via")) {
            (Some("search"), _) => Kind::Search,
            (_, Some("export")) => Kind::Export,
            _ => Kind::Read,
        };
        // One read of several patients has an entry for each.
        let number = i64::try_from(access.log_index).unwrap_or(i64::MAX);
        let mut event = Event::new(self.lookup.name("read", number), access.made_at, kind);
        event.who = text("who").map(str::to_owned);
        event.purpose = text("purpose").map(|purpose| match purpose.parse::<Purpose>() {
            Ok(purpose) => Why::Purpose(purpose),
            Err(_) => Why::Words(purpose.to_owned()),
        });
        let count = statement
            .get("instances")
            .and_then(Value::as_u64)
            .unwrap_or_default();
        event.instances = Counts {
            asked: count,
            sent: count,
            ..Counts::default()
        };
        let study = self.study_of(text("level"), text("uid")).await?;
        event.study = study.map(|uid| self.lookup.study(&uid));
        event.basis = Basis::Inside;
        event.log_index = Some(access.log_index);
        Ok(event)
    }

    async fn study_of(&self, level: Option<&str>, uid: Option<&str>) -> store::Result<Option<Uid>> {
        let Some(uid) = uid.and_then(|uid| Uid::new(uid).ok()) else {
            return Ok(None);
        };
        Ok(match level {
            Some("study") => Some(uid),
            Some("series") => {
                let instances = self.store.instances_of_series(&uid).await?;
                instances
                    .into_iter()
                    .next()
                    .map(|instance| instance.study_instance_uid)
            }
            _ => self
                .store
                .instance(&uid)
                .await?
                .map(|instance| instance.study_instance_uid),
        })
    }
}
