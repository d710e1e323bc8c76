//! The data set of a report (PS3.4 table J.3-2).

use dicom::scan::{Element, Limits, ScanError, Sink};
use dicom::{DataSetError, DataSetReader, Tag, TransferSyntax};
use model::Uid;

/// The longest report that is read, in bytes.
pub(crate) const LONGEST: usize = 1 << 20;

const TRANSACTION_UID: Tag = Tag(0x0008, 0x1195);
const FAILED_SOP_SEQUENCE: Tag = Tag(0x0008, 0x1198);
const REFERENCED_SOP_SEQUENCE: Tag = Tag(0x0008, 0x1199);
const REFERENCED_SOP_INSTANCE_UID: Tag = Tag(0x0008, 0x1155);

/// The longest UID, with padding.
const LONGEST_UID: u32 = 66;

/// What a recipient reports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Report {
    /// The transaction that asked for it.
    pub(crate) transaction: Uid,
    /// SOP Instance UIDs of what it keeps.
    pub(crate) committed: Vec<Uid>,
    /// SOP Instance UIDs of what it does not keep.
    pub(crate) failed: Vec<Uid>,
}

impl Report {
    /// Reads a report; none when it is none.
    pub(crate) fn read(data_set: &[u8], transfer_syntax: &Uid) -> Option<Self> {
        let syntax = TransferSyntax::by_uid(transfer_syntax);
        if syntax.deflated || data_set.len() > LONGEST {
            return None;
        }
        let mut reader = DataSetReader::new(&syntax, Limits::default());
        let mut gather = Gather::default();
        reader.push(data_set, &mut gather).ok()?;
        reader.finish(&mut gather).ok()?;
        Some(Self {
            transaction: gather.transaction?,
            committed: gather.committed,
            failed: gather.failed,
        })
    }
}

#[derive(Default)]
struct Gather {
    transaction: Option<Uid>,
    committed: Vec<Uid>,
    failed: Vec<Uid>,
    /// The sequence at the top level that is open.
    within: Option<Tag>,
    depth: u32,
    /// The element whose value comes, if it is wanted.
    wanted: Option<Tag>,
    value: Vec<u8>,
}

struct Unreadable;

impl From<ScanError> for Unreadable {
    fn from(_: ScanError) -> Self {
        Self
    }
}

impl From<DataSetError> for Unreadable {
    fn from(_: DataSetError) -> Self {
        Self
    }
}

impl Sink for Gather {
    type Error = Unreadable;

    fn element(&mut self, element: &Element) -> Result<(), Unreadable> {
        self.value.clear();
        let meant = match element.depth {
            0 => element.tag == TRANSACTION_UID,
            1 => element.tag == REFERENCED_SOP_INSTANCE_UID,
            _ => false,
        };
        let short = element.length.is_some_and(|length| length <= LONGEST_UID);
        self.wanted = (meant && short).then_some(element.tag);
        Ok(())
    }

    fn value(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        if self.wanted.is_some() {
            self.value.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn element_end(&mut self) -> Result<(), Unreadable> {
        let Some(tag) = self.wanted.take() else {
            return Ok(());
        };
        let uid = Uid::from_bytes(&self.value).map_err(|_| Unreadable)?;
        match self.within {
            None if tag == TRANSACTION_UID => self.transaction = Some(uid),
            Some(REFERENCED_SOP_SEQUENCE) => self.committed.push(uid),
            Some(FAILED_SOP_SEQUENCE) => self.failed.push(uid),
            _ => {}
        }
        Ok(())
    }

    fn sequence(&mut self, element: &Element) -> Result<(), Unreadable> {
        if self.depth == 0 {
            self.within = Some(element.tag);
        }
        self.depth += 1;
        Ok(())
    }

    fn sequence_end(&mut self) -> Result<(), Unreadable> {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            self.within = None;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commitment::data_set;

    fn uid(text: &str) -> Uid {
        Uid::new(text).unwrap()
    }

    #[test]
    fn a_request_reads_as_the_report_that_keeps_all_of_it() {
        let instances: Vec<_> = (0..1000)
            .map(|n| (uid("1.2.840.10008.5.1.4.1.1.2"), uid(&format!("1.2.{n}"))))
            .collect();
        let bytes = data_set(&uid("2.25.7"), &instances);
        let report = Report::read(&bytes, &uid("1.2.840.10008.1.2")).unwrap();
        assert_eq!(report.transaction, uid("2.25.7"));
        assert_eq!(report.committed.len(), 1000);
        assert_eq!(report.committed[999], uid("1.2.999"));
        assert!(report.failed.is_empty());
        for cut in [0, 1, 9, bytes.len() - 1] {
            assert_eq!(Report::read(&bytes[..cut], &uid("1.2.840.10008.1.2")), None);
        }
    }

    #[test]
    fn a_report_beyond_the_bound_is_none() {
        let mut bytes = data_set(&uid("2.25.7"), &[]);
        bytes.extend_from_slice(&[0x10, 0, 0x10, 0]);
        bytes.extend_from_slice(&(LONGEST as u32).to_le_bytes());
        bytes.resize(bytes.len() + LONGEST, 0);
        assert_eq!(Report::read(&bytes, &uid("1.2.840.10008.1.2")), None);
    }
}
