//! The audit of one object after another.

use super::cleared::Cleared;
use super::gather::{Gathered, gather};
use super::hit::{AuditError, Hit, Kind, Unreadable};
use super::hunt::Hunt;
use super::library::Library;
use super::object::{self, Side};
use super::pattern::Fact;
use super::search::Searcher;
use super::{Kept, meta};
use dicom::Source;

/// Facts that one object may have beside those of the object before it, until the library is built anew.
const MAX_FRESH: usize = 24;
/// Media Storage Directory Storage: a DICOMDIR says nothing about de-identification.
const DIRECTORY: &str = "1.2.840.10008.1.3.10";

/// Audits objects, quickest in the order of their series: what they share is prepared once.
///
/// One auditor serves one thread.
#[derive(Default)]
pub struct Auditor {
    library: Option<Library>,
}

impl Auditor {
    /// An auditor that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gathers what identifies in `input` (a Part 10 file known as `input_name`, path and all) and hunts for it in
    /// `output`, which will be known as `output_name`. What both names begin with is the place of both and does not
    /// count.
    ///
    /// # Errors
    /// [`AuditError::Found`] when anything is left; [`AuditError::Input`] and [`AuditError::Output`] when an object
    /// cannot be read to its end; [`AuditError::Io`] when its source fails. The copy must not leave then.
    pub fn audit<T: Source>(
        &mut self,
        input: &(impl Source + ?Sized),
        input_name: &str,
        output: T,
        output_name: &str,
        kept: Kept,
    ) -> Result<Cleared<T>, AuditError> {
        let (input_name, output_name) = apart(input_name, output_name);
        let gathered = gather(input, input_name, kept)?;
        let hits = self.search(&gathered, &output, output_name, kept)?;
        if hits.is_empty() {
            Ok(Cleared::new(output))
        } else {
            Err(AuditError::Found(hits))
        }
    }

    fn search(
        &mut self,
        gathered: &Gathered,
        output: &impl Source,
        output_name: &str,
        kept: Kept,
    ) -> Result<Vec<Hit>, AuditError> {
        let too_much = || AuditError::Input(Unreadable::TooMuch);
        let library = self.library.take().filter(|library| {
            library.len() <= 4 * gathered.facts.len() + MAX_FRESH
                && gathered
                    .facts
                    .iter()
                    .filter(|fact| library.number(fact).is_none())
                    .count()
                    <= MAX_FRESH
        });
        let library = match library {
            Some(library) => library,
            None => Library::new(gathered.facts.iter().cloned(), false).ok_or_else(too_much)?,
        };
        let fresh: Vec<Fact> = gathered
            .facts
            .iter()
            .filter(|fact| library.number(fact).is_none())
            .cloned()
            .collect();
        let fresh = Library::new(fresh, true).ok_or_else(too_much)?;
        let active = |library: &Library| {
            let mut active = vec![false; library.len()];
            for at in gathered.facts.iter().filter_map(|fact| library.number(fact)) {
                if let Some(slot) = active.get_mut(at) {
                    *slot = true;
                }
            }
            active
        };
        let hunt = Hunt {
            libraries: [(&library, active(&library)), (&fresh, active(&fresh))],
            gathered,
            kept,
            size: output.size(),
        };
        let found = run(&hunt, output, output_name);
        self.library = Some(library);
        found
    }
}

fn run(hunt: &Hunt<'_>, output: &impl Source, name: &str) -> Result<Vec<Hit>, AuditError> {
    let front = object::front(output, Side::Output)?;
    let mut searcher = Searcher::new(hunt, &front.meta.transfer_syntax);
    searcher.name(name, "file name");
    let preamble = front.bytes.get(..128).unwrap_or_default();
    if preamble.iter().any(|b| *b != 0) {
        searcher.hit("preamble", Kind::Structure);
        searcher.bytes(preamble, "preamble");
    }
    for element in meta::elements(front.bytes.get(132..).unwrap_or_default()) {
        searcher.meta(element.tag, element.vr, element.value);
    }
    let scanned = object::scan(output, &front, &mut searcher);
    scanned.map_err(|fault| fault.on(Side::Output))?;
    let directory = front
        .meta
        .sop_class_uid
        .as_ref()
        .is_some_and(|class| class.as_str() == DIRECTORY);
    let (mut hits, identity_removed) = searcher.finish();
    if !identity_removed && !directory {
        hits.push(Hit {
            place: "00120062".to_owned(),
            kind: Kind::Structure,
        });
    }
    Ok(hits)
}

/// Two paths without the folders that both begin with.
fn apart<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    let is_end = |c: char| matches!(c, '/' | '\\');
    let mut shared = 0;
    for ((at, a), b) in one.char_indices().zip(other.chars()) {
        if a != b {
            break;
        }
        if is_end(a) {
            shared = at + a.len_utf8();
        }
    }
    (
        one.get(shared..).unwrap_or(one),
        other.get(shared..).unwrap_or(other),
    )
}
