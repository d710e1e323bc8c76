//! Real files, where the shared corpus stands beside the workspace: every encapsulated frame decodes, to the very
//! samples that pydicom gives, or DCMTK for JPEG; `corpus.txt` has their SHA-256, all planes of all frames joined.

use std::collections::HashMap;
use std::path::Path;

use dicom::codec::frames::{Fragment, Offsets, frames};
use dicom::codec::{decode_frame, encode_frame};
use dicom::part10::FileMeta;
use dicom::scan::{Element, Limits, ScanError, Sink};
use dicom::{DataSetError, DataSetReader, Header, PixelCoding, Tag};
use sha2::{Digest, Sha256};

const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
const EXTENDED_OFFSET_TABLE: Tag = Tag(0x7FE0, 0x0001);

/// Broken, and refused by pydicom too: a JPEG 2000 header that is overwritten, a data set in place of a codestream.
const BROKEN: [&str; 2] = ["b1fd9301", "fca09b87"];

#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error(transparent)]
    Scan(#[from] ScanError),
    #[error(transparent)]
    DataSet(#[from] DataSetError),
}

/// The header and the items of the pixel data, the offset table first.
#[derive(Default)]
struct Pixels {
    header: Header,
    element: Option<Element>,
    value: Vec<u8>,
    extended: Vec<u8>,
    items: Vec<Vec<u8>>,
    depth: usize,
}

impl Sink for Pixels {
    type Error = Unread;

    fn element(&mut self, element: &Element) -> Result<(), Unread> {
        self.element = Some(*element);
        self.value.clear();
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Unread> {
        self.value.extend(bytes);
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), Unread> {
        if let Some(element) = self.element.filter(|element| element.depth == 0) {
            self.header.offer(element.tag, element.vr, &self.value);
            if element.tag == EXTENDED_OFFSET_TABLE {
                self.extended.clone_from(&self.value);
            }
        }
        Ok(())
    }

    fn sequence(&mut self, _: &Element) -> Result<(), Unread> {
        self.depth += 1;
        Ok(())
    }

    fn item(&mut self) -> Result<(), Unread> {
        Ok(())
    }

    fn item_end(&mut self) -> Result<(), Unread> {
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), Unread> {
        self.depth -= 1;
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), Unread> {
        self.element = Some(*element);
        Ok(())
    }

    fn fragment(&mut self, _: u32) -> Result<(), Unread> {
        self.value.clear();
        Ok(())
    }

    fn fragment_end(&mut self) -> Result<(), Unread> {
        if self.depth == 0 && self.element.is_some_and(|element| element.tag == PIXEL_DATA) {
            self.items.push(std::mem::take(&mut self.value));
        }
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), Unread> {
        Ok(())
    }
}

fn read(file: &[u8]) -> Option<(PixelCoding, Pixels)> {
    let meta = FileMeta::read(file, true).ok()??;
    let mut pixels = Pixels::default();
    let mut reader = DataSetReader::new(&meta.transfer_syntax, Limits::default());
    reader.push(&file[meta.data_set_at..], &mut pixels).ok()?;
    let _ = reader.finish(&mut pixels);
    (!pixels.items.is_empty()).then_some((meta.transfer_syntax.pixels, pixels))
}

#[expect(clippy::print_stdout, reason = "what was skipped is said")]
#[test]
fn every_encapsulated_frame_decodes_to_the_samples_of_another_decoder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/dicom/files");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("skipped: no shared corpus");
        return;
    };
    let mut expected: HashMap<&str, &str> = include_str!("corpus.txt")
        .lines()
        .map(|line| line.split_once(' ').unwrap())
        .collect();
    let mut files = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy()[..8].to_string();
        let Some((coding, pixels)) = read(&std::fs::read(&path).unwrap()) else {
            continue;
        };
        files += 1;
        let d = pixels.header.pixel_description().unwrap();
        let (basic, items) = pixels.items.split_first().unwrap();
        let fragments: Vec<Fragment> = items.iter().map(|item| Fragment::of(item)).collect();
        let offsets = Offsets {
            basic,
            extended: &pixels.extended,
        };
        let mut digest = Sha256::new();
        let mut refused = None;
        for range in frames(coding, &fragments, offsets, d.frames).unwrap() {
            match decode_frame(coding, &d, &items[range].concat()) {
                Ok(frame) => {
                    for plane in &frame.planes {
                        digest.update(plane);
                    }
                    let again = encode_frame(PixelCoding::JpegLs, &d, &frame);
                    if let Ok(codestream) = again {
                        let back = decode_frame(PixelCoding::JpegLs, &d, &codestream).unwrap();
                        assert_eq!(
                            (back.planes, back.extra_bits),
                            (frame.planes, frame.extra_bits),
                            "{name}"
                        );
                    }
                }
                Err(error) => refused = Some(error),
            }
        }
        assert_eq!(
            refused.is_some(),
            BROKEN.contains(&name.as_str()),
            "{name}: {refused:?}"
        );
        if let Some(expected) = expected.remove(name.as_str()) {
            let digest = digest
                .finalize()
                .iter()
                .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            assert_eq!(digest, expected, "{name}");
        }
    }
    println!("{files} files with encapsulated pixel data");
    assert!(expected.is_empty(), "not found: {expected:?}");
}
