//! Marker segments of JPEG (ITU-T T.81 annex B).

use super::CODEC;
use super::huffman::Table;
use crate::codec::CodecError;
use crate::codec::bytes::Bytes;

pub(super) const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const DQT: u8 = 0xDB;
const DHT: u8 = 0xC4;
const DRI: u8 = 0xDD;
const ADOBE: u8 = 0xEE;
/// The position in an 8x8 block of each coefficient in the order of the codestream (T.81 figure A.6).
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// How samples are coded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Process {
    /// Baseline and extended sequential DCT (processes 1, 2, 4).
    Sequential,
    /// Progressive DCT (processes 6, 8, 10, 12).
    Progressive,
    /// Lossless (process 14).
    Lossless,
}

/// A component of the frame header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factors, 1 to 4.
    pub(super) h: u8,
    pub(super) v: u8,
    pub(super) quantisation: u8,
}

/// The frame header (SOF).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct FrameHeader {
    pub(super) process: Process,
    pub(super) precision: u8,
    pub(super) rows: u16,
    pub(super) columns: u16,
    pub(super) components: Vec<Component>,
}

/// A component of a scan header: which one, and its Huffman tables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ScanComponent {
    pub(super) id: u8,
    pub(super) dc: u8,
    pub(super) ac: u8,
}

/// A scan header (SOS).
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct ScanHeader {
    pub(super) components: Vec<ScanComponent>,
    /// Start of spectral selection; the predictor of a lossless scan.
    pub(super) start: u8,
    pub(super) end: u8,
    /// Successive approximation, high and low; low is the point transform of a lossless scan.
    pub(super) high: u8,
    pub(super) low: u8,
}

/// Tables and intervals, each as it stood last before a scan.
#[derive(Clone, Default)]
pub(super) struct Tables {
    pub(super) dc: [Option<Table>; 4],
    pub(super) ac: [Option<Table>; 4],
    /// In the order of a block, not of the codestream.
    pub(super) quantisation: [Option<[u16; 64]>; 4],
    /// MCUs of a restart interval, 0 for none.
    pub(super) restart: u32,
    /// The colour transform of an Adobe segment.
    pub(super) adobe: Option<u8>,
}

/// What a decoder waits for.
pub(super) enum Segment {
    Frame(FrameHeader),
    Scan(ScanHeader),
    End,
}

fn malformed(fault: &'static str) -> CodecError {
    CodecError::Malformed { codec: CODEC, fault }
}

/// The next marker; bytes FF may fill before it.
pub(super) fn marker(bytes: &mut Bytes<'_>) -> Result<u8, CodecError> {
    const TRUNCATED: CodecError = CodecError::Truncated { codec: CODEC };
    if bytes.u8().ok_or(TRUNCATED)? != 0xFF {
        return Err(malformed("a marker is missing"));
    }
    loop {
        match bytes.u8().ok_or(TRUNCATED)? {
            0xFF => {}
            code => return Ok(code),
        }
    }
}

/// Reads on to the next frame or scan header, or the end; tables on the way are kept.
pub(super) fn next(bytes: &mut Bytes<'_>, tables: &mut Tables) -> Result<Segment, CodecError> {
    loop {
        let code = marker(bytes)?;
        match code {
            EOI => return Ok(Segment::End),
            // A restart marker behind the last interval is superfluous and met.
            0xD0..=0xD7 | 0x01 => continue,
            0x00 | SOI => return Err(malformed("a marker stands where none may")),
            _ => {}
        }
        let content = bytes.segment().ok_or(CodecError::Truncated { codec: CODEC })?;
        let mut fields = Bytes::new(content);
        let short = malformed("a marker segment is too short");
        match code {
            DHT => huffman_tables(&mut fields, tables)?,
            DQT => quantisation_tables(&mut fields, tables).ok_or(short)?,
            DRI => tables.restart = fields.u16_be().ok_or(short)?.into(),
            ADOBE if content.starts_with(b"Adobe") => tables.adobe = content.get(11).copied(),
            SOS => return Ok(Segment::Scan(scan(&mut fields).ok_or(short)?)),
            0xC0..=0xCF => return Ok(Segment::Frame(frame(code, &mut fields)?.ok_or(short)?)),
            0xDC => {
                return Err(CodecError::Unsupported {
                    codec: CODEC,
                    what: "a number of lines behind the scan is",
                });
            }
            0xF7 => {
                return Err(CodecError::Disagrees {
                    codec: CODEC,
                    on: "the kind of codestream",
                });
            }
            _ => {}
        }
    }
}

fn frame(code: u8, fields: &mut Bytes<'_>) -> Result<Option<FrameHeader>, CodecError> {
    let process = match code {
        0xC0 | 0xC1 => Process::Sequential,
        0xC2 => Process::Progressive,
        0xC3 => Process::Lossless,
        _ => {
            return Err(CodecError::Unsupported {
                codec: CODEC,
                what: "hierarchical or arithmetic coding is",
            });
        }
    };
    let header = frame_fields(process, fields);
    let Some(header) = header else { return Ok(None) };
    let precise = match process {
        Process::Lossless => (2..=16).contains(&header.precision),
        _ => matches!(header.precision, 8 | 12),
    };
    if !precise {
        return Err(malformed("the precision does not fit the process"));
    }
    if header
        .components
        .iter()
        .any(|c| !(1..=4).contains(&c.h) || !(1..=4).contains(&c.v))
    {
        return Err(malformed("a sampling factor is not 1 to 4"));
    }
    Ok(Some(header))
}

fn frame_fields(process: Process, fields: &mut Bytes<'_>) -> Option<FrameHeader> {
    let precision = fields.u8()?;
    let (rows, columns) = (fields.u16_be()?, fields.u16_be()?);
    let count = fields.u8()?;
    let mut components = Vec::with_capacity(count.into());
    for _ in 0..count {
        let [id, sampling, quantisation] = fields.array()?;
        components.push(Component {
            id,
            h: sampling >> 4,
            v: sampling & 15,
            quantisation,
        });
    }
    Some(FrameHeader {
        process,
        precision,
        rows,
        columns,
        components,
    })
}

fn scan(fields: &mut Bytes<'_>) -> Option<ScanHeader> {
    let count = fields.u8()?;
    let mut components = Vec::with_capacity(count.into());
    for _ in 0..count {
        let [id, tables] = fields.array()?;
        components.push(ScanComponent {
            id,
            dc: tables >> 4,
            ac: tables & 15,
        });
    }
    let [start, end, approximation] = fields.array()?;
    Some(ScanHeader {
        components,
        start,
        end,
        high: approximation >> 4,
        low: approximation & 15,
    })
}

fn huffman_tables(fields: &mut Bytes<'_>, tables: &mut Tables) -> Result<(), CodecError> {
    let short = malformed("a marker segment is too short");
    while let Some(which) = fields.u8() {
        let counts: [u8; 16] = fields.array().ok_or(short.clone())?;
        let total = counts.iter().map(|&c| usize::from(c)).sum();
        let values = fields.take(total).ok_or(short.clone())?;
        let class = if which >> 4 == 0 {
            &mut tables.dc
        } else {
            &mut tables.ac
        };
        let slot = class
            .get_mut(usize::from(which & 15))
            .ok_or(malformed("a table has no place"))?;
        *slot = Some(Table::new(&counts, values)?);
    }
    Ok(())
}

fn quantisation_tables(fields: &mut Bytes<'_>, tables: &mut Tables) -> Option<()> {
    while let Some(which) = fields.u8() {
        let mut table = [0; 64];
        for &position in &ZIGZAG {
            let step = if which >> 4 == 0 {
                fields.u8()?.into()
            } else {
                fields.u16_be()?
            };
            *table.get_mut(usize::from(position))? = step;
        }
        *tables.quantisation.get_mut(usize::from(which & 15))? = Some(table);
    }
    Some(())
}
