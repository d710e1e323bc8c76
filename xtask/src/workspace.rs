//! The workspace that is checked.

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, MetadataCommand};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The test binary that talks to real peers.
pub(crate) const PEERS: &str = "peers";

/// Where things are.
pub(crate) struct Workspace(Metadata);

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
        let metadata = MetadataCommand::new().manifest_path(manifest).no_deps().exec();
        Ok(Self(metadata.context("read cargo metadata")?))
    }

    /// The folder of the root manifest.
    pub(crate) fn root(&self) -> &Path {
        self.0.workspace_root.as_std_path()
    }

    /// Where cargo builds.
    pub(crate) fn target(&self) -> &Path {
        self.0.target_directory.as_std_path()
    }

    /// Where the Python environment of the peers lives.
    pub(crate) fn peers(&self) -> PathBuf {
        self.target().join("peers")
    }

    /// The names of all integration tests but that with peers.
    pub(crate) fn tests_without_peers(&self) -> BTreeSet<String> {
        let targets = self.0.packages.iter().flat_map(|package| &package.targets);
        let tests = targets.filter(|target| target.is_test() && target.name != PEERS);
        tests.map(|target| target.name.clone()).collect()
    }
}
