//! The pages as a browser shows them. `LEADGLASS_SHOTS=DIR` keeps pictures of them there.

use crate::gateway::{
    Answer, Gateway, WINDOW_CENTER, file, forge, head, relabelled, renamed, scan, stranger,
};
use axum::response::Html;
use axum::routing::get;
use bytes::Bytes;
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

/// Runs the browser on one address and gives what it printed: its output, then its console.
async fn run(browser: &Path, address: String, arguments: Vec<String>) -> (String, String) {
    let (browser, profile) = (browser.to_owned(), tempfile::tempdir().unwrap());
    let work = tokio::task::spawn_blocking(move || {
        Command::new(browser)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ])
            .args([
                "--hide-scrollbars",
                "--enable-logging=stderr",
                "--no-proxy-server",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(arguments)
            .arg(address)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    });
    let output = work.await.unwrap();
    assert!(output.status.success());
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (text(output.stdout), text(output.stderr))
}

/// The pages of a gateway at an address, and answers that were asked for before under `/shown/` as they came. Under
/// `/framed/` they may be framed, and the frames are as narrow as a phone.
async fn serve(gateway: &Gateway, answers: Vec<(&'static str, Answer)>) -> String {
    let mut router = gateway.router.clone();
    for (name, answer) in answers {
        let bytes = Bytes::from(answer.bytes);
        let (framed, shown) = (bytes.clone(), (answer.headers, bytes));
        let phone = format!(
            "<body style='margin:0;background:#888'>\
             <iframe src='/framed/{name}' style='width:320px;height:1500px;border:0'></iframe>"
        );
        router = router
            .route(&format!("/shown/{name}"), get(|| async move { shown }))
            .route(&format!("/framed/{name}"), get(|| async move { Html(framed) }))
            .route(&format!("/phone/{name}"), get(|| async move { Html(phone) }));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_finds_nothing_that_the_policy_forbids() {
    let Some(browser) = browser() else {
        println!("skipped: needs chromium");
        return;
    };
    let gateway = Gateway::new().await;
    let scan = head();
    gateway.seal(&scan, stranger()).await;
    let mut forged = scan.clone();
    forge(&mut forged, 256, (100, 90), 9, 400);
    let altered = gateway.check(&[("file", &file(&forged))]).await;
    let address = serve(&gateway, vec![("altered", altered)]).await;
    for path in ["/verify", "/shown/altered"] {
        let (page, console) = run(&browser, format!("{address}{path}"), vec!["--dump-dom".into()]).await;
        assert!(page.contains("</html>"), "{page}");
        assert!(
            !console.contains("Content Security Policy") && !console.contains("CONSOLE"),
            "{console}"
        );
        // The script ran: what is for it is not hidden any more.
        assert!(!page.contains(" hidden=\""), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
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
    let mut answers = Vec::new();
    for (name, path) in [("start", "/"), ("form", "/verify"), ("log", "/log/")] {
        answers.push((name, gateway.get(path).await));
    }
    for (name, scan) in [
        ("authentic", &chest),
        ("pixels-altered", &forged),
        ("attributes-altered", &facts),
        ("display-altered", &darker),
        ("unsealed", &unknown),
        ("stripped", &relabelled(&mr)),
        ("revoked", &revoked),
    ] {
        answers.push((name, gateway.check(&[("file", &file(scan))]).await));
    }
    answers.push((
        "unproven",
        gateway
            .check(&[("file", &file(&unknown)), ("bundle", &foreign)])
            .await,
    ));
    answers.push(("error", gateway.check(&[("file", b"no scan")]).await));
    let names: Vec<&str> = answers.iter().map(|(name, _)| *name).collect();
    let address = serve(&gateway, answers).await;
    // Chromium makes no window narrower than 500 pixels: a frame of 320 stands in for a phone.
    for (kind, width, height, extra) in [
        ("shown", 1200, 1000, ""),
        ("phone", 500, 1500, ""),
        ("shown", 1200, 1000, "--force-dark-mode"),
    ] {
        for name in &names {
            let ending = if extra.is_empty() { kind } else { "dark" };
            let shot = shots.join(format!("{name}-{ending}.png"));
            let mut arguments = vec![
                format!("--window-size={width},{height}"),
                format!("--screenshot={}", shot.display()),
            ];
            arguments.extend((!extra.is_empty()).then(|| extra.to_owned()));
            run(&browser, format!("{address}/{kind}/{name}"), arguments).await;
        }
    }
    let print = format!("--print-to-pdf={}", shots.join("pixels-altered.pdf").display());
    run(&browser, format!("{address}/shown/pixels-altered"), vec![print]).await;
}
