//! JPEG-LS (ITU-T T.87): SOI, frame header, parameters and mapping tables that a scan uses, scans, EOI.

use std::borrow::Cow;
use std::collections::BTreeMap;

use dicom::{PixelCoding, PixelDescription};

use super::ContainerError;
use super::markers::{COM, DNL, DRI, EOI, Markers, Place, Rebuilt, SOS, Segments, segment_start, settle};
use super::rebuild::Rebuild;

const SOF55: u8 = 0xF7;
const LSE: u8 = 0xF8;
const APP8: u8 = 0xE8;

struct Cleaner<'a> {
    markers: Markers<'a>,
    segments: Segments<'a>,
    frame: bool,
    scans: usize,
    /// What the next scan is decoded with: coding parameters, image size, restart interval.
    preset: Option<Place>,
    size: Option<Place>,
    interval: Option<Place>,
    restart: bool,
    /// The segments of each mapping table.
    mappings: BTreeMap<u8, Vec<Place>>,
    /// The colour transform of an HP segment, which other encoders write too.
    transform: Option<u8>,
}

pub(super) fn clean<'a>(frame: &'a [u8], d: &PixelDescription) -> Result<Cow<'a, [u8]>, ContainerError> {
    settle(PixelCoding::JpegLs, d, |zeros| rebuild(frame, zeros))
}

fn rebuild(frame: &[u8], zeros_kept: usize) -> Result<Rebuilt<'_>, ContainerError> {
    let mut cleaner = Cleaner {
        markers: Markers::start(frame, "JPEG-LS", zeros_kept)?,
        segments: Segments::new(),
        frame: false,
        scans: 0,
        preset: None,
        size: None,
        interval: None,
        restart: false,
        mappings: BTreeMap::new(),
        transform: None,
    };
    cleaner.walk()?;
    let mut out = Rebuild::of(frame);
    out.push(&[0xFF, 0xD8]);
    if let Some(transform) = cleaner.transform {
        segment_start(&mut out, APP8, 7);
        out.push(b"mrfx");
        out.push(&[transform]);
    }
    cleaner.segments.write(&mut out);
    out.push(&[0xFF, EOI]);
    Ok((out.finish(), cleaner.markers.zeros))
}

impl<'a> Cleaner<'a> {
    fn walk(&mut self) -> Result<(), ContainerError> {
        while let Some(marker) = self.markers.next()?.filter(|&marker| marker != EOI) {
            if matches!(marker, 0xD0..=0xD7) {
                continue;
            }
            if !matches!(marker, SOF55 | LSE | SOS | DNL | DRI | 0xE0..=0xEF | COM) {
                return Err(self.markers.unreadable("a marker is not of this coding"));
            }
            let content = self.markers.segment()?;
            match marker {
                SOF55 => self.frame_header(content)?,
                LSE => self.parameters(content)?,
                DRI => self.restart_interval(content)?,
                SOS => self.scan(content)?,
                DNL if self.scans == 1 => {
                    let lines = content.get(..2).ok_or(self.short())?;
                    self.segments.push(DNL, lines, &[]);
                }
                DNL => return Err(self.markers.unreadable("DNL stands where it may not")),
                APP8 if self.scans == 0 && content.starts_with(b"mrfx") => {
                    self.transform = match content.get(4).ok_or(self.short())? {
                        0 => None,
                        &transform @ 1..=5 => Some(transform),
                        _ => return Err(self.markers.unreadable("a colour transform is not known")),
                    };
                }
                _ => {}
            }
            if self.segments.too_many() {
                return Err(self.markers.unreadable("it has too many segments"));
            }
        }
        if self.scans == 0 {
            return Err(self.markers.unreadable("there is no scan"));
        }
        Ok(())
    }

    fn short(&self) -> ContainerError {
        self.markers.unreadable("a marker segment is too short")
    }

    fn frame_header(&mut self, content: &'a [u8]) -> Result<(), ContainerError> {
        if self.frame {
            return Err(self.markers.unreadable("there are two frame headers"));
        }
        let count = usize::from(content.get(5).copied().ok_or(self.short())?);
        let header = content.get(..6 + 3 * count).ok_or(self.short())?;
        self.segments.push(SOF55, header, &[]);
        self.frame = true;
        Ok(())
    }

    fn keep(&mut self, marker: u8, content: &'a [u8]) -> Option<Place> {
        self.segments.begin(marker);
        self.segments.part(content)
    }

    /// LSE (T.87 C.2.4): coding parameters, mapping tables and their continuations, the size of a large image.
    fn parameters(&mut self, content: &'a [u8]) -> Result<(), ContainerError> {
        let short = self.short();
        match (content.first(), content.get(1)) {
            (Some(1), _) => self.preset = self.keep(LSE, content.get(..11).ok_or(short)?),
            (Some(2), Some(&table)) => {
                let place = self.keep(LSE, content);
                self.mappings.insert(table, place.into_iter().collect());
            }
            (Some(3), Some(&table)) => {
                let place = self.keep(LSE, content);
                self.mappings.entry(table).or_default().extend(place);
            }
            (Some(4), Some(&width @ 1..=4)) => {
                let length = 2 + 2 * usize::from(width);
                self.size = self.keep(LSE, content.get(..length).ok_or(short)?);
            }
            _ => return Err(self.markers.unreadable("an LSE segment is of no known kind")),
        }
        Ok(())
    }

    /// Two, three or four bytes (T.87 C.2.5).
    fn restart_interval(&mut self, content: &'a [u8]) -> Result<(), ContainerError> {
        if !(2..=4).contains(&content.len()) {
            return Err(self.markers.unreadable("a restart interval is not 2 to 4 bytes"));
        }
        self.restart = content.iter().any(|&byte| byte != 0);
        self.interval = self.keep(DRI, content);
        Ok(())
    }

    fn scan(&mut self, content: &'a [u8]) -> Result<(), ContainerError> {
        if !self.frame {
            return Err(self.markers.unreadable("a scan stands before the frame header"));
        }
        let count = usize::from(content.first().copied().ok_or(self.short())?);
        let header = content.get(..4 + 2 * count).ok_or(self.short())?;
        for place in [self.preset, self.size, self.interval].into_iter().flatten() {
            self.segments.need(place);
        }
        let parts = header.get(1..=2 * count).unwrap_or_default();
        for table in parts.iter().skip(1).step_by(2) {
            for &place in self.mappings.get(table).into_iter().flatten() {
                self.segments.need(place);
            }
        }
        let restart = self.restart;
        let coded = self
            .markers
            .coded(|code| code < 0x80 || restart && matches!(code, 0xD0..=0xD7));
        self.segments.push(SOS, header, coded);
        self.scans += 1;
        Ok(())
    }
}
