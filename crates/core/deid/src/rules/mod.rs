//! What the standard, and we where it is silent, say of each attribute: facts in tables, no decisions.
//!
//! * [`row`]: PS3.15 Table E.1-1, the attributes that carry identity.
//! * [`requirement`]: whether an object of a SOP class must have the attribute (types 1, 2, 3).
//! * [`safe_private`]: private elements known to carry no identity.
//! * [`outside`]: attributes of the standard that the table does not list.
//! * [`term`]: coded strings that the standard or the makers of scanners define.
//!
//! The data lie in `data/`, with their sources in its README.

mod columns;
mod outside;
mod private;
mod requirement;
mod table;
mod term;

pub use columns::fields;
pub use outside::{Outside, is_known, judged, outside};
pub use private::{Handling, SafePrivate, safe_private};
pub use requirement::{Requirement, requirement};
pub use table::{Basic, Cell, EDITION, Options, Pattern, Row, TABLE, row, rows};
pub use term::term;
