//! Real peers on this machine: other people's DICOM software that tests and benchmarks talk to.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A peer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Peer {
    /// DCMTK's command-line tools.
    Dcmtk,
    /// The Orthanc server.
    Orthanc,
    /// GDCM's command-line tools.
    Gdcm,
    /// The Chromium browser.
    Chromium,
    /// Python with pydicom, pynetdicom, dicomweb-client and codecs.
    Python,
}

/// The Python modules that the tests' scripts import.
pub const PYTHON_MODULES: [&str; 9] = [
    "pydicom",
    "pynetdicom",
    "dicomweb_client",
    "pylibjpeg",
    "libjpeg",
    "openjpeg",
    "jpeg_ls",
    "numpy",
    "requests",
];

/// Names the Python interpreter to take, first of all.
pub const PYTHON_VARIABLE: &str = "LEADGLASS_PEER_PYTHON";
/// Names the peers (comma between; `1` for all) whose absence fails a test, where it is skipped otherwise.
pub const REQUIRED_VARIABLE: &str = "LEADGLASS_REQUIRE_PEERS";

impl Peer {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Dcmtk,
        Self::Orthanc,
        Self::Gdcm,
        Self::Chromium,
        Self::Python,
    ];

    /// A name for messages and for [`REQUIRED_VARIABLE`].
    pub fn name(self) -> &'static str {
        match self {
            Self::Dcmtk => "dcmtk",
            Self::Orthanc => "orthanc",
            Self::Gdcm => "gdcm",
            Self::Chromium => "chromium",
            Self::Python => "python",
        }
    }

    /// The program by which the peer is known.
    pub fn program(self) -> &'static str {
        match self {
            Self::Dcmtk => "storescu",
            Self::Orthanc => "Orthanc",
            Self::Gdcm => "gdcmconv",
            Self::Chromium => "chromium",
            Self::Python => "python3",
        }
    }

    /// True when the peer is here.
    pub fn is_here(self) -> bool {
        self.find(self.program()).is_some()
    }

    /// One of the peer's programs. DCMTK's names are taken by others too (pynetdicom has a `storescu`), so its programs
    /// are asked who they are; Python is asked for its modules.
    pub fn find(self, program: &str) -> Option<PathBuf> {
        match self {
            Self::Dcmtk => on_path(program).find(|path| says(path, &["--version"], "$dcmtk")),
            Self::Python => {
                let imports = format!("import {}; print('here')", PYTHON_MODULES.join(", "));
                let named = std::env::var_os(PYTHON_VARIABLE).map(PathBuf::from);
                named
                    .into_iter()
                    .chain(on_path(program))
                    .find(|path| says(path, &["-c", &imports], "here"))
            }
            Self::Orthanc | Self::Gdcm | Self::Chromium => on_path(program).next(),
        }
    }

    /// True when its absence is to fail a test.
    pub fn is_required(self) -> bool {
        let required = std::env::var(REQUIRED_VARIABLE).unwrap_or_default();
        required.split(',').any(|name| name == "1" || name == self.name())
    }
}

/// Programs of a name on the search path, and where servers are installed.
fn on_path(program: &str) -> impl Iterator<Item = PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .collect();
    let program = program.to_owned();
    folders
        .into_iter()
        .map(move |folder| folder.join(&program))
        .filter(|file| file.is_file())
}

fn says(program: &Path, arguments: &[&str], word: &str) -> bool {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(word))
}
