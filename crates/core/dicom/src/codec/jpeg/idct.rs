//! Coefficients to samples: the inverse DCT and the upsampling of libjpeg, bit by bit, so that samples agree with
//! what most decoders give (ITU-T T.81 A.3.3 leaves both open within an error).

use super::CODEC;
use super::dct::{Block, Coefficients};
use super::segments::{FrameHeader, Tables};
use crate::codec::CodecError;

/// Bits of the fraction of the constants below.
const FRACTION: u32 = 13;

/// A component's samples, padding to whole blocks cut off.
pub(super) struct Samples {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) samples: Vec<u16>,
}

/// The samples of a component at its own resolution.
pub(super) fn samples(
    part: &Coefficients,
    frame: &FrameHeader,
    tables: &Tables,
) -> Result<Samples, CodecError> {
    let quantisation = tables
        .quantisation
        .get(usize::from(part.component.quantisation))
        .and_then(Option::as_ref);
    let quantisation = quantisation.ok_or(CodecError::Malformed {
        codec: CODEC,
        fault: "a quantisation table is missing",
    })?;
    let mut samples = vec![0; part.columns * part.rows];
    for (band, blocks) in samples
        .chunks_mut(part.columns * 8)
        .zip(part.blocks.chunks(part.stride))
    {
        for (x, block) in blocks.iter().enumerate() {
            let block = inverse(block, quantisation, frame.precision.into());
            for (line, values) in band.chunks_mut(part.columns).zip(block.chunks_exact(8)) {
                if let Some(line) = line.get_mut(8 * x..) {
                    for (sample, &value) in line.iter_mut().zip(values) {
                        *sample = value;
                    }
                }
            }
        }
    }
    Ok(Samples {
        columns: part.columns,
        rows: part.rows,
        samples,
    })
}

/// Dequantises and transforms a block; samples of so many bits. In 64 bits no codestream makes it overflow.
fn inverse(block: &Block, quantisation: &[u16; 64], precision: u32) -> [u16; 64] {
    // What libjpeg keeps of a fraction between the two passes.
    let kept = if precision == 8 { 2 } else { 1 };
    let (centre, highest) = (1i64 << (precision - 1), (1i64 << precision) - 1);
    let mut columns = [[0i64; 8]; 8];
    for (x, column) in columns.iter_mut().enumerate() {
        let mut values = [0; 8];
        let down = block.iter().zip(quantisation).skip(x).step_by(8);
        for (value, (&coefficient, &step)) in values.iter_mut().zip(down) {
            *value = i64::from(coefficient) * i64::from(step);
        }
        *column = if let [dc, 0, 0, 0, 0, 0, 0, 0] = values {
            [dc << kept; 8]
        } else {
            transform(values, FRACTION - kept)
        };
    }
    let mut samples = [0; 64];
    for (y, row) in samples.chunks_exact_mut(8).enumerate() {
        let mut values = [0; 8];
        for (value, column) in values.iter_mut().zip(&columns) {
            *value = column.get(y).copied().unwrap_or(0);
        }
        for (sample, value) in row.iter_mut().zip(transform(values, FRACTION + kept + 3)) {
            *sample = (value + centre).clamp(0, highest) as u16;
        }
    }
    samples
}

/// The inverse DCT of eight values (Loeffler, Ligtenberg and Moschytz), rounded off by so many bits.
fn transform([v0, v1, v2, v3, v4, v5, v6, v7]: [i64; 8], shift: u32) -> [i64; 8] {
    // Even part.
    let z = (v2 + v6) * 4433;
    let (e2, e3) = (z - v6 * 15137, z + v2 * 6270);
    let (e0, e1) = ((v0 + v4) << FRACTION, (v0 - v4) << FRACTION);
    let even = [e0 + e3, e1 + e2, e1 - e2, e0 - e3];
    // Odd part.
    let z5 = (v7 + v3 + v5 + v1) * 9633;
    let z1 = (v7 + v1) * -7373;
    let z2 = (v5 + v3) * -20995;
    let z3 = (v7 + v3) * -16069 + z5;
    let z4 = (v5 + v1) * -3196 + z5;
    let odd = [
        v1 * 12299 + z1 + z4,
        v3 * 25172 + z2 + z3,
        v5 * 16819 + z2 + z4,
        v7 * 2446 + z1 + z3,
    ];
    let round = 1 << (shift - 1);
    let mut out = [0; 8];
    let (low, high) = out.split_at_mut(4);
    for (((low, high), even), odd) in low.iter_mut().zip(high.iter_mut().rev()).zip(even).zip(odd) {
        *low = (even + odd + round) >> shift;
        *high = (even - odd + round) >> shift;
    }
    out
}

/// Brings a component to the size of the image.
pub(super) fn upsample(part: Samples, h: usize, v: usize, columns: usize, rows: usize) -> Vec<u16> {
    match (h, v) {
        (1, 1) => part.samples,
        (2, 1) if part.columns > 2 => {
            let lines = part.samples.chunks_exact(part.columns);
            lines
                .flat_map(|line| triangle(line.iter().map(|&s| u32::from(s)), 2, [1, 2], columns))
                .collect()
        }
        (2, 2) if part.columns > 2 => (0..rows).flat_map(|y| between_lines(&part, y, columns)).collect(),
        _ => (0..rows)
            .flat_map(|y| {
                let line = line(&part, y / v);
                (0..columns).map(move |x| line.get(x / h).copied().unwrap_or(0))
            })
            .collect(),
    }
}

fn line(part: &Samples, y: usize) -> &[u16] {
    let start = y.min(part.rows - 1) * part.columns;
    part.samples.get(start..start + part.columns).unwrap_or_default()
}

/// A line of twice the height and width: three quarters of the nearer line, one of the farther one.
fn between_lines(part: &Samples, y: usize, columns: usize) -> Vec<u16> {
    let near = line(part, y / 2);
    let far = line(
        part,
        if y.is_multiple_of(2) {
            (y / 2).saturating_sub(1)
        } else {
            y / 2 + 1
        },
    );
    let sums = near
        .iter()
        .zip(far)
        .map(|(&near, &far)| 3 * u32::from(near) + u32::from(far));
    triangle(sums, 4, [8, 7], columns)
}

/// A line of twice the width: three quarters of the nearer sample, one of the farther one. `bits` are divided off in
/// all, with a rounding of its own for what lies left and right of a sample.
fn triangle(line: impl Iterator<Item = u32>, bits: u32, round: [u32; 2], columns: usize) -> Vec<u16> {
    let [left_round, right_round] = round;
    // At the ends the nearer sample alone counts.
    let end = if bits == 2 { [0, 0] } else { round };
    let [first_round, last_round] = end;
    let values: Vec<u32> = line.collect();
    let mut out = Vec::with_capacity(columns + 1);
    for (x, &value) in values.iter().enumerate() {
        let before = x.checked_sub(1).and_then(|x| values.get(x));
        let after = values.get(x + 1);
        out.push((before.map_or(4 * value + first_round, |b| 3 * value + b + left_round) >> bits) as u16);
        out.push((after.map_or(4 * value + last_round, |a| 3 * value + a + right_round) >> bits) as u16);
    }
    out.truncate(columns);
    out
}
