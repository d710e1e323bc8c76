//! The answer key in the form that MIDI-B's scorer reads: a SQLite table `answer_data`, and two maps as CSV.

use anyhow::{Context, Result, ensure};
use serde_json::{Map as Object, Value, json};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use testkit::planted::score::Map;
use testkit::planted::{Action, Category, Check, Planted};

/// Python's own SQLite makes the table: lines of JSON in, a row each.
const SCRIPT: &str = "
import json, sqlite3, sys
table = sqlite3.connect(sys.argv[1])
names = ['PatientID', 'StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'scope', 'AnswerData']
table.execute('CREATE TABLE answer_data (' + ', '.join(name + ' TEXT' for name in names) + ')')
rows = (json.loads(line) for line in sys.stdin)
table.executemany('INSERT INTO answer_data VALUES (?, ?, ?, ?, ?, ?)', rows)
table.commit()
";

/// Writes a key, batch by batch.
pub(super) struct Writer {
    to: PathBuf,
    rows: PathBuf,
    lines: BufWriter<File>,
    uids: BTreeMap<String, String>,
    patients: BTreeMap<String, String>,
}

impl Writer {
    /// To a file that is not there yet.
    pub(super) fn new(to: &Path) -> Result<Self> {
        ensure!(!to.exists(), "{} is there already", to.display());
        let rows = to.with_extension("rows");
        let lines = BufWriter::new(File::create(&rows).with_context(|| format!("write {}", rows.display()))?);
        Ok(Self {
            to: to.to_owned(),
            rows,
            lines,
            uids: BTreeMap::new(),
            patients: BTreeMap::new(),
        })
    }

    /// Adds a batch, with what its identifiers became.
    pub(super) fn add(&mut self, files: &[Planted], map: &Map) -> Result<()> {
        for key in files.iter().map(|file| &file.key).filter(|key| !key.is_directory) {
            let answers: Object<String, Value> = key
                .checks
                .iter()
                .enumerate()
                .map(|(number, check)| (number.to_string(), answer(check)))
                .collect();
            let row = json!([
                key.patient,
                key.study,
                key.series,
                key.sop_instance,
                "<Instance>",
                Value::Object(answers).to_string()
            ]);
            writeln!(self.lines, "{row}")?;
        }
        self.uids
            .extend(map.uids().map(|(old, new)| (old.to_owned(), new.to_owned())));
        self.patients
            .extend(map.patients().map(|(old, new)| (old.to_owned(), new.to_owned())));
        Ok(())
    }

    /// Makes the table and the maps.
    pub(super) fn finish(mut self) -> Result<()> {
        self.lines.flush()?;
        let folder = self.to.parent().unwrap_or(Path::new("")).to_owned();
        for (name, map) in [
            ("uid_mapping.csv", &self.uids),
            ("patid_mapping.csv", &self.patients),
        ] {
            let mut text = String::from("id_old,id_new\n");
            for (old, new) in map {
                text.extend(["\"", &old.replace('"', "\"\""), "\",", new, "\n"]);
            }
            fs::write(folder.join(name), text).with_context(|| format!("write {name}"))?;
        }
        let made = Command::new("python3")
            .args(["-c", SCRIPT])
            .arg(&self.to)
            .stdin(Stdio::from(File::open(&self.rows)?))
            .status()
            .context("start python3, which makes the SQLite table")?;
        ensure!(made.success(), "the answer key could not be made");
        fs::remove_file(&self.rows)?;
        println!("answer key: {}, maps beside it", self.to.display());
        Ok(())
    }
}

/// One check, in the scorer's words.
fn answer(check: &Check) -> Value {
    let angled = |text: &str| format!("<{text}>");
    let tag = check.path.rsplit(']').next().unwrap_or(&check.path);
    let mut category = json!({
        "hipaa_z": null, "hipaa_m": null, "dicom_p15": null, "dicom_iod": null, "dicom_safe": null,
        "tcia_ptkb": null, "tcia_p15": null, "tcia_rev": null,
    });
    let (name, value) = match (check.category, check.action) {
        (Category::Hipaa, Action::TextRemoved) => ("hipaa_m", "HIPAA-M"),
        (Category::Dicom, _) => ("dicom_iod", "DICOM-IOD"),
        _ if check.path.contains('"') => ("tcia_ptkb", "TCIA-PTKB-K"),
        _ => ("tcia_p15", "TCIA-P15"),
    };
    if let Some(slot) = category.get_mut(name) {
        *slot = json!(value);
    }
    json!({
        "action": angled(check.action.name()),
        "action_text": angled(&check.text),
        "answer_category_v2": category,
        "value": angled(&check.value),
        "tag": tag,
        "tag_ds": check.path,
        "tag_name": tag,
    })
}
