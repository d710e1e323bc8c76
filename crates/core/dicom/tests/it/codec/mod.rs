//! Pixel codecs against their standards, against other people's encoders, and against broken input.

mod corpus;
mod frames;
mod hostile;
mod jpeg;
mod jpeg_ls;
mod native;
mod peers;
mod rle;

use dicom::codec::Frame;
use dicom::{Photometric, PixelDescription};
use proptest::prelude::*;

/// Grey, unsigned, one frame.
pub(crate) fn grey(rows: u16, columns: u16, allocated: u16, stored: u16) -> PixelDescription {
    PixelDescription {
        rows,
        columns,
        frames: 1,
        samples_per_pixel: 1,
        bits_allocated: allocated,
        bits_stored: stored,
        high_bit: stored - 1,
        signed: false,
        planar: false,
        photometric: Photometric::Monochrome2,
    }
}

/// Bytes of hexadecimal digits.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

/// A sample of a frame, as a number.
pub(crate) fn sample(d: &PixelDescription, frame: &Frame, plane: usize, index: usize) -> i64 {
    let size = usize::from(frame.container);
    let bytes = &frame.planes[plane][index * size..(index + 1) * size];
    let value = bytes
        .iter()
        .rev()
        .fold(0i64, |value, &byte| value << 8 | i64::from(byte));
    let bits = 8 * size as u32;
    if d.signed && value >> (bits - 1) == 1 {
        value - (1 << bits)
    } else {
        value
    }
}

/// An image of up to 40 x 40: flat fields with edges (runs), slopes, or noise.
pub(crate) fn images(
    allocated: &'static [u16],
    samples: &'static [u16],
) -> impl Strategy<Value = (PixelDescription, Vec<u8>)> {
    let shape = (
        1u16..40,
        1u16..40,
        prop::sample::select(allocated),
        prop::sample::select(samples),
    );
    shape
        .prop_flat_map(|(rows, columns, allocated, samples)| {
            (
                Just((rows, columns, allocated, samples)),
                1..=allocated,
                any::<(bool, bool, bool, u64)>(),
                0u8..4,
            )
        })
        .prop_map(
            |((rows, columns, allocated, samples), stored, (signed, planar, clean, seed), kind)| {
                let photometric = if samples == 3 {
                    Photometric::Rgb
                } else {
                    Photometric::Monochrome2
                };
                let d = PixelDescription {
                    samples_per_pixel: samples,
                    signed,
                    planar: planar && samples > 1,
                    photometric,
                    ..grey(rows, columns, allocated, stored)
                };
                let native = native_bytes(&d, seed | 1, kind, clean);
                (d, native)
            },
        )
}

/// Native bytes of an image; `clean`: nothing stands above Bits Stored but copies of the sign.
fn native_bytes(d: &PixelDescription, seed: u64, kind: u8, clean: bool) -> Vec<u8> {
    let mut state = seed;
    let mut noise = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let count = d.pixels() * usize::from(d.samples_per_pixel);
    let columns = usize::from(d.columns);
    let words: Vec<u64> = (0..count)
        .map(|i| {
            let (x, y) = ((i % columns) as u64, (i / columns) as u64);
            let word = match kind {
                0 => noise(),
                1 => x * 3 + y * 5 + noise() % 3,
                2 => u64::from(x > 7) * 200 + u64::from(noise() % 50 == 0) * noise(),
                _ => seed,
            };
            if !clean {
                return word;
            }
            let value = word & ((1 << d.bits_stored) - 1);
            let negative = d.signed && value >> (d.bits_stored - 1) == 1;
            if negative {
                value | u64::MAX << d.bits_stored
            } else {
                value
            }
        })
        .collect();
    match d.bits_allocated {
        1 => words
            .chunks(8)
            .map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | (bit & 1) as u8))
            .collect(),
        bits => words
            .iter()
            .flat_map(|word| word.to_le_bytes()[..usize::from(bits / 8)].to_vec())
            .collect(),
    }
}
