//! PS3.15 Table E.1-1, "Application Level Confidentiality Profile Attributes".

use dicom::Tag;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// The edition of the standard that the table is taken from.
pub const EDITION: &str = include_str!("../../data/e1_1.edition").trim_ascii();

/// The table as it is compiled in: comma-separated, raw codes, one header line.
pub const TABLE: &str = include_str!("../../data/e1_1.csv");

/// Which tags a row speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// One attribute.
    One(Tag),
    /// Every standard attribute whose bits under the mask have this value: curves, overlays.
    Masked {
        /// The fixed digits; 0 where any digit may stand.
        value: u32,
        /// F where the digit is fixed.
        mask: u32,
    },
    /// All private attributes.
    Private,
}

impl Pattern {
    /// True when the row speaks of this tag.
    pub fn matches(self, tag: Tag) -> bool {
        match self {
            Pattern::One(one) => one == tag,
            Pattern::Masked { value, mask } => !tag.is_private() && number(tag) & mask == value,
            Pattern::Private => tag.is_private(),
        }
    }
}

/// Reads `00100010`, `60xx3000`, `private`; the error is empty.
impl FromStr for Pattern {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "private" {
            return Ok(Pattern::Private);
        }
        let hex = |text: &str| u32::from_str_radix(text, 16).map_err(|_| ());
        let value = hex(&text.replace('x', "0"))?;
        let mask: String = text
            .chars()
            .map(|digit| if digit == 'x' { '0' } else { 'f' })
            .collect();
        match (text.len(), hex(&mask)?) {
            (8, u32::MAX) => Ok(Pattern::One(Tag((value >> 16) as u16, value as u16))),
            (8, mask) => Ok(Pattern::Masked { value, mask }),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::One(tag) => tag.fmt(f),
            Pattern::Private => f.write_str("private"),
            Pattern::Masked { value, mask } => (0..8u32).rev().try_for_each(|place| {
                let digit = |number: u32| (number >> (4 * place)) & 0xF;
                if digit(*mask) == 0 {
                    f.write_str("x")
                } else {
                    write!(f, "{:x}", digit(*value))
                }
            }),
        }
    }
}

fn number(tag: Tag) -> u32 {
    u32::from(tag.group()) << 16 | u32::from(tag.element())
}

/// The Basic Profile's action codes (PS3.15 E.3, Table E.1-1a).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Basic {
    /// X: remove.
    X,
    /// Z: empty, or a dummy value.
    Z,
    /// D: a dummy value, not empty, of the same VR.
    D,
    /// U: a replacement UID, the same for the same UID throughout.
    U,
    /// X/Z: remove, unless the attribute is of type 2: then empty.
    XZ,
    /// X/D: remove, unless the attribute is of type 1: then a dummy.
    XD,
    /// X/Z/D: remove, unless of type 2 (empty) or 1 (dummy).
    XZD,
    /// Z/D: empty, unless of type 1: then a dummy.
    ZD,
    /// X/Z/U*: remove, unless of type 2 (empty) or 1 (replace the UIDs in the items).
    XZU,
}

impl FromStr for Basic {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Ok(match text {
            "X" => Basic::X,
            "Z" => Basic::Z,
            "D" => Basic::D,
            "U" => Basic::U,
            "X/Z" => Basic::XZ,
            "X/D" => Basic::XD,
            "X/Z/D" => Basic::XZD,
            "Z/D" => Basic::ZD,
            "X/Z/U*" => Basic::XZU,
            _ => return Err(()),
        })
    }
}

impl fmt::Display for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Basic::X => "X",
            Basic::Z => "Z",
            Basic::D => "D",
            Basic::U => "U",
            Basic::XZ => "X/Z",
            Basic::XD => "X/D",
            Basic::XZD => "X/Z/D",
            Basic::ZD => "Z/D",
            Basic::XZU => "X/Z/U*",
        })
    }
}

/// What an option does to a row's action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cell {
    /// Blank: the Basic Profile's action stands.
    None,
    /// K: keep.
    Keep,
    /// C: clean, replace by values of similar meaning that carry no identity.
    Clean,
}

impl FromStr for Cell {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "" => Ok(Cell::None),
            "K" => Ok(Cell::Keep),
            "C" => Ok(Cell::Clean),
            _ => Err(()),
        }
    }
}

/// The option columns of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Retain Safe Private (113111).
    pub rtn_safe_private: Cell,
    /// Retain UIDs (113110).
    pub rtn_uids: Cell,
    /// Retain Device Identity (113109).
    pub rtn_device: Cell,
    /// Retain Institution Identity (113112).
    pub rtn_institution: Cell,
    /// Retain Patient Characteristics (113108).
    pub rtn_patient: Cell,
    /// Retain Longitudinal Temporal Information with Full Dates (113106).
    pub rtn_full_dates: Cell,
    /// Retain Longitudinal Temporal Information with Modified Dates (113107).
    pub rtn_modified_dates: Cell,
    /// Clean Descriptors (113105).
    pub clean_descriptors: Cell,
    /// Clean Structured Content (113104).
    pub clean_structured: Cell,
    /// Clean Graphics (113103).
    pub clean_graphics: Cell,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The attributes that the row speaks of.
    pub tag: Pattern,
    /// The attribute's name as the table has it.
    pub name: &'static str,
    /// The Basic Profile's action.
    pub basic: Basic,
    /// What the options change.
    pub options: Options,
}

impl Row {
    /// Reads a line of the table; `None` when it is not one.
    fn read(line: &'static str) -> Option<Row> {
        let mut fields = line.split(',');
        let tag = fields.next()?.parse().ok()?;
        let name = fields.next()?;
        let basic = fields.next()?.parse().ok()?;
        let mut cell = || fields.next()?.parse().ok();
        let options = Options {
            rtn_safe_private: cell()?,
            rtn_uids: cell()?,
            rtn_device: cell()?,
            rtn_institution: cell()?,
            rtn_patient: cell()?,
            rtn_full_dates: cell()?,
            rtn_modified_dates: cell()?,
            clean_descriptors: cell()?,
            clean_structured: cell()?,
            clean_graphics: cell()?,
        };
        Some(Row {
            tag,
            name,
            basic,
            options,
        })
    }
}

/// Single attributes by rising tag, then repeating groups, then private.
static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let mut rows: Vec<Row> = TABLE.lines().skip(1).filter_map(Row::read).collect();
    rows.sort_by_key(|row| match row.tag {
        Pattern::One(tag) => (0, number(tag)),
        Pattern::Masked { value, .. } => (1, value),
        Pattern::Private => (2, 0),
    });
    rows
});

/// All rows: single attributes by rising tag, then the repeating groups, then private attributes.
pub fn rows() -> &'static [Row] {
    &ROWS
}

/// The row that speaks of a tag, if any.
pub fn row(tag: Tag) -> Option<&'static Row> {
    let single = ROWS.partition_point(|row| matches!(row.tag, Pattern::One(_)));
    let (singles, others) = ROWS.split_at_checked(single)?;
    match singles.binary_search_by_key(&Some(tag), |row| match row.tag {
        Pattern::One(tag) => Some(tag),
        _ => None,
    }) {
        Ok(place) => singles.get(place),
        Err(_) => others.iter().find(|row| row.tag.matches(tag)),
    }
}
