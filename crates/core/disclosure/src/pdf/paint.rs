//! Writes laid-out pages as a tagged PDF.

use super::compose::{Bar, Ink, Layout, MARGIN, PAGE, Page, Piece, Style, WIDTH};
use super::face::Faces;
use crate::ReportError;
use crate::sheet::Sheet;
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Node, SpanTag, Tag, TagGroup, TagTree};
use krilla::{Document, SerializeSettings};
use model::Timestamp;
use std::num::NonZeroU16;

const FOOT: Style = Style {
    size: 8.0,
    bold: false,
    ink: Ink::Soft,
};

pub(super) fn paint(
    layout: &Layout,
    sheet: &Sheet,
    faces: &Faces,
    made_at: Timestamp,
) -> Result<Vec<u8>, ReportError> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| ReportError::Pdf)?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    // The pieces of each block, with their place in its reading order.
    let mut marked: Vec<Vec<(usize, Node)>> = layout.blocks.iter().map(|_| Vec::new()).collect();
    for (number, page) in layout.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(ReportError::Pdf)?;
        let mut sheet_of_paper = document.start_page_with(settings);
        let mut surface = sheet_of_paper.surface();
        background(&mut surface, page);
        for piece in &page.pieces {
            let tag = ContentTag::Span(SpanTag::empty());
            let mark = surface.start_tagged(tag);
            text(&mut surface, faces, piece);
            surface.end_tagged();
            if let Some(block) = marked.get_mut(piece.block) {
                block.push((piece.order, mark.into()));
            }
        }
        foot(
            &mut surface,
            faces,
            &sheet.title,
            &sheet.page(number + 1, layout.pages.len()),
        );
        surface.finish();
        sheet_of_paper.finish();
    }
    document.set_tag_tree(tags(layout, sheet, marked));
    document.set_outline(outline(layout));
    document.set_metadata(metadata(sheet, made_at));
    document.finish().map_err(|_| ReportError::Pdf)
}

fn fill(ink: Ink) -> Fill {
    let colour = match ink {
        Ink::Text => rgb::Color::new(0x16, 0x22, 0x2c),
        Ink::Soft => rgb::Color::new(0x46, 0x55, 0x5f),
        Ink::Lead => rgb::Color::new(0x0b, 0x50, 0x68),
        Ink::Alarm => rgb::Color::new(0xa4, 0x12, 0x1c),
        Ink::Mark => rgb::Color::new(0x7a, 0x43, 0x00),
        Ink::Line => rgb::Color::new(0xc3, 0xcc, 0xd2),
        Ink::Tint => rgb::Color::new(0xf2, 0xf6, 0xf8),
    };
    Fill {
        paint: colour.into(),
        ..Fill::default()
    }
}

fn background(surface: &mut Surface<'_>, page: &Page) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    for Bar {
        x,
        y,
        width,
        height,
        ink,
    } in &page.bars
    {
        let mut path = PathBuilder::new();
        if let Some(rectangle) = Rect::from_xywh(*x, *y, *width, *height) {
            path.push_rect(rectangle);
        }
        if let Some(path) = path.finish() {
            surface.set_fill(Some(fill(*ink)));
            surface.draw_path(&path);
        }
    }
    surface.end_tagged();
}

fn text(surface: &mut Surface<'_>, faces: &Faces, piece: &Piece) {
    let face = faces.pick(piece.style.bold);
    surface.set_fill(Some(fill(piece.style.ink)));
    surface.draw_glyphs(
        Point::from_xy(piece.x, piece.y),
        &face.glyphs(&piece.text),
        face.font.clone(),
        &piece.text,
        piece.style.size,
        false,
    );
}

fn foot(surface: &mut Surface<'_>, faces: &Faces, title: &str, number: &str) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    let y = PAGE.1 - 36.0;
    let right = MARGIN + WIDTH - faces.regular.width(number, FOOT.size);
    for (x, words) in [(MARGIN, title), (right, number)] {
        let piece = Piece {
            x,
            y,
            style: FOOT,
            text: faces.regular.printable(words),
            block: 0,
            order: 0,
        };
        text(surface, faces, &piece);
    }
    surface.end_tagged();
}

fn tags(layout: &Layout, sheet: &Sheet, marked: Vec<Vec<(usize, Node)>>) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(sheet.language.tag().to_owned()));
    let mut section: Option<(usize, TagGroup)> = None;
    for (block, mut nodes) in layout.blocks.iter().zip(marked) {
        if nodes.is_empty() {
            continue;
        }
        nodes.sort_by_key(|(order, _)| *order);
        let children = nodes.into_iter().map(|(_, node)| node).collect();
        let group = match block.heading.and_then(NonZeroU16::new) {
            Some(level) => TagGroup::with_children(Tag::Hn(level, Some(block.text.clone())), children),
            None => TagGroup::with_children(Tag::P, children),
        };
        if section.as_ref().map(|(number, _)| *number) != block.section {
            if let Some((_, done)) = section.take() {
                tree.push(done);
            }
            section = block.section.map(|number| (number, TagGroup::new(Tag::Section)));
        }
        match &mut section {
            Some((_, section)) => section.push(group),
            None => tree.push(group),
        }
    }
    if let Some((_, done)) = section {
        tree.push(done);
    }
    tree
}

fn outline(layout: &Layout) -> Outline {
    let mut outline = Outline::new();
    for block in layout
        .blocks
        .iter()
        .filter(|block| block.heading.is_some_and(|level| level <= 2))
    {
        let place = XyzDestination::new(block.page, Point::from_xy(0.0, (block.y - 12.0).max(0.0)));
        outline.push_child(OutlineNode::new(block.text.clone(), place));
    }
    outline
}

fn metadata(sheet: &Sheet, made_at: Timestamp) -> Metadata {
    let metadata = Metadata::new()
        .title(sheet.title.clone())
        .language(sheet.language.tag().to_owned())
        .creator("Leadglass".to_owned())
        .authors(sheet.facility.iter().take(1).cloned().collect())
        .text_direction(TextDirection::LeftToRight);
    match date(made_at) {
        Some(date) => metadata.creation_date(date),
        None => metadata,
    }
}

fn date(moment: Timestamp) -> Option<DateTime> {
    let text = moment.to_string();
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    let mut next = || numbers.next()?.parse::<u16>().ok();
    let year = DateTime::new(next()?);
    let year = year.month(next()? as u8).day(next()? as u8).hour(next()? as u8);
    Some(
        year.minute(next()? as u8)
            .second(next()? as u8)
            .utc_offset_hour(0)
            .utc_offset_minute(0),
    )
}
