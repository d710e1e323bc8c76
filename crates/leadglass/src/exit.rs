//! The way out: releases, and the deletion of copies, with the doors that carry them.

use crate::config::Config;
use crate::gateway::Gateway;
use anyhow::{Context as _, Result};
use model::AeTitle;
use release::{Doors, Parts, Releaser, Timing};
use std::sync::Arc;
use std::time::Duration;

/// The exit of an open archive. `scu` sends by C-STORE.
pub(crate) fn open(gateway: &Gateway, config: &Config, scu: dimse::deliver::StoreScu) -> Result<Releaser> {
    let options = &config.release;
    let read = |path: &std::path::PathBuf| {
        std::fs::read(path).with_context(|| format!("cannot read the certificate {}", path.display()))
    };
    let roots: Vec<Vec<u8>> = options
        .root_certificates
        .iter()
        .map(read)
        .collect::<Result<_>>()?;
    let borrowed: Vec<&[u8]> = roots.iter().map(Vec::as_slice).collect();
    let stow = dicomweb::deliver::StowClient::new(&borrowed, dicomweb::deliver::Timeouts::default())?;
    let courier = vendor::VendorClient::new(&vendor::Options {
        extra_roots: roots.clone(),
        proxy: options.proxy.clone(),
        ..vendor::Options::default()
    })?;
    let timing = Timing {
        answer_within: Duration::from_secs(options.answer_within_seconds.into()),
        first_retry: Duration::from_millis(options.first_retry_millis.into()),
        longest_retry: Duration::from_secs(options.longest_retry_seconds.into()),
        ..Timing::default()
    };
    Ok(Releaser::new(Parts {
        store: gateway.store.clone(),
        clock: Arc::clone(&gateway.clock),
        random: Arc::clone(&gateway.random),
        decoder: gateway.decoder.clone(),
        key: Arc::clone(&gateway.key),
        doors: Doors {
            dicom: Arc::new(scu),
            stow: Arc::new(stow),
            folder: Arc::new(folder::Folder),
        },
        courier: Arc::new(courier),
        timing,
        scratch: gateway.folder.join("scratch"),
        profiles: gateway.folder.join("profiles"),
    })?)
}

/// The SCU under the configured AE title.
pub(crate) fn scu(config: &Config) -> Result<dimse::deliver::StoreScu> {
    let calling = AeTitle::new(&config.dimse.ae_title)
        .with_context(|| format!("in the configuration: {:?}", config.dimse.ae_title))?;
    Ok(dimse::deliver::StoreScu::new(calling))
}
