//! The generated part of docs/deidentification.md: what each built-in profile does to each attribute.

use deid::profile::{BUILTIN, Fate, Profile, builtin, explain};
use deid::rules::{self, Pattern};
use dicom::Tag;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// The page, from the root of the workspace.
pub const PATH: &str = "docs/deidentification.md";

const BEGIN: &str = "<!-- attributes: begin -->";
const END: &str = "<!-- attributes: end -->";

/// One attribute of each representation that goes by it alone.
const EXAMPLES: [(&str, &str, u16, u16); 7] = [
    ("CS", "coded strings", 0x0018, 0x5100),
    ("DS, IS", "numbers written as text", 0x0018, 0x0050),
    (
        "AT, FL, FD, SL, SS, SV, UL, US, UV",
        "binary numbers",
        0x0028,
        0x0010,
    ),
    ("UI", "UIDs", 0x0008, 0x3002),
    ("DT", "dates with times", 0x0008, 0x0416),
    ("SQ", "sequences", 0x0008, 0x0063),
    (
        "others",
        "text, names, addresses and bulk that nobody judged",
        0x0008,
        0x010E,
    ),
];

/// The page with the part between its markers made anew; `None` when the markers are missing.
pub fn with_attributes(page: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{}\n{END}{after}", attributes().ok()?))
}

struct Columns(Vec<(&'static str, Profile)>);

impl Columns {
    fn new() -> Self {
        let profiles = BUILTIN
            .iter()
            .filter_map(|(name, _)| Some((*name, builtin(name)?.ok()?)));
        Self(profiles.collect())
    }

    fn fates(&self, tag: Tag) -> Vec<Fate> {
        self.0
            .iter()
            .map(|(_, profile)| explain(profile, tag).fate)
            .collect()
    }

    /// A table's head, with the columns of the profiles between these.
    fn head(&self, before: &str, after: &str) -> String {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| *name).collect();
        let row = format!("{before} {} |{after}", names.join(" | "));
        let line: String = row
            .chars()
            .filter(|c| *c == '|')
            .skip(1)
            .fold("|".to_owned(), |line, _| line + "---|");
        format!("{row}\n{line}\n")
    }
}

/// The words of one row.
fn words(fates: &[Fate]) -> String {
    fates
        .iter()
        .map(|fate| fate.word())
        .collect::<Vec<_>>()
        .join(" | ")
}

fn attributes() -> Result<String, fmt::Error> {
    let columns = Columns::new();
    let mut page = String::new();
    writeln!(
        page,
        "### Attributes of table E.1-1 ({})\n\n{}",
        rules::EDITION,
        columns.head("| Tag | Name | E.1-1 |", "").trim_end()
    )?;
    for row in rules::rows() {
        let words = words(&columns.fates(one_of(row.tag)));
        writeln!(page, "| {} | {} | {} | {words} |", row.tag, row.name, row.basic)?;
    }
    writeln!(
        page,
        "\n### Attributes outside the table\n\nThese were judged one by one.\n\n{}",
        columns.head("|", " Attributes |").trim_end()
    )?;
    let mut groups: BTreeMap<Vec<Fate>, Vec<String>> = BTreeMap::new();
    for tag in rules::judged()
        .into_iter()
        .filter(|tag| rules::row(*tag).is_none())
    {
        let name = format!("{tag} {}", dicom::keyword(tag).unwrap_or_default());
        groups.entry(columns.fates(tag)).or_default().push(name);
    }
    for (fates, names) in groups {
        writeln!(page, "| {} | {} |", words(&fates), names.join(", "))?;
    }
    writeln!(
        page,
        "\nAll others go by their representation. Retired attributes, and those of files, commands, directories, overlays and \
         curves, are removed.\n\n{}",
        columns.head("| VR | What |", "").trim_end()
    )?;
    for (vr, what, group, element) in EXAMPLES {
        writeln!(
            page,
            "| {vr} | {what} | {} |",
            words(&columns.fates(Tag(group, element)))
        )?;
    }
    Ok(page)
}

/// An attribute that the row speaks of.
fn one_of(pattern: Pattern) -> Tag {
    match pattern {
        Pattern::One(tag) => tag,
        Pattern::Masked { value, .. } => Tag((value >> 16) as u16, value as u16),
        Pattern::Private => Tag(0x0009, 0x1001),
    }
}
