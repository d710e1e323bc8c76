//! The report as a tagged PDF (PDF/UA-1), one column on A4.
//!
//! Latin, Greek and Cyrillic are set as they should be. Hebrew and Arabic run from right to left, Arabic letters are not
//! joined. A character that the font lacks is printed as its code in brackets, such as `[U+4E2D]`, so that none is lost.

mod compose;
mod face;
mod paint;

use crate::sheet::{Fact, Item, Sheet};
use crate::{Account, Asked, ReportError};
use compose::{Composer, Style};
use face::Faces;

const TEXT: Style = Style::text(10.0);
const SOFT: Style = Style::soft(9.5);
const TITLE: Style = Style::lead(21.0);
const SECTION: Style = Style::bold(13.0);
const ENTRY: Style = Style::bold(10.5);
const ALARM: Style = Style::alarm(10.0);
const SEALED: Style = Style::mark(10.0);
const SMALL: Style = Style::text(8.0);
/// The column in which values begin, in points from the left margin.
const VALUES: f32 = 128.0;

/// The report as a PDF. The same account gives the same bytes.
///
/// # Errors
/// When the built-in fonts cannot be read, or the PDF writer refuses.
pub fn pdf(account: &Account, asked: Asked) -> Result<Vec<u8>, ReportError> {
    let sheet = Sheet::of(account, asked);
    let faces = Faces::load()?;
    let mut composer = Composer::new(&faces);
    write(&mut composer, &sheet);
    let layout = composer.finish();
    paint::paint(&layout, &sheet, &faces, account.made_at)
}

fn write(composer: &mut Composer<'_>, sheet: &Sheet) {
    for (number, line) in sheet.facility.iter().enumerate() {
        let style = if number == 0 { ENTRY } else { SOFT };
        composer.paragraph(line, style);
    }
    composer.space(14.0);
    composer.heading(1, &sheet.title, TITLE);
    composer.space(8.0);
    composer.boxed(|composer| facts(composer, &sheet.facts));
    composer.space(10.0);
    for line in &sheet.lead {
        composer.paragraph(line, TEXT);
        composer.space(5.0);
    }
    composer.space(10.0);
    composer.heading(2, &sheet.list, SECTION);
    composer.space(4.0);
    if sheet.items.is_empty() {
        composer.paragraph(&sheet.empty, TEXT);
    }
    for item in &sheet.items {
        composer.together(|composer| entry(composer, item));
    }
    composer.space(14.0);
    if let Some(log) = &sheet.log {
        composer.together(|composer| {
            composer.heading(2, &log.title, SECTION);
            composer.space(4.0);
            composer.paragraph(&log.text, TEXT);
            composer.space(4.0);
            facts(composer, &log.facts);
            composer.space(4.0);
            for line in log.checkpoint.iter().filter(|line| !line.is_empty()) {
                composer.paragraph(line, SMALL);
            }
        });
        composer.space(14.0);
    }
    composer.together(|composer| {
        for line in &sheet.notes {
            composer.paragraph(line, SOFT);
            composer.space(3.0);
        }
    });
}

fn entry(composer: &mut Composer<'_>, item: &Item) {
    composer.section(|composer| {
        composer.rule();
        composer.paragraph(&item.when, SOFT);
        composer.heading(3, &item.title, ENTRY);
        if let Some(why) = &item.sealed {
            composer.paragraph(why, SEALED);
        }
        composer.space(3.0);
        facts(composer, &item.facts);
        composer.space(9.0);
    });
}

fn facts(composer: &mut Composer<'_>, facts: &[Fact]) {
    for fact in facts {
        let style = if fact.alarm { ALARM } else { TEXT };
        composer.fact((&fact.label, SOFT), (&fact.value, style), VALUES);
    }
}
