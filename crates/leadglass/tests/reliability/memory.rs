//! What a process holds in memory, as the kernel tells it.

use std::fs;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::Duration;

fn status(process: u32, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kilobytes: u64 = line
        .trim_start_matches(':')
        .trim()
        .strip_suffix("kB")?
        .trim()
        .parse()
        .ok()?;
    Some(kilobytes * 1024)
}

/// Bytes resident now.
pub(crate) fn resident(process: u32) -> u64 {
    status(process, "VmRSS").unwrap_or(0)
}

/// The most bytes that were ever resident, or since [`reset_peak`].
pub(crate) fn peak(process: u32) -> u64 {
    status(process, "VmHWM").unwrap_or(0)
}

/// Forgets the peak; false where the kernel does not allow it.
pub(crate) fn reset_peak(process: u32) -> bool {
    fs::write(format!("/proc/{process}/clear_refs"), "5").is_ok()
}

/// The peak of a process that is going to end, looked at every few milliseconds until it is gone.
pub(crate) fn watch(process: u32) -> JoinHandle<u64> {
    std::thread::spawn(move || {
        let (_nobody, pause) = channel::<()>();
        let mut highest = 0;
        // A process that ended and was not waited for has no memory any more.
        while let Some(peak) = status(process, "VmHWM") {
            highest = highest.max(peak);
            let _ = pause.recv_timeout(Duration::from_millis(3));
        }
        highest
    })
}
