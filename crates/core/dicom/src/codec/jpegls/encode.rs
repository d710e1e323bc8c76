//! Encoding the lines of a scan (ITU-T T.87 annexes A and B).

use super::Line;
use super::bits::BitWriter;
use super::model::{Model, Parameters, RunIndex, predict};
use crate::codec::Interleave;

/// Encodes the lines of one scan, all its planes of `columns` samples a line.
pub(super) fn scan(
    parameters: &Parameters,
    interleave: Interleave,
    columns: u16,
    planes: &[&[u16]],
) -> Vec<u8> {
    let mut scan = Scan {
        writer: BitWriter::new(),
        parameters,
        model: Model::new(parameters),
    };
    let mut lines = vec![Line::new(columns); planes.len()];
    let mut runs = vec![RunIndex::default(); planes.len()];
    let mut rows: Vec<_> = planes
        .iter()
        .map(|plane| plane.chunks_exact(columns.into()))
        .collect();
    loop {
        let sources: Vec<&[u16]> = rows.iter_mut().filter_map(Iterator::next).collect();
        if sources.is_empty() || sources.len() < planes.len() {
            return scan.writer.finish();
        }
        for line in &mut lines {
            line.advance();
        }
        if interleave == Interleave::Sample && planes.len() > 1 {
            if let Some(run) = runs.first_mut() {
                scan.pixels(&mut lines, &sources, run);
            }
        } else {
            for ((line, source), run) in lines.iter_mut().zip(sources).zip(&mut runs) {
                scan.line(line, source, run);
            }
        }
    }
}

struct Scan<'a> {
    writer: BitWriter,
    parameters: &'a Parameters,
    model: Model,
}

impl Scan<'_> {
    /// A line of one component.
    fn line(&mut self, line: &mut Line, source: &[u16], run: &mut RunIndex) {
        let p = self.parameters;
        let (above, current) = line.split();
        let at = |x: usize| i32::from(above.get(x).copied().unwrap_or(0));
        let (mut a, mut c, mut b) = (i32::from(current.first().copied().unwrap_or(0)), at(0), at(1));
        let mut x = 1;
        while let Some(&value) = source.get(x - 1) {
            let d = at(x + 1);
            let context = p.context(d - b, b - c, c - a);
            if context == 0 {
                let rest = source.get(x - 1..).unwrap_or_default();
                let length = rest
                    .iter()
                    .take_while(|&&value| p.is_near(value.into(), a))
                    .count();
                if let Some(samples) = current.get_mut(x..x + length) {
                    samples.fill(a as u16);
                }
                let ending = rest.get(length);
                self.run(run, length, ending.is_none());
                let Some(&value) = ending else { return };
                x += length;
                c = at(x);
                b = at(x + 1);
                a = self.interruption(*run, [a, c], p.is_near(a, c), value.into());
                run.shrink();
            } else {
                a = self.regular(context, [a, b, c], value.into());
                c = b;
                b = d;
            }
            if let Some(sample) = current.get_mut(x) {
                *sample = a as u16;
            }
            x += 1;
        }
    }

    /// A line of all components, a pixel at a time (T.87 B.3).
    fn pixels(&mut self, lines: &mut [Line], sources: &[&[u16]], run: &mut RunIndex) {
        let p = self.parameters;
        let width = lines.first().map_or(0, Line::width);
        let source = |plane: &[u16], x: usize| i32::from(plane.get(x - 1).copied().unwrap_or(0));
        let mut contexts = vec![0; lines.len()];
        let mut x = 1;
        while x <= width {
            for (context, line) in contexts.iter_mut().zip(lines.iter()) {
                let [a, b, c, d] = line.neighbours(x);
                *context = p.context(d - b, b - c, c - a);
            }
            if contexts.iter().any(|&context| context != 0) {
                for ((&context, line), plane) in contexts.iter().zip(lines.iter_mut()).zip(sources) {
                    let [a, b, c, _] = line.neighbours(x);
                    let value = self.regular(context, [a, b, c], source(plane, x));
                    line.set(x, value);
                }
                x += 1;
                continue;
            }
            // The left neighbour where the run starts is what all of it repeats.
            let repeats = |at: usize| {
                lines.iter().zip(sources).all(|(line, plane)| {
                    let [left, ..] = line.neighbours(x);
                    p.is_near(source(plane, at), left)
                })
            };
            let length = (x..=width).take_while(|&at| repeats(at)).count();
            self.run(run, length, x + length > width);
            for line in lines.iter_mut() {
                line.repeat(x, length);
            }
            x += length;
            if x > width {
                break;
            }
            for (line, plane) in lines.iter_mut().zip(sources) {
                let [a, b, ..] = line.neighbours(x);
                let value = self.interruption(*run, [a, b], false, source(plane, x));
                line.set(x, value);
            }
            run.shrink();
            x += 1;
        }
    }

    /// A sample in regular mode (T.87 A.4 to A.6); its reconstructed value.
    #[inline]
    fn regular(&mut self, context: i32, [a, b, c]: [i32; 3], value: i32) -> i32 {
        let p = self.parameters;
        let sign = if context < 0 { -1 } else { 1 };
        let Some(statistics) = self.model.context(context) else {
            return value;
        };
        let k = statistics.k();
        let prediction = (predict(a, b, c) + sign * statistics.c).clamp(0, p.maxval);
        let error = p.error(sign * (value - prediction));
        let turned = statistics.turned(k, p.near);
        let mapped = match (turned, error < 0) {
            (false, false) => 2 * error,
            (false, true) => -2 * error - 1,
            (true, false) => 2 * error + 1,
            (true, true) => -2 * (error + 1),
        };
        statistics.update(error, p.near, p.reset);
        golomb(&mut self.writer, p, k, p.limit, mapped);
        p.reconstruct(prediction, sign * error)
    }

    /// The length of a run (T.87 A.7.1); `whole`: it ends with the line.
    fn run(&mut self, run: &mut RunIndex, length: usize, whole: bool) {
        let mut left = length;
        while left >= 1 << run.order() {
            self.writer.bits(1, 1);
            left -= 1 << run.order();
            run.grow();
        }
        if !whole {
            self.writer.bits(0, 1);
            self.writer.bits(left as u32, run.order());
        } else if left > 0 {
            self.writer.bits(1, 1);
        }
    }

    /// The sample that ends a run (T.87 A.7.2); its reconstructed value.
    fn interruption(&mut self, run: RunIndex, [a, b]: [i32; 2], near: bool, value: i32) -> i32 {
        let p = self.parameters;
        let [far_run, near_run] = &mut self.model.runs;
        let (statistics, prediction) = if near { (near_run, a) } else { (far_run, b) };
        let sign = if !near && a > b { -1 } else { 1 };
        let k = statistics.k();
        let error = p.error(sign * (value - prediction));
        let mapped = statistics.map(error, k);
        statistics.update(error, mapped, p.reset);
        golomb(&mut self.writer, p, k, p.limit - run.order() - 1, mapped);
        p.reconstruct(prediction, sign * error)
    }
}

/// A Golomb code of limited length (T.87 A.5.3).
#[inline]
fn golomb(writer: &mut BitWriter, p: &Parameters, k: u32, limit: u32, mapped: i32) {
    let mapped = mapped.cast_unsigned();
    let longest = limit - p.qbpp - 1;
    if mapped >> k < longest {
        writer.zeros(mapped >> k);
        writer.bits(mapped, k);
    } else {
        writer.zeros(longest);
        writer.bits(mapped.wrapping_sub(1), p.qbpp);
    }
}
