//! What a run of the program under test left: files, a line for each input, a map, words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Old identifiers and new ones.
#[derive(Clone, Debug, Default)]
pub struct Map {
    uids: BTreeMap<String, String>,
    patients: BTreeMap<String, String>,
}

impl Map {
    /// Reads `kind,id_old,id_new`.
    pub fn parse(text: &str) -> Self {
        let mut map = Self::default();
        for line in text.lines().skip(1) {
            let fields = fields(line);
            if let [kind, old, new] = fields.as_slice() {
                let side = if kind == "patient_id" {
                    &mut map.patients
                } else {
                    &mut map.uids
                };
                side.insert(old.clone(), new.clone());
            }
        }
        map
    }

    /// What a UID of any kind became.
    pub fn uid(&self, old: &str) -> Option<&str> {
        self.uids.get(old).map(String::as_str)
    }

    /// What a Patient ID became.
    pub fn patient(&self, old: &str) -> Option<&str> {
        self.patients.get(old).map(String::as_str)
    }

    /// All UIDs, old and new.
    pub fn uids(&self) -> impl Iterator<Item = (&str, &str)> {
        self.uids.iter().map(|(old, new)| (old.as_str(), new.as_str()))
    }

    /// All Patient IDs, old and new.
    pub fn patients(&self) -> impl Iterator<Item = (&str, &str)> {
        self.patients
            .iter()
            .map(|(old, new)| (old.as_str(), new.as_str()))
    }
}

/// Fields of a line of CSV (RFC 4180), quoted or not.
fn fields(line: &str) -> Vec<String> {
    let (mut out, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(std::mem::take(&mut field)),
            other => field.push(other),
        }
    }
    out.push(field);
    out
}

/// What was said of one input.
#[derive(Clone, Debug)]
pub struct Line {
    /// The output, where there is one.
    pub out: Option<PathBuf>,
    /// `cleared` or `quarantined`.
    pub status: String,
    /// Why it was quarantined.
    pub reason: String,
    /// The whole line but for the input's name.
    pub rest: String,
}

/// A run.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// By the name of the input below the input folder.
    pub lines: BTreeMap<String, Line>,
    /// The map.
    pub map: Map,
    /// Files below the output folder that no line names.
    pub unnamed: Vec<PathBuf>,
    /// What the program said beside the lines.
    pub said: String,
}

impl Run {
    /// Reads what a run of `leadglass deid INPUT OUTPUT --json --write-map` left.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn read(input: &Path, output: &Path, stdout: &[u8], stderr: &[u8]) -> io::Result<Self> {
        let mut run = Self {
            said: String::from_utf8_lossy(stderr).into_owned(),
            ..Self::default()
        };
        let map = output.parent().unwrap_or(output).join("map.csv");
        if map.is_file() {
            run.map = Map::parse(&fs::read_to_string(map)?);
        }
        let mut named = Vec::new();
        for text in String::from_utf8_lossy(stdout).lines() {
            let Ok(mut value) = serde_json::from_str::<serde_json::Value>(text) else {
                run.said.push_str(text);
                continue;
            };
            let field = |name: &str| {
                value
                    .get(name)
                    .and_then(|v| v.as_str())
                    .unwrap_or_default()
                    .to_owned()
            };
            let (from, status, reason) = (field("in"), field("status"), field("reason"));
            let out = Some(field("out"))
                .filter(|out| !out.is_empty())
                .map(PathBuf::from);
            let out = out.map(|out| if out.exists() { out } else { output.join(out) });
            named.extend(out.clone());
            if let Some(object) = value.as_object_mut() {
                object.remove("in");
            }
            let name = Path::new(&from)
                .strip_prefix(input)
                .map_or(from.clone(), |path| path.display().to_string());
            let rest = value.to_string();
            run.lines.insert(
                name,
                Line {
                    out,
                    status,
                    reason,
                    rest,
                },
            );
        }
        named.sort();
        let mut files = Vec::new();
        if output.is_dir() {
            walk(output, &mut files)?;
        }
        run.unnamed = files
            .into_iter()
            .filter(|file| named.binary_search(file).is_err())
            .collect();
        Ok(run)
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_with_quotes() {
        let map = Map::parse("kind,id_old,id_new\npatient_id,\"a,\"\"b\",P1\nuid,1.2,2.25.1\n");
        assert_eq!(map.patient("a,\"b"), Some("P1"));
        assert_eq!(map.uid("1.2"), Some("2.25.1"));
    }
}
