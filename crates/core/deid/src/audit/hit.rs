//! What the audit says: kinds and places, never values.

use std::fmt;
use std::io;

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum Kind {
    /// A person's name.
    Name,
    /// A number or code that stands for a person, an order or a device.
    Identifier,
    /// A date.
    Date,
    /// A UID.
    Uid,
    /// An institution, department, station or address.
    Place,
    /// A telephone number, e-mail address or URL.
    Contact,
    /// Text that has the form of an identifier, whether the input holds it or not.
    Text,
    /// Something that no de-identified object has.
    Structure,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "name of the input",
            Self::Identifier => "identifier of the input",
            Self::Date => "date of the input",
            Self::Uid => "UID of the input",
            Self::Place => "place of the input",
            Self::Contact => "contact of the input",
            Self::Text => "text in the form of an identifier",
            Self::Structure => "forbidden structure",
        })
    }
}

/// One finding. It says what and where, never the value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// Where: a path of tags such as `00400275[1].00321060` (items from 1), `file meta`, `preamble`,
    /// `fragment 3` (from 1, the offset table not counted), `file name`.
    pub place: String,
    /// What.
    pub kind: Kind,
}

impl fmt::Display for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.kind, self.place)
    }
}

/// What was found so far: each kind once at each place, and no more than anybody reads.
#[derive(Default)]
pub(super) struct Hits(Vec<Hit>);

impl Hits {
    const MOST: usize = 200;

    pub(super) fn add(&mut self, place: &str, kind: Kind) {
        let known = self.0.iter().any(|hit| hit.kind == kind && hit.place == place);
        if !known && self.0.len() < Self::MOST {
            self.0.push(Hit {
                place: place.to_owned(),
                kind,
            });
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes those away that were added when there were `before`.
    pub(super) fn take_from(&mut self, before: usize) -> impl Iterator<Item = Hit> {
        self.0.drain(before.min(self.0.len())..)
    }

    pub(super) fn all(self) -> Vec<Hit> {
        self.0
    }
}

/// Why an object cannot be audited.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// Preamble or file meta information.
    #[error(transparent)]
    Meta(#[from] dicom::part10::Part10Error),
    /// The data set.
    #[error(transparent)]
    DataSet(#[from] dicom::DataSetError),
    /// More text or more identifiers than the audit holds.
    #[error("it holds more text than can be audited")]
    TooMuch,
}

impl From<dicom::scan::ScanError> for Unreadable {
    fn from(error: dicom::scan::ScanError) -> Self {
        Self::DataSet(error.into())
    }
}

/// Why a copy is not cleared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// The input cannot be read, so nobody knows what to look for.
    #[error("the audit cannot read the input: {0}")]
    Input(#[source] Unreadable),
    /// The output cannot be read to its end.
    #[error("the audit cannot read the output: {0}")]
    Output(#[source] Unreadable),
    /// Reading failed.
    #[error("reading for the audit failed: {0}")]
    Io(#[from] io::Error),
    /// Something identifying is left.
    #[error("the audit found {}", list(.0))]
    Found(Vec<Hit>),
}

fn list(hits: &[Hit]) -> String {
    const SHOWN: usize = 5;
    let mut text = hits
        .iter()
        .take(SHOWN)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    if hits.len() > SHOWN {
        text += " and ";
        text += &(hits.len() - SHOWN).to_string();
        text += " more";
    }
    text
}
