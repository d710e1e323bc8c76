//! The log as static files.

use crate::gateway::{Gateway, head, stranger};
use axum::http::StatusCode;
use std::time::Duration;
use tlog::{Checkpoint, TlogProof, tile};

/// Sealed, and published: that takes a moment.
async fn published() -> Gateway {
    let gateway = Gateway::new().await;
    gateway.seal(&head(), stranger()).await;
    for _ in 0..500 {
        let answer = gateway.get("/log/checkpoint").await;
        if answer.status == StatusCode::OK && answer.text().lines().nth(1) == Some("1") {
            return gateway;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the log was not published");
}

#[tokio::test]
async fn the_checkpoint_is_signed_and_fresh() {
    let gateway = published().await;
    let answer = gateway.get("/log/checkpoint").await;
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let log = gateway.store.log();
    assert_eq!(
        Checkpoint::open(&answer.text(), log.verifier(), log.origin())
            .unwrap()
            .size,
        1
    );
}

#[tokio::test]
async fn a_seal_is_proved_by_the_served_files_alone() {
    let gateway = published().await;
    let tile_answer = gateway.get("/log/tile/0/000.p/1").await;
    assert_eq!(tile_answer.header("content-type"), "application/octet-stream");
    assert_eq!(
        tile_answer.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    let hashes = tile::from_bytes(&tile_answer.bytes).unwrap();
    let entries = gateway.get("/log/tile/entries/000.p/1").await;
    let entries = tlog::bundle::decode(&entries.bytes).unwrap();
    assert_eq!(hashes[0], tlog::hash::leaf_hash(entries[0]));

    let log = gateway.store.log();
    let checkpoint = gateway.get("/log/checkpoint").await.text();
    let proof = TlogProof {
        extra: None,
        index: 0,
        inclusion: Vec::new(),
        checkpoint,
    };
    assert!(proof.verify(&hashes[0], log.verifier(), log.origin()).is_ok());
}

#[tokio::test]
async fn nothing_else_of_the_archive_is_served() {
    let gateway = published().await;
    for path in [
        "/log/../keys/master.key",
        "/log/..%2fkeys%2fmaster.key",
        "/log/%2e%2e/admin.token",
        "/log/tile/../../keys/master.key",
        "/log/tile/0/..%2f..%2f..%2fkeys/master.key",
        "/log/tile/0/000.p/1/../../../../../admin.token",
        "/log//etc/passwd",
        "/log/tile/0//000.p/1",
        "/log/tile/0/000.p/01",
        "/log/tile/0/0%300.p/1",
        "/log/tile/0/000.p/1%00",
        "/log/tile/0/001",
        "/log/tile/",
        "/log/tile",
        "/log/checkpoint/",
        "/log/Checkpoint",
        "/assets/../Cargo.toml",
        "/assets/%2e%2e%2fCargo.toml",
        "/assets/style.css",
    ] {
        let answer = gateway.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_page_about_the_log_gives_its_key() {
    let gateway = published().await;
    let page = gateway.get("/log/").await.text();
    assert!(page.contains("log.example.org/scans+"), "{page}");
    assert_eq!(gateway.get("/log").await.header("location"), "/log/");
}
