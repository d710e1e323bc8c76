//! Sequential and progressive DCT scans to coefficients (ITU-T T.81 annexes F and G).

use super::CODEC;
use super::huffman::{BitReader, Table};
use super::intervals::Intervals;
use super::segments::{Component, FrameHeader, Process, ScanHeader, Tables, ZIGZAG};
use crate::codec::CodecError;

const CORRUPT: CodecError = CodecError::Malformed {
    codec: CODEC,
    fault: "the coded samples are corrupt",
};

/// Quantised coefficients of a block, in the order of the block.
pub(super) type Block = [i16; 64];

/// The coefficients of a component.
pub(super) struct Coefficients {
    pub(super) component: Component,
    /// Samples of the component: its part of the image by its sampling factors, rounded up.
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// Blocks of a row of MCUs, padding included.
    pub(super) stride: usize,
    pub(super) blocks: Vec<Block>,
    /// Some scan has coded it.
    pub(super) coded: bool,
}

/// Room for the coefficients of all components.
pub(super) fn coefficients(frame: &FrameHeader) -> Vec<Coefficients> {
    let (h, v) = largest_factors(frame);
    let mcus = |size: u16, factor: usize| usize::from(size).div_ceil(8 * factor);
    let (across, down) = (mcus(frame.columns, h), mcus(frame.rows, v));
    let part =
        |size: u16, factor: u8, largest: usize| (usize::from(size) * usize::from(factor)).div_ceil(largest);
    frame
        .components
        .iter()
        .map(|&component| {
            let stride = across * usize::from(component.h);
            Coefficients {
                component,
                columns: part(frame.columns, component.h, h),
                rows: part(frame.rows, component.v, v),
                stride,
                blocks: vec![[0; 64]; stride * down * usize::from(component.v)],
                coded: false,
            }
        })
        .collect()
}

/// The largest sampling factors of a frame.
pub(super) fn largest_factors(frame: &FrameHeader) -> (usize, usize) {
    let largest =
        |factor: fn(&Component) -> u8| frame.components.iter().map(factor).max().unwrap_or(1).into();
    (largest(|c| c.h), largest(|c| c.v))
}

/// What a block needs of its component's tables.
struct Member<'a> {
    /// Which of the frame's components.
    index: usize,
    dc: Option<&'a Table>,
    ac: Option<&'a Table>,
    predictor: i32,
}

/// Decodes a scan into the coefficients; how many bytes it took.
pub(super) fn scan(
    data: &[u8],
    frame: &FrameHeader,
    header: &ScanHeader,
    tables: &Tables,
    coefficients: &mut [Coefficients],
) -> Result<usize, CodecError> {
    let mut members = Vec::new();
    for part in &header.components {
        let index = frame.components.iter().position(|c| c.id == part.id);
        members.push(Member {
            index: index.ok_or(CORRUPT)?,
            dc: tables.dc.get(usize::from(part.dc)).and_then(Option::as_ref),
            ac: tables.ac.get(usize::from(part.ac)).and_then(Option::as_ref),
            predictor: 0,
        });
    }
    let spectrum = spectrum(frame.process, header, members.len())?;
    let layout = Mcus::new(frame, &members, coefficients)?;
    let restart = if tables.restart == 0 {
        layout.count
    } else {
        tables.restart as usize
    };
    let mut intervals = Intervals::new(data);
    let mut done = 0;
    while done < layout.count {
        let count = restart.min(layout.count - done);
        let mut reader = intervals.reader();
        let mut run = 0;
        for member in &mut members {
            member.predictor = 0;
        }
        for mcu in done..done + count {
            for (member, units) in members.iter_mut().zip(&layout.units) {
                let component = coefficients.get_mut(member.index).ok_or(CORRUPT)?;
                for block in units.blocks(mcu) {
                    let block = component.blocks.get_mut(block).ok_or(CORRUPT)?;
                    spectrum.block(&mut reader, member, &mut run, block)?;
                }
                component.coded = true;
            }
        }
        done += count;
        intervals.end(reader, done < layout.count)?;
    }
    Ok(intervals.taken())
}

/// How the MCUs of a scan lie in the blocks of its components (T.81 A.2).
struct Mcus {
    count: usize,
    units: Vec<Units>,
}

/// The blocks of one component in an MCU.
struct Units {
    /// MCUs in a row.
    across: usize,
    h: usize,
    v: usize,
    stride: usize,
}

impl Mcus {
    fn new(frame: &FrameHeader, members: &[Member<'_>], all: &[Coefficients]) -> Result<Self, CodecError> {
        let parts: Option<Vec<&Coefficients>> = members.iter().map(|m| all.get(m.index)).collect();
        let parts = parts.ok_or(CORRUPT)?;
        if let [part] = parts.as_slice() {
            // A scan of one component goes block by block, without the padding of MCUs.
            let (across, down) = (part.columns.div_ceil(8), part.rows.div_ceil(8));
            let units = vec![Units {
                across,
                h: 1,
                v: 1,
                stride: part.stride,
            }];
            return Ok(Self {
                count: across * down,
                units,
            });
        }
        let (h, v) = largest_factors(frame);
        let across = usize::from(frame.columns).div_ceil(8 * h);
        let down = usize::from(frame.rows).div_ceil(8 * v);
        let units = |part: &&Coefficients| Units {
            across,
            h: part.component.h.into(),
            v: part.component.v.into(),
            stride: part.stride,
        };
        Ok(Self {
            count: across * down,
            units: parts.iter().map(units).collect(),
        })
    }
}

impl Units {
    /// Which blocks of the component an MCU holds.
    fn blocks(&self, mcu: usize) -> impl Iterator<Item = usize> {
        let across = self.across.max(1);
        let (row, column) = (mcu / across * self.v, mcu % across * self.h);
        let (h, stride) = (self.h, self.stride);
        (row..row + self.v).flat_map(move |y| (column..column + h).map(move |x| y * stride + x))
    }
}

/// Which coefficients and which of their bits a scan codes.
#[derive(Clone, Copy)]
struct Spectrum {
    progressive: bool,
    start: usize,
    end: usize,
    refine: bool,
    low: u32,
}

fn spectrum(process: Process, header: &ScanHeader, components: usize) -> Result<Spectrum, CodecError> {
    let (start, end) = (usize::from(header.start), usize::from(header.end));
    if process != Process::Progressive {
        // Some encoders leave these fields wild; they say nothing here.
        return Ok(Spectrum {
            progressive: false,
            start: 0,
            end: 63,
            refine: false,
            low: 0,
        });
    }
    let sound =
        start <= end && end <= 63 && header.low <= 13 && if start == 0 { end == 0 } else { components == 1 };
    if !sound {
        return Err(CodecError::Malformed {
            codec: CODEC,
            fault: "a progressive scan is out of range",
        });
    }
    Ok(Spectrum {
        progressive: true,
        start,
        end,
        refine: header.high > 0,
        low: header.low.into(),
    })
}

impl Spectrum {
    fn block(
        self,
        reader: &mut BitReader<'_>,
        member: &mut Member<'_>,
        run: &mut u32,
        block: &mut Block,
    ) -> Result<(), CodecError> {
        const MISSING: CodecError = CodecError::Malformed {
            codec: CODEC,
            fault: "a Huffman table is missing",
        };
        if self.refine {
            return if self.start == 0 {
                refine_dc(reader, self.low, block)
            } else {
                self.refine_ac(reader, member.ac.ok_or(MISSING)?, run, block)
            };
        }
        if self.start == 0 {
            let category = reader.decode(member.dc.ok_or(MISSING)?)?;
            if category > 15 {
                return Err(CORRUPT);
            }
            // Only a corrupt codestream leaves the range; it may wrap.
            member.predictor = member.predictor.wrapping_add(reader.extended(category.into())?);
            let [dc, ..] = block;
            *dc = (member.predictor << self.low) as i16;
        }
        if self.end > 0 {
            self.ac(reader, member.ac.ok_or(MISSING)?, run, block)?;
        }
        Ok(())
    }

    /// AC coefficients, or their first bits (T.81 F.2.2.2, G.1.2.2).
    fn ac(
        self,
        reader: &mut BitReader<'_>,
        table: &Table,
        run: &mut u32,
        block: &mut Block,
    ) -> Result<(), CodecError> {
        if *run > 0 {
            *run -= 1;
            return Ok(());
        }
        let mut k = self.start.max(1);
        while k <= self.end {
            let symbol = reader.decode(table)?;
            let (zeros, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
            if size == 0 {
                if zeros == 15 {
                    k += 16;
                    continue;
                }
                if self.progressive {
                    *run = (1 << zeros) - 1 + reader.bits(zeros as u32)?;
                }
                return Ok(());
            }
            k += zeros;
            let value = reader.extended(size)?;
            if k > self.end {
                return Err(CORRUPT);
            }
            *at(block, k)? = (value << self.low) as i16;
            k += 1;
        }
        Ok(())
    }

    /// The next bit of AC coefficients (T.81 G.1.2.3).
    fn refine_ac(
        self,
        reader: &mut BitReader<'_>,
        table: &Table,
        run: &mut u32,
        block: &mut Block,
    ) -> Result<(), CodecError> {
        let bit = 1i16 << self.low;
        let mut k = self.start;
        if *run == 0 {
            while k <= self.end {
                let symbol = reader.decode(table)?;
                let (mut zeros, size) = (u32::from(symbol >> 4), symbol & 15);
                let mut new = 0;
                match size {
                    0 if zeros == 15 => {}
                    0 => {
                        *run = (1 << zeros) + reader.bits(zeros)?;
                        break;
                    }
                    1 => new = if reader.bits(1)? == 1 { bit } else { -bit },
                    _ => return Err(CORRUPT),
                }
                // Passes over coefficients that are not zero yet, each with a bit of its own.
                while k <= self.end {
                    let coefficient = at(block, k)?;
                    if *coefficient != 0 {
                        refine(reader, coefficient, bit)?;
                    } else if zeros == 0 {
                        *coefficient = new;
                        k += 1;
                        break;
                    } else {
                        zeros -= 1;
                    }
                    k += 1;
                }
            }
        }
        if *run > 0 {
            for k in k..=self.end {
                let coefficient = at(block, k)?;
                if *coefficient != 0 {
                    refine(reader, coefficient, bit)?;
                }
            }
            *run -= 1;
        }
        Ok(())
    }
}

fn refine_dc(reader: &mut BitReader<'_>, low: u32, block: &mut Block) -> Result<(), CodecError> {
    let [dc, ..] = block;
    *dc |= (reader.bits(1)? << low) as i16;
    Ok(())
}

fn refine(reader: &mut BitReader<'_>, coefficient: &mut i16, bit: i16) -> Result<(), CodecError> {
    if reader.bits(1)? == 1 && *coefficient & bit == 0 {
        *coefficient = coefficient.saturating_add(if *coefficient > 0 { bit } else { -bit });
    }
    Ok(())
}

/// A coefficient by its place in the codestream.
fn at(block: &mut Block, k: usize) -> Result<&mut i16, CodecError> {
    let position = *ZIGZAG.get(k).ok_or(CORRUPT)?;
    block.get_mut(usize::from(position)).ok_or(CORRUPT)
}
