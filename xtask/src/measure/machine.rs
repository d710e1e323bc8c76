//! Where and when a measurement was made: a figure without it says nothing.

use std::fs;
use std::process::Command;

/// One sentence: date, processor, memory, kernel, load.
pub fn description() -> String {
    let date = said("date", &["-u", "+%Y-%m-%d"]);
    // The numbers alone: what a vendor appends says nothing about speed.
    let kernel = said("uname", &["-sr"]);
    let kernel = kernel.split('-').next().unwrap_or_default();
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kibibytes: f64 = memory
        .split_whitespace()
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0.0);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().next().unwrap_or("?");
    let gigabytes = kibibytes * 1024.0 / 1e9;
    format!("{date}, {cores} cores of {processor}, {gigabytes:.0} GB, {kernel}, load {load} before the start")
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default()
}
