//! The Store Instances Response Module (PS3.18 table 10.5.3-2).

use crate::Dicomweb;
use crate::refusal::Refusal;
use crate::uri::Base;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use model::Uid;
use serde_json::{Map, Value, json};

/// Failure Reason (0008,1197): a code of the standard, and the status of an answer in which all failed for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FailureReason {
    code: u16,
    status: StatusCode,
}

pub(super) const OUT_OF_RESOURCES: FailureReason = FailureReason {
    code: 0xA700,
    status: StatusCode::SERVICE_UNAVAILABLE,
};
pub(super) const TOO_LARGE: FailureReason = FailureReason {
    code: 0xA700,
    status: StatusCode::PAYLOAD_TOO_LARGE,
};
pub(super) const MISMATCH: FailureReason = FailureReason {
    code: 0xA900,
    status: StatusCode::CONFLICT,
};
pub(super) const CANNOT_UNDERSTAND: FailureReason = FailureReason {
    code: 0xC000,
    status: StatusCode::CONFLICT,
};
pub(super) const PROCESSING_FAILURE: FailureReason = FailureReason {
    code: 0x0110,
    status: StatusCode::INTERNAL_SERVER_ERROR,
};
pub(super) const KEPT_APART: FailureReason = FailureReason {
    code: 0x0110,
    status: StatusCode::CONFLICT,
};
pub(super) const NOT_SUPPORTED: FailureReason = FailureReason {
    code: 0x0122,
    status: StatusCode::CONFLICT,
};
pub(super) const UNSUPPORTED_MEDIA_TYPE: FailureReason = FailureReason {
    code: 0x0110,
    status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
};

/// What became of one object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    Stored {
        sop_class_uid: Uid,
        sop_instance_uid: Uid,
    },
    Failed {
        sop_class_uid: Option<Uid>,
        sop_instance_uid: Option<Uid>,
        reason: FailureReason,
    },
}

impl Outcome {
    pub(super) fn is_stored(&self) -> bool {
        matches!(self, Self::Stored { .. })
    }
}

/// The answer to a store request.
///
/// # Errors
/// When there was no object at all.
pub(super) async fn store_instances(
    state: &Dicomweb,
    base: &Base,
    study: Option<&Uid>,
    outcomes: Vec<Outcome>,
) -> Result<Response, Refusal> {
    if outcomes.is_empty() {
        return Err(Refusal::BadRequest("the request holds no object".to_owned()));
    }
    let status = status(&outcomes);
    let (mut stored, mut failed, mut others) = (Vec::new(), Vec::new(), Vec::new());
    let mut studies: Vec<Uid> = study.cloned().into_iter().collect();
    for outcome in outcomes {
        match outcome {
            Outcome::Stored {
                sop_class_uid,
                sop_instance_uid,
            } => {
                let mut item = reference(&sop_class_uid, &sop_instance_uid);
                // Only a URL is missing when the index does not answer now; the object is stored all the same.
                if let Ok(Some(found)) = state.store.instance(&sop_instance_uid).await {
                    let (study, series) = (found.study_instance_uid, found.series_instance_uid);
                    item.insert(
                        "00081190".to_owned(),
                        url(base.instance(&study, &series, &sop_instance_uid)),
                    );
                    studies.push(study);
                }
                stored.push(Value::Object(item));
            }
            Outcome::Failed {
                sop_class_uid: Some(class),
                sop_instance_uid: Some(instance),
                reason,
            } => {
                let mut item = reference(&class, &instance);
                item.insert(
                    "00081197".to_owned(),
                    json!({ "vr": "US", "Value": [reason.code] }),
                );
                failed.push(Value::Object(item));
            }
            Outcome::Failed { reason, .. } => {
                others.push(json!({ "00081197": { "vr": "US", "Value": [reason.code] } }));
            }
        }
    }
    studies.sort();
    studies.dedup();
    let mut module = Map::new();
    if let [study] = studies.as_slice() {
        module.insert("00081190".to_owned(), url(base.study(study)));
    }
    for (tag, items) in [("00081198", failed), ("00081199", stored), ("0008119A", others)] {
        if !items.is_empty() {
            module.insert(tag.to_owned(), json!({ "vr": "SQ", "Value": items }));
        }
    }
    let body = Value::Object(module).to_string();
    let mut response = (status, [(CONTENT_TYPE, "application/dicom+json")], body).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static("30"));
    }
    Ok(response)
}

fn status(outcomes: &[Outcome]) -> StatusCode {
    let reasons: Vec<StatusCode> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Stored { .. } => None,
            Outcome::Failed { reason, .. } => Some(reason.status),
        })
        .collect();
    match reasons.split_first() {
        None => StatusCode::OK,
        Some(_) if reasons.len() < outcomes.len() => StatusCode::ACCEPTED,
        Some((first, rest)) if rest.iter().all(|other| other == first) => *first,
        Some(_) => StatusCode::CONFLICT,
    }
}

/// Referenced SOP Class and Instance UID.
fn reference(sop_class_uid: &Uid, sop_instance_uid: &Uid) -> Map<String, Value> {
    let uid = |uid: &Uid| json!({ "vr": "UI", "Value": [uid.as_str()] });
    Map::from_iter([
        ("00081150".to_owned(), uid(sop_class_uid)),
        ("00081155".to_owned(), uid(sop_instance_uid)),
    ])
}

fn url(url: String) -> Value {
    json!({ "vr": "UR", "Value": [url] })
}
