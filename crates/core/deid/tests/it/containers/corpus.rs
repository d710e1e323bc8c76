//! Real files, where the shared corpus stands beside the workspace: what decodes still gives the same samples, and is
//! clean; each colour profile stays a profile.

use std::path::Path;

use deid::containers::clean_icc;
use dicom::codec::frames::{Fragment, Offsets, frames};
use dicom::part10::FileMeta;
use dicom::scan::{Element, Limits, ScanError, Sink};
use dicom::{DataSetError, DataSetReader, Header, Tag};

use super::*;

const PIXEL_DATA: Tag = Tag(0x7FE0, 0x0010);
const EXTENDED_OFFSET_TABLE: Tag = Tag(0x7FE0, 0x0001);
const ICC_PROFILE: Tag = Tag(0x0028, 0x2000);

#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error(transparent)]
    Scan(#[from] ScanError),
    #[error(transparent)]
    DataSet(#[from] DataSetError),
}

/// The header, the items of the pixel data (the offset table first), and colour profiles of every level.
#[derive(Default)]
struct Found {
    header: Header,
    element: Option<Element>,
    value: Vec<u8>,
    extended: Vec<u8>,
    items: Vec<Vec<u8>>,
    profiles: Vec<Vec<u8>>,
    depth: usize,
}

impl Sink for Found {
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
        let Some(element) = self.element else {
            return Ok(());
        };
        if element.tag == ICC_PROFILE && !self.value.is_empty() {
            self.profiles.push(self.value.clone());
        }
        if element.depth == 0 {
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

fn read(file: &[u8]) -> Option<(PixelCoding, Found)> {
    let meta = FileMeta::read(file, true).ok()??;
    let mut found = Found::default();
    let mut reader = DataSetReader::new(&meta.transfer_syntax, Limits::default());
    reader.push(&file[meta.data_set_at..], &mut found).ok()?;
    let _ = reader.finish(&mut found);
    Some((meta.transfer_syntax.pixels, found))
}

#[expect(clippy::print_stdout, reason = "what was skipped is said, and what was met")]
#[test]
fn every_frame_that_decodes_gives_the_same_samples_when_clean() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/dicom/files");
    let Ok(entries) = std::fs::read_dir(folder) else {
        println!("skipped: no shared corpus");
        return;
    };
    let (mut files, mut count, mut changed, mut profiles) = (0, 0, 0, 0);
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy()[..8].to_string();
        let Some((coding, found)) = read(&std::fs::read(&path).unwrap()) else {
            continue;
        };
        for profile in &found.profiles {
            let clean = clean_icc(profile).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert!(clean.len() <= profile.len(), "{name}");
            profiles += 1;
        }
        let Some((basic, items)) = found.items.split_first() else {
            continue;
        };
        files += 1;
        let d = found.header.pixel_description().unwrap();
        let fragments: Vec<Fragment> = items.iter().map(|item| Fragment::of(item)).collect();
        let offsets = Offsets {
            basic,
            extended: &found.extended,
        };
        for range in frames(coding, &fragments, offsets, d.frames).unwrap() {
            let frame = items[range].concat();
            let Ok(samples) = decode_frame(coding, &d, &frame) else {
                println!(
                    "{name}: does not decode; {:?}",
                    clean_frame(coding, &frame, &d).err()
                );
                continue;
            };
            let clean = clean_frame(coding, &frame, &d).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(decode_frame(coding, &d, &clean).unwrap(), samples, "{name}");
            assert_eq!(clean_frame(coding, &clean, &d).unwrap(), clean, "{name}");
            assert!(clean.len() <= frame.len() + 3, "{name}");
            count += 1;
            changed += usize::from(clean != frame);
        }
    }
    println!("{files} files, {count} frames of which {changed} changed, {profiles} profiles");
}
