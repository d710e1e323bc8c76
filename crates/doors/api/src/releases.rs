//! Orders, and where they stand.

use crate::State;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{self, Path};
use axum::http::StatusCode;
use model::{Purpose, Uid};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{NewRelease, Ordered, ReleaseId};

/// What is asked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    study: String,
    recipient: String,
    purpose: Purpose,
    #[serde(default)]
    instances: Vec<String>,
    #[serde(default)]
    retention_days: Option<u32>,
    /// Who orders it: for BTG, a name on the list of staff.
    #[serde(default)]
    by: Option<String>,
    /// Why the glass is broken.
    #[serde(default)]
    reason: Option<String>,
}

type Answer = (StatusCode, Json<Value>);

fn refuse(status: StatusCode, why: impl Into<String>) -> Answer {
    (status, Json(json!({ "error": why.into() })))
}

fn failed(error: &store::Error) -> Answer {
    tracing::error!(%error, "an order could not be taken");
    refuse(
        StatusCode::SERVICE_UNAVAILABLE,
        "the archive does not answer: nothing was queued, try again",
    )
}

pub(crate) async fn order(
    extract::State(state): extract::State<State>,
    body: Result<Json<Asked>, JsonRejection>,
) -> Answer {
    let Json(asked) = match body {
        Ok(asked) => asked,
        Err(rejected) => return refuse(rejected.status(), rejected.body_text()),
    };
    let uid = |text: &str| Uid::new(text).map_err(|error| refuse(StatusCode::BAD_REQUEST, error.to_string()));
    let instances: Result<Vec<Uid>, Answer> = asked.instances.iter().map(|text| uid(text)).collect();
    let (study, instances) = match (uid(&asked.study), instances) {
        (Ok(study), Ok(instances)) => (study, instances),
        (Err(answer), _) | (_, Err(answer)) => return answer,
    };
    let new = NewRelease {
        study,
        instances,
        recipient: asked.recipient,
        purpose: asked.purpose,
        retention_days: asked.retention_days,
        origin: "api".to_owned(),
        ordered_by: asked.by.unwrap_or_else(|| "api".to_owned()),
        emergency: asked.reason,
        at: state.clock.now(),
    };
    match state.releaser.order(new).await {
        Ok(Ordered::Queued {
            release,
            instances,
            profile,
            reasons,
            banner,
        }) => {
            let document = json!({ "release": release.number(), "state": "queued", "instances": instances,
                "profile": profile, "reasons": reasons, "banner": banner });
            (StatusCode::ACCEPTED, Json(document))
        }
        Ok(Ordered::Denied(denial)) => {
            let document = json!({ "release": null, "state": "denied", "reason": denial.plain(), "reasons": denial.reasons });
            (StatusCode::FORBIDDEN, Json(document))
        }
        Ok(Ordered::NotFound) => refuse(
            StatusCode::NOT_FOUND,
            "no such study is here, or no such instance in it",
        ),
        Err(error) => failed(&error),
    }
}

pub(crate) async fn find(extract::State(state): extract::State<State>, Path(id): Path<i64>) -> Answer {
    let id = ReleaseId::from_number(id);
    let found = async {
        let row = state.store.release(id).await?;
        let counts = state.store.attempt_counts(id).await?;
        Ok::<_, store::Error>(row.map(|row| (row, counts)))
    };
    match found.await {
        Ok(Some((row, counts))) => {
            let document = json!({
                "release": id.number(), "state": row.state.as_str(), "reason": row.reason, "study": row.study.as_str(),
                "recipient": row.recipient.as_str(), "purpose": row.purpose.code(), "profile": row.profile,
                "origin": row.origin, "by": row.ordered_by, "instances": counts.asked, "sent": counts.sent,
                "unknown": counts.unknown, "made_at": row.made_at, "changed_at": row.changed_at,
            });
            (StatusCode::OK, Json(document))
        }
        Ok(None) => refuse(StatusCode::NOT_FOUND, "no such release is here"),
        Err(error) => failed(&error),
    }
}
