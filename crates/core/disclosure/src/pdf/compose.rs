//! Where each line stands, on which page.

use super::face::{Face, Faces};

/// A4, in points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
pub(super) const MARGIN: f32 = 56.0;
/// Where text ends at the foot of a page; the page number stands below.
const BOTTOM: f32 = PAGE.1 - 64.0;
pub(super) const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// From one line to the next, in sizes.
const LEADING: f32 = 1.42;
/// From the top of a line to its base line, in sizes.
const ASCENT: f32 = 1.06;

/// A colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Ink {
    Text,
    Soft,
    Lead,
    Alarm,
    Mark,
    Line,
    Tint,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) ink: Ink,
}

impl Style {
    const fn new(size: f32, bold: bool, ink: Ink) -> Self {
        Self { size, bold, ink }
    }
    pub(super) const fn text(size: f32) -> Self {
        Self::new(size, false, Ink::Text)
    }
    pub(super) const fn soft(size: f32) -> Self {
        Self::new(size, false, Ink::Soft)
    }
    pub(super) const fn bold(size: f32) -> Self {
        Self::new(size, true, Ink::Text)
    }
    pub(super) const fn lead(size: f32) -> Self {
        Self::new(size, true, Ink::Lead)
    }
    pub(super) const fn alarm(size: f32) -> Self {
        Self::new(size, true, Ink::Alarm)
    }
    pub(super) const fn mark(size: f32) -> Self {
        Self::new(size, true, Ink::Mark)
    }
}

/// A line of text, or a part of one.
pub(super) struct Piece {
    pub(super) x: f32,
    /// The base line, from the top of the page.
    pub(super) y: f32,
    pub(super) style: Style,
    pub(super) text: String,
    /// Which block it belongs to.
    pub(super) block: usize,
    /// Its place in the reading order of the block: labels before values.
    pub(super) order: usize,
}

/// A filled rectangle.
pub(super) struct Bar {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) ink: Ink,
}

/// A page.
#[derive(Default)]
pub(super) struct Page {
    pub(super) bars: Vec<Bar>,
    pub(super) pieces: Vec<Piece>,
}

/// A paragraph or a heading, for the tags.
pub(super) struct Block {
    /// 1 to 3. None for a paragraph.
    pub(super) heading: Option<u16>,
    pub(super) text: String,
    /// Which section it belongs to.
    pub(super) section: Option<usize>,
    /// Where it begins.
    pub(super) page: usize,
    pub(super) y: f32,
}

/// All pages.
pub(super) struct Layout {
    pub(super) pages: Vec<Page>,
    pub(super) blocks: Vec<Block>,
}

/// Puts line under line.
pub(super) struct Composer<'a> {
    faces: &'a Faces,
    done: Vec<Page>,
    page: Page,
    y: f32,
    blocks: Vec<Block>,
    sections: usize,
    section: Option<usize>,
    indent: f32,
}

impl<'a> Composer<'a> {
    pub(super) fn new(faces: &'a Faces) -> Self {
        Self {
            faces,
            done: Vec::new(),
            page: Page::default(),
            y: MARGIN,
            blocks: Vec::new(),
            sections: 0,
            section: None,
            indent: 0.0,
        }
    }

    pub(super) fn finish(mut self) -> Layout {
        self.done.push(self.page);
        Layout {
            pages: self.done,
            blocks: self.blocks,
        }
    }

    fn turn(&mut self) {
        self.done.push(std::mem::take(&mut self.page));
        self.y = MARGIN;
    }

    fn need(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > MARGIN {
            self.turn();
        }
    }

    /// Leaves room, but not at the top of a page.
    pub(super) fn space(&mut self, height: f32) {
        if self.y > MARGIN {
            self.y += height;
        }
    }

    fn face(&self, style: Style) -> &'a Face {
        self.faces.pick(style.bold)
    }

    fn block(&mut self, heading: Option<u16>, text: &str) -> usize {
        self.blocks.push(Block {
            heading,
            text: text.to_owned(),
            section: self.section,
            page: self.done.len(),
            y: self.y,
        });
        self.blocks.len() - 1
    }

    fn wrapped(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        let face = self.face(style);
        face.lines(&face.printable(text), style.size, width)
    }

    /// Puts a text on a line of the given height; texts of several sizes on one line share its base line.
    fn put(&mut self, x: f32, height: f32, style: Style, text: String, block: usize, order: usize) {
        if !text.is_empty() {
            self.page.pieces.push(Piece {
                x: MARGIN + self.indent + x,
                y: self.y + ASCENT * height / LEADING,
                style,
                text,
                block,
                order,
            });
        }
    }

    pub(super) fn paragraph(&mut self, text: &str, style: Style) {
        self.flow(None, text, style);
    }

    pub(super) fn heading(&mut self, level: u16, text: &str, style: Style) {
        // A heading does not stand alone at the foot of a page.
        self.need(style.size * LEADING + 3.0 * 10.0 * LEADING);
        self.flow(Some(level), text, style);
    }

    fn flow(&mut self, heading: Option<u16>, text: &str, style: Style) {
        let height = style.size * LEADING;
        self.need(height);
        let block = self.block(heading, text);
        for line in self.wrapped(text, style, WIDTH - 2.0 * self.indent) {
            self.need(height);
            self.put(0.0, height, style, line, block, 0);
            self.y += height;
        }
    }

    /// A label, and what it says in a column of its own.
    pub(super) fn fact(&mut self, label: (&str, Style), value: (&str, Style), column: f32) {
        let labels = self.wrapped(&format!("{}: ", label.0), label.1, column - 8.0);
        let values = self.wrapped(value.0, value.1, WIDTH - 2.0 * self.indent - column);
        let height = label.1.size.max(value.1.size) * LEADING;
        self.need(height);
        let block = self.block(None, label.0);
        let (mut labels, mut values) = (labels.into_iter(), values.into_iter());
        loop {
            let (label_line, value_line) = (labels.next(), values.next());
            if label_line.is_none() && value_line.is_none() {
                break;
            }
            self.need(height);
            self.put(0.0, height, label.1, label_line.unwrap_or_default(), block, 0);
            self.put(column, height, value.1, value_line.unwrap_or_default(), block, 1);
            self.y += height;
        }
    }

    /// A thin line across.
    pub(super) fn rule(&mut self) {
        self.page.bars.push(Bar {
            x: MARGIN,
            y: self.y,
            width: WIDTH,
            height: 0.6,
            ink: Ink::Line,
        });
        self.y += 7.0;
    }

    /// What is written inside belongs to one section of the document.
    pub(super) fn section(&mut self, write: impl FnOnce(&mut Self)) {
        self.section = Some(self.sections);
        self.sections += 1;
        write(self);
        self.section = None;
    }

    /// What is written inside stands on one page, as far as it fits on one.
    pub(super) fn together(&mut self, write: impl Fn(&mut Self)) {
        let (pages, y) = (self.done.len(), self.y);
        let (bars, pieces) = (self.page.bars.len(), self.page.pieces.len());
        let (blocks, sections) = (self.blocks.len(), self.sections);
        write(self);
        let split = self.done.len() > pages;
        let fits = self.done.len() == pages + 1 && (BOTTOM - y) + (self.y - MARGIN) <= BOTTOM - MARGIN;
        if !split || !fits || y <= MARGIN {
            return;
        }
        let Some(first) = self.done.drain(pages..).next() else {
            return;
        };
        self.page = first;
        self.page.bars.truncate(bars);
        self.page.pieces.truncate(pieces);
        self.blocks.truncate(blocks);
        self.sections = sections;
        self.turn();
        write(self);
    }

    /// What is written inside stands on a tint, with a bar at its left. It must be short.
    pub(super) fn boxed(&mut self, write: impl FnOnce(&mut Self)) {
        let (pages, top) = (self.done.len(), self.y);
        self.y += 8.0;
        self.indent += 14.0;
        write(self);
        self.indent -= 14.0;
        self.y += 8.0;
        if self.done.len() == pages {
            for (width, ink) in [(WIDTH, Ink::Tint), (3.5, Ink::Lead)] {
                self.page.bars.push(Bar {
                    x: MARGIN,
                    y: top,
                    width,
                    height: self.y - top,
                    ink,
                });
            }
        }
    }
}
