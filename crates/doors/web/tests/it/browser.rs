//! The pages as a browser shows them. `LEADGLASS_SHOTS=DIR` keeps pictures of them there.

use crate::gateway::{Gateway, WINDOW_CENTER, file, forge, head, relabelled, renamed, scan, stranger};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use testkit::{Modality, Vr};

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path)
        .flat_map(|dir| names.map(|name| dir.join(name)))
        .find(|file| file.is_file())
}

fn shoot(browser: &Path, page: &Path, width: u32, height: u32, into: &Path) {
    let profile = tempfile::tempdir().unwrap();
    let status = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--hide-scrollbars",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--window-size={width},{height}"))
        .arg(format!("--screenshot={}", into.display()))
        .arg(page)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success());
}

/// What a page needs from the server, beside it on disk.
async fn lay_out(gateway: &Gateway, dir: &Path, name: &str, page: &str) -> PathBuf {
    let mut page = page.to_owned();
    let mut assets: Vec<String> = page
        .split('"')
        .filter(|text| text.starts_with("/assets/"))
        .map(str::to_owned)
        .collect();
    assets.dedup();
    for asset in assets {
        let local = asset.trim_start_matches("/assets/").to_owned();
        std::fs::write(dir.join(&local), gateway.get(&asset).await.bytes).unwrap();
        page = page.replace(&asset, &local);
    }
    let path = dir.join(format!("{name}.html"));
    std::fs::write(&path, page).unwrap();
    path
}

#[tokio::test]
async fn pages_are_shown() {
    let (Some(browser), Some(shots)) = (browser(), std::env::var_os("LEADGLASS_SHOTS").map(PathBuf::from))
    else {
        println!("skipped: needs chromium, and LEADGLASS_SHOTS=DIR to keep pictures in");
        return;
    };
    std::fs::create_dir_all(&shots).unwrap();
    let gateway = Gateway::new().await;
    let (chest, mr, revoked) = (scan(11, Modality::Dx, 1024), head(), scan(12, Modality::Mr, 256));
    for scan in [&chest, &mr, &revoked] {
        gateway.seal(scan, stranger()).await;
    }
    gateway.withdraw(&revoked).await;
    let mut forged = chest.clone();
    forge(&mut forged, 1024, (660, 430), 34, -1900);
    let mut darker = mr.clone();
    darker.data_set.text(WINDOW_CENTER, Vr::DS, "900");
    let mut facts = renamed(&mr, "Somebody^Else");
    facts
        .data_set
        .text(0x0010_0030, Vr::DA, "19700101")
        .text(0x0018_0050, Vr::DS, "9")
        .text(0x0010_4000, Vr::LT, "x");

    let strangers = Gateway::new().await;
    let unknown = scan(13, Modality::Ct, 512);
    strangers.seal(&unknown, stranger()).await;
    let foreign = strangers.bundle(&unknown).await;
    let page = |fields: Vec<(&'static str, Vec<u8>)>| {
        let gateway = &gateway;
        async move {
            let fields: Vec<(&str, &[u8])> = fields
                .iter()
                .map(|(name, bytes)| (*name, bytes.as_slice()))
                .collect();
            gateway.check(&fields).await.text()
        }
    };
    let pages = [
        ("start", gateway.get("/").await.text()),
        ("form", gateway.get("/verify").await.text()),
        ("log", gateway.get("/log/").await.text()),
        ("authentic", page(vec![("file", file(&chest))]).await),
        ("pixels-altered", page(vec![("file", file(&forged))]).await),
        ("attributes-altered", page(vec![("file", file(&facts))]).await),
        ("display-altered", page(vec![("file", file(&darker))]).await),
        ("unsealed", page(vec![("file", file(&unknown))]).await),
        ("stripped", page(vec![("file", file(&relabelled(&mr)))]).await),
        ("revoked", page(vec![("file", file(&revoked))]).await),
        (
            "unproven",
            page(vec![("file", file(&unknown)), ("bundle", foreign)]).await,
        ),
        ("error", page(vec![("file", b"no scan".to_vec())]).await),
    ];
    let dir = tempfile::tempdir().unwrap();
    for (name, html) in pages {
        let path = lay_out(&gateway, dir.path(), name, &html).await;
        shoot(&browser, &path, 1200, 1000, &shots.join(format!("{name}.png")));
        // Chromium makes no window narrower than 500 pixels: a frame of 320 stands in for a phone.
        let frame = dir.path().join(format!("{name}-phone.html"));
        let inner = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = format!(
            "<body style='margin:0;background:#888'><iframe src='{inner}' style='width:320px;height:1500px;border:0'>"
        );
        std::fs::write(&frame, text).unwrap();
        shoot(
            &browser,
            &frame,
            500,
            1500,
            &shots.join(format!("{name}-phone.png")),
        );
    }
}
