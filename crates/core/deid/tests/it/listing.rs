//! A file's elements as a list, read by the scanner alone.

use dicom::part10::FileMeta;
use dicom::scan::{Element, Limits, ScanError, Scanner, Sink};

#[derive(Default)]
struct List {
    path: Vec<(String, usize)>,
    current: Option<(String, Vec<u8>)>,
    all: Vec<(String, Vec<u8>)>,
}

impl List {
    fn at(&self, element: &Element) -> String {
        let above = self.path.iter().map(|(tag, item)| format!("{tag}[{item}]"));
        above
            .chain([element.tag.to_string()])
            .collect::<Vec<_>>()
            .join(".")
    }
}

impl Sink for List {
    type Error = ScanError;

    fn element(&mut self, element: &Element) -> Result<(), ScanError> {
        self.current = Some((self.at(element), Vec::new()));
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), ScanError> {
        if let Some((_, value)) = &mut self.current {
            value.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), ScanError> {
        self.all.extend(self.current.take());
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), ScanError> {
        self.all.push((self.at(element), Vec::new()));
        self.path.push((element.tag.to_string(), 0));
        Ok(())
    }

    fn item(&mut self) -> Result<(), ScanError> {
        if let Some((_, item)) = self.path.last_mut() {
            *item += 1;
        }
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), ScanError> {
        self.path.pop();
        Ok(())
    }

    fn fragments(&mut self, element: &Element) -> Result<(), ScanError> {
        self.current = Some((self.at(element), Vec::new()));
        Ok(())
    }

    fn fragments_end(&mut self) -> Result<(), ScanError> {
        self.all.extend(self.current.take());
        Ok(())
    }
}

/// Paths such as `00081140[1].00081155`, items from 1, with the values as they stand.
pub(crate) fn elements(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let meta = FileMeta::read(file, true).unwrap().unwrap();
    let mut list = List::default();
    let mut scanner = Scanner::new(meta.transfer_syntax.encoding, Limits::default());
    scanner.push(&file[meta.data_set_at..], &mut list).unwrap();
    scanner.finish(&mut list).unwrap();
    list.all
}
