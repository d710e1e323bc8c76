//! What a server costs: processor time and memory of a process and all that it forked, from /proc.

use std::fs;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Ticks of processor time in a second, as the Linux ABI has it (USER_HZ).
const TICKS: f64 = 100.0;

/// One line of /proc/PID/stat, as far as it matters.
struct Process {
    parent: u32,
    own_ticks: u64,
    reaped_ticks: u64,
}

fn process(pid: u32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The command's name may hold blanks; fields are counted behind it (man 5 proc: 4 ppid, 14 to 17 times).
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |field: usize| fields.get(field - 3).and_then(|text| text.parse::<u64>().ok());
    Some(Process {
        parent: number(4)? as u32,
        own_ticks: number(14)? + number(15)?,
        reaped_ticks: number(16)? + number(17)?,
    })
}

/// A process and its living descendants.
fn family(root: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parents: Vec<(u32, u32)> = pids.filter_map(|pid| Some((pid, process(pid)?.parent))).collect();
    let mut family = vec![root];
    let mut next = 0;
    while let Some(parent) = family.get(next).copied() {
        family.extend(
            parents
                .iter()
                .filter(|(_, of)| *of == parent)
                .map(|(pid, _)| *pid),
        );
        next += 1;
    }
    family
}

/// Seconds of processor time that a process and all its children, living and dead, have used.
pub(crate) fn processor_seconds(root: u32) -> f64 {
    let ticks = |pid| process(pid).map_or(0, |process| process.own_ticks + process.reaped_ticks);
    family(root).into_iter().map(ticks).sum::<u64>() as f64 / TICKS
}

/// Seconds of processor time that this process's children used, of those that have ended and were waited for.
pub(crate) fn ended_children_seconds() -> f64 {
    process(std::process::id()).map_or(0, |process| process.reaped_ticks) as f64 / TICKS
}

/// A memory figure of /proc/PID/status in megabytes (10^6 bytes).
fn megabytes(pid: u32, field: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let kibibytes = line
        .and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok())
        .unwrap_or(0.0);
    kibibytes * 1024.0 / 1e6
}

/// Watches the memory of a process and its children while it works.
pub(crate) struct Watch {
    stop: Sender<()>,
    thread: JoinHandle<f64>,
    root: u32,
}

impl Watch {
    /// Looks every 50 ms.
    pub(crate) fn start(root: u32) -> Self {
        let (stop, stopped) = channel();
        Self {
            stop,
            thread: std::thread::spawn(move || highest(root, &stopped)),
            root,
        }
    }

    /// The peak in megabytes: of the process itself as the kernel counts it (VmHWM), or of the whole family as seen,
    /// whichever is higher. Pages that forked children share are counted once a child.
    pub(crate) fn peak(self) -> f64 {
        let own = megabytes(self.root, "VmHWM");
        drop(self.stop);
        own.max(self.thread.join().unwrap_or(0.0))
    }
}

fn highest(root: u32, stopped: &Receiver<()>) -> f64 {
    let mut highest: f64 = 0.0;
    while stopped.recv_timeout(Duration::from_millis(50)) == Err(RecvTimeoutError::Timeout) {
        highest = highest.max(family(root).into_iter().map(|pid| megabytes(pid, "VmRSS")).sum());
    }
    highest
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn a_forked_child_is_counted() {
        let shell = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done";
        let before = processor_seconds(std::process::id());
        let child = Command::new("sh")
            .args(["-c", &format!("( {shell} ); wait")])
            .stdout(Stdio::null())
            .status();
        assert!(child.unwrap().success());
        assert!(processor_seconds(std::process::id()) - before > 0.05);
    }

    #[test]
    fn memory_of_this_process_is_seen() {
        let mine = megabytes(std::process::id(), "VmHWM");
        assert!((1.0..100_000.0).contains(&mine), "{mine}");
    }
}
