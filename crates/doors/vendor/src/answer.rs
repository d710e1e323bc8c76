//! What comes back for a request: no receipt, or several.

use deletion::MAX_BYTES;
use release::CourierError;
use reqwest::Response;

/// A body of at most [`MAX_BYTES`].
pub(crate) async fn body(mut response: Response) -> Result<Vec<u8>, CourierError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(part)) if body.len() + part.len() <= MAX_BYTES => body.extend_from_slice(&part),
            Ok(Some(_)) => {
                return Err(CourierError::Protocol(format!(
                    "it is larger than {MAX_BYTES} bytes"
                )));
            }
            Ok(None) => return Ok(body),
            Err(error) => return Err(CourierError::Unreachable(why(&error))),
        }
    }
}

/// The receipts of an answer: one compact JWS a line, or a JSON array of them.
pub(crate) fn receipts(body: &[u8]) -> Result<Vec<String>, CourierError> {
    let neither = || CourierError::Protocol("neither one receipt a line nor a JSON array of them".into());
    let text = std::str::from_utf8(body).map_err(|_| neither())?.trim_ascii();
    let receipts: Vec<String> = if text.starts_with('[') {
        serde_json::from_str(text).map_err(|_| neither())?
    } else {
        let lines = text.lines().map(str::trim_ascii);
        lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    if receipts.iter().all(|receipt| has_form_of_jws(receipt)) {
        Ok(receipts)
    } else {
        Err(neither())
    }
}

/// Three parts of base64url. Whether it is a receipt, and whether it counts, is not decided here.
fn has_form_of_jws(text: &str) -> bool {
    let legal = |part: &str| {
        part.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    text.split('.').count() == 3 && text.split('.').all(legal)
}

/// The cause of a failure, without the address. Certificates' names are the only words of strangers in it.
pub(crate) fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it does not answer in time".into();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let kind = if error.is_connect() {
        "no connection"
    } else {
        "the connection broke"
    };
    let detail: String = cause
        .to_string()
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    format!("{kind}: {detail}")
}

#[cfg(test)]
mod tests {
    use super::receipts;

    #[test]
    fn lines_and_arrays_are_read_and_nothing_else() {
        let two = vec!["a.b.c".to_owned(), "d-_.e.f".to_owned()];
        assert_eq!(receipts(b"a.b.c\r\n\nd-_.e.f\n"), Ok(two.clone()));
        assert_eq!(receipts(b" [\"a.b.c\", \"d-_.e.f\"]\n"), Ok(two));
        for none in ["", "\n \n", "[]"] {
            assert_eq!(receipts(none.as_bytes()), Ok(vec![]), "{none:?}");
        }
        for other in [
            "<html></html>",
            "ok",
            "a.b",
            "a.b.c.d",
            "a.b.c d.e.f",
            "[\"a.b.c\"",
            "[1]",
            "[[\"a.b.c\"]]",
            "{\"receipts\":[]}",
            "[\"a.b.c\\n\"]",
        ] {
            assert!(receipts(other.as_bytes()).is_err(), "{other}");
        }
        assert!(receipts(&[0xff, 0xfe]).is_err());
    }
}
