//! One file: read, de-identified, audited, placed.

use super::place::Places;
use super::{Line, Stage};
use anyhow::Result;
use deid::audit::Auditor;
use deid::{Applied, Profile, ProjectKey, Replaced};
use dicom::Source;
use std::fs::{self, File};
use std::io::{self, BufWriter, Cursor, Read as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

/// Objects up to this size are worked on in memory, in bytes.
const IN_MEMORY: u64 = 64 << 20;

/// What all files of a run have in common.
pub(super) struct Job<'a> {
    pub(super) profile: &'a Profile,
    pub(super) key: &'a ProjectKey,
    pub(super) map: bool,
    pub(super) stage: &'a Stage,
    pub(super) places: &'a Places,
}

/// What became of a file.
pub(super) struct Done {
    pub(super) line: Line,
    pub(super) replaced: Vec<Replaced>,
}

/// Works on one file after the other.
pub(super) struct Worker<'a> {
    job: &'a Job<'a>,
    auditor: Auditor,
    /// Buffers of objects that are done: fresh memory for each would cost as much as reading it.
    spare: Vec<Vec<u8>>,
}

/// Larger buffers are not kept, in bytes.
const SPARE: usize = 16 << 20;

/// A copy that is not cleared yet, and whatever it is in.
enum Copy {
    Memory(Vec<u8>),
    File { file: File, size: u64, path: PathBuf },
}

impl Source for Copy {
    fn size(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { size, .. } => *size,
        }
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        match self {
            Self::Memory(bytes) => bytes.read_at(at, into),
            Self::File { file, .. } => file.read_exact_at(into, at),
        }
    }

    fn in_memory(&self) -> Option<&[u8]> {
        match self {
            Self::Memory(bytes) => Some(bytes),
            Self::File { .. } => None,
        }
    }
}

impl<'a> Worker<'a> {
    pub(super) fn new(job: &'a Job<'a>) -> Self {
        Self {
            job,
            auditor: Auditor::new(),
            spare: Vec::new(),
        }
    }

    fn buffer(&mut self) -> Vec<u8> {
        self.spare.pop().unwrap_or_default()
    }

    fn done_with(&mut self, copy: Copy) {
        if let Copy::Memory(mut bytes) = copy
            && bytes.capacity() <= SPARE
        {
            bytes.clear();
            self.spare.push(bytes);
        }
    }

    /// Treats the file `index` of the run.
    pub(super) fn treat(&mut self, index: usize, path: &Path) -> Done {
        let unfinished = self.job.stage.path(index);
        match self.clear(index, path, &unfinished) {
            Ok(applied) => Done {
                line: Line::cleared(path, applied.options),
                replaced: applied.replaced,
            },
            Err(error) => {
                // It may not have come to be.
                let _ = fs::remove_file(&unfinished);
                Done {
                    line: Line::quarantined(path, format!("{error:#}")),
                    replaced: Vec::new(),
                }
            }
        }
    }

    fn clear(&mut self, index: usize, path: &Path, unfinished: &Path) -> Result<Applied> {
        let Job {
            profile,
            key,
            map,
            places,
            ..
        } = *self.job;
        let input = open(path, self.buffer())?;
        let (copy, applied) = if input.size() <= IN_MEMORY {
            let mut buffer = self.buffer();
            buffer.reserve(input.size() as usize + 4096);
            let mut out = Cursor::new(buffer);
            let applied = deid::apply(&input, key, profile, map, &mut out)?;
            (Copy::Memory(out.into_inner()), applied)
        } else {
            let mut out = BufWriter::new(
                File::options()
                    .read(true)
                    .write(true)
                    .create_new(true)
                    .open(unfinished)?,
            );
            let applied = deid::apply(&input, key, profile, map, &mut out)?;
            let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            let size = file.metadata()?.len();
            let path = unfinished.to_owned();
            (Copy::File { file, size, path }, applied)
        };
        let components = places.naming().components(&applied);
        let cleared = self.auditor.audit(
            &input,
            &path.to_string_lossy(),
            copy,
            &components.join("/"),
            profile.kept(),
        )?;
        let finished = match cleared.into_output() {
            Copy::Memory(bytes) => {
                File::create_new(unfinished)?.write_all(&bytes)?;
                self.done_with(Copy::Memory(bytes));
                unfinished.to_owned()
            }
            Copy::File { path, .. } => path,
        };
        self.done_with(input);
        places.take(index, &finished, components)?;
        Ok(applied)
    }
}

fn open(path: &Path, mut buffer: Vec<u8>) -> Result<Copy> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    if size <= IN_MEMORY {
        file.read_to_end(&mut buffer)?;
        return Ok(Copy::Memory(buffer));
    }
    let path = path.to_owned();
    Ok(Copy::File { file, size, path })
}
