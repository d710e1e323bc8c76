//! Style sheet, script and logo, each under a name that changes with its content.

use crate::problem::{Answer, Problem};
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

struct Asset {
    path: String,
    media_type: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(name: &str, extension: &str, media_type: &'static str, content: &'static str) -> Self {
        let digest = Sha256::digest(content.as_bytes());
        let version = hex::encode(digest.first_chunk::<8>().unwrap_or(&[0; 8]));
        Self {
            path: format!("/assets/{name}.{version}.{extension}"),
            media_type,
            content,
        }
    }
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "style",
        "css",
        "text/css; charset=utf-8",
        include_str!("../assets/style.css"),
    )
});
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new(
        "verify",
        "js",
        "text/javascript; charset=utf-8",
        include_str!("../assets/verify.js"),
    )
});
static LOGO: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("logo", "svg", "image/svg+xml", include_str!("../assets/logo.svg")));

/// Path of the style sheet.
pub(crate) fn style() -> &'static str {
    &STYLE.path
}

/// Path of the script.
pub(crate) fn script() -> &'static str {
    &SCRIPT.path
}

/// Path of the logo.
pub(crate) fn logo() -> &'static str {
    &LOGO.path
}

/// One of the files.
pub(crate) async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let assets: [&Asset; 3] = [&STYLE, &SCRIPT, &LOGO];
    let named = |asset: &&&Asset| asset.path.strip_prefix("/assets/") == Some(name.as_str());
    match assets.iter().find(named) {
        Some(asset) => {
            let headers = [
                (CONTENT_TYPE, asset.media_type),
                (CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, asset.content).into_response()
        }
        None => Problem::NotFound.answer(Answer::wanted(&headers)),
    }
}
