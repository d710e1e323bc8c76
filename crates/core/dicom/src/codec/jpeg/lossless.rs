//! Lossless coding: a prediction from three neighbours and a Huffman-coded difference (ITU-T T.81 annex H).

use super::CODEC;
use super::huffman::{BitReader, Table};
use super::intervals::Intervals;
use super::segments::{FrameHeader, ScanHeader, Tables};
use crate::codec::CodecError;

/// Decodes a scan: a plane of words for each of its components, and how many bytes it took.
pub(super) fn scan(
    data: &[u8],
    frame: &FrameHeader,
    header: &ScanHeader,
    tables: &Tables,
) -> Result<(Vec<Vec<u16>>, usize), CodecError> {
    let columns = usize::from(frame.columns);
    let malformed = |fault| CodecError::Malformed { codec: CODEC, fault };
    if header.low >= frame.precision || !(1..=7).contains(&header.start) {
        return Err(malformed("the predictor or the point transform is out of range"));
    }
    let huffman: Option<Vec<&Table>> = header
        .components
        .iter()
        .map(|c| tables.dc.get(usize::from(c.dc))?.as_ref())
        .collect();
    let huffman = huffman.ok_or(malformed("a Huffman table is missing"))?;
    let lines_of_interval = match tables.restart as usize {
        0 => usize::from(frame.rows),
        mcus if mcus.is_multiple_of(columns) => mcus / columns,
        _ => {
            return Err(CodecError::Unsupported {
                codec: CODEC,
                what: "a restart inside a line is",
            });
        }
    };
    let origin = 1u16 << (frame.precision - header.low - 1);
    let mut planes = vec![Vec::new(); huffman.len()];
    let mut differences = vec![vec![0u16; columns]; huffman.len()];
    let mut above = vec![vec![0u16; columns]; huffman.len()];
    let mut intervals = Intervals::new(data);
    let mut left = usize::from(frame.rows);
    while left > 0 {
        let lines = lines_of_interval.min(left);
        left -= lines;
        let mut reader = intervals.reader();
        for line in 0..lines {
            read(&mut reader, &huffman, &mut differences)?;
            for ((plane, above), differences) in planes.iter_mut().zip(&mut above).zip(&differences) {
                if line == 0 {
                    first_line(origin, differences, above);
                } else {
                    next_line(header.start, differences, above);
                }
                plane.extend(above.iter().map(|&sample| sample << header.low));
            }
        }
        intervals.end(reader, left > 0)?;
    }
    Ok((planes, intervals.taken()))
}

/// A line of differences of each component, a pixel at a time.
fn read(
    reader: &mut BitReader<'_>,
    huffman: &[&Table],
    differences: &mut [Vec<u16>],
) -> Result<(), CodecError> {
    if let ([table], [differences]) = (huffman, &mut *differences) {
        for out in differences {
            *out = difference(reader, table)?;
        }
        return Ok(());
    }
    let mut lines: Vec<_> = differences.iter_mut().map(|line| line.iter_mut()).collect();
    loop {
        for (line, table) in lines.iter_mut().zip(huffman) {
            let Some(out) = line.next() else { return Ok(()) };
            *out = difference(reader, table)?;
        }
    }
}

/// A difference modulo 2^16 (T.81 H.1.2.2).
fn difference(reader: &mut BitReader<'_>, table: &Table) -> Result<u16, CodecError> {
    match reader.decode(table)? {
        category @ 0..=15 => Ok(reader.extended(category.into())? as u16),
        16 => Ok(1 << 15),
        _ => Err(CodecError::Malformed {
            codec: CODEC,
            fault: "the coded samples are corrupt",
        }),
    }
}

/// The first line of the scan or of a restart interval: each sample from the one left of it.
fn first_line(origin: u16, differences: &[u16], line: &mut [u16]) {
    let mut left = origin;
    for (sample, difference) in line.iter_mut().zip(differences) {
        left = left.wrapping_add(*difference);
        *sample = left;
    }
}

/// Turns the line above into the next one (T.81 table H.1).
fn next_line(predictor: u8, differences: &[u16], line: &mut [u16]) {
    match predictor {
        1 => predicted(differences, line, |a, _, _| a),
        2 => predicted(differences, line, |_, b, _| b),
        3 => predicted(differences, line, |_, _, c| c),
        4 => predicted(differences, line, |a, b, c| a + b - c),
        5 => predicted(differences, line, |a, b, c| a + ((b - c) >> 1)),
        6 => predicted(differences, line, |a, b, c| b + ((a - c) >> 1)),
        _ => predicted(differences, line, |a, b, _| (a + b) >> 1),
    }
}

/// `predict` takes left, above and above left.
fn predicted(differences: &[u16], line: &mut [u16], predict: impl Fn(i32, i32, i32) -> i32) {
    let mut neighbours = None;
    for (sample, difference) in line.iter_mut().zip(differences) {
        let above = *sample;
        let prediction = match neighbours {
            None => above,
            Some((left, above_left)) => predict(left, above.into(), above_left) as u16,
        };
        *sample = prediction.wrapping_add(*difference);
        neighbours = Some((i32::from(*sample), i32::from(above)));
    }
}
