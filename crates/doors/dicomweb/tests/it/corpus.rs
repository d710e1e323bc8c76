//! Real files and malformed ones, where they are at hand.

#![expect(clippy::print_stderr, reason = "a test that skips says so")]

use crate::service::Service;
use axum::http::StatusCode;
use dicom::part10::FileMeta;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data")
        .join(folder)
        .join("files");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    if files.is_empty() {
        eprintln!("skipped: no ../shared/data beside the workspace");
    }
    files
}

#[tokio::test]
async fn real_files_come_back_as_they_came_and_describe_themselves() {
    let service = Service::new().await;
    let (mut stored, mut framed, mut seen) = (0, 0, HashSet::new());
    let files = files("dicom");
    for path in &files {
        let file = std::fs::read(path).unwrap();
        let meta = FileMeta::read(&file, true).ok().flatten();
        // To tell a re-encoded re-send from a conflict takes the decoder, which is not here.
        if let Some(uid) = meta.as_ref().and_then(|meta| meta.sop_instance_uid.clone())
            && !seen.insert(uid)
        {
            continue;
        }
        let answer = service.post("/studies", "application/dicom", file.clone()).await;
        if answer.status != StatusCode::OK {
            assert!(answer.status.is_client_error(), "{path:?}: {}", answer.status);
            continue;
        }
        stored += 1;
        let url = answer.json()["00081199"]["Value"][0]["00081190"]["Value"][0]
            .as_str()
            .unwrap()
            .to_owned();
        let (_, url) = url.split_once("/dicom-web").unwrap();
        let meta = meta.unwrap();
        let back = service.get(url, Some("application/dicom")).await;
        let back_meta = FileMeta::read(&back.body, true).unwrap().unwrap();
        assert!(
            back.body[back_meta.data_set_at..] == file[meta.data_set_at..],
            "{path:?}"
        );
        assert_eq!(back_meta.transfer_syntax, meta.transfer_syntax);

        let metadata = service.get(&format!("{url}/metadata"), None).await;
        let json = metadata.json();
        let document = &json[0];
        assert_eq!(
            document["00080018"]["Value"][0].as_str(),
            url.rsplit('/').next(),
            "{path:?}"
        );
        if let Some(bulk) = document["7FE00010"]["BulkDataURI"].as_str() {
            let (_, bulk) = bulk.split_once("/dicom-web").unwrap();
            let bulk = service.get(bulk, None).await;
            assert!(
                matches!(bulk.status.as_u16(), 200 | 400),
                "{path:?}: {}",
                bulk.status
            );
            let frame = service.get(&format!("{url}/frames/1"), None).await;
            assert!(
                matches!(frame.status.as_u16(), 200 | 400),
                "{path:?}: {}",
                frame.status
            );
            framed += usize::from(frame.status == StatusCode::OK);
        }
    }
    eprintln!(
        "{stored} of {} files stored, first frames of {framed}",
        files.len()
    );
    assert!(
        files.is_empty() || (stored > 270 && framed > 235),
        "{stored} stored, {framed} framed"
    );
}

#[tokio::test]
async fn malformed_files_are_answered() {
    let service = Service::new().await;
    let mut refused = 0;
    for path in files("dicom-malformed") {
        let answer = service
            .post("/studies", "application/dicom", std::fs::read(&path).unwrap())
            .await;
        assert!(
            matches!(answer.status.as_u16(), 200 | 409 | 413),
            "{path:?}: {}",
            answer.status
        );
        refused += usize::from(answer.status != StatusCode::OK);
    }
    eprintln!("{refused} malformed files refused");
    assert_eq!(
        service.get("/studies", None).await.status.as_u16() / 100,
        2,
        "and it still answers"
    );
}
