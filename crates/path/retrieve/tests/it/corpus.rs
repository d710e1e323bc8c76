//! Real files, where they are at hand: passing over pixels must not change what is heard of the rest.

use dicom::DataSetReader;
use dicom::json::JsonModel;
use dicom::part10::FileMeta;
use dicom::scan::Limits;
use retrieve::{DataSet, Walk};
use std::io::Cursor;
use std::path::Path;

#[expect(clippy::print_stderr, reason = "a test that skips says so")]
#[test]
fn a_walk_tells_what_a_whole_read_tells() {
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/dicom/files");
    let Ok(listing) = std::fs::read_dir(&files) else {
        eprintln!("skipped: no ../shared/data/dicom beside the workspace");
        return;
    };
    let mut compared = 0;
    for entry in listing.flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        let Ok(Some(meta)) = FileMeta::read(&bytes, true) else {
            continue;
        };
        let stored = &bytes[meta.data_set_at..];

        let mut whole = JsonModel::new(|bulk| Some(bulk.to_string()));
        let mut reader = DataSetReader::new(&meta.transfer_syntax, Limits::default());
        if reader
            .push(stored, &mut whole)
            .and_then(|()| reader.finish(&mut whole))
            .is_err()
        {
            continue;
        }
        let mut walked = JsonModel::new(|bulk| Some(bulk.to_string()));
        let data_set = DataSet::new(Cursor::new(stored), &meta.transfer_syntax);
        let mut walk = Walk::new(data_set, &meta.transfer_syntax);
        while walk
            .step(&mut walked)
            .unwrap_or_else(|error| panic!("{:?}: {error:?}", entry.path()))
        {}
        assert_eq!(walked.finish(), whole.finish(), "{:?}", entry.path());
        compared += 1;
    }
    assert!(compared > 300, "only {compared} files compared");
}
