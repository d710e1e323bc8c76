//! Decoding the lines of a scan (ITU-T T.87 annexes A and B).

use super::bits::BitReader;
use super::header::ScanHeader;
use super::model::{Model, Parameters, RunIndex, predict};
use super::{CODEC, Line, marker_after};
use crate::codec::{CodecError, Interleave};

const CORRUPT: CodecError = CodecError::Malformed {
    codec: CODEC,
    fault: "the coded samples are corrupt",
};

/// Decodes one scan into its planes (to which it appends); how many bytes it took.
pub(super) fn scan(
    data: &[u8],
    header: &ScanHeader,
    parameters: &Parameters,
    restart: u32,
    (columns, rows): (u16, u16),
    planes: &mut [Vec<u16>],
) -> Result<usize, CodecError> {
    let lines = u32::from(rows);
    let interval = if restart == 0 { lines } else { restart };
    let (mut at, mut done, mut number) = (0, 0, 0u8);
    loop {
        let rest = data.get(at..).unwrap_or_default();
        let count = interval.min(lines - done);
        at += Scan::new(rest, parameters, columns, planes.len()).lines(count, header.interleave, planes)?;
        done += count;
        if done == lines {
            return Ok(at);
        }
        at = marker_after(data, at, 0xD0 + number)?;
        number = (number + 1) % 8;
    }
}

/// One restart interval.
struct Scan<'a> {
    reader: BitReader<'a>,
    parameters: &'a Parameters,
    model: Model,
    runs: Vec<RunIndex>,
    lines: Vec<Line>,
}

impl<'a> Scan<'a> {
    fn new(data: &'a [u8], parameters: &'a Parameters, columns: u16, components: usize) -> Self {
        Self {
            reader: BitReader::new(data),
            parameters,
            model: Model::new(parameters),
            runs: vec![RunIndex::default(); components],
            lines: vec![Line::new(columns); components],
        }
    }

    fn lines(
        mut self,
        count: u32,
        interleave: Interleave,
        planes: &mut [Vec<u16>],
    ) -> Result<usize, CodecError> {
        let mut lines = std::mem::take(&mut self.lines);
        let mut runs = std::mem::take(&mut self.runs);
        for _ in 0..count {
            for line in &mut lines {
                line.advance();
            }
            if interleave == Interleave::Sample && lines.len() > 1 {
                let run = runs.first_mut().ok_or(CORRUPT)?;
                self.pixels(&mut lines, run)?;
            } else {
                for (line, run) in lines.iter_mut().zip(&mut runs) {
                    self.line(line, run)?;
                }
            }
            for (line, plane) in lines.iter().zip(planes.iter_mut()) {
                plane.extend(line.samples());
            }
        }
        self.reader.finish()
    }

    /// A line of one component.
    fn line(&mut self, line: &mut Line, run: &mut RunIndex) -> Result<(), CodecError> {
        let width = line.width();
        let (above, current) = line.split();
        let at = |x: usize| i32::from(above.get(x).copied().unwrap_or(0));
        let (mut a, mut c, mut b) = (i32::from(current.first().copied().unwrap_or(0)), at(0), at(1));
        let mut x = 1;
        while x <= width {
            let d = at(x + 1);
            let context = self.parameters.context(d - b, b - c, c - a);
            if context == 0 {
                let length = self.run(run, width + 1 - x)?;
                current.get_mut(x..x + length).ok_or(CORRUPT)?.fill(a as u16);
                x += length;
                if x > width {
                    break;
                }
                c = at(x);
                b = at(x + 1);
                let near = self.parameters.is_near(a, c);
                a = self.interruption(*run, a, c, near)?;
                run.shrink();
            } else {
                a = self.regular(context, a, b, c)?;
                c = b;
                b = d;
            }
            *current.get_mut(x).ok_or(CORRUPT)? = a as u16;
            x += 1;
        }
        Ok(())
    }

    /// A line of all components, a pixel at a time (T.87 B.3).
    fn pixels(&mut self, lines: &mut [Line], run: &mut RunIndex) -> Result<(), CodecError> {
        let width = lines.first().map_or(0, Line::width);
        let mut contexts = vec![0; lines.len()];
        let mut x = 1;
        while x <= width {
            for (context, line) in contexts.iter_mut().zip(lines.iter()) {
                let [a, b, c, d] = line.neighbours(x);
                *context = self.parameters.context(d - b, b - c, c - a);
            }
            if contexts.iter().any(|&context| context != 0) {
                for (&context, line) in contexts.iter().zip(lines.iter_mut()) {
                    let [a, b, c, _] = line.neighbours(x);
                    line.set(x, self.regular(context, a, b, c)?);
                }
                x += 1;
                continue;
            }
            let length = self.run(run, width + 1 - x)?;
            for line in lines.iter_mut() {
                line.repeat(x, length);
            }
            x += length;
            if x > width {
                break;
            }
            for line in lines.iter_mut() {
                let [a, b, ..] = line.neighbours(x);
                line.set(x, self.interruption(*run, a, b, false)?);
            }
            run.shrink();
            x += 1;
        }
        Ok(())
    }

    /// A sample in regular mode (T.87 A.4 to A.6).
    #[inline]
    fn regular(&mut self, context: i32, a: i32, b: i32, c: i32) -> Result<i32, CodecError> {
        let p = self.parameters;
        let sign = if context < 0 { -1 } else { 1 };
        let statistics = self.model.context(context).ok_or(CORRUPT)?;
        let k = statistics.k();
        let prediction = (predict(a, b, c) + sign * statistics.c).clamp(0, p.maxval);
        let mapped = golomb(&mut self.reader, p, k, p.limit)?;
        let turned = statistics.turned(k, p.near);
        let error = (mapped >> 1) ^ -((mapped & 1) ^ i32::from(turned));
        statistics.update(error, p.near, p.reset);
        Ok(p.reconstruct(prediction, sign * error))
    }

    /// The length of a run, at most `left` (T.87 A.7.1).
    fn run(&mut self, run: &mut RunIndex, left: usize) -> Result<usize, CodecError> {
        let mut length = 0;
        while self.reader.bits(1)? == 1 {
            let block = 1 << run.order();
            if length + block <= left {
                length += block;
                run.grow();
            } else {
                length = left;
            }
            if length == left {
                return Ok(left);
            }
        }
        length += self.reader.bits(run.order())? as usize;
        if length < left { Ok(length) } else { Err(CORRUPT) }
    }

    /// The sample that ends a run (T.87 A.7.2); `near`: left and above are near each other.
    fn interruption(&mut self, run: RunIndex, a: i32, b: i32, near: bool) -> Result<i32, CodecError> {
        let p = self.parameters;
        let [far_run, near_run] = &mut self.model.runs;
        let (statistics, prediction) = if near { (near_run, a) } else { (far_run, b) };
        let sign = if !near && a > b { -1 } else { 1 };
        let k = statistics.k();
        let mapped = golomb(&mut self.reader, p, k, p.limit - run.order() - 1)?;
        let error = statistics.unmap(mapped, k);
        statistics.update(error, mapped, p.reset);
        Ok(p.reconstruct(prediction, sign * error))
    }
}

/// A Golomb code of limited length (T.87 A.5.3).
#[inline]
fn golomb(reader: &mut BitReader<'_>, p: &Parameters, k: u32, limit: u32) -> Result<i32, CodecError> {
    let longest = limit - p.qbpp - 1;
    let mapped = if let Some((zeros, low)) = reader.short_code(k, longest) {
        u64::from(zeros) << k | u64::from(low)
    } else {
        match reader.zeros(longest)? {
            zeros if zeros < longest => u64::from(zeros) << k | u64::from(reader.bits(k)?),
            _ => u64::from(reader.bits(p.qbpp)?) + 1,
        }
    };
    i32::try_from(mapped)
        .ok()
        .filter(|&mapped| mapped <= p.range)
        .ok_or(CORRUPT)
}
