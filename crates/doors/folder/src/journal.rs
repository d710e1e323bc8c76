//! What stands in the folder, a line for each copy. A delivery that was cut off is taken up by another, which sends only the
//! rest: the manifest must still name everything.

use crate::manifest::Instance;
use crate::place::Place;
use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};

const NAME: &str = ".delivered.jsonl";

/// The recipient may write here too: a longer journal, or line, is not read on.
const MOST_BYTES: u64 = 256 << 20;
const LONGEST_LINE: u64 = 64 << 10;

/// Adds a copy, durably.
pub(crate) fn add(release: &Place, instance: &Instance) -> io::Result<()> {
    let mut line = serde_json::to_vec(instance)?;
    line.push(b'\n');
    let mut file = release.append(NAME)?;
    file.write_all(&line)?;
    file.sync_data()
}

/// The copies that are there, the newest line for each file. Lines that cannot be read (a crash cut the last one) are skipped:
/// their copies were not answered for, and come again.
pub(crate) fn read(release: &Place) -> io::Result<BTreeMap<String, Instance>> {
    let mut found = BTreeMap::new();
    let Some(file) = release.read(NAME)? else {
        return Ok(found);
    };
    let mut lines = BufReader::new(file.take(MOST_BYTES));
    let mut line = Vec::new();
    while lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? > 0 {
        if let Ok(instance) = serde_json::from_slice::<Instance>(&line)
            && release.size(&instance.file) == Some(instance.bytes)
        {
            found.insert(instance.file.clone(), instance);
        }
        line.clear();
    }
    Ok(found)
}
