//! Disks that fail: at a step, or as a power cut that forgets what was not synced.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use store::{Disk, DiskFile, Failpoint, FileSystem};

/// What happens at the chosen step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// The machine stops: this step and all after it fail.
    PowerCut,
    /// The disk is full for this one step.
    Full,
    /// The disk is full from this step on.
    StaysFull,
}

/// What a power cut leaves of what was not synced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Loss {
    /// All of it stays: the process was killed, the machine lives on.
    Nothing,
    /// All of it goes.
    Everything,
    /// Names go, content stays.
    Names,
    /// Names stay, content goes.
    Content,
    /// Names stay, content is half there and wrong at its end.
    Torn,
    /// Each change of a name goes or stays by the bits of this number; content is torn where a bit says so.
    Some(u64),
}

/// How to take a change of a name back.
enum Undo {
    Created(PathBuf),
    Renamed {
        from: PathBuf,
        to: PathBuf,
        replaced: Option<Vec<u8>>,
    },
    Removed {
        path: PathBuf,
        content: Vec<u8>,
    },
    MadeDir(PathBuf),
    RemovedDir(PathBuf),
}

impl Undo {
    fn folders(&self) -> Vec<&Path> {
        let paths = match self {
            Self::Created(path)
            | Self::Removed { path, .. }
            | Self::MadeDir(path)
            | Self::RemovedDir(path) => vec![path],
            Self::Renamed { from, to, .. } => vec![from, to],
        };
        paths.into_iter().filter_map(|path| path.parent()).collect()
    }

    fn undo(&self) {
        let _ = match self {
            Self::Created(path) => std::fs::remove_file(path),
            Self::MadeDir(path) => std::fs::remove_dir_all(path),
            Self::RemovedDir(path) => std::fs::create_dir(path),
            Self::Removed { path, content } => std::fs::write(path, content),
            Self::Renamed { from, to, replaced } => {
                let _ = std::fs::rename(to, from);
                replaced
                    .as_ref()
                    .map_or(Ok(()), |content| std::fs::write(to, content))
            }
        };
    }
}

#[derive(Default)]
struct State {
    steps: u64,
    fault: Option<(u64, Fault)>,
    dead: bool,
    undo: Vec<Undo>,
    /// By path: the length that is durable.
    synced: BTreeMap<PathBuf, u64>,
}

/// A disk over the real one that counts its steps.
#[derive(Clone, Default)]
pub(crate) struct FaultyDisk(Arc<Mutex<State>>);

impl FaultyDisk {
    pub(crate) fn new(at: u64, fault: Fault) -> Self {
        let state = State {
            fault: Some((at, fault)),
            ..State::default()
        };
        Self(Arc::new(Mutex::new(state)))
    }

    pub(crate) fn steps(&self) -> u64 {
        self.0.lock().unwrap().steps
    }

    /// From now on it fails like this.
    pub(crate) fn fail_now(&self, fault: Fault) {
        let mut state = self.0.lock().unwrap();
        state.fault = Some((state.steps, fault));
    }

    pub(crate) fn heal(&self) {
        self.0.lock().unwrap().fault = None;
    }

    fn step(&self) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        let now = state.steps;
        state.steps += 1;
        if state.dead {
            return Err(io::Error::other("no power"));
        }
        match state.fault {
            Some((at, Fault::PowerCut)) if now == at => {
                state.dead = true;
                Err(io::Error::other("no power"))
            }
            Some((at, Fault::Full)) if now == at => Err(io::ErrorKind::StorageFull.into()),
            Some((at, Fault::StaysFull)) if now >= at => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }

    /// What removing needs: a full disk still removes.
    fn step_without_space(&self) -> io::Result<()> {
        match self.step() {
            Err(error) if error.kind() == io::ErrorKind::StorageFull => Ok(()),
            step => step,
        }
    }

    fn remember(&self, undo: Undo) {
        self.0.lock().unwrap().undo.push(undo);
    }

    /// The machine comes back, and this is what its disk says.
    pub(crate) fn lose(&self, loss: Loss) {
        let state = self.0.lock().unwrap();
        let chosen = |n: usize| match loss {
            Loss::Everything | Loss::Names => true,
            Loss::Some(bits) => bits >> (n % 64) & 1 == 1,
            _ => false,
        };
        for (n, undo) in state.undo.iter().enumerate().rev() {
            if chosen(n) {
                undo.undo();
            }
        }
        for (n, (path, synced)) in state.synced.iter().enumerate() {
            let Ok(content) = std::fs::read(path) else {
                continue;
            };
            let torn = match loss {
                Loss::Torn => true,
                Loss::Some(bits) => bits >> (n % 64) & 1 == 0,
                _ => false,
            };
            let synced = (*synced).min(content.len() as u64) as usize;
            if matches!(loss, Loss::Everything | Loss::Content) {
                std::fs::write(path, &content[..synced]).unwrap();
            } else if torn && synced < content.len() {
                let middle = usize::midpoint(synced, content.len());
                let mut content = content;
                content[middle..].fill(0xaa);
                std::fs::write(path, content).unwrap();
            }
        }
    }
}

impl Disk for FaultyDisk {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        let there = path.is_dir();
        FileSystem.create_dir(path)?;
        if !there {
            self.remember(Undo::MadeDir(path.to_owned()));
        }
        Ok(())
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        self.step()?;
        let file = FileSystem.create(path)?;
        self.remember(Undo::Created(path.to_owned()));
        self.0.lock().unwrap().synced.insert(path.to_owned(), 0);
        Ok(Box::new(FaultyFile {
            disk: self.clone(),
            file,
            path: path.to_owned(),
        }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step()?;
        let replaced = std::fs::read(to).ok();
        FileSystem.rename(from, to)?;
        self.remember(Undo::Renamed {
            from: from.to_owned(),
            to: to.to_owned(),
            replaced,
        });
        let mut state = self.0.lock().unwrap();
        if let Some(synced) = state.synced.remove(from) {
            state.synced.insert(to.to_owned(), synced);
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step_without_space()?;
        let content = std::fs::read(path)?;
        FileSystem.remove(path)?;
        self.remember(Undo::Removed {
            path: path.to_owned(),
            content,
        });
        Ok(())
    }

    fn remove_dir(&self, path: &Path) -> io::Result<()> {
        self.step_without_space()?;
        FileSystem.remove_dir(path)?;
        self.remember(Undo::RemovedDir(path.to_owned()));
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.step()?;
        let mut state = self.0.lock().unwrap();
        state.undo.retain(|undo| !undo.folders().contains(&path));
        Ok(())
    }

    fn sync_all(&self, _path: &Path) -> io::Result<()> {
        self.step()?;
        let mut state = self.0.lock().unwrap();
        state.undo.clear();
        for (path, synced) in &mut state.synced {
            *synced = std::fs::metadata(path).map_or(0, |file| file.len());
        }
        Ok(())
    }

    fn pass(&self, _point: Failpoint) -> io::Result<()> {
        self.step_without_space()
    }
}

struct FaultyFile {
    disk: FaultyDisk,
    file: Box<dyn DiskFile>,
    path: PathBuf,
}

impl DiskFile for FaultyFile {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if let Err(error) = self.disk.step() {
            // A write that fails may have written some.
            let _ = self.file.write_all(&bytes[..bytes.len() / 2]);
            return Err(error);
        }
        self.file.write_all(bytes)
    }

    fn start_writeback(&self) {}

    fn sync(&self) -> io::Result<()> {
        self.disk.step()?;
        let len = std::fs::metadata(&self.path).map_or(0, |file| file.len());
        self.disk.0.lock().unwrap().synced.insert(self.path.clone(), len);
        Ok(())
    }
}
