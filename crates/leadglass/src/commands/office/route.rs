//! Which scans go to whom of their own accord.

use super::Desk;
use crate::cli::Route as Command;
use anyhow::{Context as _, Result, bail};
use release::{Route, RouteFacts};
use serde_json::json;

pub(super) async fn run(desk: &Desk<'_>, command: Command) -> Result<()> {
    let store = &desk.gateway.store;
    match command {
        Command::Set { file } => {
            let route: Route = super::read(&file)?;
            if let Err(wrong) = route.check() {
                bail!("{}: {wrong}", file.display());
            }
            let Some(recipient) = store.recipient(&route.recipient).await? else {
                bail!(
                    "{}: no recipient has the name {}: set it up first with admin recipient set",
                    file.display(),
                    route.recipient
                );
            };
            let lists = |purpose| {
                recipient
                    .agreement
                    .as_ref()
                    .is_some_and(|it| it.purposes.contains(purpose))
            };
            let listed = recipient.inside || lists(&route.purpose);
            if !listed {
                crate::output::note(format!(
                    "careful: no agreement with {} lists {}: whatever goes this way will be denied",
                    route.recipient, route.purpose
                ));
            }
            let document = serde_json::to_string(&route)?;
            store.set_route(&route.name, Some(document), desk.now()).await?;
            desk.answer(&json!({"route": route.name, "enabled": route.enabled}))
        }
        Command::List => {
            for route in routes(desk).await? {
                let off = if route.enabled { "" } else { "  off" };
                let words = format!(
                    "{}  to {} for {}{off}",
                    route.name, route.recipient, route.purpose
                );
                desk.item(&serde_json::to_value(&route)?, words)?;
            }
            Ok(())
        }
        Command::Remove { name } => {
            if !store.set_route(&name, None, desk.now()).await? {
                bail!("no route has the name {name}: see admin route list");
            }
            desk.answer(&json!({"route": name, "removed": true}))
        }
        Command::Try { study } => {
            let study = super::uid(&study)?;
            let Some(facts) = RouteFacts::of_study(store, &study).await? else {
                bail!("no study has the UID {study}");
            };
            let tried: Vec<_> = routes(desk)
                .await?
                .into_iter()
                .map(|route| {
                    json!({"route": route.name, "enabled": route.enabled, "matches": route.matches(&facts),
                        "differs": route.differs(&facts), "recipient": route.recipient, "purpose": route.purpose})
                })
                .collect();
            desk.answer(&json!({"study": study.as_str(), "facts": facts, "routes": tried}))
        }
    }
}

async fn routes(desk: &Desk<'_>) -> Result<Vec<Route>> {
    let routes = desk.gateway.store.routes().await?;
    let read = |(name, text): &(String, String)| {
        serde_json::from_str(text).with_context(|| format!("the route {name} cannot be read: set it anew"))
    };
    routes.iter().map(read).collect()
}
