//! An archive and the program.

use model::Timestamp;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use testkit::{Encoding, Modality, Patient, Study, Vr};

/// A period in which every test lies.
pub(crate) const EVER: [&str; 4] = ["--from", "2020-01-01", "--to", "2100-01-01"];

pub(crate) struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file with this text.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_leadglass"))
            .args(arguments)
            .arg("--data")
            .arg(self.path("data"))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The JSON lines of a command that must go well.
    pub(crate) fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The one document of a command that must go well.
    pub(crate) fn one(&self, arguments: &[&str]) -> Value {
        let mut lines = self.lines(arguments);
        assert_eq!(lines.len(), 1, "{arguments:?}");
        lines.remove(0)
    }

    /// What a command says that must fail with this code, and print nothing else.
    pub(crate) fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        said
    }

    /// Brings in a small radiograph; gives its Study Instance UID.
    pub(crate) fn import(&self, seed: u64, patient: &Patient, issuer: Option<&str>) -> String {
        let taken = Timestamp::from_millis(1_768_471_200_000);
        let study = Study {
            matrix: 32,
            ..Study::new(seed, patient.clone(), Modality::Dx, taken)
        };
        let mut instance = study.instances().next().unwrap();
        if let Some(issuer) = issuer {
            instance.data_set.text(0x0010_0021, Vr::LO, issuer);
        }
        let file = self.path(&format!("{seed}.dcm"));
        std::fs::write(&file, instance.object(Encoding::ExplicitLe).part10()).unwrap();
        let imported = self.one(&["import", file.to_str().unwrap()]);
        assert_eq!(imported["status"], "sealed", "{imported}");
        study.uid().as_str().to_owned()
    }

    /// Sets up a recipient that gets originals for treatment, into a folder.
    pub(crate) fn hospital(&self, id: &str) -> Value {
        let out = self.path(id);
        std::fs::create_dir_all(&out).unwrap();
        let file = self.file(&format!("{id}.toml"), &hospital(id, &out));
        self.one(&["admin", "recipient", "set", &file])
    }

    /// Orders a release; gives what became of it.
    pub(crate) fn release(&self, study: &str, recipient: &str, more: &[&str]) -> Value {
        let order = ["release", "--study", study, "--recipient", recipient, "--json"];
        let output = self.run(&[&order, more].concat());
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }
}

pub(crate) fn patient(number: u64) -> Patient {
    Patient::number(number)
}

fn hospital(id: &str, out: &Path) -> String {
    format!(
        r#"
id = "{id}"
name = "Harbour Hospital"
address = "2 Example Street, Dublin"

[destination]
by = "folder"
path = "{}"

[agreement]
kind = "contract"
signed_on = "2026-01-01"
purposes = ["TREAT", "HLEGAL"]
storage_place = "Ireland"
profile = "original"
"#,
        out.display()
    )
}
