//! JPEG of every process that is not hierarchical (ITU-T T.81): SOI, tables that a scan uses, frame and scan headers,
//! coded data, EOI.

use std::borrow::Cow;

use dicom::{PixelCoding, PixelDescription};

use super::ContainerError;
use super::cursor::Cursor;
use super::markers::{COM, DNL, DRI, EOI, Markers, Place, Rebuilt, SOS, Segments, segment_start, settle};
use super::rebuild::Rebuild;

const DHT: u8 = 0xC4;
const DAC: u8 = 0xCC;
const DQT: u8 = 0xDB;
const APP0: u8 = 0xE0;
const APP14: u8 = 0xEE;

/// Places for tables: four each of quantisation, Huffman DC and AC, conditioning DC and AC, and the restart interval.
const HUFFMAN: usize = 4;
const CONDITIONING: usize = 12;
const RESTART: usize = 20;
const PLACES: usize = 21;

/// What the frame header says of the scans to come.
struct Frame {
    marker: u8,
    /// Identifier and quantisation table of each component.
    components: Vec<(u8, u8)>,
}

impl Frame {
    fn arithmetic(&self) -> bool {
        self.marker > 0xC8
    }

    /// The marker's low two bits tell the process: 2 is progressive, 3 lossless.
    fn process(&self) -> u8 {
        self.marker & 3
    }
}

struct Cleaner<'a> {
    markers: Markers<'a>,
    segments: Segments<'a>,
    /// The table that each place holds now.
    tables: [Option<Place>; PLACES],
    frame: Option<Frame>,
    scans: usize,
    restart: bool,
    jfif: bool,
    adobe: Option<u8>,
}

pub(super) fn clean<'a>(frame: &'a [u8], d: &PixelDescription) -> Result<Cow<'a, [u8]>, ContainerError> {
    settle(PixelCoding::Jpeg, d, |zeros| rebuild(frame, zeros))
}

fn rebuild(frame: &[u8], zeros_kept: usize) -> Result<Rebuilt<'_>, ContainerError> {
    let mut cleaner = Cleaner {
        markers: Markers::start(frame, "JPEG", zeros_kept)?,
        segments: Segments::new(),
        tables: [None; PLACES],
        frame: None,
        scans: 0,
        restart: false,
        jfif: false,
        adobe: None,
    };
    cleaner.walk()?;
    let mut out = Rebuild::of(frame);
    out.push(&[0xFF, 0xD8]);
    if cleaner.jfif {
        segment_start(&mut out, APP0, 16);
        // Version 1.1, pixels square and of no size, no thumbnail.
        out.push(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    }
    if let Some(transform) = cleaner.adobe {
        segment_start(&mut out, APP14, 14);
        out.push(b"Adobe\0\x64\0\0\0\0");
        out.push(&[transform]);
    }
    cleaner.segments.write(&mut out);
    out.push(&[0xFF, EOI]);
    Ok((out.finish(), cleaner.markers.zeros))
}

impl<'a> Cleaner<'a> {
    fn walk(&mut self) -> Result<(), ContainerError> {
        while let Some(marker) = self.markers.next()?.filter(|&marker| marker != EOI) {
            // TEM and a restart marker behind the last interval have no segment, and no meaning.
            if matches!(marker, 0x01 | 0xD0..=0xD7) {
                continue;
            }
            if !matches!(marker, 0xC0..=0xCF | SOS..=DRI | 0xE0..=0xEF | COM) {
                return Err(self
                    .markers
                    .unreadable("a marker is reserved or of hierarchical coding"));
            }
            let content = self.markers.segment()?;
            match marker {
                DHT => self.huffman(content),
                DAC => self.conditioning(content),
                DQT => self.quantisation(content),
                DRI => self.restart_interval(content)?,
                SOS => self.scan(content)?,
                DNL if self.scans == 1 => {
                    let lines = content.get(..2).ok_or(self.short())?;
                    self.segments.push(DNL, lines, &[]);
                }
                DNL => return Err(self.markers.unreadable("DNL stands where it may not")),
                0xC0..=0xC3 | 0xC9..=0xCB => self.frame_header(marker, content)?,
                0xC0..=0xCF => {
                    return Err(self.markers.unreadable("the process is hierarchical or reserved"));
                }
                APP0 if self.scans == 0 && content.starts_with(b"JFIF\0") && content.len() >= 14 => {
                    self.jfif = true;
                }
                APP14 if self.scans == 0 && content.starts_with(b"Adobe") => {
                    self.adobe = content.get(11).copied().filter(|transform| *transform <= 2);
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

    fn table(&mut self, place: usize, bytes: &'a [u8]) {
        let part = self.segments.part(bytes);
        if let Some(table) = self.tables.get_mut(place) {
            *table = part;
        }
    }

    /// Tables as long as they are well-formed; what follows in the segment is not a table.
    fn huffman(&mut self, content: &'a [u8]) {
        self.segments.begin(DHT);
        let mut rest = Cursor::new(content);
        while let Some(table) = huffman_table(rest.rest()) {
            rest.take(table.len());
            let which = usize::from(table.first().copied().unwrap_or(0));
            self.table(HUFFMAN + 4 * (which >> 4) + (which & 15), table);
        }
    }

    fn quantisation(&mut self, content: &'a [u8]) {
        self.segments.begin(DQT);
        let mut rest = Cursor::new(content);
        while let Some(&which @ (0..=3 | 0x10..=0x13)) = rest.rest().first() {
            let Some(table) = rest.take(1 + 64 * (1 + usize::from(which >> 4))) else {
                return;
            };
            self.table((which & 15).into(), table);
        }
    }

    fn conditioning(&mut self, content: &'a [u8]) {
        self.segments.begin(DAC);
        for table in content.chunks_exact(2) {
            let Some(&which @ (0..=3 | 0x10..=0x13)) = table.first() else {
                return;
            };
            self.table(
                CONDITIONING + usize::from(which >> 4) * 4 + usize::from(which & 15),
                table,
            );
        }
    }

    fn restart_interval(&mut self, content: &'a [u8]) -> Result<(), ContainerError> {
        let interval = content.get(..2).ok_or(self.short())?;
        self.restart = interval != [0, 0];
        self.segments.begin(DRI);
        self.table(RESTART, interval);
        Ok(())
    }

    fn frame_header(&mut self, marker: u8, content: &'a [u8]) -> Result<(), ContainerError> {
        if self.frame.is_some() {
            return Err(self.markers.unreadable("there are two frame headers"));
        }
        let count = usize::from(content.get(5).copied().ok_or(self.short())?);
        let header = content.get(..6 + 3 * count).ok_or(self.short())?;
        let components = header.get(6..).unwrap_or_default().chunks_exact(3);
        let components = components.filter_map(|c| match c {
            &[id, _, quantisation] => Some((id, quantisation)),
            _ => None,
        });
        let components = components.collect();
        self.frame = Some(Frame { marker, components });
        self.segments.push(marker, header, &[]);
        Ok(())
    }

    fn scan(&mut self, content: &'a [u8]) -> Result<(), ContainerError> {
        let count = usize::from(content.first().copied().ok_or(self.short())?);
        if !(1..=4).contains(&count) {
            return Err(self.markers.unreadable("a scan has no components, or too many"));
        }
        let header = content.get(..4 + 2 * count).ok_or(self.short())?;
        let needed = self.needed(header, count)?;
        for place in needed.into_iter().chain([RESTART]) {
            if let Some(&Some(table)) = self.tables.get(place) {
                self.segments.need(table);
            }
        }
        let restart = self.restart;
        let coded = self
            .markers
            .coded(|code| code == 0 || restart && matches!(code, 0xD0..=0xD7));
        self.segments.push(SOS, header, coded);
        self.scans += 1;
        Ok(())
    }

    /// The places of the tables that a scan decodes with (T.81 B.2.3, table B.3).
    fn needed(&self, header: &[u8], count: usize) -> Result<Vec<usize>, ContainerError> {
        let without = || self.markers.unreadable("a scan is of no component of the frame");
        let frame = self.frame.as_ref().ok_or_else(without)?;
        let (parts, selection) = header
            .get(1..)
            .and_then(|header| header.split_at_checked(2 * count))
            .ok_or_else(without)?;
        let first = selection.first() == Some(&0);
        let refining = selection
            .get(2)
            .is_some_and(|&approximation| approximation >> 4 != 0);
        let (dc, ac) = match frame.process() {
            2 => (first && !refining, !first),
            3 => (true, false),
            _ => (true, true),
        };
        let base = if frame.arithmetic() { CONDITIONING } else { HUFFMAN };
        let mut places = Vec::new();
        for part in parts.chunks_exact(2) {
            let &[id, tables] = part else { continue };
            let component = frame.components.iter().find(|component| component.0 == id);
            let &(_, quantisation) = component.ok_or_else(without)?;
            let (dc_table, ac_table) = (usize::from(tables >> 4), usize::from(tables & 15));
            if frame.process() != 3 && quantisation < 4 {
                places.push(quantisation.into());
            }
            if dc && dc_table < 4 {
                places.push(base + dc_table);
            }
            if ac && ac_table < 4 {
                places.push(base + 4 + ac_table);
            }
        }
        Ok(places)
    }
}

/// A Huffman table at the start of the bytes: its class and place, no more codes of a length than there are, and values.
fn huffman_table(bytes: &[u8]) -> Option<&[u8]> {
    let mut fields = Cursor::new(bytes);
    if !matches!(fields.u8()?, 0..=3 | 0x10..=0x13) {
        return None;
    }
    let counts: [u8; 16] = fields.array()?;
    let mut free = 1u32;
    for count in counts {
        free = (free * 2).checked_sub(count.into())?;
    }
    let total: usize = counts.iter().map(|&count| usize::from(count)).sum();
    if !(1..=256).contains(&total) {
        return None;
    }
    bytes.get(..17 + total)
}
