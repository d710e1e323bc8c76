//! The scorer: the published rules of MIDI-B, and a stricter set of our own.
//!
//! What came out is read with `core/dicom`'s scanner, and searched as raw bytes too, so that what no reader shows is
//! found as well.

mod read;
mod report;
mod rules;
mod run;
mod strict;
mod words;

pub use report::{Report, Tally};
pub use run::{Line, Map, Run};
pub use strict::linked;

use super::Planted;
use super::key::Key;
use read::Document;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use strict::{Intervals, References};

/// Scores a run over these files. All files of a patient must be among them; their bytes are not needed.
pub fn score(planted: &[Planted], run: &Run) -> Report {
    let mut report = Report::default();
    let mut outputs = Vec::new();
    for file in planted {
        if let Some(output) = open(file, run, &mut report) {
            outputs.push((file, output));
        }
    }
    let mut released = BTreeSet::new();
    for (_, output) in &outputs {
        for path in ["<(0008,0018)>", "<(0020,000d)>", "<(0020,000e)>", "<(0020,0052)>"] {
            released.extend(output.at(path).map(str::to_owned));
        }
    }
    let out: BTreeSet<&str> = outputs
        .iter()
        .map(|(file, _)| file.key.sop_instance.as_str())
        .collect();
    let withheld: BTreeSet<&str> = planted
        .iter()
        .map(|file| &file.key)
        .filter(|key| !out.contains(key.sop_instance.as_str()))
        .flat_map(|key| [key.sop_instance.as_str(), key.series.as_str(), key.study.as_str()])
        .collect();
    let references = References { released, withheld };
    let mut intervals = Intervals::default();
    for (file, output) in &outputs {
        let key = &file.key;
        for check in &key.checks {
            let passed = rules::passes(check, output, &run.map) == Some(true);
            report.published(check.action, check.category, passed);
            if !passed {
                let value: String = output
                    .at(&check.path)
                    .unwrap_or("(absent)")
                    .chars()
                    .take(80)
                    .collect();
                let example = format!("{} -> {value}", check.text);
                report.failure(check.action.name(), key.kind, &check.path, example);
            }
        }
        if !key.is_directory {
            strict::layers(key, output, &mut report);
            references.check(key, output, &run.map, &mut report);
            intervals.note(key, output);
        }
    }
    intervals.finish(&mut report);
    new_uids(&outputs, &mut report);
    hunt_in_what_was_said(planted, run, &mut report);
    report
}

/// The file that came of an input; what can be said without one is said here.
fn open(file: &Planted, run: &Run, report: &mut Report) -> Option<Document> {
    let key = &file.key;
    report.instances += 1;
    let line = run.lines.get(&file.name);
    report.strict("each input has its line", line.is_some());
    if line.is_none() {
        report.failure("no line", key.kind, "", &file.name);
    }
    let cleared = line.filter(|line| line.status == "cleared");
    let path = cleared.and_then(|line| line.out.as_ref());
    let bytes = path.and_then(|path| fs::read(path).ok());
    let Some((bytes, path)) = bytes.zip(path) else {
        without_file(key, line, report);
        return None;
    };
    report.released += 1;
    let document = Document::read(&bytes);
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let folders = path
        .parent()
        .map(|path| path.display().to_string())
        .unwrap_or_default();
    // Only what the program named itself: the folder that it was given is not its word.
    let below: String = folders.rsplit('/').take(4).collect::<Vec<_>>().join("/");
    let rest = line.map_or("", |line| line.rest.as_str());
    strict::words(
        key,
        &bytes,
        document.as_ref().ok(),
        &format!("{below}/{name}"),
        rest,
        report,
    );
    match document {
        Ok(document) => {
            report.strict("released files can be read", true);
            Some(document)
        }
        Err(read::Unreadable(reason)) => {
            report.strict("released files can be read", false);
            report.failure("unreadable", key.kind, "", reason);
            without_file(key, line, report);
            None
        }
    }
}

fn without_file(key: &Key, line: Option<&Line>, report: &mut Report) {
    let reason = line.map_or("no line", |line| line.reason.as_str());
    let allowed = key.withhold || key.may_withhold;
    report.strict("what can be cleaned is not withheld", allowed);
    *report
        .withheld
        .entry(format!("{}: {reason}", key.kind))
        .or_default() += 1;
    if !allowed {
        report.failure("withheld", key.kind, "", reason);
    }
    for check in &key.checks {
        let passes = check.action.passes_without_file();
        if passes || !allowed {
            report.published(check.action, check.category, passes);
        }
    }
}

/// New UIDs are UIDs, and each object has its own.
fn new_uids(outputs: &[(&Planted, Document)], report: &mut Report) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for (file, output) in outputs {
        let key = &file.key;
        let uid = output.at("<(0008,0018)>").unwrap_or_default();
        let legal = uid.len() <= 64
            && !uid.is_empty()
            && uid.split('.').all(|part| {
                part.chars().all(|c| c.is_ascii_digit())
                    && !part.is_empty()
                    && (part == "0" || !part.starts_with('0'))
            });
        let other = seen.insert(uid, key.sop_instance.as_str());
        let own = other.is_none_or(|other| other == key.sop_instance);
        if !key.is_directory {
            report.strict("new instance UIDs are legal and distinct", legal && own);
        }
        if !(key.is_directory || legal && own) {
            report.failure("new UID", key.kind, "<(0008,0018)>", uid);
        }
    }
}

/// No file without a line, and no word of any patient in messages.
fn hunt_in_what_was_said(planted: &[Planted], run: &Run, report: &mut Report) {
    let unnamed = run
        .unnamed
        .iter()
        .filter(|path| path.file_name().is_some_and(|name| name != "map.csv"));
    let count = unnamed.count();
    report.strict("no file without a line", count == 0);
    let messages = planted.iter().filter_map(|file| {
        let line = run
            .lines
            .get(&file.name)
            .filter(|line| line.status != "cleared")?;
        Some((file, line.rest.as_str()))
    });
    for (file, rest) in messages {
        let hunt = strict::Hunt::new(file.key.tokens.iter());
        let mut found = BTreeSet::new();
        hunt.find(rest.as_bytes(), &mut found);
        hunt.find(run.said.as_bytes(), &mut found);
        report.strict("planted words in names and messages", found.is_empty());
        for token in found.iter().filter_map(|at| hunt.token(*at)) {
            report.failure(
                "word in a name or message",
                file.key.kind,
                &token.site,
                &token.text,
            );
        }
    }
}
