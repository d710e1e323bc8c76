//! Other people's tools that are started once for a folder.

use crate::workspace::Workspace;
use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use testkit::peers::Peer;

/// The command that reads the first folder and writes the second.
type Arguments = dyn Fn(&Path, &Path) -> Command;

/// A program that reads a folder and writes a folder.
pub(super) struct Tool {
    pub(super) name: &'static str,
    pub(super) version: String,
    arguments: Box<Arguments>,
}

impl Tool {
    /// Runs it; everything that it did is over when this returns.
    pub(super) fn run(&self, input: &Path, output: &Path, log: &Path) -> Result<()> {
        let log = File::create(log).context("make a log file")?;
        let status = (self.arguments)(input, output)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .status()
            .with_context(|| format!("start {}", self.name))?;
        ensure!(status.success(), "{} ended with {status}", self.name);
        Ok(())
    }

    /// Leadglass itself, on one core: apply and audit.
    pub(super) fn leadglass(program: &Path, folder: &Path) -> Self {
        let (program, folder) = (program.to_owned(), folder.to_owned());
        Self {
            name: "leadglass deid --threads 1 (with its audit)",
            version: said(Command::new(&program).arg("--version")),
            arguments: Box::new(move |input, output| {
                let mut command = Command::new(&program);
                command
                    .arg("deid")
                    .args([input, output])
                    .args(["--json", "--threads", "1", "--data"]);
                command.arg(folder.join("data"));
                command
            }),
        }
    }

    /// The peers that are here. Python ones are installed into an environment of their own.
    pub(super) fn peers(workspace: &Workspace, folder: &Path) -> Vec<Self> {
        let python = python(workspace);
        [
            gdcm(folder),
            python.as_deref().map(dicognito),
            python.as_deref().map(anonymizer),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

fn said(command: &mut Command) -> String {
    let output = command.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output)
        .lines()
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// gdcmanon with a certificate made for the occasion.
fn gdcm(folder: &Path) -> Option<Tool> {
    let program = Peer::Gdcm.find("gdcmanon")?;
    let (key, certificate) = (folder.join("anon.key"), folder.join("anon.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=bench",
            "-days",
            "30",
            "-keyout",
        ])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return None;
    }
    Some(Tool {
        name: "gdcmanon -e -r",
        version: said(Command::new(&program).arg("--version")),
        arguments: Box::new(move |input, output| {
            let mut command = Command::new(&program);
            command
                .args(["-e", "-r", "-c"])
                .arg(&certificate)
                .arg("-i")
                .arg(input)
                .arg("-o")
                .arg(output);
            command
        }),
    })
}

fn python(workspace: &Workspace) -> Option<PathBuf> {
    let folder = workspace.target().join("peers-deid");
    let python = folder.join("bin/python");
    let works = |python: &Path| {
        let imports = ["-c", "import dicognito, dicomanonymizer"];
        let status = Command::new(python).args(imports).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    if !works(&python) {
        let _ = Command::new("python3").args(["-m", "venv"]).arg(&folder).status();
        let install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "dicognito",
            "dicom-anonymizer",
        ];
        let _ = Command::new(&python).args(install).status();
    }
    works(&python).then_some(python)
}

fn version_of(python: &Path, package: &str) -> String {
    let code = format!("import importlib.metadata as m; print(m.version('{package}'))");
    said(Command::new(python).args(["-c", &code]))
}

fn dicognito(python: &Path) -> Tool {
    let python = python.to_owned();
    Tool {
        name: "dicognito",
        version: version_of(&python, "dicognito"),
        arguments: Box::new(move |input, output| {
            let mut command = Command::new(&python);
            command
                .args(["-m", "dicognito", "--quiet", "-o"])
                .arg(output)
                .arg(input);
            command
        }),
    }
}

fn anonymizer(python: &Path) -> Tool {
    let python = python.to_owned();
    Tool {
        name: "dicom-anonymizer",
        version: version_of(&python, "dicom-anonymizer"),
        arguments: Box::new(move |input, output| {
            let mut command = Command::new(&python);
            command
                .args(["-m", "dicomanonymizer.anonymizer"])
                .args([input, output]);
            command
        }),
    }
}
