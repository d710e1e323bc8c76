//! Rule tables as others publish them, where they stand beside the workspace.

use std::path::Path;

/// The text of a file of the shared data; `None`, and a word about it, where there is none.
pub(crate) fn file(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data/deid")
        .join(name);
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        eprintln!("skipped: no shared data {name}");
    }
    text
}
