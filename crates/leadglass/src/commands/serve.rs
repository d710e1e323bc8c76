//! `leadglass serve`: the gateway with all its doors.

use crate::cli::{Common, Serve};
use crate::config::Config;
use crate::gateway::Gateway;
use crate::{audit, exit, http, output};
use anyhow::{Context as _, Result};
use axum::Router;
use model::Redacted;
use release::Releaser;
use serde_json::json;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How often compressed pixels, quiet studies and the trust file are looked after.
const HOUSEKEEPING: Duration = Duration::from_secs(5);

/// A gateway that is up.
pub(crate) struct Running {
    pub(crate) gateway: Gateway,
    pub(crate) releaser: Releaser,
    pub(crate) dimse: SocketAddr,
    pub(crate) http: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Every association, request and object under way needs a file descriptor: takes as many as this process may have.
fn raise_descriptor_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

fn is_out_of_space(error: &anyhow::Error) -> bool {
    let full = |error: &std::io::Error| error.kind() == std::io::ErrorKind::StorageFull;
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(full)
            || matches!(
                cause.downcast_ref::<store::Error>(),
                Some(store::Error::OutOfSpace)
            )
    })
}

/// Brings the gateway up.
pub(crate) async fn start(data: &std::path::Path, config: &Config) -> Result<Running> {
    let gateway = Gateway::open(data, config.intake.max_object).await?;
    match gateway.move_trust_forward().await {
        // A full disk must not keep the gateway from serving what it has.
        Err(error) if is_out_of_space(&error) => {
            tracing::error!("storage is full: nothing is taken until there is room");
        }
        other => other?,
    }
    let bind = |port| SocketAddr::new(config.listen, port);
    // Reports of storage commitment may come by an association of their own.
    let commitments = dimse::Commitments::default();
    let dimse_listener = dimse::bind(bind(config.dimse.port))
        .with_context(|| format!("cannot listen for DICOM on {}", bind(config.dimse.port)))?;
    let http_listener = TcpListener::bind(bind(config.http.port))
        .await
        .with_context(|| format!("cannot listen for HTTP on {}", bind(config.http.port)))?;
    let (dimse, http) = (dimse_listener.local_addr()?, http_listener.local_addr()?);

    let (stop, stopped) = watch::channel(false);
    let mut until = stopped.clone();
    let mut scp_config = config.dimse()?;
    scp_config.commitments = Some(commitments.clone());
    let mut scu = exit::scu(config)?;
    scu.commitments = commitments;
    let scp = dimse::serve(dimse_listener, scp_config, gateway.intake.clone(), async move {
        let _ = until.changed().await;
    });
    let releaser = exit::open(&gateway, config, scu)?;
    let router = router(&gateway, &releaser, http.port())?.merge(vendor_routes(&gateway, &releaser, http));
    let quiet = Duration::from_secs(u64::from(config.intake.study_quiet_seconds));
    let telling = audit::start(&gateway, config, stopped.clone())?;
    let mut tasks = vec![
        tokio::spawn(scp),
        tokio::spawn(http::serve(http_listener, router, stopped.clone())),
        tokio::spawn(housekeeping(
            gateway.clone(),
            releaser.clone(),
            quiet,
            stopped.clone(),
        )),
        tokio::spawn({
            let (releaser, stopped) = (releaser.clone(), stopped.clone());
            async move { releaser.work(stopped).await }
        }),
        tokio::spawn({
            let releaser = releaser.clone();
            async move { releaser.look_after_copies(stopped).await }
        }),
    ];
    tasks.extend(telling);
    Ok(Running {
        gateway,
        releaser,
        dimse,
        http,
        stop,
        tasks,
    })
}

fn router(gateway: &Gateway, releaser: &Releaser, port: u16) -> Result<Router> {
    let token = std::fs::read_to_string(gateway.token_file()).context("cannot read the token")?;
    let mut config = dicomweb::Config::new(Redacted::new(token.trim().to_owned()));
    config.port = Some(port);
    let (intake, retrieve, store) = (
        gateway.intake.clone(),
        gateway.retrieve.clone(),
        gateway.store.clone(),
    );
    let dicomweb = dicomweb::router(dicomweb::Dicomweb::new(intake, retrieve, store, config));
    let pages = web::router(web::State {
        store: gateway.store.clone(),
        decoder: gateway.decoder.clone(),
        own_key: gateway.key.public(),
        trust: None,
        limits: web::Limits::default(),
    });
    let api = api::router(api::State {
        store: gateway.store.clone(),
        releaser: releaser.clone(),
        clock: Arc::clone(&gateway.clock),
        token: Arc::new(Redacted::new(token.trim().to_owned())),
    });
    Ok(Router::new()
        .nest("/dicom-web", dicomweb)
        .nest("/api/v1", api)
        .merge(pages)
        .fallback(web::not_found))
}

/// Where vendors post receipts, and find the key that signs deletion requests.
fn vendor_routes(gateway: &Gateway, releaser: &Releaser, http: SocketAddr) -> Router {
    let own = deletion::Discovery {
        endpoint: None,
        receipts: Some(format!("http://{http}{}", vendor::RECEIPTS_PATH)),
        jwks: vec![deletion::PublicKey::of_seed(&gateway.store.deletion_seed())],
    };
    vendor::router(Arc::new(releaser.clone()), &own)
}

async fn housekeeping(
    gateway: Gateway,
    releaser: Releaser,
    quiet: Duration,
    mut stop: watch::Receiver<bool>,
) {
    match gateway.store.orphans(true).await {
        Ok(orphans) if orphans.is_empty() => {}
        Ok(orphans) => tracing::info!(count = orphans.len(), "removed what an earlier crash left"),
        Err(error) => tracing::warn!(%error, "what a crash may have left is still there"),
    }
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(HOUSEKEEPING) => {}
        }
        if let Err(error) = gateway.catch_up(Some(quiet)).await {
            tracing::warn!(%error, "housekeeping did not finish, it will be tried again");
        }
        if let Err(error) = releaser.route_closed_studies().await {
            tracing::warn!(%error, "studies were not held against the routes, it will be tried again");
        }
        match releaser.late().await {
            Ok(late) => {
                for (recipient, count, since) in late {
                    tracing::warn!(%recipient, count, %since, "releases wait for too long");
                }
            }
            Err(error) => tracing::warn!(%error, "the queue could not be read"),
        }
        if let Err(error) = gateway.move_trust_forward().await {
            tracing::error!(%error, "the log is not the one seen before");
        }
    }
}

impl Running {
    /// Takes nothing new, lets what is under way end, closes the archive.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(true);
        for task in self.tasks {
            let _ = task.await;
        }
        self.gateway.close().await;
    }
}

/// Resolves when the process is asked to end.
pub(crate) async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

pub(crate) async fn run(common: &Common, options: &Serve) -> Result<ExitCode> {
    let mut config = Config::load(options.config.as_deref())?;
    config.listen = options.listen.unwrap_or(config.listen);
    config.dimse.port = options.dimse_port.unwrap_or(config.dimse.port);
    config.http.port = options.http_port.unwrap_or(config.http.port);
    raise_descriptor_limit();
    let running = start(&common.data, &config).await?;
    let token_file = running.gateway.token_file();
    let token_file = std::path::absolute(&token_file).unwrap_or(token_file);
    if common.json {
        output::json(&json!({
            "dimse_port": running.dimse.port(),
            "http_port": running.http.port(),
            "token_file": token_file,
            "ae_title": config.dimse.ae_title,
        }))?;
    } else {
        output::line(format!("DICOM  {} (AE {})", running.dimse, config.dimse.ae_title));
        output::line(format!(
            "HTTP   http://{}/  verify page http://{}/verify",
            running.http, running.http
        ));
        output::line(format!("token  {}", token_file.display()));
    }
    asked_to_end().await;
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}
