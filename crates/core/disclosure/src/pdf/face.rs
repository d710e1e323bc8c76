//! The built-in fonts: which characters they have, how wide these are, where lines break.

use crate::ReportError;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _, charmap::Charmap};
use std::fmt::Write as _;

static REGULAR: &[u8] = include_bytes!("../../fonts/DejaVuSans.ttf");
static BOLD: &[u8] = include_bytes!("../../fonts/DejaVuSans-Bold.ttf");

/// The two faces.
pub(super) struct Faces {
    pub(super) regular: Face,
    pub(super) bold: Face,
}

impl Faces {
    pub(super) fn load() -> Result<Self, ReportError> {
        Ok(Self {
            regular: Face::load(REGULAR).ok_or(ReportError::Font)?,
            bold: Face::load(BOLD).ok_or(ReportError::Font)?,
        })
    }

    pub(super) fn pick(&self, bold: bool) -> &Face {
        if bold { &self.bold } else { &self.regular }
    }
}

/// A font.
pub(super) struct Face {
    pub(super) font: Font,
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units: f32,
}

impl Face {
    fn load(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.into(), 0)?;
        let reader = FontRef::new(bytes).ok()?;
        Some(Self {
            units: font.units_per_em(),
            characters: reader.charmap(),
            metrics: reader.glyph_metrics(Size::unscaled(), LocationRef::default()),
            font,
        })
    }

    /// A character's glyph and its width in ems.
    fn glyph(&self, character: char) -> Option<(GlyphId, f32)> {
        let glyph = self
            .characters
            .map(character)
            .filter(|glyph| glyph.to_u32() != 0)?;
        let width = self.metrics.advance_width(glyph)? / self.units;
        Some((GlyphId::new(glyph.to_u32()), width))
    }

    /// The text with every kind of white space as a space, and with the codes of characters that cannot be shown.
    pub(super) fn printable(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for character in text.chars() {
            if character.is_whitespace() {
                out.push(' ');
            } else if is_hidden(character) || self.glyph(character).is_none() {
                let _ = write!(out, "[U+{:04X}]", u32::from(character));
            } else {
                out.push(character);
            }
        }
        out
    }

    /// The width of a text, in the unit of its size.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        let ems: f32 = text
            .chars()
            .filter_map(|character| self.glyph(character))
            .map(|(_, width)| width)
            .sum();
        ems * size
    }

    /// Breaks a printable text into lines, at spaces, and inside words that are wider than a line. A line that is broken at
    /// a space keeps it at its end. At least one line.
    pub(super) fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        let mut used = 0.0;
        for word in text.split_inclusive(' ') {
            let bare = self.width(word.trim_end(), size);
            if used + bare > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0.0;
            }
            if bare <= width {
                line.push_str(word);
                used += self.width(word, size);
                continue;
            }
            for character in word.chars() {
                let mut buffer = [0; 4];
                let step = self.width(character.encode_utf8(&mut buffer), size);
                if used + step > width && !line.is_empty() && character != ' ' {
                    lines.push(std::mem::take(&mut line));
                    used = 0.0;
                }
                line.push(character);
                used += step;
            }
        }
        lines.push(line);
        lines
    }

    /// The glyphs of a printable text, from left to right as they stand on the page.
    pub(super) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut glyphs: Vec<(char, KrillaGlyph)> = Vec::with_capacity(text.len());
        for (start, character) in text.char_indices() {
            let Some((glyph, width)) = self.glyph(character) else {
                continue;
            };
            let range = start..start + character.len_utf8();
            glyphs.push((
                character,
                KrillaGlyph::new(glyph, width, 0.0, 0.0, 0.0, range, None),
            ));
        }
        let mut rest = glyphs.as_mut_slice();
        while let Some(start) = rest
            .iter()
            .position(|(character, _)| is_right_to_left(*character))
        {
            let (_, from) = std::mem::take(&mut rest).split_at_mut(start);
            let reach = from
                .iter()
                .take_while(|(character, _)| *character == ' ' || is_right_to_left(*character))
                .count();
            let run = from.iter().take(reach).rposition_of_right_to_left();
            let (run, after) = from.split_at_mut(run + 1);
            run.reverse();
            rest = after;
        }
        glyphs.into_iter().map(|(_, glyph)| glyph).collect()
    }
}

/// The last place of a right-to-left letter.
trait LastRightToLeft {
    fn rposition_of_right_to_left(self) -> usize;
}

impl<'a, I: Iterator<Item = &'a (char, KrillaGlyph)>> LastRightToLeft for I {
    fn rposition_of_right_to_left(self) -> usize {
        let places = self
            .enumerate()
            .filter(|(_, (character, _))| is_right_to_left(*character));
        places.last().map_or(0, |(place, _)| place)
    }
}

/// Characters that are not seen, and could change how others are read; and those whose meaning nobody knows.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
                | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{10FFFF}'
        )
}

/// Hebrew, Arabic and their like.
fn is_right_to_left(character: char) -> bool {
    matches!(
        character,
        '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_without_a_glyph_are_printed_as_codes() {
        let face = Faces::load().unwrap().regular;
        assert_eq!(face.printable("Zoë Ångström"), "Zoë Ångström");
        assert_eq!(face.printable("王"), "[U+738B]");
        assert_eq!(face.printable("a\u{202e}b\nc"), "a[U+202E]b c");
    }

    #[test]
    fn lines_hold_all_of_a_text_and_none_is_too_wide() {
        let face = Faces::load().unwrap().regular;
        let long = format!("short words and {} and more", "x".repeat(300));
        let lines = face.lines(&long, 10.0, 100.0);
        assert_eq!(lines.concat(), long);
        assert!(
            lines
                .iter()
                .all(|line| face.width(line.trim_end(), 10.0) <= 100.0),
            "{lines:?}"
        );
        assert_eq!(face.lines("", 10.0, 100.0), [""]);
    }

    #[test]
    fn hebrew_runs_from_right_to_left_between_latin_words() {
        let face = Faces::load().unwrap().regular;
        let text = "a שב גד b";
        let order: Vec<&str> = face
            .glyphs(text)
            .into_iter()
            .map(|glyph| &text[glyph.text_range])
            .collect();
        assert_eq!(order.concat(), "a דג בש b");
    }
}
