//! Running the program on planted files.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use testkit::planted::Planted;
use testkit::planted::score::Run;

/// Keys of two projects.
pub(crate) const KEYS: [&str; 2] = [
    "9c1f0d6b1c5be0a4f3b0b9ac7f5d33215e0ac64d7b7df2a18a4c1e90d52b7f61",
    "3be7a9915cd04f0e8a2f6b7dd91c3a54e6f80b27c4914d3ea5b86f01c2d37e98",
];

/// A folder with planted files in it.
pub(crate) struct Scene {
    folder: tempfile::TempDir,
    pub(crate) files: Vec<Planted>,
}

/// What a run left.
pub(crate) struct Done {
    pub(crate) run: Run,
    pub(crate) code: Option<i32>,
    pub(crate) out: PathBuf,
}

impl Scene {
    /// Writes the files down.
    pub(crate) fn new(files: Vec<Planted>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for file in &files {
            let path = folder.path().join("in").join(&file.name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, &file.bytes).unwrap();
        }
        for (number, key) in KEYS.iter().enumerate() {
            std::fs::write(folder.path().join(format!("key{number}")), key).unwrap();
        }
        Self { folder, files }
    }

    /// `leadglass deid IN OUT --json --write-map` into a folder of its own.
    pub(crate) fn run(&self, name: &str, key: usize, more: &[&str]) -> Done {
        self.run_on(&self.folder.path().join("in"), name, key, more)
    }

    /// The same on a part of the files: a folder below IN.
    pub(crate) fn run_part(&self, part: &str, name: &str, key: usize) -> Done {
        self.run_on(&self.folder.path().join("in").join(part), name, key, &[])
    }

    fn run_on(&self, input: &Path, name: &str, key: usize, more: &[&str]) -> Done {
        let out = self.folder.path().join(name).join("out");
        std::fs::create_dir_all(&out).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_leadglass"))
            .arg("deid")
            .arg(input)
            .arg(&out)
            .args(["--json", "--write-map", "--key"])
            .arg(self.folder.path().join(format!("key{key}")))
            .arg("--data")
            .arg(self.folder.path().join("data"))
            .args(more)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        Done {
            run: Run::read(input, &out, &output.stdout, &output.stderr).unwrap(),
            code: output.status.code(),
            out,
        }
    }
}

/// All files below a folder with their bytes, by their path in it.
pub(crate) fn contents(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let (mut all, mut open) = (std::collections::BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                all.insert(
                    path.strip_prefix(folder).unwrap().to_owned(),
                    std::fs::read(&path).unwrap(),
                );
            }
        }
    }
    all
}
