//! `cargo xtask setup`: installs the peers that tests and benchmarks talk to, and says plainly what it could not.

use crate::shell::{command, run, succeeds};
use crate::workspace::Workspace;
use anyhow::Result;
use std::path::Path;
use std::process::Command;
use testkit::peers::{PYTHON_MODULES, Peer};

const PYTHON_PACKAGES: [&str; 11] = [
    "pydicom",
    "pynetdicom",
    "dicomweb-client",
    "pylibjpeg",
    "pylibjpeg-libjpeg",
    "pylibjpeg-openjpeg",
    "pyjpegls",
    "numpy",
    "requests",
    "fhir.resources",
    "pypdf",
];

/// Modules that only the tests of reports and audit messages want; those tests look for them themselves.
const MODULES_OF_REPORTS: &str = "fhir.resources.R4B, pypdf";

/// A Debian package, and how to see that it is here.
struct Package {
    name: &'static str,
    is_here: fn() -> bool,
}

const PACKAGES: [Package; 6] = [
    Package {
        name: "dcmtk",
        is_here: || Peer::Dcmtk.is_here(),
    },
    Package {
        name: "orthanc",
        is_here: || Peer::Orthanc.is_here(),
    },
    Package {
        name: "orthanc-dicomweb",
        is_here: || Path::new(ORTHANC_DICOMWEB).exists(),
    },
    Package {
        name: "libgdcm-tools",
        is_here: || Peer::Gdcm.is_here(),
    },
    Package {
        name: "chromium",
        is_here: || Peer::Chromium.is_here(),
    },
    Package {
        name: "python3-venv",
        is_here: || succeeds(Command::new("python3").args(["-c", "import ensurepip"])),
    },
];

/// Where Debian keeps Orthanc's DICOMweb plug-in.
pub(crate) const ORTHANC_DICOMWEB: &str = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";

/// Installs what is missing. What cannot be installed is named; tests that need it are skipped.
pub(crate) fn install() -> Result<()> {
    let workspace = Workspace::find()?;
    debian(&workspace)?;
    python(&workspace);
    for package in PACKAGES.iter().filter(|package| !(package.is_here)()) {
        println!("missing: {} (its tests will be skipped)", package.name);
    }
    Ok(())
}

fn debian(workspace: &Workspace) -> Result<()> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|p| !(p.is_here)())
        .map(|package| package.name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !succeeds(Command::new("apt-get").arg("--version")) {
        println!("skipped: no apt-get here to install {}", missing.join(", "));
        return Ok(());
    }
    let root = succeeds(Command::new("sh").args(["-c", "[ \"$(id -u)\" = 0 ]"]));
    if !root && !succeeds(Command::new("sudo").args(["-n", "true"])) {
        println!("skipped: neither root nor sudo to install {}", missing.join(", "));
        return Ok(());
    }
    // RUNLEVEL=1 keeps Debian from starting the servers that it installs.
    let apt = |arguments: &[&str]| {
        let mut words = if root {
            vec!["env"]
        } else {
            vec!["sudo", "-n", "env"]
        };
        words.extend(["DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-qq"]);
        words.extend(arguments);
        let (program, arguments) = words
            .split_first()
            .map_or(("env", [].as_slice()), |(first, rest)| (*first, rest));
        run(&mut command(workspace.root(), program, arguments))
    };
    apt(&["update"])?;
    let all: Vec<&str> = ["install", "-y", "--no-install-recommends"]
        .into_iter()
        .chain(missing.clone())
        .collect();
    if !apt(&all)? {
        for package in missing {
            apt(&["install", "-y", "--no-install-recommends", package])?;
        }
    }
    Ok(())
}

fn python(workspace: &Workspace) {
    let (root, folder) = (workspace.root(), workspace.peers());
    let python = folder.join("bin/python");
    let imports = format!("import {}, {MODULES_OF_REPORTS}", PYTHON_MODULES.join(", "));
    if succeeds(Command::new(&python).args(["-c", &imports])) {
        return;
    }
    let made = python.exists() || run(command(root, "python3", ["-m", "venv"]).arg(&folder)).unwrap_or(false);
    let mut pip = command(
        root,
        &python,
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
    );
    pip.args(PYTHON_PACKAGES);
    if !made || !run(&mut pip).unwrap_or(false) {
        println!(
            "missing: Python packages {} (their tests will be skipped)",
            PYTHON_PACKAGES.join(" ")
        );
    }
}
